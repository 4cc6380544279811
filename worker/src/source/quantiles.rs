//! Where to cut the rows of a server's query: evenly where keys are dense, at the quantiles of a sample where not.

use super::{Bound, even_bounds};

/// What a server says of the split column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spread {
    /// Both ends, where they are whole numbers.
    pub(super) ends: Option<(i64, i64)>,
    /// Rows with a value.
    pub(super) rows: u64,
}

/// Values that a sample has at most for each part.
const SAMPLE: u64 = 200;

impl Spread {
    /// Cuts of the same width, where nearly every number between the ends is there, and once.
    pub(super) fn even(&self, parts: u32) -> Option<Vec<Bound>> {
        let (least, most) = self.ends?;
        let width = i128::from(most) - i128::from(least) + 1;
        let rows = i128::from(self.rows);
        (rows <= width && rows * 10 >= width * 9).then(|| even_bounds(least, most, parts))
    }

    /// Every how many rows one is taken.
    pub(super) fn step(&self, parts: u32) -> u64 {
        (self.rows / (u64::from(parts) * SAMPLE)).max(1)
    }
}

/// The values that cut a sorted sample into parts of much the same number.
pub(super) fn quantiles(sample: &[Bound], parts: u32) -> Vec<Bound> {
    let first = sample.first();
    let mut bounds: Vec<Bound> = (1..parts as usize)
        .filter_map(|part| sample.get(sample.len() * part / parts as usize).cloned())
        // What is less than the least value is nothing.
        .filter(|it| Some(it) != first)
        .collect();
    bounds.dedup();
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: impl IntoIterator<Item = i64>) -> Vec<Bound> {
        values.into_iter().map(Bound::Integer).collect()
    }

    #[test]
    fn dense_keys_are_cut_evenly() {
        let spread = Spread { ends: Some((1, 100)), rows: 95 };
        assert_eq!(spread.even(4), Some(numbers([26, 51, 76])));
        assert_eq!(Spread { ends: Some((1, 100)), rows: 50 }.even(4), None);
        assert_eq!(Spread { ends: Some((1, 100)), rows: 5000 }.even(4), None);
        assert_eq!(Spread { ends: None, rows: 50 }.even(4), None);
    }

    #[test]
    fn skewed_keys_are_cut_where_they_are() {
        let sample = numbers((0..90).chain((0..10).map(|it| 1_000_000 + it * 1000)));
        assert_eq!(quantiles(&sample, 4), numbers([25, 50, 75]));
        assert_eq!(quantiles(&numbers([7; 50]), 4), []);
        assert_eq!(quantiles(&numbers([1, 2]), 4), numbers([2]));
        assert_eq!(quantiles(&[], 4), []);
        assert_eq!(Spread { ends: None, rows: 8_000_000 }.step(16), 2500);
    }
}
