//! One field of a cron expression: numbers, lists, ranges and steps.

/// A set of the numbers below 64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) fn contains(self, number: i8) -> bool {
        u32::try_from(number).ok().and_then(|it| 1_u64.checked_shl(it)).is_some_and(|it| self.0 & it != 0)
    }

    /// In ascending order.
    pub(super) fn iter(self) -> impl Iterator<Item = i8> {
        (0..64).filter(move |it| self.contains(*it))
    }
}

/// What a field's numbers may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    pub(super) least: u8,
    pub(super) most: u8,
    /// Words for numbers, the first for the least one.
    pub(super) names: &'static [&'static str],
}

impl Range {
    /// A number, or a word for one.
    pub(super) fn number(self, text: &str) -> Option<u8> {
        let named = self.names.iter().position(|it| it.eq_ignore_ascii_case(text));
        let named = named.and_then(|it| u8::try_from(it).ok()).map(|it| it + self.least);
        named.or_else(|| text.parse().ok()).filter(|it| (self.least..=self.most).contains(it))
    }

    /// `*`, `5`, `1-5`, `0/15`, `1,15`, and lists of them.
    pub(super) fn numbers(self, field: &str) -> Option<Numbers> {
        let mut set = 0_u64;
        for part in field.split(',') {
            let (span, step) = match part.split_once('/') {
                Some((span, step)) => (span, step.parse::<u8>().ok().filter(|it| *it > 0)?),
                None => (part, 1),
            };
            let (first, last) = match span.split_once('-') {
                _ if span == "*" => (self.least, self.most),
                Some((first, last)) => (self.number(first)?, self.number(last)?),
                None if part.contains('/') => (self.number(span)?, self.most),
                None => (self.number(span)?, self.number(span)?),
            };
            if first > last {
                return None;
            }
            for number in (first..=last).step_by(usize::from(step)) {
                set |= 1 << number;
            }
        }
        Some(Numbers(set))
    }
}
