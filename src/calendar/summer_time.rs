//! Where a schedule meets a change of the clocks.

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};

use super::{Cron, LOOK_AHEAD};

/// What the clocks do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// They are put forward: the time is skipped.
    Skips,
    /// They are put back: the time comes twice.
    Repeats,
}

/// A start at a time that the clocks skip or show twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// What the clocks do.
    pub change: Change,
    /// When the start would be.
    pub at: DateTime,
    /// From this time on the clocks of that day are as they were before the change, or as they are after it.
    pub safe_from: DateTime,
    /// Every day on which the same happens to this time, as far as is looked.
    pub days: Vec<Date>,
}

/// The first start that is skipped, else the first that comes twice, within [`LOOK_AHEAD`], and when it comes again.
pub fn meeting(cron: &Cron, zone: &TimeZone) -> Option<Meeting> {
    let (from, to) = LOOK_AHEAD;
    let from = zone.to_timestamp(from.at(0, 0, 0, 0)).ok()?;
    let to = zone.to_timestamp(to.at(0, 0, 0, 0)).ok()?;
    let changes = zone.following(from).take_while(|it| it.timestamp() < to);
    let found: Vec<Meeting> = changes.filter_map(|it| met(cron, zone, it.timestamp())).collect();
    let skipped = found.iter().find(|it| it.change == Change::Skips);
    let mut first = skipped.or_else(|| found.first())?.clone();
    let is_same = |it: &&Meeting| it.change == first.change && it.at.time() == first.at.time();
    first.days = found.iter().filter(is_same).map(|it| it.at.date()).collect();
    Some(first)
}

fn met(cron: &Cron, zone: &TimeZone, moment: Timestamp) -> Option<Meeting> {
    let before = zone.to_offset(moment.checked_sub(jiff::Span::new().seconds(1)).ok()?).to_datetime(moment);
    let after = zone.to_offset(moment).to_datetime(moment);
    let change = if after > before { Change::Skips } else { Change::Repeats };
    let (first, safe_from) = (before.min(after), before.max(after));
    let mut at = first;
    while at < safe_from {
        if cron.is_due(at) {
            return Some(Meeting { change, at, safe_from, days: Vec::new() });
        }
        at = at.checked_add(jiff::Span::new().minutes(1)).ok()?;
    }
    None
}
