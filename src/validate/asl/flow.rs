//! How states follow each other within one `States`.

use std::collections::HashMap;

use super::{Names, check::Check};
use crate::{
    diagnostics::{Code, Diagnostic, suggest},
    source::Span,
    validate::json::{Field, Object, Value},
};

/// A way from a state to the next.
pub(crate) struct Edge<'d> {
    /// The field that names the target.
    pub(crate) field: &'d Field<'d>,
    pub(crate) target: &'d str,
    /// What assigns variables on that way.
    pub(crate) assigns: Vec<&'d Object<'d>>,
}

/// Every way out of the state.
pub(crate) fn edges<'d>(state: &'d Object<'d>) -> Vec<Edge<'d>> {
    let mut edges = Vec::new();
    let assign = |it: &'d Object<'d>| it.object("Assign");
    let mut edge = |field: Option<&'d Field<'d>>, assigns: Vec<&'d Object<'d>>| {
        if let Some(field) = field
            && let Some(target) = field.node.text()
        {
            edges.push(Edge { field, target, assigns });
        }
    };
    edge(state.field("Next"), assign(state).into_iter().collect());
    edge(state.field("Default"), assign(state).into_iter().collect());
    for rule in state.items("Choices").iter().filter_map(|it| it.object()) {
        edge(rule.field("Next"), assign(state).into_iter().chain(assign(rule)).collect());
    }
    for catcher in state.items("Catch").iter().filter_map(|it| it.object()) {
        edge(catcher.field("Next"), assign(catcher).into_iter().collect());
    }
    edges
}

/// Targets that exist, states that are reached, an end that is there.
pub(crate) fn check<'d>(
    check: &mut Check<'_>,
    holder: &'d Object<'d>,
    states: &'d Object<'d>,
    at: Span,
    all: &Names<'d>,
) {
    let index: HashMap<&str, usize> =
        states.fields.iter().enumerate().map(|(index, it)| (it.name.as_ref(), index)).collect();
    let mut flow = Flow { states, index, all, unknown: false, lost: false };
    let mut waiting = Vec::new();
    if let Some(field) = holder.field("StartAt") {
        if let Some(target) = field.node.text() {
            waiting.extend(flow.target(check, field, target));
        }
    } else {
        flow.lost = true;
    }
    let ways: Vec<Vec<usize>> = states
        .fields
        .iter()
        .map(|state| {
            let edges = state.node.object().map(edges).unwrap_or_default();
            edges.iter().filter_map(|it| flow.target(check, it.field, it.target)).collect()
        })
        .collect();
    // Behind a target that nobody can guess, anything may have been meant to be reached.
    if !flow.lost {
        never_reached(check, &flow, waiting, &ways);
    }
    if !flow.unknown && !states.fields.iter().any(ends) {
        check.tell(
            Diagnostic::new(Code::NoEndState, "no state ends the execution")
                .label(holder.field("States").map_or(at, |it| it.at), "none of these states is the last one")
                .help("give one state `\"End\": true`, or add a Succeed or Fail state"),
        );
    }
}

struct Flow<'f, 'd> {
    states: &'d Object<'d>,
    index: HashMap<&'d str, usize>,
    all: &'f Names<'d>,
    /// Whether a target is not to be had.
    unknown: bool,
    /// Whether which one was meant is unknown, too.
    lost: bool,
}

impl Flow<'_, '_> {
    /// The state that is meant.
    fn target(&mut self, check: &mut Check<'_>, field: &Field<'_>, target: &str) -> Option<usize> {
        if let Some(index) = self.index.get(target) {
            return Some(*index);
        }
        self.unknown = true;
        let at = field.node.span;
        if let Some(elsewhere) = self.all.states.get(target) {
            self.lost = true;
            check.tell(
                Diagnostic::new(Code::TargetElsewhere, format!("the state `{target}` is in another `States`"))
                    .label(at, "this can't be reached from here")
                    .also(*elsewhere, "it is here")
                    .help("states go on within the `States` that they stand in: end here, and go on from the state around"),
            );
            return None;
        }
        let diagnostic = Diagnostic::new(Code::TargetUnknown, format!("there is no state `{target}`"))
            .label(at, "this state does not exist");
        let names = self.states.fields.iter().map(|it| it.name.as_ref());
        // A single letter is like every other.
        let meant = suggest::closest(target, names).filter(|_| target.chars().count() > 1);
        check.tell(match meant {
            Some(meant) => diagnostic
                .help(format!("did you mean `{meant}`?"))
                .suggest(at, format!("\"{}\"", meant.replace('\\', "\\\\").replace('"', "\\\""))),
            None => diagnostic.help("name a state of the same `States`"),
        });
        let meant = meant.and_then(|it| self.index.get(it).copied());
        self.lost |= meant.is_none();
        meant
    }
}

fn never_reached(check: &mut Check<'_>, flow: &Flow<'_, '_>, mut waiting: Vec<usize>, ways: &[Vec<usize>]) {
    let mut reached = vec![false; ways.len()];
    while let Some(index) = waiting.pop() {
        if let Some(reached) = reached.get_mut(index)
            && !*reached
        {
            *reached = true;
            waiting.extend(ways.get(index).into_iter().flatten());
        }
    }
    for (index, state) in flow.states.fields.iter().enumerate() {
        // Of two with one name the last one counts, and the name has been told.
        let counts = flow.index.get(state.name.as_ref()) == Some(&index);
        if !counts || reached.get(index) == Some(&true) {
            continue;
        }
        check.tell(
            Diagnostic::new(Code::NeverReached, format!("the state `{}` is never reached", state.name))
                .label(state.at, "no way leads here")
                .help("name it in a `Next`, `Default` or `Catch`, or delete it"),
        );
    }
}

/// Whether the state ends the execution. One that does not say how it goes on is told elsewhere.
fn ends(field: &Field<'_>) -> bool {
    let Some(state) = field.node.object() else { return true };
    let ends = state.get("End").is_some_and(|it| matches!(it.value, Value::Bool(true)));
    match state.text("Type") {
        Some("Choice") => false,
        Some("Pass" | "Task" | "Wait" | "Parallel" | "Map") => ends || !state.has("Next"),
        Some(_) | None => true,
    }
}
