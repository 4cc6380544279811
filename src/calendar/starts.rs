//! The moments at which schedules start, and where they crowd.

use jiff::{
    Span, Timestamp, Zoned,
    tz::{AmbiguousOffset, TimeZone},
};

use super::Cron;

/// One start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// On the zone's clocks.
    pub at: Zoned,
    /// Whether the clocks show this time twice that day.
    pub repeated: bool,
}

/// Every start from `from` on, before `to`.
pub fn starts(cron: &Cron, zone: &TimeZone, from: Timestamp, to: Timestamp) -> Vec<Start> {
    let mut starts = Vec::new();
    let (mut day, last) = (from.to_zoned(zone.clone()).date(), to.to_zoned(zone.clone()).date());
    while day <= last {
        for time in cron.times().filter(|_| cron.is_due_on(day)) {
            let ambiguous = zone.to_ambiguous_zoned(day.to_datetime(time));
            let repeated = match ambiguous.offset() {
                AmbiguousOffset::Gap { .. } => continue,
                AmbiguousOffset::Fold { .. } => true,
                AmbiguousOffset::Unambiguous { .. } => false,
            };
            let Ok(at) = ambiguous.earlier() else { continue };
            if (from..to).contains(&at.timestamp()) {
                starts.push(Start { at, repeated });
            }
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    starts
}

/// More starts within a quarter of an hour than there should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crowd {
    /// The first of them.
    pub from: Timestamp,
    /// The last of them.
    pub to: Timestamp,
    /// How many.
    pub count: usize,
}

/// Where more than `limit` of the moments, which are in order, lie within 15 minutes.
pub fn crowds(moments: &[Timestamp], limit: usize) -> Vec<Crowd> {
    let quarter = Span::new().minutes(15);
    let mut crowds = Vec::new();
    let mut rest = moments;
    while let Some(first) = rest.first().copied() {
        let end = first.checked_add(quarter).unwrap_or(Timestamp::MAX);
        let count = rest.partition_point(|it| *it < end);
        let (near, behind) = rest.split_at(count);
        if count > limit {
            crowds.push(Crowd { from: first, to: near.last().copied().unwrap_or(first), count });
            rest = behind;
        } else {
            rest = rest.split_first().map_or(&[], |(_, rest)| rest);
        }
    }
    crowds
}
