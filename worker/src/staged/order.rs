//! The order of rows as bytes: comparing two keys byte by byte compares the values.
//!
//! Each value's bytes end by themselves (none is the beginning of another's), so that values can be laid end to end,
//! and turned over for the opposite order. Equal bytes are equal values: texts agree byte by byte, as in a database
//! whose collation is binary.

use sluice_contract::plan::ColumnType;

/// How many bytes [`push_place`] adds.
pub(crate) const PLACE: usize = 12;

const NULL: u8 = 0;
const VALUE: u8 = 1;

/// Adds a value in its canonical form; a null comes before any value.
pub(crate) fn push(key: &mut Vec<u8>, kind: ColumnType, value: Option<&[u8]>) {
    let Some(text) = value else {
        key.push(NULL);
        return;
    };
    key.push(VALUE);
    match kind {
        ColumnType::Integer | ColumnType::Boolean => {
            // What is not canonical can't come here; if it did, it would be told where it is published.
            let number: i64 = str::from_utf8(text).map_or(0, |it| it.parse().unwrap_or_default());
            key.extend((number ^ i64::MIN).to_be_bytes());
        }
        ColumnType::Decimal { .. } => decimal(key, text),
        ColumnType::Text { .. } | ColumnType::Char { .. } | ColumnType::Date | ColumnType::Timestamp => {
            push_text(key, text);
        }
    }
}

/// Adds a value so that nulls come last, and the largest value first.
pub(crate) fn push_newest_first(key: &mut Vec<u8>, kind: ColumnType, value: Option<&[u8]>) {
    let start = key.len();
    push(key, kind, value);
    // A null, the least of all, becomes the last one with the rest.
    key.iter_mut().skip(start).for_each(|it| *it = !*it);
}

/// Adds a value so that nulls come last, and the smallest value first.
pub(crate) fn push_oldest_first(key: &mut Vec<u8>, kind: ColumnType, value: Option<&[u8]>) {
    match value {
        None => key.push(VALUE + 1),
        Some(_) => push(key, kind, value),
    }
}

/// Where the row came from: what decides between equals.
pub(crate) fn push_place(key: &mut Vec<u8>, part: u32, line: u64) {
    key.extend(part.to_be_bytes());
    key.extend(line.to_be_bytes());
}

/// A zero is followed by another byte than the zero that ends the text.
fn push_text(key: &mut Vec<u8>, text: &[u8]) {
    if text.contains(&0) {
        for byte in text {
            key.push(*byte);
            if *byte == 0 {
                key.push(u8::MAX);
            }
        }
    } else {
        key.extend_from_slice(text);
    }
    key.extend([0, 0]);
}

/// All values of a column have as many digits behind the point, so a longer one is larger.
fn decimal(key: &mut Vec<u8>, text: &[u8]) {
    let (negative, digits) = match text.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let start = key.len();
    key.push(VALUE);
    key.extend(u16::try_from(digits.len()).unwrap_or(u16::MAX).to_be_bytes());
    key.extend_from_slice(digits);
    if negative {
        key.iter_mut().skip(start).for_each(|it| *it = !*it);
        // Below the sign of the others, whose first byte is 1.
        if let Some(sign) = key.get_mut(start) {
            *sign = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;

    use super::*;

    fn key(kind: ColumnType, value: Option<&str>) -> Vec<u8> {
        let mut key = Vec::new();
        push(&mut key, kind, value.map(str::as_bytes));
        key
    }

    fn newest(kind: ColumnType, value: Option<&str>) -> Vec<u8> {
        let mut key = Vec::new();
        push_newest_first(&mut key, kind, value.map(str::as_bytes));
        key
    }

    fn oldest(kind: ColumnType, value: Option<&str>) -> Vec<u8> {
        let mut key = Vec::new();
        push_oldest_first(&mut key, kind, value.map(str::as_bytes));
        key
    }

    const TEXT: ColumnType = ColumnType::Text { length: 100 };
    const DECIMAL: ColumnType = ColumnType::Decimal { precision: 38, scale: 2 };

    #[test]
    fn nulls_are_first_as_values_and_last_as_candidates() {
        assert!(key(TEXT, None) < key(TEXT, Some("")));
        assert!(newest(TEXT, None) > newest(TEXT, Some("")));
        assert!(oldest(TEXT, None) > oldest(TEXT, Some("\u{10ffff}")));
    }

    #[test]
    fn decimals_are_compared_as_numbers() {
        let sorted =
            ["-100.00", "-99.99", "-9.10", "-9.09", "-0.01", "0.00", "0.01", "9.09", "10.00", "99.99"];
        for (lesser, greater) in sorted.iter().zip(sorted.iter().skip(1)) {
            assert!(key(DECIMAL, Some(lesser)) < key(DECIMAL, Some(greater)), "{lesser} {greater}");
            assert!(newest(DECIMAL, Some(lesser)) > newest(DECIMAL, Some(greater)), "{lesser} {greater}");
        }
    }

    fn order(left: &[u8], right: &[u8]) -> Ordering {
        left.cmp(right)
    }

    proptest! {
        #[test]
        fn texts_are_compared_byte_by_byte(a in "[\u{0}\u{1}aé🦀\u{ff}]{0,4}", b in "[\u{0}\u{1}aé🦀\u{ff}]{0,4}") {
            let values = a.as_bytes().cmp(b.as_bytes());
            prop_assert_eq!(order(&key(TEXT, Some(&a)), &key(TEXT, Some(&b))), values);
            prop_assert_eq!(order(&newest(TEXT, Some(&a)), &newest(TEXT, Some(&b))), values.reverse());
        }

        #[test]
        fn numbers_are_compared_as_numbers(a: i64, b: i64) {
            let (left, right) = (a.to_string(), b.to_string());
            let kind = ColumnType::Integer;
            prop_assert_eq!(order(&key(kind, Some(&left)), &key(kind, Some(&right))), a.cmp(&b));
            prop_assert_eq!(order(&newest(kind, Some(&left)), &newest(kind, Some(&right))), b.cmp(&a));
        }

        #[test]
        fn values_laid_end_to_end_are_compared_one_after_the_other(
            a in ("[\u{0}a]{0,3}", any::<i64>()), b in ("[\u{0}a]{0,3}", any::<i64>()),
        ) {
            let both = |(text, number): &(String, i64)| {
                let mut key = key(TEXT, Some(text));
                push(&mut key, ColumnType::Integer, Some(number.to_string().as_bytes()));
                key
            };
            prop_assert_eq!(order(&both(&a), &both(&b)), a.cmp(&b));
        }
    }
}
