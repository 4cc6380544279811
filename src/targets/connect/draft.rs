//! A flow while it is made: actions by identifier, in any order, each with the line that it comes from.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    flow::{
        Action, ActionKind, ActionMetadata, Condition, ConditionBranch, ErrorBranch, ErrorType, Flow,
        Metadata, Nothing, Operator, Transitions, Version,
    },
    layout,
    name::ActionId,
};
use crate::source::Span;

/// A flow, the line that each of its actions comes from, and what is set before it begins.
#[derive(Debug, Clone)]
pub struct BuiltFlow {
    /// The document.
    pub flow: Flow,
    /// By action.
    pub origins: IndexMap<ActionId, Span>,
    /// Attributes that whoever starts the flow has set.
    pub given: BTreeSet<String>,
}

/// What the console shows of a flow.
#[derive(Debug, Clone)]
pub(super) struct Heading {
    pub(super) name: String,
    pub(super) description: String,
    /// `contactFlow`.
    pub(super) flow_type: &'static str,
}

/// A flow while it is made.
#[derive(Debug, Default)]
pub(super) struct Draft {
    actions: BTreeMap<ActionId, Drafted>,
    reserved: BTreeSet<ActionId>,
    pub(super) given: BTreeSet<String>,
}

#[derive(Debug)]
struct Drafted {
    action: Action,
    span: Span,
    parameters: BTreeMap<String, BTreeMap<String, Value>>,
}

/// Room for what tells two actions of one name apart.
const NUMBER: usize = 3;

impl Draft {
    /// An identifier that nothing else has: the name and the lane, and a number from the second on.
    pub(super) fn id(&mut self, name: &str, lane: &str) -> ActionId {
        let longest = ActionId::LONGEST.saturating_sub(lane.chars().count() + 1 + NUMBER);
        let name: String = name.chars().take(longest).collect();
        let base = if lane.is_empty() { name } else { format!("{} {lane}", name.trim_end()) };
        let mut id = ActionId::trusted(&base);
        let mut number = 2;
        while !self.reserved.insert(id.clone()) {
            id = ActionId::trusted(&format!("{base} {number}"));
            number += 1;
        }
        id
    }

    /// Puts an action in its place.
    pub(super) fn add(&mut self, id: &ActionId, span: Span, kind: ActionKind, transitions: Transitions) {
        let action = Action { identifier: id.clone(), kind, transitions };
        drop(self.actions.insert(id.clone(), Drafted { action, span, parameters: BTreeMap::new() }));
    }

    /// What the console shows of a parameter.
    pub(super) fn show(&mut self, id: &ActionId, parameter: &str, property: &str, value: &str) {
        if let Some(drafted) = self.actions.get_mut(id) {
            let shown = drafted.parameters.entry(parameter.to_owned()).or_default();
            drop(shown.insert(property.to_owned(), Value::String(value.to_owned())));
        }
    }

    /// The flow of every action that can be reached.
    pub(super) fn finish(mut self, start: &ActionId, heading: Heading) -> BuiltFlow {
        let order: Vec<ActionId> = {
            let by_id = self.actions.iter().map(|(id, it)| (id, &it.action)).collect();
            layout::forward_order(&by_id, start).into_iter().cloned().collect()
        };
        let drafted: Vec<Drafted> = order.iter().filter_map(|it| self.actions.remove(it)).collect();
        let origins = drafted.iter().map(|it| (it.action.identifier.clone(), it.span)).collect();
        let mut parameters: BTreeMap<ActionId, _> =
            drafted.iter().map(|it| (it.action.identifier.clone(), it.parameters.clone())).collect();
        let actions: Vec<Action> = drafted.into_iter().map(|it| it.action).collect();
        let action_metadata = layout::positions(&actions, start)
            .into_iter()
            .map(|(id, position)| {
                let parameters = parameters.remove(&id).unwrap_or_default();
                (id, ActionMetadata { position, is_friendly_name: Some(true), parameters })
            })
            .collect();
        let metadata = Metadata {
            entry_point_position: layout::entry(),
            action_metadata,
            name: heading.name,
            description: heading.description,
            flow_type: heading.flow_type.to_owned(),
            status: "published".to_owned(),
            hash: Nothing {},
        };
        let flow = Flow { version: Version::V20191030, start_action: start.clone(), metadata, actions };
        BuiltFlow { flow, origins, given: self.given }
    }
}

impl Transitions {
    /// One way on.
    pub(super) fn to(next: &ActionId) -> Self {
        Self { next_action: Some(next.clone()), ..Self::default() }
    }

    /// Also on an error.
    pub(super) fn on_error(mut self, error_type: ErrorType, next: &ActionId) -> Self {
        self.errors.push(ErrorBranch { next_action: next.clone(), error_type });
        self
    }

    /// Also on any error that has no branch of its own.
    pub(super) fn on_any_error(self, next: &ActionId) -> Self {
        self.on_error(ErrorType::NoMatchingError, next)
    }

    /// Also on a result.
    pub(super) fn on(mut self, operator: Operator, operand: impl Into<String>, next: &ActionId) -> Self {
        let condition = Condition { operator, operands: vec![operand.into()] };
        self.conditions.push(ConditionBranch { next_action: next.clone(), condition });
        self
    }

    /// Also on that result.
    pub(super) fn on_equal(self, operand: impl Into<String>, next: &ActionId) -> Self {
        self.on(Operator::Equals, operand, next)
    }
}
