//! Callers' items in a table of DynamoDB.

use sluice_contract::{
    dynamodb::{AttributeValue, GetItem, Item, ItemStore, ItemStoreError, UpdateItem},
    runs::names,
};

use super::{
    answers::{Answers, AnswersError},
    customer::{Change, Customer, Placed, attribute},
};

/// The items of one table.
#[derive(Debug, Clone, Copy)]
pub struct ItemAnswers<'a> {
    store: &'a dyn ItemStore,
    table: &'a str,
}

impl<'a> ItemAnswers<'a> {
    /// Of the table of that name.
    pub fn new(store: &'a dyn ItemStore, table: &'a str) -> Self {
        Self { store, table }
    }
}

impl Answers for ItemAnswers<'_> {
    fn customer(&self, phone_number: &str) -> Result<Customer, AnswersError> {
        let request = GetItem {
            table_name: self.table.to_owned(),
            key: key(phone_number),
            consistent_read: Some(true),
        };
        let item = self.store.get_item(&request)?;
        Ok(item.as_ref().map(Customer::from_item).unwrap_or_default())
    }

    fn change(&self, phone_number: &str, change: &Change) -> Result<bool, AnswersError> {
        let lists = [(attribute::DATA, &change.entry, "entry"), (attribute::CALLS, &change.call, "call")];
        let mut parts = Parts::default();
        for (list, placed, word) in lists {
            if let Some(placed) = placed {
                parts.add(list, placed, word);
            }
        }
        let request = UpdateItem {
            table_name: self.table.to_owned(),
            key: key(phone_number),
            update_expression: format!("SET {}", parts.sets.join(", ")),
            condition_expression: Some(parts.conditions.join(" AND ")),
            expression_attribute_names: names(&parts.lists),
            expression_attribute_values: parts.values,
            return_values: None,
        };
        match self.store.update_item(&request) {
            Ok(_) => Ok(true),
            Err(ItemStoreError::ConditionFailed) => Ok(false),
            Err(
                error @ (ItemStoreError::Invalid(_)
                | ItemStoreError::Unavailable(_)
                | ItemStoreError::Damaged(_)),
            ) => Err(error.into()),
        }
    }
}

fn key(phone_number: &str) -> Item {
    Item::from([(attribute::PHONE_NUMBER.to_owned(), phone_number.into())])
}

#[derive(Default)]
struct Parts {
    sets: Vec<String>,
    conditions: Vec<String>,
    lists: Vec<&'static str>,
    values: Item,
}

impl Parts {
    fn add(&mut self, list: &'static str, placed: &Placed, word: &str) {
        let Placed { at, before, after } = placed;
        self.lists.push(list);
        let mut value = |name: String, value| drop(self.values.insert(name, value));
        let after = AttributeValue::M(after.clone());
        if let Some(before) = before {
            value(format!(":{word}"), after);
            value(format!(":{word}_before"), AttributeValue::M(before.clone()));
            self.sets.push(format!("#{list}[{at}] = :{word}"));
            self.conditions.push(format!("#{list}[{at}] = :{word}_before"));
        } else {
            value(format!(":{word}"), AttributeValue::L(vec![after]));
            value(":none".to_owned(), AttributeValue::L(Vec::new()));
            value(format!(":{word}_at"), AttributeValue::N(at.to_string()));
            self.sets.push(format!("#{list} = list_append(if_not_exists(#{list}, :none), :{word})"));
            self.conditions.push(format!("(attribute_not_exists(#{list}) OR size(#{list}) = :{word}_at)"));
        }
    }
}
