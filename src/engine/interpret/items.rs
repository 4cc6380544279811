//! The items of a Map: where they come from, and what each iteration is given.

use serde_json::Value;

use super::visit::{Told, Visit, object};
use crate::engine::expression::Moment;
use crate::engine::failure::Failure;
use crate::engine::machine::Map;
use crate::engine::template::Template;

/// An item as it was found.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// Its name, where the items are the fields of an object.
    pub(super) key: Option<String>,
    pub(super) value: Value,
}

/// An item as its iteration gets it.
#[derive(Debug)]
pub(super) struct Selected {
    /// `$states.context.Map.Item`
    pub(super) shown: Value,
    pub(super) input: Value,
}

impl Item {
    pub(super) fn of(value: Value) -> Self {
        Self { key: None, value }
    }

    /// Those of an array or an object.
    pub(super) fn all(value: &Value) -> Option<Vec<Self>> {
        match value {
            Value::Array(items) => Some(items.iter().cloned().map(Self::of).collect()),
            Value::Object(fields) => Some(
                fields
                    .iter()
                    .map(|(name, value)| Self { key: Some(name.clone()), value: value.clone() })
                    .collect(),
            ),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        }
    }

    /// What an iteration gets where the Map selects nothing.
    fn input(&self) -> Value {
        match &self.key {
            None => self.value.clone(),
            Some(key) => object([("Key", Value::from(key.as_str())), ("Value", self.value.clone())]),
        }
    }

    fn shown(&self, index: usize) -> Value {
        let mut shown = object([("Index", Value::from(index)), ("Value", self.value.clone())]);
        if let (Some(key), Value::Object(fields)) = (&self.key, &mut shown) {
            drop(fields.insert("Key".to_owned(), Value::from(key.as_str())));
        }
        shown
    }
}

impl Visit<'_> {
    /// What `Items` or the input hold.
    pub(super) fn given_items(&self, map: &Map, moment: &mut Moment) -> Result<Vec<Item>, Failure> {
        match &map.items {
            Some(template) => self.evaluate_as(moment, template, "Items", "array", Item::all),
            None => self.input.as_array().and_then(|_| Item::all(&self.input)).ok_or_else(|| {
                let text = "The state has no 'Items' and its input is no array.";
                Failure::query_evaluation(self.sentence(text))
            }),
        }
    }

    /// Each item as its iteration gets it.
    pub(super) fn select(&self, map: &Map, items: Vec<Item>) -> Result<Vec<Selected>, Failure> {
        let selected = items.into_iter().enumerate().map(|(index, item)| {
            let shown = item.shown(index);
            let input = match &map.item_selector {
                None => item.input(),
                Some(template) => {
                    let mut moment = self.moment_with(Told::Nothing, Some(&shown))?;
                    self.evaluate(&mut moment, template, "ItemSelector")?
                }
            };
            self.check_size(&input)?;
            Ok(Selected { shown, input })
        });
        selected.collect()
    }

    /// `MaxConcurrency`, of which 0 means as many as the service allows.
    pub(super) fn at_once(&self, map: &Map, moment: &mut Moment, most: usize) -> Result<usize, Failure> {
        let wanted = self.whole(moment, map.max_concurrency.as_ref(), "MaxConcurrency")?;
        Ok(wanted.filter(|number| *number > 0).map_or(most, |number| number.min(most)))
    }

    /// A field that is a whole number, where it is there.
    pub(super) fn whole(
        &self,
        moment: &mut Moment,
        template: Option<&Template>,
        field: &str,
    ) -> Result<Option<usize>, Failure> {
        let read = |value: &Value| value.as_u64().map(|number| usize::try_from(number).unwrap_or(usize::MAX));
        match template {
            None => Ok(None),
            Some(template) => self.evaluate_as(moment, template, field, "whole number", read).map(Some),
        }
    }
}
