//! The rules of Amazon Connect's Flow language, for contact flows and modules of whatever origin.
//!
//! What the service would answer is told in its own words beside ours ([`problem`]). Whatever may be right is at most
//! doubted: exports of the console have types and parameters that no document names. Owns the order of the checks;
//! the facts are tables of [`crate::connect`].

mod action;
mod graph;
mod parameters;
mod problem;
mod transitions;

pub(super) use problem::problem;

use super::{
    json::{Node, Object, Value},
    kind,
};
use crate::{
    connect::{MOST_ACTIONS, MOST_CHARACTERS, VERSION},
    diagnostics::{Code, Diagnostic, Diagnostics},
    source::Span,
};

/// Tells everything that is wrong with the flow.
pub(super) fn check(root: &Node<'_>, text: &str, diagnostics: &mut Diagnostics) {
    let Some(flow) = root.object() else { return };
    let file = root.span.file;
    // What stands for the whole flow: its first key, or where one would be.
    let at = flow.fields.first().map_or(Span::new(file, root.span.start, root.span.start + 1), |it| it.at);
    if kind::is_legacy(flow) {
        diagnostics.push(
            Diagnostic::new(Code::FlowLegacy, "this contact flow is in the form of the console's old editor")
                .label(flow.field("modules").map(|it| it.at), "the API takes `Actions`, not `modules`")
                .help(
                    "import it in the console, save it, and take what `aws connect describe-contact-flow` answers",
                ),
        );
        return;
    }
    let mut check = Check { diagnostics, flow_type: flow_type(flow), has_gaps: false };
    check.size(flow, text, at);
    check.envelope(flow, at);
    let actions = flow.items("Actions");
    for (index, action) in actions.iter().enumerate() {
        check.action(action, index);
    }
    check.graph(flow, actions);
}

/// `contactFlow`: what a file of the console says it is.
fn flow_type<'a>(flow: &'a Object<'_>) -> Option<&'a str> {
    flow.object("Metadata")?.text("type")
}

/// One flow while it is checked.
struct Check<'c> {
    diagnostics: &'c mut Diagnostics,
    flow_type: Option<&'c str>,
    /// Whether ways are missing, so that what can't be reached says nothing.
    has_gaps: bool,
}

impl Check<'_> {
    fn tell(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn size(&mut self, flow: &Object<'_>, text: &str, at: Span) {
        let actions = flow.items("Actions").len();
        if actions > MOST_ACTIONS {
            self.tell(
                Diagnostic::new(Code::FlowTooLarge, format!("the flow has {actions} actions"))
                    .label(flow.field("Actions").map(|it| it.at), format!("a flow can have {MOST_ACTIONS}"))
                    .help("move a part into a flow module or a flow of its own"),
            );
        }
        // What spaces and line breaks a file has is not what is sent.
        let most_possible = text.chars().count();
        let characters = if most_possible > MOST_CHARACTERS { compact_length(text) } else { most_possible };
        if characters > MOST_CHARACTERS {
            self.tell(
                Diagnostic::new(Code::FlowTooLarge, format!("the flow has {characters} characters"))
                    .label(at, format!("a flow can have {MOST_CHARACTERS}"))
                    .help("shorten what is said, or move a part into a flow module or a flow of its own"),
            );
        }
    }

    fn envelope(&mut self, flow: &Object<'_>, at: Span) {
        for field in ["Version", "StartAction", "Actions"] {
            if !flow.has(field) {
                self.tell(
                    Diagnostic::new(Code::PropertyMissing, format!("the flow has no `{field}`"))
                        .label(at, format!("Action is missing required property. Path: {field}"))
                        .help(match field {
                            "Version" => "write `\"Version\": \"2019-10-30\"`",
                            "StartAction" => "write the identifier of the action that the flow begins with",
                            _ => "write the list of the flow's actions",
                        }),
                );
            }
        }
        if let Some(version) = flow.get("Version").filter(|it| it.text() != Some(VERSION)) {
            self.unfit(version, "Version", &format!("the version is not `{VERSION}`"), "there is no other");
        }
        if let Some(actions) = flow.get("Actions").filter(|it| !matches!(it.value, Value::Array(_))) {
            let message = format!("`Actions` is {}, not a list", actions.kind());
            self.unfit(actions, "Actions", &message, "write a list of actions");
        }
    }
}

fn compact_length(text: &str) -> usize {
    serde_json::from_str::<serde_json::Value>(text).map_or(0, |it| it.to_string().chars().count())
}
