//! Which kind of document it is: recognised by what it holds, never by its name.

use super::json::{Node, Object};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};

/// What a document can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A state machine in the States Language.
    StateMachine,
    /// A contact flow of Amazon Connect.
    ContactFlow,
}

/// The kind; none where nothing can be recognised, which is told.
pub(crate) fn of(root: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Kind> {
    let Some(object) = root.object() else {
        diagnostics.push(
            Diagnostic::new(Code::NoDocument, format!("the document is {}, not an object", root.kind()))
                .label(root.span, "")
                .help(
                    "a state machine is an object with `StartAt` and `States`, a contact flow one with `StartAction` \
                     and `Actions`",
                ),
        );
        return None;
    };
    let flow = object.has("Actions") || object.has("StartAction");
    let states = object.has("States") || object.has("StartAt");
    if !states && (flow || is_legacy(object)) {
        return Some(Kind::ContactFlow);
    }
    // Whatever else it is: a state machine is what it is meant to be, and what it lacks is told.
    Some(Kind::StateMachine)
}

/// Contact flows exported from the old editor of the console.
pub(super) fn is_legacy(object: &Object<'_>) -> bool {
    object.has("modules") && (object.has("start") || object.has("metadata") || object.has("version"))
}
