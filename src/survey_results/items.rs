//! Callers' items as they are exported: lines of DynamoDB's export, the answer of a scan, or plain JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// What is kept of a caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// The answers of each contact.
    pub entries: Vec<Entry>,
    /// How each survey went.
    pub(super) calls: Vec<Call>,
}

/// The answers of a contact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The contact; empty where there is none.
    pub contact: String,
    /// When.
    pub date: String,
    /// What is there beside that.
    pub answers: BTreeMap<String, String>,
}

/// How a survey went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) contact: String,
    pub(super) survey: String,
    pub(super) status: String,
}

/// The items can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is no JSON.
    #[error("it is not JSON: {0}")]
    Json(String),
    /// It is JSON of something else.
    #[error("document {number} holds no item with a `PhoneNumber`")]
    NoItem {
        /// Which of the documents in it.
        number: usize,
    },
}

/// The callers of a text: JSON documents one after another, each an item, a list of items, or `Item` or `Items`
/// with what a table exports or answers.
pub fn callers(text: &str) -> Result<Vec<Caller>, Unreadable> {
    let mut callers = Vec::new();
    for (index, document) in serde_json::Deserializer::from_str(text).into_iter::<Value>().enumerate() {
        let document = document.map_err(|it| Unreadable::Json(it.to_string()))?;
        for item in items(&document) {
            let item = item.as_object().filter(|it| it.contains_key("PhoneNumber"));
            callers.push(caller(item.ok_or(Unreadable::NoItem { number: index + 1 })?));
        }
    }
    Ok(callers)
}

fn items(document: &Value) -> Vec<&Value> {
    if let Some(list) = document.as_array().or_else(|| document.get("Items")?.as_array()) {
        return list.iter().collect();
    }
    vec![document.get("Item").unwrap_or(document)]
}

fn caller(item: &Map<String, Value>) -> Caller {
    // A table's own form has a type round every value, and a key is never anything else.
    let is_typed = item.get("PhoneNumber").is_some_and(Value::is_object);
    let list = |name: &str| -> Vec<Map<String, Value>> {
        let value = item.get(name).map(|it| if is_typed { plain(it) } else { it.clone() });
        let Some(Value::Array(elements)) = value else { return Vec::new() };
        elements
            .into_iter()
            .filter_map(|it| if let Value::Object(it) = it { Some(it) } else { None })
            .collect()
    };
    Caller {
        entries: list("SurveyData").into_iter().map(entry).collect(),
        calls: list("SurveyCalls").iter().map(call).collect(),
    }
}

fn entry(mut element: Map<String, Value>) -> Entry {
    let mut take = |name: &str| element.remove(name).and_then(|it| text(&it)).unwrap_or_default();
    let (contact, date) = (take("ContactID"), take("Date"));
    let answers = element.iter().filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect();
    Entry { contact, date, answers }
}

fn call(element: &Map<String, Value>) -> Call {
    let get = |name: &str| element.get(name).and_then(text).unwrap_or_default();
    Call { contact: get("ContactID"), survey: get("Survey"), status: get("Status") }
}

/// Some systems keep numbers as texts.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(it) => Some(it.clone()),
        Value::Number(it) => Some(it.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A value of DynamoDB's, without its types; numbers stay texts.
fn plain(value: &Value) -> Value {
    let Some((kind, inner)) = value.as_object().and_then(|it| it.iter().next()) else { return Value::Null };
    match (kind.as_str(), inner) {
        ("L", Value::Array(elements)) => elements.iter().map(plain).collect(),
        ("M", Value::Object(members)) => {
            Value::Object(members.iter().map(|(name, it)| (name.clone(), plain(it))).collect())
        }
        ("S" | "N", Value::String(_)) => inner.clone(),
        _ => Value::Null,
    }
}
