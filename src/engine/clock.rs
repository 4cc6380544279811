//! The time of an execution: a start that is handed in, and what has passed since on tokio's clock.
//!
//! Must not know the system's clock: under tokio's paused clock an hour of waiting passes at once.

use jiff::Timestamp;
use tokio::time::Instant;

/// How time passes while a machine runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// As on the wall.
    Real,
    /// Sleeps end at once, in their order, whenever nothing else runs. Work under
    /// `tokio::task::spawn_blocking` holds the clock still.
    Virtual,
}

/// An execution's clock.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Timestamp,
    origin: Instant,
}

impl Clock {
    /// A clock that shows `start` now. To be called within a tokio runtime, whose clock it follows.
    pub fn starting(start: Timestamp) -> Self {
        Self { start, origin: Instant::now() }
    }

    /// The moment, to the millisecond.
    pub fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.origin.elapsed().as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millisecond(self.start.as_millisecond().saturating_add(passed))
            .unwrap_or(Timestamp::MAX)
    }
}

/// A timestamp as Step Functions writes it: `2026-11-22T02:30:00.000Z`.
pub(crate) fn iso(timestamp: Timestamp) -> String {
    timestamp.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::iso;

    #[test]
    fn timestamps_have_milliseconds_even_when_they_are_none() {
        assert_eq!(iso("2026-11-22T02:30:00Z".parse().unwrap()), "2026-11-22T02:30:00.000Z");
        assert_eq!(iso("2026-11-22T02:30:00.0456Z".parse().unwrap()), "2026-11-22T02:30:00.045Z");
    }
}
