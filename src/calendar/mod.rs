//! When schedules start: the six fields of EventBridge Scheduler's cron, and the clocks of time zones.
//!
//! Knows the calendar, not the language and not AWS's documents. Zones come from the database that is built in.
//!
//! Source: "Cron-based schedules" and "Daylight saving time", EventBridge Scheduler user guide: a start whose time
//! the clocks skip does not happen; one whose time comes twice happens once.

mod cron;
mod field;
mod starts;
mod summer_time;

#[cfg(test)]
mod tests;

pub use cron::{Cron, CronError};
pub use starts::{Crowd, Start, crowds, starts};
pub use summer_time::{Change, Meeting, meeting};

/// As far as a schedule is looked into where it stands: from the first day of 2026 to the last of 2027. A fixed
/// span, so that what is told of a program does not depend on the day; to be moved on with a release.
pub const LOOK_AHEAD: (jiff::civil::Date, jiff::civil::Date) =
    (jiff::civil::date(2026, 1, 1), jiff::civil::date(2028, 1, 1));
