//! The parameters of an action: which ones there are, and what they hold.

use super::{
    super::json::{Field, Node, Object, Value},
    Check,
    action::Place,
};
use crate::{
    connect::{
        MOST_SPOKEN,
        parameters::{self, Accepts, Parameter, Parameters},
        rules::{ActionRule, Form},
    },
    diagnostics::{Code, Diagnostic, suggest, words::or_ticked},
};

impl Check<'_> {
    pub(super) fn parameters(&mut self, action: &Object<'_>, rule: &ActionRule, place: Place<'_>) {
        let Some(known) = parameters::find(rule.action_type) else { return };
        let empty = Object { fields: Vec::new() };
        let node = action.get("Parameters");
        let given = node.and_then(Node::object).unwrap_or(&empty);
        if let Some(node) = node.filter(|it| it.object().is_none()) {
            let message = format!("`Parameters` is {}, not an object", node.kind());
            return self.unfit(node, &place.path("Parameters"), &message, "write an object");
        }
        self.names(given, known, place);
        self.one_of(given, known, place);
        self.values(given, known.known, "Parameters", place);
        let inside = |name: &str| given.object(name);
        if let Some(validation) = inside("ResponseValidation") {
            self.values(validation, parameters::RESPONSE_VALIDATION, "Parameters.ResponseValidation", place);
        }
        if rule.action_type == "GetParticipantInput" && rule.form != Form::Menu {
            self.input(given, place);
        }
    }

    /// What is typed, where it is kept.
    fn input(&mut self, given: &Object<'_>, place: Place<'_>) {
        let path = "Parameters.InputValidation";
        match given.get("InputValidation") {
            None => {
                let message = format!("`{}` keeps what is typed and has no `InputValidation`", place.name);
                let help = "say how much is typed: `{\"CustomValidation\": {\"MaximumLength\": \"1\"}}`";
                self.missing(place.at, &place.path(path), message, help);
            }
            Some(node) => {
                let found = |name: &str| node.object().and_then(|it| it.object(name));
                let custom = found("CustomValidation");
                let phone = found("PhoneNumberValidation");
                if custom.is_some() == phone.is_some() {
                    let help = "write `CustomValidation` or `PhoneNumberValidation`, and not both";
                    let message = "the input has not exactly one kind of validation";
                    self.unfit(node, &place.path(path), message, help);
                }
                if let Some(custom) = custom {
                    let path = format!("{path}.CustomValidation");
                    self.values(custom, parameters::CUSTOM_VALIDATION, &path, place);
                }
                if let Some(phone) = phone {
                    let path = format!("{path}.PhoneNumberValidation");
                    self.values(phone, parameters::PHONE_NUMBER_VALIDATION, &path, place);
                }
            }
        }
        let Some(keys) = given.object("DTMFConfiguration") else { return };
        let path = "Parameters.DTMFConfiguration";
        if let Some(node) = keys.get("DisableCancelKey").filter(|it| matches!(it.value, Value::Bool(_))) {
            // The one value that the service answers otherwise, which has cost people days.
            return self.tell(
                Diagnostic::new(Code::PropertyUnfit, "`DisableCancelKey` is a boolean, not a text")
                    .label(node.span, "Invalid Action type. Type: GetParticipantInput")
                    .help("write `\"True\"` or `\"False\"`, in quotes"),
            );
        }
        self.values(keys, parameters::DTMF, path, place);
        if let Some(node) = keys.get("InputTerminationSequence") {
            let is_key = |it: char| it.is_ascii_digit() || matches!(it, '*' | '#');
            let fits =
                node.text().is_some_and(|it| (1..=5).contains(&it.chars().count()) && it.chars().all(is_key));
            if !fits {
                let path = place.path(&format!("{path}.InputTerminationSequence"));
                self.unfit(
                    node,
                    &path,
                    "these keys can't end an input",
                    "write one to five of `0`-`9`, `*`, `#`",
                );
            }
        }
    }

    fn names(&mut self, given: &Object<'_>, known: &Parameters, place: Place<'_>) {
        let action_type = known.action_type;
        for Field { name, at, .. } in &given.fields {
            let path = place.path(&format!("Parameters.{name}"));
            if let Some((_, meant)) = known.refused.iter().find(|(refused, _)| refused == name) {
                let help = match meant {
                    Some(meant) => format!("write `{meant}`"),
                    None => "delete it".to_owned(),
                };
                self.refused(*at, &path, format!("`{action_type}` has no parameter `{name}`"), help);
            } else if known.closed {
                let message = format!("`{action_type}` has no parameters, and here is `{name}`");
                let help = match action_type {
                    "TransferContactToQueue" => {
                        "delete it: the queue is chosen before, with `UpdateContactTargetQueue`"
                    }
                    _ => "delete it",
                };
                self.refused(*at, &path, message, help.to_owned());
            } else if !known.known.iter().any(|it| it.name == name) {
                let meant = suggest::closest(name, known.known.iter().map(|it| it.name));
                let diagnostic = Diagnostic::new(
                    Code::PropertyUnsure,
                    format!("the parameter `{name}` of `{action_type}` is not known here"),
                )
                .label(*at, "it may be refused");
                self.tell(diagnostic.help(match meant {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "if the console wrote it, it is right".to_owned(),
                }));
            }
        }
    }

    fn one_of(&mut self, given: &Object<'_>, known: &Parameters, place: Place<'_>) {
        if known.one_of.is_empty() {
            return;
        }
        let found: Vec<&Field<'_>> =
            known.one_of.iter().filter_map(|it| given.field(it)).filter(|it| !is_null(&it.node)).collect();
        let (message, label, at) = match found.as_slice() {
            [_] => return,
            [] => (
                format!("`{}` has none of {}", place.name, or_ticked(known.one_of)),
                format!("At least one of [{}] must be set.", known.one_of.join(", ")),
                place.at,
            ),
            [first, second, ..] => (
                format!("`{}` has both `{}` and `{}`", place.name, first.name, second.name),
                format!(
                    "Only one of these properties may be defined. Properties: [{}, {}]",
                    first.name, second.name
                ),
                second.at,
            ),
        };
        self.tell(
            Diagnostic::new(Code::PropertiesExclude, message)
                .label(at, label)
                .help(format!("write exactly one of {}", or_ticked(known.one_of))),
        );
    }

    fn values(&mut self, given: &Object<'_>, known: &[Parameter], below: &str, place: Place<'_>) {
        for parameter in known {
            let path = place.path(&format!("{below}.{}", parameter.name));
            match given.get(parameter.name).filter(|it| !is_null(it)) {
                None if parameter.required => {
                    let message = format!("`{}` has no `{}`", place.name, parameter.name);
                    self.missing(place.at, &path, message, &wanted(parameter.value));
                }
                Some(node) if !fits(node, parameter.value) => {
                    let message = format!("the value of `{}` can't be used", parameter.name);
                    self.unfit(node, &path, &message, &wanted(parameter.value));
                }
                Some(_) | None => {}
            }
        }
    }
}

fn is_null(node: &Node<'_>) -> bool {
    matches!(node.value, Value::Null)
}

/// Whether the value is decided by a reference, once the flow runs.
fn is_reference(text: &str) -> bool {
    text.starts_with("$.") || text.starts_with("$[")
}

fn fits(node: &Node<'_>, accepts: Accepts) -> bool {
    let text = node.text();
    match accepts {
        Accepts::Anything => true,
        Accepts::Text => text.is_some_and(|it| !it.is_empty()),
        Accepts::Spoken => text.is_some_and(|it| it.chars().count() <= MOST_SPOKEN),
        Accepts::Number(least, most) => text.is_some_and(|it| is_within(it, least, most)),
        Accepts::PlainNumber(least, most) => match (text, node.number()) {
            (Some(text), _) => is_within(text, least, most),
            (None, Some(number)) => {
                number.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(&number)
            }
            (None, None) => false,
        },
        Accepts::OneOf(words) => text.is_some_and(|it| words.contains(&it) || is_reference(it)),
        Accepts::Reference => {
            text.is_some_and(|it| is_reference(it) && (!it.contains(' ') || it.contains("['")))
        }
        Accepts::Texts => node.object().is_some_and(|it| it.fields.iter().all(|it| it.node.text().is_some())),
        Accepts::Object => node.object().is_some(),
        Accepts::OneField => node.object().is_some_and(|it| it.fields.len() == 1),
        Accepts::List => matches!(node.value, Value::Array(_)),
    }
}

fn is_within(text: &str, least: u32, most: u32) -> bool {
    is_reference(text) || text.parse::<u32>().is_ok_and(|it| (least..=most).contains(&it))
}

fn wanted(accepts: Accepts) -> String {
    match accepts {
        Accepts::Anything => "write a value".to_owned(),
        Accepts::Text => {
            "write a text that is not empty, or a reference such as `$.Attributes.name`".to_owned()
        }
        Accepts::Spoken => format!("write a text of up to {MOST_SPOKEN} characters"),
        Accepts::Number(least, most) | Accepts::PlainNumber(least, most) => {
            format!("write a whole number from {least} to {most} as a text: `\"{least}\"`")
        }
        Accepts::OneOf(words) => format!("write {} as a text", or_ticked(words)),
        Accepts::Reference => "write one reference: `$.Attributes.name`, `$.StoredCustomerInput`".to_owned(),
        Accepts::Texts => "write an object whose values are texts".to_owned(),
        Accepts::Object => "write an object".to_owned(),
        Accepts::OneField => "write an object with exactly one field".to_owned(),
        Accepts::List => "write a list".to_owned(),
    }
}
