//! A flow as the telephone reads it: actions by identifier, their parameters as they are.
//!
//! Lenient where the service is: numbers beside texts, absent lists. What a type means is not asked here.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A flow.
#[derive(Debug, Clone)]
pub struct Flow {
    /// As the console knows it; empty where the file does not say.
    pub name: String,
    /// Where it begins.
    pub(super) start: String,
    pub(super) actions: BTreeMap<String, Action>,
}

#[derive(Debug, Clone)]
pub(super) struct Action {
    /// Its type.
    pub(super) kind: String,
    pub(super) parameters: Map<String, Value>,
    pub(super) next: Option<String>,
    pub(super) errors: Vec<(String, String)>,
    pub(super) conditions: Vec<Condition>,
    /// What the console shows of a parameter.
    shown: Map<String, Value>,
}

#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub(super) operator: String,
    pub(super) operand: String,
    pub(super) next: String,
}

/// Why a file can't be played.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is, with the same words")]
pub enum FlowError {
    #[error("it is not JSON: {problem}")]
    NotJson { problem: String },
    #[error("it is a contact flow in the form of the console's old editor")]
    Legacy,
    #[error("it is no contact flow: it has no `StartAction` and no `Actions`")]
    NoFlow,
    #[error("`StartAction` names `{start}`, which is not there")]
    NoStart { start: String },
}

impl Flow {
    /// Reads the text of a file.
    pub fn parse(text: &str) -> Result<Self, FlowError> {
        let document: Value =
            serde_json::from_str(text).map_err(|error| FlowError::NotJson { problem: error.to_string() })?;
        if document.get("modules").is_some() && document.get("Actions").is_none() {
            return Err(FlowError::Legacy);
        }
        let (Some(start), Some(actions)) = (text_of(&document, "StartAction"), list(&document, "Actions"))
        else {
            return Err(FlowError::NoFlow);
        };
        let metadata = document.get("Metadata");
        let name = metadata.and_then(|it| text_of(it, "name")).unwrap_or_default().to_owned();
        let shown =
            |id: &str| metadata?.get("ActionMetadata")?.get(id)?.get("parameters")?.as_object().cloned();
        let actions: BTreeMap<String, Action> = actions
            .iter()
            .filter_map(|it| {
                let id = text_of(it, "Identifier")?;
                Some((id.to_owned(), action(it, shown(id).unwrap_or_default())?))
            })
            .collect();
        if !actions.contains_key(start) {
            return Err(FlowError::NoStart { start: start.to_owned() });
        }
        Ok(Self { name, start: start.to_owned(), actions })
    }

    /// Every identifier.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.actions.keys().map(String::as_str)
    }
}

impl Action {
    /// The parameter as a text: numbers and booleans are written as texts elsewhere.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.parameters.get(name).and_then(plain)
    }

    /// The fields of a parameter that is an object of texts.
    pub(super) fn texts(&self, name: &str) -> Vec<(String, String)> {
        let object = self.parameters.get(name).and_then(Value::as_object);
        object.into_iter().flatten().filter_map(|(name, value)| Some((name.clone(), plain(value)?))).collect()
    }

    /// What the console shows of a parameter: a name, a language.
    pub(super) fn shown(&self, parameter: &str, property: &str) -> Option<&str> {
        self.shown.get(parameter)?.get(property)?.as_str()
    }

    /// The name of the resource that a parameter refers to: the one that the console shows, else the end of its ARN.
    pub(super) fn resource(&self, parameter: &str, value: &str) -> String {
        let tail = || value.rsplit(['/', ':']).next().unwrap_or(value);
        self.shown(parameter, "displayName").unwrap_or_else(tail).to_owned()
    }
}

/// A scalar as a text.
pub(super) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(if *flag { "True" } else { "False" }.to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn action(value: &Value, shown: Map<String, Value>) -> Option<Action> {
    let transitions = value.get("Transitions").cloned().unwrap_or_default();
    let next = |it: &Value| text_of(it, "NextAction").map(str::to_owned);
    let branches = |name: &str| list(&transitions, name).unwrap_or_default().to_vec();
    let errors = branches("Errors");
    let errors = errors.iter().filter_map(|it| Some((text_of(it, "ErrorType")?.to_owned(), next(it)?)));
    let conditions = branches("Conditions");
    let conditions = conditions.iter().filter_map(|it| {
        let condition = it.get("Condition")?;
        let operand = list(condition, "Operands")?.first().and_then(plain)?;
        Some(Condition { operator: text_of(condition, "Operator")?.to_owned(), operand, next: next(it)? })
    });
    Some(Action {
        kind: text_of(value, "Type")?.to_owned(),
        parameters: value.get("Parameters").and_then(Value::as_object).cloned().unwrap_or_default(),
        next: next(&transitions),
        errors: errors.collect(),
        conditions: conditions.collect(),
        shown,
    })
}

fn text_of<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name)?.as_str()
}

fn list<'v>(value: &'v Value, name: &str) -> Option<&'v [Value]> {
    value.get(name)?.as_array().map(Vec::as_slice)
}
