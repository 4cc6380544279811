//! Update expressions: `SET #a = if_not_exists(#a, :zero) + :one REMOVE #b ADD #c :n`.

use std::collections::BTreeSet;

use sluice_contract::dynamodb::{AttributeValue, Item, ItemStoreError};

use super::{
    number::Number,
    operand::{Operand, Placeholders},
    token::{Cursor, invalid},
};

/// An update, understood. Every right side is read from the item as it was before.
#[derive(Debug, Default)]
pub(super) struct Update {
    set: Vec<(String, Sum)>,
    add: Vec<(String, Operand)>,
    remove: Vec<String>,
}

/// `term`, `term + term` or `term - term`.
#[derive(Debug)]
struct Sum {
    first: Term,
    second: Option<(Term, bool)>,
}

#[derive(Debug)]
enum Term {
    Plain(Operand),
    IfNotExists(String, Operand),
    ListAppend(Box<Term>, Box<Term>),
}

impl Update {
    /// From its text; whatever this store does not know is refused.
    pub(super) fn parse(expression: &str, placeholders: &Placeholders<'_>) -> Result<Self, ItemStoreError> {
        let mut cursor = Cursor::new(expression)?;
        let mut update = Self::default();
        let mut sections = BTreeSet::new();
        while !cursor.at_end() {
            let Some(section) = ["SET", "ADD", "REMOVE"].into_iter().find(|it| cursor.takes_word(it)) else {
                return Err(cursor.unexpected("SET, ADD or REMOVE"));
            };
            if !sections.insert(section) {
                return Err(invalid(format!("the `{section}` section can only be used once")));
            }
            loop {
                let attribute = placeholders.attribute(&mut cursor)?;
                match section {
                    "SET" => {
                        cursor.expect("=")?;
                        update.set.push((attribute, sum(&mut cursor, placeholders)?));
                    }
                    "ADD" => update.add.push((attribute, placeholders.operand(&mut cursor)?)),
                    _ => update.remove.push(attribute),
                }
                if !cursor.takes(",") {
                    break;
                }
            }
        }
        let mut changed = BTreeSet::new();
        if let Some(twice) = update.attributes().find(|it| !changed.insert(*it)) {
            return Err(invalid(format!("two document paths overlap with each other: `{twice}`")));
        }
        Ok(update)
    }

    /// Every attribute that it changes.
    pub(super) fn attributes(&self) -> impl Iterator<Item = &str> {
        let set = self.set.iter().map(|(it, _)| it.as_str());
        let add = self.add.iter().map(|(it, _)| it.as_str());
        set.chain(add).chain(self.remove.iter().map(String::as_str))
    }

    /// The item as it is afterwards.
    pub(super) fn apply(&self, before: &Item) -> Result<Item, ItemStoreError> {
        let mut after = before.clone();
        for (attribute, sum) in &self.set {
            let first = sum.first.value(before)?;
            let value = match &sum.second {
                None => first,
                Some((second, negative)) => AttributeValue::N(
                    number(&first)?.plus(number(&second.value(before)?)?, *negative)?.to_text(),
                ),
            };
            let _ = after.insert(attribute.clone(), value);
        }
        for (attribute, operand) in &self.add {
            let Operand::Value(more) = operand else {
                return Err(invalid("ADD needs a value"));
            };
            let more = number(more)?;
            let sum = match before.get(attribute) {
                None => more,
                Some(there) => number(there)?.plus(more, false)?,
            };
            let _ = after.insert(attribute.clone(), AttributeValue::N(sum.to_text()));
        }
        for attribute in &self.remove {
            let _ = after.remove(attribute);
        }
        Ok(after)
    }
}

impl Term {
    fn value(&self, item: &Item) -> Result<AttributeValue, ItemStoreError> {
        let missing = || invalid("the expression refers to an attribute that does not exist in the item");
        match self {
            Self::Plain(operand) => operand.value(item).cloned().ok_or_else(missing),
            Self::IfNotExists(attribute, default) => {
                item.get(attribute).or_else(|| default.value(item)).cloned().ok_or_else(missing)
            }
            Self::ListAppend(first, second) => match (first.value(item)?, second.value(item)?) {
                (AttributeValue::L(mut list), AttributeValue::L(more)) => {
                    list.extend(more);
                    Ok(AttributeValue::L(list))
                }
                _ => Err(invalid("list_append needs two lists")),
            },
        }
    }
}

fn number(value: &AttributeValue) -> Result<Number, ItemStoreError> {
    match value {
        AttributeValue::N(text) => Number::parse(text),
        AttributeValue::S(_)
        | AttributeValue::Bool(_)
        | AttributeValue::Null(_)
        | AttributeValue::M(_)
        | AttributeValue::L(_) => {
            Err(invalid("an operand in the update expression has an incorrect data type"))
        }
    }
}

fn sum(cursor: &mut Cursor, placeholders: &Placeholders<'_>) -> Result<Sum, ItemStoreError> {
    let first = term(cursor, placeholders)?;
    let second = if cursor.takes("+") {
        Some((term(cursor, placeholders)?, false))
    } else if cursor.takes("-") {
        Some((term(cursor, placeholders)?, true))
    } else {
        None
    };
    Ok(Sum { first, second })
}

fn term(cursor: &mut Cursor, placeholders: &Placeholders<'_>) -> Result<Term, ItemStoreError> {
    if cursor.takes_word("list_append") {
        cursor.expect("(")?;
        let first = simple_term(cursor, placeholders)?;
        cursor.expect(",")?;
        let second = simple_term(cursor, placeholders)?;
        cursor.expect(")")?;
        return Ok(Term::ListAppend(Box::new(first), Box::new(second)));
    }
    simple_term(cursor, placeholders)
}

fn simple_term(cursor: &mut Cursor, placeholders: &Placeholders<'_>) -> Result<Term, ItemStoreError> {
    if !cursor.takes_word("if_not_exists") {
        return Ok(Term::Plain(placeholders.operand(cursor)?));
    }
    cursor.expect("(")?;
    let attribute = placeholders.attribute(cursor)?;
    cursor.expect(",")?;
    let default = placeholders.operand(cursor)?;
    cursor.expect(")")?;
    Ok(Term::IfNotExists(attribute, default))
}
