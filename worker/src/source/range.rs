//! Key ranges: how one query is cut into parts that together give each row once.

use sluice_contract::dynamodb::AttributeValue;

/// A value of the split column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Bound {
    Integer(i64),
    Real(f64),
    Text(String),
}

impl Bound {
    /// As it is kept with the run.
    pub(crate) fn to_attribute(&self) -> AttributeValue {
        match self {
            Self::Integer(number) => AttributeValue::N(number.to_string()),
            Self::Real(number) => AttributeValue::N(number.to_string()),
            Self::Text(text) => AttributeValue::S(text.clone()),
        }
    }

    /// As it was kept with the run; none where it is not a bound.
    pub(crate) fn from_attribute(value: &AttributeValue) -> Option<Self> {
        match value {
            AttributeValue::S(text) => Some(Self::Text(text.clone())),
            AttributeValue::N(text) => {
                text.parse().map(Self::Integer).or_else(|_| text.parse().map(Self::Real)).ok()
            }
            AttributeValue::Bool(_)
            | AttributeValue::Null(_)
            | AttributeValue::M(_)
            | AttributeValue::L(_) => None,
        }
    }
}

/// Rows whose split column is at least `lower` and less than `upper`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Range {
    pub(crate) column: String,
    /// None in the first part, which also has the rows where the column is null.
    pub(crate) lower: Option<Bound>,
    /// None in the last part.
    pub(crate) upper: Option<Bound>,
}

impl Range {
    /// The ranges between bounds, one more than there are bounds.
    pub(crate) fn between(column: &str, bounds: &[Bound]) -> Vec<Self> {
        let lower = std::iter::once(None).chain(bounds.iter().cloned().map(Some));
        let upper = bounds.iter().cloned().map(Some).chain(std::iter::once(None));
        lower.zip(upper).map(|(lower, upper)| Self { column: column.to_owned(), lower, upper }).collect()
    }
}

/// The condition that holds for a range's rows, its column and bounds as the engine writes them; none for all rows.
/// Rows whose column is null are in the first range.
pub(crate) fn condition(column: &str, lower: Option<&str>, upper: Option<&str>) -> Option<String> {
    match (lower, upper) {
        (None, None) => None,
        (None, Some(upper)) => Some(format!("{column} < {upper} OR {column} IS NULL")),
        (Some(lower), None) => Some(format!("{column} >= {lower}")),
        (Some(lower), Some(upper)) => Some(format!("{column} >= {lower} AND {column} < {upper}")),
    }
}

/// Bounds that cut the whole numbers from `least` to `most` into `parts` of the same width; fewer where there are
/// fewer numbers.
pub(crate) fn even_bounds(least: i64, most: i64, parts: u32) -> Vec<Bound> {
    let (start, width) = (i128::from(least), i128::from(most) - i128::from(least) + 1);
    let mut bounds: Vec<i64> = (1..i128::from(parts))
        .filter_map(|part| i64::try_from(start + width * part / i128::from(parts)).ok())
        .filter(|it| *it > least)
        .collect();
    bounds.dedup();
    bounds.into_iter().map(Bound::Integer).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bounds_are_even() {
        assert_eq!(even_bounds(1, 100, 4), [26, 51, 76].map(Bound::Integer));
        assert_eq!(even_bounds(5, 5, 4), []);
        assert_eq!(even_bounds(1, 2, 4), [2].map(Bound::Integer));
        assert_eq!(even_bounds(i64::MIN, i64::MAX, 2), [0].map(Bound::Integer));
    }

    proptest! {
        #[test]
        fn a_number_is_in_one_range(
            least: i64, most: i64, parts in 2u32..20, number: i64
        ) {
            let (least, most) = (least.min(most), least.max(most));
            let ranges = Range::between("id", &even_bounds(least, most, parts));
            let holds = ranges.iter().filter(|range| {
                let above = !matches!(range.lower, Some(Bound::Integer(it)) if number < it);
                let below = !matches!(range.upper, Some(Bound::Integer(it)) if number >= it);
                above && below
            });
            prop_assert_eq!(holds.count(), 1);
            prop_assert!(ranges.len() <= parts as usize);
        }
    }

    #[test]
    fn a_bound_comes_back_from_the_store() {
        for bound in
            [Bound::Integer(-5), Bound::Real(2.5), Bound::Text("5".to_owned()), Bound::Text(String::new())]
        {
            assert_eq!(Bound::from_attribute(&bound.to_attribute()), Some(bound));
        }
    }
}
