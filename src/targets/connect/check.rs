//! Whether a flow can work, by its graph alone: what leads where, what is set before it is read, whether it ends.
//!
//! Knows nothing of surveys: whatever made the flow, and whatever was checked before, the graph is looked at again.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::{
    flow::{Action, ActionKind, ErrorType, Flag, Flow},
    name::ActionId,
    references::{Reference, references},
    rules,
};
use crate::connect::{
    MOST_ACTIONS,
    rules::{ActionRule, Conditions, Next},
};

/// Why a flow can't work.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// There is no such action.
    #[error("`{from}` leads to `{to}`, which is not there")]
    NoTarget {
        /// Where it is named; `StartAction` for the beginning.
        from: String,
        /// What is named.
        to: ActionId,
    },
    /// Connect refuses the identifier, or two actions have it.
    #[error("the identifier `{0}` can't be used")]
    Identifier(ActionId),
    /// Its type is not known.
    #[error("`{0}` has a type that is not known")]
    UnknownType(ActionId),
    /// A branch is missing.
    #[error("`{action}` has no branch for `{error}`")]
    ErrorMissing {
        /// Which action.
        action: ActionId,
        /// Which error.
        error: String,
    },
    /// A branch is refused, or there twice.
    #[error("`{action}` can't have that branch for `{error}`")]
    ErrorRefused {
        /// Which action.
        action: ActionId,
        /// Which error.
        error: String,
    },
    /// `NextAction` is missing, or there where the flow ends.
    #[error("`{0}` has no way on, or one behind the end")]
    Way(ActionId),
    /// A condition that the action does not have, or one that is missing.
    #[error("`{0}` has other conditions than it can have")]
    Conditions(ActionId),
    /// Something is read that may not have been set.
    #[error("`{action}` reads `{reference}`, which may not be set there")]
    Unset {
        /// Which action.
        action: ActionId,
        /// What it reads.
        reference: Reference,
    },
    /// Nothing leads there.
    #[error("nothing leads to `{0}`")]
    Unreachable(ActionId),
    /// A circle that no `Loop` counts.
    #[error("callers may go round through `{0}` for ever")]
    Endless(ActionId),
    /// More than the service takes.
    #[error("it has {0} actions")]
    TooMany(usize),
}

/// Everything that is wrong with the flow. `given` are the attributes that are set before it begins.
pub fn faults(flow: &Flow, given: &BTreeSet<String>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut by_id: BTreeMap<&ActionId, &Action> = BTreeMap::new();
    for action in &flow.actions {
        let id = &action.identifier;
        if by_id.insert(id, action).is_some() || !id.is_usable() {
            faults.push(Fault::Identifier(id.clone()));
        }
    }
    if flow.actions.len() > MOST_ACTIONS {
        faults.push(Fault::TooMany(flow.actions.len()));
    }
    let starts = std::iter::once(("StartAction", &flow.start_action));
    let leads = flow
        .actions
        .iter()
        .flat_map(|it| it.transitions.targets().map(move |target| (it.identifier.as_str(), target)));
    for (from, to) in starts.chain(leads) {
        if !by_id.contains_key(to) {
            faults.push(Fault::NoTarget { from: from.to_owned(), to: to.clone() });
        }
    }
    for action in &flow.actions {
        match rules::of(action) {
            Some(rule) => check_rule(action, rule, &mut faults),
            None => faults.push(Fault::UnknownType(action.identifier.clone())),
        }
    }
    check_ways(flow, &by_id, given, &mut faults);
    check_end(flow, &by_id, &mut faults);
    faults
}

fn check_rule(action: &Action, rule: &ActionRule, faults: &mut Vec<Fault>) {
    let id = &action.identifier;
    let errors: Vec<&str> = action.transitions.errors.iter().map(|it| it.error_type.as_str()).collect();
    for error in rule.required_errors.iter().filter(|it| !errors.contains(it)) {
        faults.push(Fault::ErrorMissing { action: id.clone(), error: (*error).to_owned() });
    }
    for (place, error) in errors.iter().enumerate() {
        let is_known = rule.required_errors.contains(error) || rule.allowed_errors.contains(error);
        if !is_known || errors.iter().take(place).any(|it| it == error) {
            faults.push(Fault::ErrorRefused { action: id.clone(), error: (*error).to_owned() });
        }
    }
    let has_next = action.transitions.next_action.is_some();
    let fits = match rule.next {
        Next::Required => has_next,
        Next::Optional => true,
        Next::Never => !has_next && errors.is_empty() && action.transitions.conditions.is_empty(),
    };
    if !fits {
        faults.push(Fault::Way(id.clone()));
    }
    if !conditions_fit(action, rule.conditions) {
        faults.push(Fault::Conditions(id.clone()));
    }
}

fn conditions_fit(action: &Action, conditions: Conditions) -> bool {
    let found: Vec<_> = action.transitions.conditions.iter().map(|it| &it.condition).collect();
    let operands: Vec<&str> = found.iter().filter_map(|it| it.operands.first()).map(String::as_str).collect();
    let one_each = found.iter().all(|it| it.operands.len() == 1);
    let equal = found.iter().all(|it| it.operator == super::flow::Operator::Equals);
    one_each
        && match conditions {
            Conditions::None => found.is_empty(),
            Conditions::Any | Conditions::Numbers => true,
            Conditions::AnyEqual => equal,
            Conditions::Keys => {
                let is_key = |it: &&str| {
                    it.len() == 1 && it.contains(|it: char| it.is_ascii_digit() || "*#".contains(it))
                };
                equal && operands.iter().all(is_key) && is_set(&operands)
            }
            Conditions::All(all) => {
                equal
                    && is_set(&operands)
                    && operands.len() == all.len()
                    && operands.iter().all(|it| all.contains(it))
            }
            Conditions::Some(some) => {
                equal && is_set(&operands) && operands.iter().all(|it| some.contains(it))
            }
        }
}

fn is_set(texts: &[&str]) -> bool {
    texts.iter().collect::<BTreeSet<_>>().len() == texts.len()
}

type Known = BTreeSet<Reference>;

/// What is set on every way to each action, and what is read there.
fn check_ways<'f>(
    flow: &'f Flow,
    by_id: &BTreeMap<&'f ActionId, &'f Action>,
    given: &BTreeSet<String>,
    faults: &mut Vec<Fault>,
) {
    let at_start: Known = given.iter().map(|it| Reference::Attribute(it.clone())).collect();
    let mut known: BTreeMap<&ActionId, Known> = BTreeMap::from([(&flow.start_action, at_start)]);
    let mut waiting = vec![&flow.start_action];
    while let Some(id) = waiting.pop() {
        let (Some(action), Some(before)) = (by_id.get(id), known.get(id).cloned()) else { continue };
        let after = after(&action.kind, &before);
        let transitions = &action.transitions;
        let conditions = transitions.conditions.iter().map(|it| &it.next_action);
        let good = transitions.next_action.iter().chain(conditions).map(|it| (it, &after));
        // What failed has set nothing. That no condition is true is no failure.
        let bad = transitions.errors.iter().map(|it| match it.error_type {
            ErrorType::NoMatchingCondition => (&it.next_action, &after),
            ErrorType::NoMatchingError
            | ErrorType::InputTimeLimitExceeded
            | ErrorType::QueueAtCapacity
            | ErrorType::Other(_) => (&it.next_action, &before),
        });
        for (target, facts) in good.chain(bad) {
            let common = match known.get(target) {
                Some(old) => old.intersection(facts).cloned().collect(),
                None => facts.clone(),
            };
            if known.get(target) != Some(&common) {
                let _ = known.insert(target, common);
                waiting.push(target);
            }
        }
    }
    for action in &flow.actions {
        let id = &action.identifier;
        let Some(known) = known.get(id) else {
            faults.push(Fault::Unreachable(id.clone()));
            continue;
        };
        for reference in references(&action.kind) {
            let is_set = match &reference {
                Reference::External(_) => known.contains(&Reference::External(String::new())),
                Reference::System(_) => true,
                Reference::Attribute(_) | Reference::StoredCustomerInput => known.contains(&reference),
            };
            if !is_set {
                faults.push(Fault::Unset { action: id.clone(), reference });
            }
        }
    }
}

/// What is set behind an action that succeeds.
fn after(kind: &ActionKind, before: &Known) -> Known {
    let mut known = before.clone();
    match kind {
        ActionKind::UpdateContactAttributes(it) => {
            known.extend(it.attributes.keys().map(|it| Reference::Attribute(it.clone())));
        }
        ActionKind::GetParticipantInput(it) if it.store_input == Flag::True => {
            let _ = known.insert(Reference::StoredCustomerInput);
        }
        ActionKind::InvokeLambdaFunction(_) => {
            let _ = known.insert(Reference::External(String::new()));
        }
        ActionKind::GetParticipantInput(_)
        | ActionKind::MessageParticipant(_)
        | ActionKind::MessageParticipantIteratively(_)
        | ActionKind::DisconnectParticipant(_)
        | ActionKind::EndFlowExecution(_)
        | ActionKind::UpdateContactTargetQueue(_)
        | ActionKind::TransferContactToQueue(_)
        | ActionKind::UpdateContactTextToSpeechVoice(_)
        | ActionKind::UpdateContactEventHooks(_)
        | ActionKind::Compare(_)
        | ActionKind::CheckHoursOfOperation(_)
        | ActionKind::CheckOutboundCallStatus(_)
        | ActionKind::Loop(_)
        | ActionKind::Other(_) => {}
    }
    known
}

/// Without the counted ways of loops there is no circle, so every way ends.
fn check_end(flow: &Flow, by_id: &BTreeMap<&ActionId, &Action>, faults: &mut Vec<Fault>) {
    let mut left: BTreeMap<&ActionId, usize> = by_id.keys().map(|it| (*it, 0)).collect();
    for target in flow.actions.iter().flat_map(uncounted) {
        if let Some(count) = left.get_mut(target) {
            *count += 1;
        }
    }
    let mut free: Vec<&ActionId> = left.iter().filter(|(_, count)| **count == 0).map(|(id, _)| *id).collect();
    while let Some(id) = free.pop() {
        let _ = left.remove(id);
        for target in by_id.get(id).into_iter().flat_map(|it| uncounted(it)) {
            if let Some(count) = left.get_mut(target) {
                *count -= 1;
                if *count == 0 {
                    free.push(target);
                }
            }
        }
    }
    // Whatever is left stands on a circle, or behind one.
    faults.extend(left.into_keys().next().map(|it| Fault::Endless(it.clone())));
}

fn uncounted(action: &Action) -> Vec<&ActionId> {
    let counts = matches!(action.kind, ActionKind::Loop(_));
    let transitions = &action.transitions;
    let conditions = transitions
        .conditions
        .iter()
        .filter(|it| !counts || it.condition.operands.iter().all(|it| it != "ContinueLooping"))
        .map(|it| &it.next_action);
    let errors = transitions.errors.iter().map(|it| &it.next_action);
    transitions.next_action.iter().chain(conditions).chain(errors).collect()
}
