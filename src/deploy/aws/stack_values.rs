//! The values that the platform's stack is given, and those that it has.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{batch::text, calls::field, xml::Element};
use crate::{deploy::resource::Resource, targets::platform::CONTENT};

/// Whether the stack is what it was last told to be.
pub(super) fn is_settled(stack: &Element) -> bool {
    matches!(stack.text_of("StackStatus"), Some("CREATE_COMPLETE" | "UPDATE_COMPLETE"))
}

/// What the stack says that it was made of.
pub(super) fn made_of(stack: &Element) -> Option<String> {
    pairs(stack, "Parameters", "ParameterKey", "ParameterValue")
        .find(|(name, _)| name == CONTENT)
        .map(|(_, value)| value)
}

/// What the template is known by. After a change that was rolled back there may be nothing left to change, and the stack
/// would never be settled again: then a word behind it is the change.
fn content(resource: &Resource, there: Option<&Element>) -> String {
    let hash = text(&resource.content, "Template").to_owned();
    let is_same = there.is_some_and(|it| !is_settled(it) && made_of(it).as_ref() == Some(&hash));
    if is_same { hash + " again" } else { hash }
}

pub(super) fn pairs<'e>(
    stack: &'e Element,
    list: &str,
    key: &'e str,
    value: &'e str,
) -> impl Iterator<Item = (String, String)> + 'e {
    let pair = move |it: &Element| {
        Some((it.text_of(key)?.to_owned(), it.text_of(value).unwrap_or_default().to_owned()))
    };
    stack.entries(list).iter().filter_map(pair)
}

/// What the user has given, and what the stack has already; the template's own defaults stand for the rest.
pub(super) fn parameters(
    resource: &Resource,
    template: &Value,
    there: Option<&Element>,
) -> Vec<(String, String)> {
    let given: BTreeMap<&String, &str> = resource
        .content
        .get("Parameters")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name, value.as_str()?)))
        .collect();
    let has = |name: &String| {
        there.is_some_and(|it| {
            pairs(it, "Parameters", "ParameterKey", "ParameterValue").any(|(key, _)| key == *name)
        })
    };
    let names =
        template.get("Parameters").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name);
    let mut input = Vec::new();
    for name in names {
        let number = input.len() / 2 + 1;
        let at = |what: &str| format!("Parameters.member.{number}.{what}");
        let value = match given.get(name) {
            _ if name == CONTENT => field(at("ParameterValue"), content(resource, there)),
            Some(value) => field(at("ParameterValue"), *value),
            None if has(name) => field(at("UsePreviousValue"), "true"),
            None => continue,
        };
        input.extend([field(at("ParameterKey"), name), value]);
    }
    input
}
