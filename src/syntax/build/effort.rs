//! `retry`, `timeout`, `compute`, `overlap`, `staging`.

use super::cursor::Cursor;
use crate::syntax::{
    ast::{Compute, Duration, Effort, Overlap, Retry, Spanned, Staging, TimeUnit},
    token::TokenKind,
};

const UNITS: [(&str, TimeUnit); 8] = [
    ("seconds", TimeUnit::Second),
    ("minutes", TimeUnit::Minute),
    ("hours", TimeUnit::Hour),
    ("days", TimeUnit::Day),
    ("second", TimeUnit::Second),
    ("minute", TimeUnit::Minute),
    ("hour", TimeUnit::Hour),
    ("day", TimeUnit::Day),
];

/// What reads a setting that starts with that word.
pub(super) fn reader(word: &str) -> Option<fn(&mut Cursor<'_>) -> Option<Effort>> {
    match word {
        "retry" => Some(retry),
        "timeout" => Some(timeout),
        "compute" => Some(compute),
        _ => None,
    }
}

fn retry(cursor: &mut Cursor<'_>) -> Option<Effort> {
    let times = times(cursor)?;
    let _ = cursor.expect_word("from")?;
    let from = duration(cursor)?;
    let doubling = if cursor.at(TokenKind::Word) { Some(cursor.expect_word("doubling")?) } else { None };
    Some(Effort::Retry(Retry { times, from, doubling: doubling.is_some() }))
}

/// `3 times`
pub(super) fn times(cursor: &mut Cursor<'_>) -> Option<Spanned<u64>> {
    let times = cursor.expect_number("how often, such as `3 times`")?;
    if cursor.take_word("time").is_none() {
        let _ = cursor.expect_word("times")?;
    }
    Some(times)
}

fn timeout(cursor: &mut Cursor<'_>) -> Option<Effort> {
    duration(cursor).map(Effort::Timeout)
}

fn compute(cursor: &mut Cursor<'_>) -> Option<Effort> {
    let vcpu = cursor.expect_number("a number of processors, such as `2 vcpu`")?;
    let _ = cursor.expect_word("vcpu")?;
    let memory = cursor.expect_number("memory, such as `4 GB`")?;
    let _ = cursor.expect_word("GB")?;
    Some(Effort::Compute(Compute { vcpu, memory }))
}

pub(super) fn overlap(cursor: &mut Cursor<'_>) -> Option<Spanned<Overlap>> {
    cursor.expect_one_of(&[("skip", Overlap::Skip), ("wait", Overlap::Wait), ("fail", Overlap::Fail)])
}

pub(super) fn staging(cursor: &mut Cursor<'_>) -> Option<Spanned<Staging>> {
    cursor.expect_one_of(&[("parts", Staging::Parts), ("database", Staging::Database)])
}

/// `30 seconds`
pub(super) fn duration(cursor: &mut Cursor<'_>) -> Option<Spanned<Duration>> {
    let amount = cursor.expect_number("a duration such as `30 seconds`")?;
    // The singular is understood where it is right; the plural is what is asked for.
    let singular = UNITS.iter().skip(4).find_map(|(word, unit)| Some((cursor.take_word(word)?, *unit)));
    let unit = match singular {
        Some((span, unit)) => Spanned::new(unit, span),
        None => cursor.expect_one_of(UNITS.first_chunk::<4>()?)?,
    };
    let duration = Duration { amount: amount.value, unit: unit.value };
    Some(Spanned::new(duration, amount.span.to(unit.span)))
}
