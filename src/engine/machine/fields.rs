//! Reads the fields of a JSON object, keeping its place for the error.

use serde_json::{Map, Value};

use super::MachineError;
use crate::engine::template::{Template, escaped};

/// An object of the document and where it stands.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    pub(super) at: String,
    object: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(value: &'a Value, at: String) -> Result<Self, MachineError> {
        match value.as_object() {
            Some(object) => Ok(Self { at, object }),
            None => Err(MachineError::Unexpected { at, expected: "an object" }),
        }
    }

    pub(super) fn at(&self, field: &str) -> String {
        format!("{}/{}", self.at, escaped(field))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a String> {
        self.object.keys()
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.object.contains_key(field)
    }

    /// Refuses what is not in `known`, as AWS does: a field that nobody reads is a mistake.
    pub(super) fn only(&self, known: &[&[&str]], what: &'static str) -> Result<(), MachineError> {
        match self.names().find(|name| !known.iter().any(|names| names.contains(&name.as_str()))) {
            None => Ok(()),
            Some(field) => {
                Err(MachineError::UnknownField { at: self.at.clone(), field: field.clone(), what })
            }
        }
    }

    pub(super) fn object(&self, field: &'static str) -> Result<Fields<'a>, MachineError> {
        Fields::of(self.required(field)?, self.at(field))
    }

    /// The objects of an array; none where the field is absent.
    pub(super) fn objects(&self, field: &str) -> Result<Vec<Fields<'a>>, MachineError> {
        let Some(value) = self.object.get(field) else { return Ok(Vec::new()) };
        let at = self.at(field);
        let Some(items) = value.as_array() else {
            return Err(MachineError::Unexpected { at, expected: "an array" });
        };
        items.iter().enumerate().map(|(index, item)| Fields::of(item, format!("{at}/{index}"))).collect()
    }

    /// Every field as an object, by name.
    pub(super) fn entries(
        &self,
    ) -> impl Iterator<Item = Result<(&'a str, Fields<'a>), MachineError>> + use<'a, '_> {
        self.object.iter().map(|(name, value)| Ok((name.as_str(), Fields::of(value, self.at(name))?)))
    }

    pub(super) fn text(&self, field: &str) -> Result<Option<&'a str>, MachineError> {
        self.typed(field, "a string", Value::as_str)
    }

    pub(super) fn required_text(&self, field: &'static str) -> Result<&'a str, MachineError> {
        let _ = self.required(field)?;
        self.text(field)?.ok_or_else(|| MachineError::Missing { at: self.at.clone(), field })
    }

    pub(super) fn texts(&self, field: &'static str) -> Result<Vec<String>, MachineError> {
        const EXPECTED: &str = "an array of strings, not empty";
        let _ = self.required(field)?;
        let items = self.typed(field, EXPECTED, |value| {
            value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        })?;
        match items {
            Some(items) if !items.is_empty() => Ok(items),
            Some(_) | None => Err(MachineError::Unexpected { at: self.at(field), expected: EXPECTED }),
        }
    }

    pub(super) fn whole(&self, field: &str, least: u32) -> Result<Option<u32>, MachineError> {
        let expected = if least == 0 { "a whole number" } else { "a whole number of at least 1" };
        self.typed(field, expected, |value| {
            value.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|number| *number >= least)
        })
    }

    /// The field's value where `read` accepts it.
    pub(super) fn typed<T>(
        &self,
        field: &str,
        expected: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, MachineError> {
        match self.object.get(field) {
            None => Ok(None),
            Some(value) => match read(value) {
                Some(value) => Ok(Some(value)),
                None => Err(MachineError::Unexpected { at: self.at(field), expected }),
            },
        }
    }

    pub(super) fn template(&self, field: &str) -> Result<Option<Template>, MachineError> {
        self.object.get(field).map(|value| template(value, &self.at(field))).transpose()
    }

    pub(super) fn required_template(&self, field: &'static str) -> Result<Template, MachineError> {
        template(self.required(field)?, &self.at(field))
    }

    /// Every field as a template, by name.
    pub(super) fn templates(&self) -> Result<Vec<(String, Template)>, MachineError> {
        self.object.iter().map(|(name, value)| Ok((name.clone(), template(value, &self.at(name))?))).collect()
    }

    fn required(&self, field: &'static str) -> Result<&'a Value, MachineError> {
        self.object.get(field).ok_or_else(|| MachineError::Missing { at: self.at.clone(), field })
    }
}

fn template(value: &Value, at: &str) -> Result<Template, MachineError> {
    Template::read(value).map_err(|problem| MachineError::Expression {
        at: format!("{at}{}", problem.pointer),
        expression: problem.expression,
        problem: problem.problem,
    })
}
