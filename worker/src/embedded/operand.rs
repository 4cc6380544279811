//! Attribute paths and values of an expression, and whether every name and value given with it is used.
//!
//! Only whole attributes: a path into a map or list is refused, nothing of Sluice writes one.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use sluice_contract::dynamodb::{AttributeValue, Item, ItemStoreError};

use super::{
    reserved::is_reserved,
    token::{Cursor, Token, invalid},
};

/// An attribute or a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operand {
    Attribute(String),
    Value(AttributeValue),
}

impl Operand {
    /// Its value in an item; none where the item lacks the attribute.
    pub(super) fn value<'a>(&'a self, item: &'a Item) -> Option<&'a AttributeValue> {
        match self {
            Self::Attribute(name) => item.get(name),
            Self::Value(value) => Some(value),
        }
    }
}

/// What `#name` and `:name` stand for in one request.
#[derive(Debug)]
pub(super) struct Placeholders<'a> {
    names: &'a BTreeMap<String, String>,
    values: &'a Item,
    used: RefCell<BTreeSet<String>>,
}

impl<'a> Placeholders<'a> {
    pub(super) fn new(names: &'a BTreeMap<String, String>, values: &'a Item) -> Self {
        Self { names, values, used: RefCell::default() }
    }

    /// An attribute's name, written out or behind a `#`.
    pub(super) fn attribute(&self, cursor: &mut Cursor) -> Result<String, ItemStoreError> {
        match self.operand(cursor)? {
            Operand::Attribute(name) => Ok(name),
            Operand::Value(_) => Err(invalid("expected an attribute, found a value")),
        }
    }

    /// An attribute or a value.
    pub(super) fn operand(&self, cursor: &mut Cursor) -> Result<Operand, ItemStoreError> {
        match cursor.next() {
            Some(Token::Word(word)) if is_reserved(&word) => {
                Err(invalid(format!("attribute name is a reserved keyword; reserved keyword: {word}")))
            }
            Some(Token::Word(word)) => Ok(Operand::Attribute(word)),
            Some(Token::Name(name)) => self
                .used(&name)
                .names
                .get(&name)
                .cloned()
                .map(Operand::Attribute)
                .ok_or_else(|| invalid(format!("expression attribute name `{name}` is not defined"))),
            Some(Token::Value(name)) => self
                .used(&name)
                .values
                .get(&name)
                .cloned()
                .map(Operand::Value)
                .ok_or_else(|| invalid(format!("expression attribute value `{name}` is not defined"))),
            Some(Token::Sign(sign)) => {
                Err(invalid(format!("expected an attribute or a value, found `{sign}`")))
            }
            None => Err(invalid("expected an attribute or a value, found the end of the expression")),
        }
    }

    /// DynamoDB refuses a request that defines more than it uses.
    pub(super) fn check_all_used(&self) -> Result<(), ItemStoreError> {
        let used = self.used.borrow();
        let unused = self.names.keys().chain(self.values.keys()).find(|it| !used.contains(*it));
        unused.map_or(Ok(()), |it| Err(invalid(format!("`{it}` is defined and not used in expressions"))))
    }

    fn used(&self, name: &str) -> &Self {
        let _ = self.used.borrow_mut().insert(name.to_owned());
        self
    }
}
