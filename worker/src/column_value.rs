//! Whether a value fits its declared column, and its one canonical form. What does not fit is told why, never cut.
//!
//! The canonical forms: whole numbers as such, decimals with all digits of their scale, booleans as 0 and 1, dates as
//! `2026-11-22`, timestamps as `2026-11-22 13:14:15` with six digits of a second where there are any, in UTC (an
//! offset in the value is taken into account).

use std::borrow::Cow;

use jiff::{SignedDuration, civil};
use sluice_contract::plan::ColumnType;

/// A value that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ColumnValue<'a> {
    Integer(i64),
    /// As it came.
    Text(&'a str),
    /// In another form than it came.
    Canonical(String),
}

impl ColumnValue<'_> {
    /// The canonical form.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Integer(number) => Cow::Owned(number.to_string()),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Canonical(text) => Cow::Borrowed(text),
        }
    }
}

/// Checks one value; the reason where it does not fit.
pub(crate) fn check(kind: ColumnType, text: &str) -> Result<ColumnValue<'_>, String> {
    match kind {
        ColumnType::Text { length } => {
            let longest = length as usize;
            // Characters are at most as many as bytes.
            match (text.len() > longest).then(|| text.chars().count()) {
                Some(count) if count > longest => Err(format!("{count} characters, at most {length} fit")),
                Some(_) | None => Ok(ColumnValue::Text(text)),
            }
        }
        ColumnType::Char { length } => match text.chars().count() {
            count if count == length as usize => Ok(ColumnValue::Text(text)),
            count => Err(format!("{count} characters, must be {length}")),
        },
        ColumnType::Integer => text
            .parse()
            .map(ColumnValue::Integer)
            .map_err(|error: std::num::ParseIntError| integer_misfit(text, *error.kind())),
        ColumnType::Decimal { precision, scale } => decimal(text, precision as usize, scale as usize),
        ColumnType::Boolean => boolean(text),
        ColumnType::Date => date(text)
            .map(|_| ColumnValue::Text(text))
            .ok_or_else(|| format!("`{}` is not a date", short(text))),
        ColumnType::Timestamp => timestamp(text),
    }
}

fn integer_misfit(text: &str, kind: std::num::IntErrorKind) -> String {
    use std::num::IntErrorKind as Kind;
    let text = short(text);
    if matches!(kind, Kind::PosOverflow | Kind::NegOverflow) {
        format!("`{text}` is beyond a whole number of 64 bits")
    } else {
        format!("`{text}` is not a whole number")
    }
}

/// A value that was checked before, in its canonical form.
pub(crate) fn canonical(kind: ColumnType, value: &[u8]) -> Result<ColumnValue<'_>, String> {
    let text = text(value)?;
    match kind {
        ColumnType::Integer | ColumnType::Boolean => {
            let number = text.parse().map_err(|_| format!("`{}` is not a whole number", short(text)))?;
            Ok(ColumnValue::Integer(number))
        }
        ColumnType::Text { .. }
        | ColumnType::Char { .. }
        | ColumnType::Decimal { .. }
        | ColumnType::Date
        | ColumnType::Timestamp => Ok(ColumnValue::Text(text)),
    }
}

/// The value as text; the reason where it is none.
pub(crate) fn text(value: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(value).map_err(|_| "not valid UTF-8".to_owned())
}

/// The same buffer, empty, for values of another lifetime: collecting in place keeps the allocation.
pub(crate) fn recycle<V, W>(mut values: Vec<Option<V>>) -> Vec<Option<W>> {
    values.clear();
    values.into_iter().map(|_| None).collect()
}

fn boolean(text: &str) -> Result<ColumnValue<'static>, String> {
    if text == "1" || text.eq_ignore_ascii_case("true") {
        Ok(ColumnValue::Integer(1))
    } else if text == "0" || text.eq_ignore_ascii_case("false") {
        Ok(ColumnValue::Integer(0))
    } else {
        Err(format!("`{}` is neither true nor false", short(text)))
    }
}

fn decimal(text: &str, precision: usize, scale: usize) -> Result<ColumnValue<'_>, String> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (given_whole, given_fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let numeric = |it: &str| it.bytes().all(|byte| byte.is_ascii_digit());
    if given_whole.len() + given_fraction.len() == 0 || !numeric(given_whole) || !numeric(given_fraction) {
        return Err(format!("`{}` is not a decimal number", short(text)));
    }
    let whole = given_whole.trim_start_matches('0');
    let fraction = given_fraction.trim_end_matches('0');
    if fraction.len() > scale {
        return Err(format!("`{}` has more than {scale} digits after the point", short(text)));
    }
    if whole.len() > precision.saturating_sub(scale) {
        return Err(format!(
            "`{}` has more than {} digits before the point",
            short(text),
            precision.saturating_sub(scale)
        ));
    }
    let sign = if negative && !(whole.is_empty() && fraction.is_empty()) { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    // As with the moments below: what is canonical is not written anew.
    let length = sign.len() + whole.len() + scale + usize::from(scale > 0);
    if given_whole == whole && given_fraction.len() == scale && text.len() == length {
        return Ok(ColumnValue::Text(text));
    }
    Ok(ColumnValue::Canonical(if scale == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction:0<scale$}")
    }))
}

fn date(text: &str) -> Option<civil::Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    // No engine but SQLite, for which it is a text, has a year 0 that another one knows.
    let day = civil::Date::new(number(year, 4)?, number(month, 2)?, number(day, 2)?).ok()?;
    (day.year() > 0).then_some(day)
}

fn timestamp(text: &str) -> Result<ColumnValue<'_>, String> {
    let wrong = || format!("`{}` is not a timestamp", short(text));
    let (day, rest) = text.split_once([' ', 'T']).ok_or_else(wrong)?;
    let day = date(day).ok_or_else(wrong)?;
    let (clock, offset) = match rest.find(['Z', '+', '-']) {
        Some(at) => rest.split_at_checked(at).ok_or_else(wrong)?,
        None => (rest, ""),
    };
    let (clock, fraction) = clock.split_once('.').map_or((clock, None), |(clock, it)| (clock, Some(it)));
    let time = time_of_day(clock).ok_or_else(wrong)?;
    let micros = match fraction {
        None => 0,
        Some(digits) if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) => {
            return Err(wrong());
        }
        Some(digits) => {
            let digits = digits.trim_end_matches('0');
            if digits.len() > 6 {
                return Err(format!("`{}` has more than 6 digits of a second", short(text)));
            }
            format!("{digits:0<6}").parse::<u32>().map_err(|_| wrong())?
        }
    };
    let local = day.to_datetime(time);
    let utc = offset_seconds(offset)
        .and_then(|seconds| local.checked_sub(SignedDuration::from_secs(seconds)).ok())
        .filter(|utc| utc.year() > 0)
        .ok_or_else(wrong)?;
    // Nearly all come in the canonical form already; those are not written anew.
    if offset.is_empty() && fraction.is_none() && text.len() == 19 && text.as_bytes().get(10) == Some(&b' ') {
        return Ok(ColumnValue::Text(text));
    }
    let (day, time) = (utc.date(), utc.time());
    let fraction = if micros > 0 { format!(".{micros:06}") } else { String::new() };
    Ok(ColumnValue::Canonical(format!(
        "{day} {:02}:{:02}:{:02}{fraction}",
        time.hour(),
        time.minute(),
        time.second()
    )))
}

/// `13:14:15` or `13:14`.
fn time_of_day(text: &str) -> Option<civil::Time> {
    let mut parts = text.split(':');
    let (hour, minute) = (parts.next()?, parts.next()?);
    let second = parts.next().map_or(Some(0), |it| number(it, 2))?;
    if parts.next().is_some() {
        return None;
    }
    civil::Time::new(number(hour, 2)?, number(minute, 2)?, second, 0).ok()
}

/// `Z`, `+02`, `+02:00`, `+0200` or nothing.
fn offset_seconds(text: &str) -> Option<i64> {
    if text.is_empty() || text == "Z" {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text.chars().skip(1).filter(|it| *it != ':').collect();
    let (hours, minutes) = match digits.len() {
        2 => (digits.as_str(), "00"),
        4 => digits.split_at_checked(2)?,
        _ => return None,
    };
    let (hours, minutes) = (number::<i64>(hours, 2)?, number::<i64>(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn number<N: std::str::FromStr>(text: &str, digits: usize) -> Option<N> {
    let fits = text.len() == digits && text.bytes().all(|it| it.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

/// A value as a message shows it.
fn short(text: &str) -> String {
    const SHOWN: usize = 40;
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}

#[cfg(test)]
mod tests;
