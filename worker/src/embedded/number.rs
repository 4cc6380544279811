//! DynamoDB's numbers: up to 38 digits, exact.

use std::cmp::Ordering;

use sluice_contract::dynamodb::ItemStoreError;

use super::token::invalid;

const MOST_DIGITS: usize = 38;

/// `digits` divided by ten to the power of `scale`, with no zeros at the end of a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    digits: i128,
    scale: u32,
}

impl Number {
    /// From decimal text without an exponent.
    pub(super) fn parse(text: &str) -> Result<Self, ItemStoreError> {
        let wrong = || invalid(format!("`{text}` is not a number"));
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let fraction = fraction.trim_end_matches('0');
        let all = format!("{whole}{fraction}");
        if all.is_empty()
            || !all.bytes().all(|it| it.is_ascii_digit())
            || all.trim_start_matches('0').len() > MOST_DIGITS
        {
            return Err(wrong());
        }
        let digits: i128 = all.parse().map_err(|_| wrong())?;
        let scale = u32::try_from(fraction.len()).map_err(|_| wrong())?;
        Ok(Self { digits: if text.starts_with('-') { -digits } else { digits }, scale })
    }

    /// The sum, or with `negative` the difference.
    pub(super) fn plus(self, other: Self, negative: bool) -> Result<Self, ItemStoreError> {
        let scale = self.scale.max(other.scale);
        let sum = self
            .scaled(scale)
            .zip(other.scaled(scale))
            .and_then(
                |(left, right)| if negative { left.checked_sub(right) } else { left.checked_add(right) },
            )
            .ok_or_else(|| invalid("number overflow"))?;
        Self::parse(&Self { digits: sum, scale }.to_text())
    }

    pub(super) fn compare(self, other: Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        match (self.scaled(scale), other.scaled(scale)) {
            (Some(left), Some(right)) => left.cmp(&right),
            // Only a number far from zero outgrows the other's scale.
            (None, Some(_)) => self.digits.cmp(&0),
            (Some(_), None) => 0.cmp(&other.digits),
            (None, None) => self.digits.cmp(&other.digits),
        }
    }

    pub(super) fn to_text(self) -> String {
        let sign = if self.digits < 0 { "-" } else { "" };
        let scale = self.scale as usize;
        let digits = format!("{:0>width$}", self.digits.unsigned_abs(), width = scale + 1);
        match digits.split_at_checked(digits.len() - scale) {
            Some((whole, fraction)) if !fraction.is_empty() => format!("{sign}{whole}.{fraction}"),
            Some(_) | None => format!("{sign}{digits}"),
        }
    }

    fn scaled(self, scale: u32) -> Option<i128> {
        10i128.checked_pow(scale - self.scale).and_then(|it| self.digits.checked_mul(it))
    }
}
