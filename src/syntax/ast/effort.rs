//! How hard work is tried: what `defaults`, pipelines and `into` blocks may all say.

use super::Spanned;

/// A setting of how work is tried.
#[derive(Debug, Clone)]
pub enum Effort {
    /// `retry 3 times from 30 seconds doubling`
    Retry(Retry),
    /// `timeout 6 hours`
    Timeout(Spanned<Duration>),
    /// `compute 2 vcpu 4 GB`
    Compute(Compute),
}

/// What is done about failures that may pass.
///
/// ```text
/// retry  3 times from 30 seconds doubling
///        ^ times      ^^^^^^^^^^ from
/// ```
#[derive(Debug, Clone)]
pub struct Retry {
    /// Further attempts after the first.
    pub times: Spanned<u64>,
    /// The wait before the first of them.
    pub from: Spanned<Duration>,
    /// Whether each further wait is twice the one before.
    pub doubling: bool,
}

/// An amount of time. The amount is whatever was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    /// How many.
    pub amount: u64,
    /// Of what.
    pub unit: TimeUnit,
}

impl Duration {
    /// In seconds, unless that is more than a number can hold.
    pub fn seconds(self) -> Option<u64> {
        self.amount.checked_mul(self.unit.seconds())
    }
}

/// What a duration counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// `second`, `seconds`
    Second,
    /// `minute`, `minutes`
    Minute,
    /// `hour`, `hours`
    Hour,
    /// `day`, `days`
    Day,
}

impl TimeUnit {
    /// One of it, in seconds.
    pub fn seconds(self) -> u64 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 60 * 60,
            Self::Day => 24 * 60 * 60,
        }
    }
}

/// What a job runs on.
///
/// ```text
/// compute  2 vcpu 4 GB
///          ^ vcpu ^ memory
/// ```
#[derive(Debug, Clone)]
pub struct Compute {
    /// Virtual processors.
    pub vcpu: Spanned<u64>,
    /// In GB.
    pub memory: Spanned<u64>,
}

/// What a run does that finds another run of its pipeline going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlap {
    /// Ends at once.
    Skip,
    /// Waits for the other's end.
    Wait,
    /// Fails.
    Fail,
}
