//! Variables: whether one that is read can have been assigned before.
//!
//! A variable that is read and never assigned is taken by AWS and fails the execution. What is told here is told
//! only where no way leads from an assignment to the reading, so that it is never a false alarm.

use std::collections::{BTreeSet, HashMap};

use super::{
    check::Check,
    flow::{Edge, edges},
    state::inner,
};
use crate::{
    diagnostics::{Code, Diagnostic, suggest},
    source::Span,
    validate::json::Object,
};

type Variables<'d> = BTreeSet<&'d str>;

/// Tells reads without an assignment before them, and assignments of an outer variable.
pub(crate) fn check<'d>(check: &mut Check<'_>, machine: &'d Object<'d>) {
    let mut flow = Flow { before: HashMap::new(), all: BTreeSet::new(), outer: Vec::new() };
    flow.scope(machine, &Variables::new(), &Variables::new());
    for (name, at) in &flow.outer {
        check.tell(
            Diagnostic::new(
                Code::OuterVariable,
                format!("the variable `{name}` belongs to the states around"),
            )
            .label(*at, "it can be read here, not assigned")
            .help("give it another name, or hand it out in the output"),
        );
    }
    for read in std::mem::take(&mut check.uses) {
        // What is in a state that is never reached, or outside of states, is no matter of this rule.
        let Some(before) = flow.before.get(&read.state) else { continue };
        let name = read.variable.as_str();
        if before.contains(name) {
            continue;
        }
        let diagnostic = if flow.all.contains(name) {
            Diagnostic::new(
                Code::VariableUndefined,
                format!("the variable `${name}` is not assigned before this"),
            )
            .help("it is assigned in a state that comes later, at the same time, or in another scope")
        } else {
            let known = before.iter().copied().chain(super::jsonata::FUNCTIONS.iter().copied());
            let help = match suggest::closest(name, known) {
                Some(meant) => format!("did you mean `${meant}`?"),
                None => "assign it in an earlier state, with `Assign`".to_owned(),
            };
            Diagnostic::new(Code::VariableUndefined, format!("the variable `${name}` is never assigned"))
                .help(help)
        };
        check.tell(diagnostic.label(read.at, "the execution would fail here"));
    }
}

struct Flow<'d> {
    /// What can have been assigned before each state that is reached, by the state's key.
    before: HashMap<Span, Variables<'d>>,
    all: Variables<'d>,
    outer: Vec<(&'d str, Span)>,
}

impl<'d> Flow<'d> {
    /// `around` is what can have been assigned by the states around, `given` what of that can be read.
    fn scope(&mut self, holder: &'d Object<'d>, given: &Variables<'d>, around: &Variables<'d>) {
        let Some(states) = holder.object("States") else { return };
        let ways: HashMap<&str, (usize, Vec<Edge<'d>>)> = states
            .fields
            .iter()
            .enumerate()
            .map(|(index, it)| (it.name.as_ref(), (index, it.node.object().map(edges).unwrap_or_default())))
            .collect();
        let mut before: Vec<Option<Variables<'d>>> = states.fields.iter().map(|_| None).collect();
        let mut waiting = Vec::new();
        if let Some(start) = holder.text("StartAt")
            && let Some((index, _)) = ways.get(start)
            && let Some(slot) = before.get_mut(*index)
        {
            *slot = Some(given.clone());
            waiting.push(start);
        }
        while let Some(name) = waiting.pop() {
            let Some((index, edges)) = ways.get(name) else { continue };
            let Some(here) = before.get(*index).cloned().flatten() else { continue };
            for edge in edges {
                let assigned = edge.assigns.iter().flat_map(|it| names(it)).map(|(name, _)| name);
                let Some((target, _)) = ways.get(edge.target) else { continue };
                let Some(slot) = before.get_mut(*target) else { continue };
                let known = slot.as_ref().map(BTreeSet::len);
                let set = slot.get_or_insert_with(Variables::new);
                set.extend(here.iter().copied().chain(assigned));
                if known != Some(set.len()) {
                    waiting.push(edge.target);
                }
            }
        }
        for (state, before) in states.fields.iter().zip(before) {
            let Some(object) = state.node.object() else { continue };
            for (name, at) in all_assigned(object) {
                let _ = self.all.insert(name);
                if around.contains(name) {
                    self.outer.push((name, at));
                }
            }
            let Some(before) = before else { continue };
            for inside in inner(object) {
                // Executions of their own see nothing of the one that starts them.
                let seen = if inside.distributed { Variables::new() } else { before.clone() };
                self.scope(inside.states, &seen, &seen);
                let _ = self.before.insert(inside.at, seen);
            }
            let _ = self.before.insert(state.at, before);
        }
    }
}

fn names<'d>(assign: &'d Object<'d>) -> impl Iterator<Item = (&'d str, Span)> {
    assign.fields.iter().map(|it| (it.name.strip_suffix(".$").unwrap_or(&it.name), it.at))
}

fn all_assigned<'d>(state: &'d Object<'d>) -> Vec<(&'d str, Span)> {
    let rules = state.items("Choices").iter().chain(state.items("Catch")).filter_map(|it| it.object());
    let all = std::iter::once(state).chain(rules);
    all.filter_map(|it| it.object("Assign")).flat_map(names).collect()
}
