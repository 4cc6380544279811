//! Functions that a flow calls: what they are given, and what of their answer the flow sees.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::state::Contact;

/// Answers calls of functions: a local twin, mocks, or the very code that runs on AWS.
pub trait Functions {
    /// The answer, an object; under `STRING_MAP` one of texts.
    fn invoke(&mut self, invocation: &Invocation) -> Result<Value, FunctionError>;
}

/// One call of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The action that calls.
    pub action: String,
    /// The function's ARN.
    pub function: String,
    /// Its name: what the console shows, else the end of the ARN.
    pub name: String,
    /// `LambdaInvocationAttributes`, every reference replaced.
    pub parameters: BTreeMap<String, String>,
    /// The contact's attributes.
    pub attributes: BTreeMap<String, String>,
    /// Who is on the line.
    pub contact: Contact,
}

/// Why a function has not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FunctionError {
    /// It failed; Connect calls it again.
    #[error("{0}")]
    Failed(String),
    /// It has not answered in time.
    #[error("no answer in time")]
    TimedOut,
}

/// An answer that is longer is refused.
const LONGEST_ANSWER: usize = 32 * 1024;

impl Invocation {
    /// The event that the function is given, as Connect makes it.
    pub fn event(&self) -> Value {
        let text = |it: &str| Value::String(it.to_owned());
        let texts = |it: &BTreeMap<String, String>| {
            object(it.iter().map(|(name, value)| (name.as_str(), text(value))))
        };
        let endpoint =
            |address: &str| object([("Address", text(address)), ("Type", text("TELEPHONE_NUMBER"))]);
        let contact = object([
            ("Attributes", texts(&self.attributes)),
            ("Channel", text("VOICE")),
            ("ContactId", text(&self.contact.id)),
            ("CustomerEndpoint", endpoint(&self.contact.address)),
            ("InitialContactId", text(&self.contact.initial_id)),
            ("InitiationMethod", text(&self.contact.initiation)),
            ("InstanceARN", text(&self.contact.instance)),
            ("PreviousContactId", text(&self.contact.id)),
            ("Queue", Value::Null),
            ("SystemEndpoint", endpoint(&self.contact.system_address)),
        ]);
        let details = object([("ContactData", contact), ("Parameters", texts(&self.parameters))]);
        object([("Details", details), ("Name", text("ContactFlowEvent"))])
    }
}

/// What `$.External` becomes, by path; or why Connect refuses the answer.
pub(super) fn external(answer: &Value, is_json: bool) -> Result<BTreeMap<String, String>, String> {
    if answer.to_string().len() > LONGEST_ANSWER {
        return Err("the answer is longer than 32 KB".to_owned());
    }
    let mut found = BTreeMap::new();
    let Some(fields) = answer.as_object() else {
        return if is_json { Ok(found) } else { Err("the answer is no object".to_owned()) };
    };
    if !is_json && let Some((name, _)) = fields.iter().find(|(_, value)| !value.is_string()) {
        return Err(format!("the answer's `{name}` is no text"));
    }
    collect(fields, "", &mut found);
    Ok(found)
}

fn collect(fields: &Map<String, Value>, before: &str, found: &mut BTreeMap<String, String>) {
    for (name, value) in fields {
        match value {
            Value::Object(inner) => collect(inner, &format!("{before}{name}."), found),
            Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Array(_) | Value::Null => {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let _ = found.insert(format!("{before}{name}"), text);
            }
        }
    }
}

fn object<'n>(fields: impl IntoIterator<Item = (&'n str, Value)>) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_flat_texts_unless_the_flow_asks_for_json() {
        let read = |text: &str, is_json| external(&serde_json::from_str(text).unwrap(), is_json);
        assert_eq!(read(r#"{"a": "b"}"#, false).unwrap().get("a").map(String::as_str), Some("b"));
        assert_eq!(read(r#"{"a": 1}"#, false).unwrap_err(), "the answer's `a` is no text");
        assert_eq!(read("[1]", false).unwrap_err(), "the answer is no object");
        let nested = read(r#"{"a": {"b": 1}, "c": [2]}"#, true).unwrap();
        assert_eq!(nested.get("a.b").map(String::as_str), Some("1"));
        let long = format!(r#"{{"a": "{}"}}"#, "x".repeat(LONGEST_ANSWER));
        assert_eq!(read(&long, false).unwrap_err(), "the answer is longer than 32 KB");
    }

    #[test]
    fn the_event_is_the_one_that_connect_sends() {
        let pair = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), value.to_owned())]);
        let invocation = Invocation {
            action: "Save rating".to_owned(),
            function: "arn".to_owned(),
            name: "f".to_owned(),
            parameters: pair("answer", "4"),
            attributes: pair("rating", "4"),
            contact: Contact::default(),
        };
        let event = invocation.event();
        let at = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        assert_eq!(at("/Name").as_deref(), Some("ContactFlowEvent"));
        assert_eq!(at("/Details/Parameters/answer").as_deref(), Some("4"));
        assert_eq!(at("/Details/ContactData/Attributes/rating").as_deref(), Some("4"));
        assert_eq!(at("/Details/ContactData/CustomerEndpoint/Address").as_deref(), Some("+15555550100"));
    }
}
