//! When a pipeline starts by itself.

use super::{Name, Spanned, Text};

/// A pipeline's `schedule`.
///
/// ```text
/// schedule  daily at 02:30 in Europe/Athens
///           ^^^^^^^^^^^^^^ when
///                             ^^^^^^^^^^^^^ zone
/// ```
#[derive(Debug, Clone)]
pub struct Schedule {
    /// How often, and at what time.
    pub when: When,
    /// An IANA time zone's name, as written.
    pub zone: Name,
}

/// How often, and at what time.
#[derive(Debug, Clone)]
pub enum When {
    /// `daily at 02:30`
    Daily {
        /// The time on the zone's clocks.
        at: Spanned<TimeOfDay>,
    },
    /// `weekly on monday, friday at 02:30`
    Weekly {
        /// At least one, as written.
        days: Vec<Spanned<Weekday>>,
        /// The time on the zone's clocks.
        at: Spanned<TimeOfDay>,
    },
    /// `monthly on 1, 15 at 02:30`
    Monthly {
        /// At least one, as written; not judged.
        days: Vec<Spanned<u64>>,
        /// The time on the zone's clocks.
        at: Spanned<TimeOfDay>,
    },
    /// `cron "30 2 * * ? *"`
    Cron {
        /// As written; not judged.
        expression: Text,
    },
}

/// A time as written: two numbers of at most two digits, not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay {
    /// `02` of `02:30`
    pub hour: u8,
    /// `30` of `02:30`
    pub minute: u8,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weekday {
    /// `monday`
    Monday,
    /// `tuesday`
    Tuesday,
    /// `wednesday`
    Wednesday,
    /// `thursday`
    Thursday,
    /// `friday`
    Friday,
    /// `saturday`
    Saturday,
    /// `sunday`
    Sunday,
}
