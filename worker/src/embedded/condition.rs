//! Condition expressions: `attribute_not_exists(#owner) OR #fence < :fence`.

use std::cmp::Ordering;

use sluice_contract::dynamodb::{AttributeValue, Item, ItemStoreError};

use super::{
    number::Number,
    operand::{Operand, Placeholders},
    token::{Cursor, invalid},
};

/// A condition, understood.
#[derive(Debug)]
pub(super) enum Condition {
    Exists { attribute: String, wanted: bool },
    BeginsWith { operand: Operand, prefix: Operand },
    Compare { left: Operand, comparison: &'static str, right: Operand },
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
}

const COMPARISONS: [&str; 6] = ["=", "<>", "<=", "<", ">=", ">"];

impl Condition {
    /// From its text; whatever this store does not know is refused.
    pub(super) fn parse(expression: &str, placeholders: &Placeholders<'_>) -> Result<Self, ItemStoreError> {
        let mut cursor = Cursor::new(expression)?;
        let condition = either(&mut cursor, placeholders)?;
        if cursor.at_end() { Ok(condition) } else { Err(cursor.unexpected("AND, OR or the end")) }
    }

    /// Whether it holds. A missing attribute is equal to nothing and different from everything.
    pub(super) fn holds(&self, item: &Item) -> Result<bool, ItemStoreError> {
        Ok(match self {
            Self::Exists { attribute, wanted } => item.contains_key(attribute) == *wanted,
            Self::BeginsWith { operand, prefix } => {
                let Some(prefix) = prefix.value(item).and_then(AttributeValue::text) else {
                    return Err(invalid("begins_with needs a text to begin with"));
                };
                operand.value(item).and_then(AttributeValue::text).is_some_and(|it| it.starts_with(prefix))
            }
            Self::Compare { left, comparison, right } => {
                let ordering = match left.value(item).zip(right.value(item)) {
                    Some((left, right)) => compare(left, right)?,
                    None => None,
                };
                match *comparison {
                    "=" => ordering == Some(Ordering::Equal),
                    "<>" => ordering != Some(Ordering::Equal),
                    "<" => ordering == Some(Ordering::Less),
                    "<=" => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
                    ">" => ordering == Some(Ordering::Greater),
                    _ => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
                }
            }
            Self::Not(inner) => !inner.holds(item)?,
            Self::And(left, right) => left.holds(item)? && right.holds(item)?,
            Self::Or(left, right) => left.holds(item)? || right.holds(item)?,
        })
    }
}

/// How two values of one type compare; none where they don't.
fn compare(left: &AttributeValue, right: &AttributeValue) -> Result<Option<Ordering>, ItemStoreError> {
    Ok(match (left, right) {
        (AttributeValue::S(left), AttributeValue::S(right)) => Some(left.as_bytes().cmp(right.as_bytes())),
        (AttributeValue::N(left), AttributeValue::N(right)) => {
            Some(Number::parse(left)?.compare(Number::parse(right)?))
        }
        _ => (left == right).then_some(Ordering::Equal),
    })
}

fn either(cursor: &mut Cursor, placeholders: &Placeholders<'_>) -> Result<Condition, ItemStoreError> {
    let mut left = both(cursor, placeholders)?;
    while cursor.takes_word("OR") {
        left = Condition::Or(Box::new(left), Box::new(both(cursor, placeholders)?));
    }
    Ok(left)
}

fn both(cursor: &mut Cursor, placeholders: &Placeholders<'_>) -> Result<Condition, ItemStoreError> {
    let mut left = negation(cursor, placeholders)?;
    while cursor.takes_word("AND") {
        left = Condition::And(Box::new(left), Box::new(negation(cursor, placeholders)?));
    }
    Ok(left)
}

fn negation(cursor: &mut Cursor, placeholders: &Placeholders<'_>) -> Result<Condition, ItemStoreError> {
    // A loop, so that no text however long can exhaust the stack.
    let mut negative = false;
    while cursor.takes_word("NOT") {
        negative = !negative;
    }
    let inner = single(cursor, placeholders)?;
    Ok(if negative { Condition::Not(Box::new(inner)) } else { inner })
}

fn single(cursor: &mut Cursor, placeholders: &Placeholders<'_>) -> Result<Condition, ItemStoreError> {
    if cursor.takes("(") {
        let inner = either(cursor, placeholders)?;
        cursor.expect(")")?;
        return Ok(inner);
    }
    for (word, wanted) in [("attribute_exists", true), ("attribute_not_exists", false)] {
        if cursor.takes_word(word) {
            cursor.expect("(")?;
            let attribute = placeholders.attribute(cursor)?;
            cursor.expect(")")?;
            return Ok(Condition::Exists { attribute, wanted });
        }
    }
    if cursor.takes_word("begins_with") {
        cursor.expect("(")?;
        let operand = placeholders.operand(cursor)?;
        cursor.expect(",")?;
        let prefix = placeholders.operand(cursor)?;
        cursor.expect(")")?;
        return Ok(Condition::BeginsWith { operand, prefix });
    }
    let left = placeholders.operand(cursor)?;
    let Some(comparison) = COMPARISONS.into_iter().find(|it| cursor.takes(it)) else {
        return Err(cursor.unexpected("a comparison"));
    };
    Ok(Condition::Compare { left, comparison, right: placeholders.operand(cursor)? })
}
