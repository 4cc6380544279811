//! The flags of the commands that show what a program comes to: `schedule`, `cost` and `graph`.

use std::ops::RangeInclusive;

use clap::{Args, ValueEnum};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// The years that `EventBridge`'s cron expressions have.
const CALENDAR: RangeInclusive<i16> = 1970..=2199;

/// `sluice schedule`
#[derive(Debug, Args)]
pub(super) struct ScheduleArguments {
    /// Only this pipeline's
    #[arg(value_name = "PIPELINE")]
    pub(super) pipeline: Option<String>,
    /// How many days to look ahead
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=3660))]
    pub(super) days: u16,
    /// The day to start from, such as `2026-03-29`, or the moment, such as `2026-03-29T02:30Z` [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(super) from: Option<Timestamp>,
    /// Call it a crowd when more than so many start within 15 minutes
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(super) crowd: usize,
}

/// `sluice cost`
#[derive(Debug, Args)]
pub(super) struct CostArguments {
    /// Only this pipeline's, or this survey's
    #[arg(value_name = "PIPELINE|SURVEY")]
    pub(super) pipeline: Option<String>,
    /// Minutes of a stage that no run of the state folder tells of
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1440))]
    pub(super) stage_minutes: u16,
    /// Calls of each survey in a month
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub(super) calls: u32,
}

/// `sluice graph`
#[derive(Debug, Args)]
pub(super) struct GraphArguments {
    /// The pipeline
    #[arg(value_name = "PIPELINE")]
    pub(super) pipeline: String,
    /// How to draw it
    #[arg(long = "as", value_name = "KIND", value_enum, default_value_t = Drawing::Tree)]
    pub(super) drawing: Drawing,
}

/// How a graph is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Drawing {
    /// For a terminal.
    Tree,
    /// Mermaid's text, which GitHub draws.
    Mermaid,
    /// A picture.
    Svg,
    /// Graphviz's text.
    Dot,
}

/// A moment, or a day's first one; what says no offset is UTC.
fn moment(text: &str) -> Result<Timestamp, String> {
    let civil = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    let moment = text.parse::<Timestamp>().ok().or_else(|| civil().map(|it| it.timestamp()));
    match moment {
        Some(it) if CALENDAR.contains(&it.to_zoned(TimeZone::UTC).year()) => Ok(it),
        Some(_) => Err(format!("schedules know the years {} to {}", CALENDAR.start(), CALENDAR.end())),
        None => Err("write a day such as `2026-03-29`, or a moment such as `2026-03-29T02:30Z`".to_owned()),
    }
}
