//! A store of items in memory: as much of DynamoDB as the runs table asks for.

use std::{collections::BTreeMap, sync::Mutex};

use sluice_contract::{
    dynamodb::{
        AttributeValue, DeleteItem, GetItem, Item, ItemStore, ItemStoreError, PutItem, QueryPrefix,
        UpdateItem,
    },
    runs::{PK, SK},
};

/// Items by partition key and sort key.
#[derive(Debug, Default)]
pub(super) struct MemoryStore {
    items: Mutex<BTreeMap<(String, String), Item>>,
}

fn key_of(key: &Item) -> (String, String) {
    (key[PK].text().unwrap().to_owned(), key[SK].text().unwrap().to_owned())
}

impl ItemStore for MemoryStore {
    fn get_item(&self, request: &GetItem) -> Result<Option<Item>, ItemStoreError> {
        Ok(self.items.lock().unwrap().get(&key_of(&request.key)).cloned())
    }

    fn put_item(&self, request: &PutItem) -> Result<(), ItemStoreError> {
        let _ = self.items.lock().unwrap().insert(key_of(&request.item), request.item.clone());
        Ok(())
    }

    fn update_item(&self, request: &UpdateItem) -> Result<Option<Item>, ItemStoreError> {
        let mut items = self.items.lock().unwrap();
        let before = items.get(&key_of(&request.key));
        let condition = request.condition_expression.as_deref();
        if !condition.is_none_or(|it| holds(it, &before.cloned().unwrap_or_default(), request)) {
            return Err(ItemStoreError::ConditionFailed);
        }
        let mut item = before.cloned().unwrap_or_else(|| request.key.clone());
        for (verb, clauses) in sections(&request.update_expression) {
            for clause in clauses {
                apply(&verb, &clause, &mut item, request);
            }
        }
        let _ = items.insert(key_of(&request.key), item);
        Ok(None)
    }

    fn delete_item(&self, request: &DeleteItem) -> Result<(), ItemStoreError> {
        let _ = self.items.lock().unwrap().remove(&key_of(&request.key));
        Ok(())
    }

    fn query_prefix(&self, request: &QueryPrefix) -> Result<Vec<Item>, ItemStoreError> {
        let items = self.items.lock().unwrap();
        let fits = |(pk, sk): &(String, String)| *pk == request.pk && sk.starts_with(&request.sk_prefix);
        Ok(items.iter().filter(|(key, _)| fits(key)).map(|(_, item)| item.clone()).collect())
    }
}

/// `SET a, b REMOVE c` as its verbs and their clauses.
fn sections(expression: &str) -> Vec<(String, Vec<String>)> {
    let mut sections: Vec<(String, String)> = Vec::new();
    for word in expression.split_whitespace() {
        match (word, sections.last_mut()) {
            ("SET" | "ADD" | "REMOVE", _) | (_, None) => sections.push((word.to_owned(), String::new())),
            (_, Some((_, clauses))) => *clauses += word,
        }
    }
    sections.into_iter().map(|(verb, clauses)| (verb, split_clauses(&clauses))).collect()
}

/// At the commas outside parentheses.
fn split_clauses(clauses: &str) -> Vec<String> {
    let mut depth = 0;
    let mut split = vec![String::new()];
    for character in clauses.chars() {
        match character {
            ',' if depth == 0 => split.push(String::new()),
            _ => split.last_mut().unwrap().push(character),
        }
        depth += i32::from(character == '(') - i32::from(character == ')');
    }
    split
}

fn apply(verb: &str, clause: &str, item: &mut Item, request: &UpdateItem) {
    let attribute = |name: &str| request.expression_attribute_names[name].clone();
    let value = |name: &str| request.expression_attribute_values[name].clone();
    let _ = match verb {
        "SET" => {
            let (left, right) = clause.split_once('=').unwrap();
            let new = match right.strip_prefix("if_not_exists(").and_then(|it| it.strip_suffix(')')) {
                None => value(right),
                Some(arguments) => {
                    let (present, otherwise) = arguments.split_once(',').unwrap();
                    item.get(&attribute(present)).cloned().unwrap_or_else(|| value(otherwise))
                }
            };
            item.insert(attribute(left), new)
        }
        "REMOVE" => item.remove(&attribute(clause)),
        "ADD" => {
            let (left, right) = clause.split_once(':').unwrap();
            let old = item.get(&attribute(left)).and_then(AttributeValue::number).unwrap_or_default();
            let added = value(&format!(":{right}")).number().unwrap();
            item.insert(attribute(left), (old + added).into())
        }
        _ => panic!("`{verb}` is not a verb of an update expression"),
    };
}

fn holds(condition: &str, item: &Item, request: &UpdateItem) -> bool {
    condition.split(" OR ").any(|terms| {
        let inside = terms.strip_prefix('(').and_then(|it| it.strip_suffix(')')).unwrap_or(terms);
        inside.split(" AND ").all(|term| term_holds(term, item, request))
    })
}

fn term_holds(term: &str, item: &Item, request: &UpdateItem) -> bool {
    if let Some(name) = term.strip_prefix("attribute_not_exists(").and_then(|it| it.strip_suffix(')')) {
        return !item.contains_key(&request.expression_attribute_names[name]);
    }
    let words: Vec<_> = term.split_whitespace().collect();
    let [name, operator, value] = words[..] else { panic!("`{term}` is not a comparison") };
    let left = item.get(&request.expression_attribute_names[name]);
    let right = &request.expression_attribute_values[value];
    match operator {
        "=" => left == Some(right),
        "<>" => left != Some(right),
        "<=" => left.and_then(AttributeValue::number).is_some_and(|it| it <= right.number().unwrap()),
        "<" => match (left, right) {
            (Some(AttributeValue::S(left)), AttributeValue::S(right)) => left < right,
            _ => left.and_then(AttributeValue::number).is_some_and(|it| it < right.number().unwrap()),
        },
        _ => panic!("`{operator}` is not a comparison"),
    }
}
