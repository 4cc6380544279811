//! One action: its identifier, its type, and the rules of that type.

use super::{
    super::json::{Node, Object, Value},
    Check,
};
use crate::{
    connect::{
        identifier,
        rules::{ACTIONS, ActionRule, Form, find},
        types,
    },
    diagnostics::{Code, Diagnostic, suggest},
    source::Span,
};

/// Where an action stands, for what is told of it.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// `Actions[3]`.
    pub(super) index: usize,
    /// Its identifier, as far as it has one.
    pub(super) name: &'a str,
    /// What stands for the whole action.
    pub(super) at: Span,
}

impl Place<'_> {
    /// `Actions[3].Transitions.NextAction`
    pub(super) fn path(self, below: &str) -> String {
        format!("Actions[{}].{below}", self.index)
    }
}

impl Check<'_> {
    pub(super) fn action(&mut self, node: &Node<'_>, index: usize) {
        let Some(action) = node.object() else {
            let message = format!("an action is {}, not an object", node.kind());
            return self.unfit(
                node,
                &format!("Actions[{index}]"),
                &message,
                "write an object for each action",
            );
        };
        let opening = Span::new(node.span.file, node.span.start, node.span.start + 1);
        let identifier = action.field("Identifier");
        let at = identifier.or(action.fields.first()).map_or(opening, |it| it.node.span);
        let name = identifier.and_then(|it| it.node.text()).unwrap_or_default();
        let place = Place { index, name, at };
        self.identifier(action, place);
        let Some(written) = action.get("Type") else {
            let message = format!("the action `{name}` has no `Type`");
            return self.missing(at, &place.path("Type"), message, "say what the action does");
        };
        let Some(action_type) = written.text() else {
            return self.unfit(written, &place.path("Type"), "a type is no text", "write the name of a type");
        };
        match rule(action_type, action) {
            Some(rule) => {
                self.misplaced(rule, written.span);
                self.parameters(action, rule, place);
                self.transitions(action, rule, place);
            }
            None if types::WITHOUT_RULES.contains(&action_type) => {}
            None => self.unknown(action_type, written.span),
        }
    }

    fn identifier(&mut self, action: &Object<'_>, place: Place<'_>) {
        let Some(identifier) = action.get("Identifier") else {
            let message = format!("the action {} has no `Identifier`", place.index);
            let help = "write a name that no other action of the flow has";
            return self.missing(place.at, &place.path("Identifier"), message, help);
        };
        let Some(text) = identifier.text() else {
            let help = "write a text of up to 50 characters";
            return self.unfit(identifier, &place.path("Identifier"), "an identifier is no text", help);
        };
        if let Some(fault) = identifier::fault(text) {
            self.tell(
                Diagnostic::new(
                    Code::IdentifierUnusable,
                    format!("the identifier `{text}` can't be used: {fault}"),
                )
                .label(identifier.span, "Connect refuses it")
                .help(
                    "write up to 50 characters, none of them `% : ( \\ / ) = $ , ; [ ] { }`, here and wherever the \
                     action is named",
                ),
            );
        }
    }

    fn unknown(&mut self, action_type: &str, at: Span) {
        if let Some(meant) = types::not_real(action_type) {
            let message = format!("there is no action type `{action_type}`");
            let diagnostic = Diagnostic::new(Code::ActionTypeNotReal, message)
                .label(at, format!("Invalid Action type. Type: {action_type}"));
            return self.tell(match meant {
                Some(meant) => {
                    diagnostic.help(format!("write `{meant}`")).suggest(at, format!("\"{meant}\""))
                }
                None => diagnostic.help("delete the action: a flow begins with its `StartAction`"),
            });
        }
        let known = ACTIONS.iter().map(|it| it.action_type).chain(types::WITHOUT_RULES.iter().copied());
        let meant = suggest::closest(action_type, known);
        let message = format!("the action type `{action_type}` is not known here");
        let diagnostic =
            Diagnostic::new(Code::ActionTypeUnknown, message).label(at, "nothing is checked of it");
        self.tell(match meant {
            Some(meant) => {
                diagnostic.help(format!("did you mean `{meant}`?")).suggest(at, format!("\"{meant}\""))
            }
            None => diagnostic.help("if the console wrote it, it is right; otherwise look its name up"),
        });
    }

    fn misplaced(&mut self, rule: &ActionRule, at: Span) {
        let (Some(flow_type), Some(allowed)) = (self.flow_type, rule.flow_types) else { return };
        // Types of flows that are not known are nobody's mistake.
        if allowed.contains(&flow_type) || !FLOW_TYPES.contains(&flow_type) {
            return;
        }
        self.tell(
            Diagnostic::new(
                Code::ActionMisplaced,
                format!("`{}` does not work in a flow of the type `{flow_type}`", rule.action_type),
            )
            .label(at, "")
            .help(format!("it works in {}", crate::diagnostics::words::and_ticked(allowed))),
        );
    }
}

/// As the console's files name them.
const FLOW_TYPES: [&str; 9] = [
    "contactFlow",
    "customerQueue",
    "customerHold",
    "customerWhisper",
    "agentHold",
    "agentWhisper",
    "outboundWhisper",
    "agentTransfer",
    "queueTransfer",
];

/// The rules of the type, in the form that the parameters make it.
fn rule(action_type: &str, action: &Object<'_>) -> Option<&'static ActionRule> {
    if let Some(rule) = find(action_type, Form::Only) {
        return Some(rule);
    }
    let parameters = action.object("Parameters");
    let stores = parameters.and_then(|it| it.get("StoreInput")).is_some_and(|it| match &it.value {
        Value::Text(text) => text == "True",
        Value::Bool(stores) => *stores,
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    });
    let validation = parameters.and_then(|it| it.object("InputValidation"));
    let form = match (stores, validation.is_some_and(|it| it.has("PhoneNumberValidation"))) {
        (false, _) => Form::Menu,
        (true, false) => Form::Store,
        (true, true) => Form::StorePhoneNumber,
    };
    find(action_type, form)
}
