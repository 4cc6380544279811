//! Shares and scores with the interval that the true one is in with 95 % confidence.
//!
//! A share has Wilson's interval, without continuity correction: it never leaves 0 to 100, and it is honest for the
//! few answers that a week has. A Net Promoter Score is a difference of two shares of the same answers; it has the
//! adjusted Wald interval, which adds three answers, three quarters of one to the promoters and to the detractors
//! each and the rest between them.

use serde::Serialize;

/// The quantile of the normal distribution for 95 %.
const Z: f64 = 1.959_963_985;

/// What is added to a Net Promoter Score's answers for its interval, and to each end of them.
const ADDED: f64 = 3.0;
const ADDED_AT_ENDS: f64 = 0.75;

/// A figure out of 100, to one decimal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// As it was counted.
    pub value: f64,
    /// The true one is not less than this, with 95 % confidence.
    pub low: f64,
    /// Nor more than this.
    pub high: f64,
}

/// The share of `count` in `all`; none where there are none.
pub fn share(count: u64, all: u64) -> Option<Interval> {
    let value = ratio(count, all)?;
    let all = float(all);
    let square = Z * Z;
    let middle = (value + square / (2.0 * all)) / (1.0 + square / all);
    let half = Z / (1.0 + square / all) * (value * (1.0 - value) / all + square / (4.0 * all * all)).sqrt();
    Some(Interval::of(value, (middle - half).max(0.0), (middle + half).min(1.0)))
}

/// The share of promoters less that of detractors, from -100 to 100; none where there are no answers.
pub fn net_promoter_score(promoters: u64, detractors: u64, all: u64) -> Option<Interval> {
    let value = ratio(promoters, all)? - ratio(detractors, all)?;
    let count = float(all) + ADDED;
    let [up, down] = [promoters, detractors].map(|it| (float(it) + ADDED_AT_ENDS) / count);
    let middle = up - down;
    let half = Z * ((up + down - middle * middle) / count).sqrt();
    Some(Interval::of(value, (middle - half).max(-1.0), (middle + half).min(1.0)))
}

pub(super) fn ratio(part: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| float(part) / float(all))
}

/// To one decimal.
pub(super) fn rounded(value: f64) -> f64 {
    let rounded = (value * 10.0).round() / 10.0;
    // There is no minus zero for people.
    if rounded == 0.0 { 0.0 } else { rounded }
}

impl Interval {
    fn of(value: f64, low: f64, high: f64) -> Self {
        let [value, low, high] = [value, low, high].map(|it| rounded(it * 100.0));
        Self { value, low, high }
    }
}

#[expect(clippy::cast_precision_loss, reason = "no survey has 2^53 answers")]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_wilsons_interval() {
        // The figures of any table of Wilson's intervals.
        for (count, all, low, high) in
            [(8, 10, 49.0, 94.3), (0, 10, 0.0, 27.8), (10, 10, 72.2, 100.0), (50, 100, 40.4, 59.6)]
        {
            let interval = share(count, all).unwrap();
            assert_eq!((interval.low, interval.high), (low, high), "{count} of {all}");
        }
        assert_eq!(share(0, 0), None);
    }

    #[test]
    fn a_net_promoter_score_is_what_is_left_of_the_promoters() {
        let score = net_promoter_score(50, 20, 100).unwrap();
        assert_eq!((score.value, score.low, score.high), (30.0, 14.1, 44.2));
        assert_eq!(net_promoter_score(1, 1, 2).unwrap().value.to_string(), "0");
        assert_eq!(net_promoter_score(0, 0, 0), None);
        let all = net_promoter_score(4, 0, 4).unwrap();
        assert!(all.value > 99.9 && all.low < 100.0 && all.high <= 100.0, "{all:?}");
    }

    /// Of all samples of twenty that a population can give, so many have the true score in their interval.
    #[test]
    fn the_interval_of_a_net_promoter_score_holds_the_true_one_in_nearly_95_of_100() {
        const ALL: u64 = 20;
        let factorial = |it: u64| (1..=it).map(float).product::<f64>();
        for (up, down) in [(0.5, 0.2), (0.3, 0.3), (0.7, 0.1), (0.2, 0.6), (0.1, 0.1)] {
            let mut covered = 0.0;
            for promoters in 0..=ALL {
                for detractors in 0..=ALL - promoters {
                    let others = ALL - promoters - detractors;
                    let ways =
                        factorial(ALL) / factorial(promoters) / factorial(detractors) / factorial(others);
                    let likely = f64::powf(up, float(promoters))
                        * f64::powf(down, float(detractors))
                        * f64::powf(1.0 - up - down, float(others));
                    let interval = net_promoter_score(promoters, detractors, ALL).unwrap();
                    let truth = (up - down) * 100.0;
                    if interval.low <= truth && truth <= interval.high {
                        covered += ways * likely;
                    }
                }
            }
            assert!((0.925..0.99).contains(&covered), "{up} {down}: {covered}");
        }
    }
}
