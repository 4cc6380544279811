//! Conditions: comparisons, `and`, `or` and parentheses.

use super::cursor::Cursor;
use crate::{
    diagnostics::{Code, Diagnostic},
    syntax::{
        ast::{Comparison, Condition, Operand, Relation, Spanned},
        token::TokenKind,
    },
};

/// Parentheses deeper than this are not read.
const DEEPEST: usize = 16;

const RELATIONS: [(TokenKind, Relation); 6] = [
    (TokenKind::Equal, Relation::Equal),
    (TokenKind::NotEqual, Relation::NotEqual),
    (TokenKind::Less, Relation::Less),
    (TokenKind::LessOrEqual, Relation::LessOrEqual),
    (TokenKind::Greater, Relation::Greater),
    (TokenKind::GreaterOrEqual, Relation::GreaterOrEqual),
];

/// A condition.
pub(super) fn condition(cursor: &mut Cursor<'_>) -> Option<Condition> {
    any(cursor, 0)
}

fn any(cursor: &mut Cursor<'_>, depth: usize) -> Option<Condition> {
    let first = all(cursor, depth)?;
    let mut one_of = vec![first];
    while cursor.take_word("or").is_some() {
        one_of.push(all(cursor, depth)?);
    }
    Some(alone(one_of, Condition::Any))
}

fn all(cursor: &mut Cursor<'_>, depth: usize) -> Option<Condition> {
    let first = single(cursor, depth)?;
    let mut each_of = vec![first];
    while cursor.take_word("and").is_some() {
        each_of.push(single(cursor, depth)?);
    }
    Some(alone(each_of, Condition::All))
}

fn alone(mut conditions: Vec<Condition>, several: fn(Vec<Condition>) -> Condition) -> Condition {
    match (conditions.pop(), conditions.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            conditions.extend(last);
            several(conditions)
        }
    }
}

fn single(cursor: &mut Cursor<'_>, depth: usize) -> Option<Condition> {
    let Some(open) = cursor.take(TokenKind::OpenParenthesis) else {
        return comparison(cursor).map(Condition::Comparison);
    };
    if depth >= DEEPEST {
        return cursor.tell(
            Diagnostic::new(Code::TooDeep, format!("parentheses are nested more than {DEEPEST} deep"))
                .label(open.span, "one too many")
                .help("split the condition: a `when` can stand in another"),
        );
    }
    let inside = any(cursor, depth + 1)?;
    let _ = cursor.expect(TokenKind::CloseParenthesis, "`and`, `or` or `)`")?;
    Some(inside)
}

fn comparison(cursor: &mut Cursor<'_>) -> Option<Comparison> {
    let question = cursor.expect_name("the name of a question")?;
    let taken = RELATIONS.iter().find_map(|(kind, relation)| Some((cursor.take(*kind)?.span, *relation)));
    let Some((span, relation)) = taken else {
        return cursor.fail_expecting("`=`, `<>`, `<`, `<=`, `>` or `>=`");
    };
    if relation == Relation::Equal && cursor.at(TokenKind::Equal) {
        let second = cursor.take(TokenKind::Equal)?;
        return cursor.tell(
            Diagnostic::new(Code::Expected, "expected one `=`, found two")
                .label(second.span, "one too many")
                .help("equality is written `=`")
                .suggest(second.span, ""),
        );
    }
    let operand = if cursor.at(TokenKind::Word) {
        let word = cursor.expect_name("an answer")?;
        Spanned::new(Operand::Word(word.value), word.span)
    } else {
        let number = cursor.expect_number("an answer, such as `2`, `yes` or a choice's name,")?;
        Spanned::new(Operand::Number(number.value), number.span)
    };
    let whole = question.span.to(operand.span);
    Some(Comparison { span: whole, question, relation: Spanned::new(relation, span), operand })
}
