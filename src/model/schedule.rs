//! Schedules: the country's words to the six fields of EventBridge Scheduler.
//!
//! Source: "Cron-based schedules", EventBridge Scheduler user guide: minutes, hours, day of month, month, day of
//! week, year; one of the two days is `?`; `L` is the month's last day.

use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::{Context, program::Schedule};
use crate::{
    calendar::{self, Change, Cron},
    diagnostics::{Code, Diagnostic, Diagnostics, suggest::closest, words},
    source::Span,
    syntax::ast::{self, Spanned, TimeOfDay, Weekday, When},
};

/// The schedule, or none where its time can't be made out.
pub(super) fn check(ctx: &mut Context<'_>, schedule: &ast::Schedule) -> Option<Schedule> {
    let zone = zone(&schedule.zone, ctx.diagnostics);
    let (at, days) = match &schedule.when {
        When::Daily { at } => (at, "* * ? *".to_owned()),
        When::Weekly { days, at } => {
            let mut days: Vec<Weekday> = days.iter().map(|it| it.value).collect();
            days.sort_unstable();
            days.dedup();
            let days: Vec<&str> = days.into_iter().map(weekday).collect();
            (at, format!("? * {} *", days.join(",")))
        }
        When::Monthly { days, at } => {
            let mut days: Vec<u32> = days.iter().map(|it| day_of_month(it, ctx.diagnostics)).collect();
            days.sort_unstable();
            days.dedup();
            let days: Vec<String> = days.iter().map(u32::to_string).collect();
            (at, format!("{} * ? *", days.join(",")))
        }
        When::Cron { expression } => {
            let cron = raw(expression, ctx.diagnostics)?;
            if let Some(zone) = zone {
                clocks_change(&cron, &zone, &schedule.zone, expression.span, None, ctx.diagnostics);
            }
            return Some(Schedule { cron, zone: schedule.zone.value.clone() });
        }
    };
    let cron = format!("{} {days}", time(at, ctx.diagnostics));
    if let Some(zone) = zone {
        clocks_change(&cron, &zone, &schedule.zone, at.span, Some(&days), ctx.diagnostics);
    }
    Some(Schedule { cron, zone: schedule.zone.value.clone() })
}

/// Warns of a start that the clocks skip, or show twice. `days` are the fields behind the time, where they are ours.
fn clocks_change(
    cron: &str,
    zone: &TimeZone,
    name: &ast::Name,
    at: Span,
    days: Option<&str>,
    diagnostics: &mut Diagnostics,
) {
    let met = |cron: &str| Cron::parse(cron).ok().and_then(|it| calendar::meeting(&it, zone));
    let Some(meeting) = met(cron) else { return };
    let (time, days_met) = (meeting.at.strftime("%H:%M"), words::and(&meeting.days));
    let (message, label) = match meeting.change {
        Change::Skips => (
            format!("on {days_met} the clocks skip {time}, and nothing starts"),
            format!("skipped in {}", name.value),
        ),
        Change::Repeats => (
            format!("on {days_met} the clocks show {time} twice, and it starts at one of the two"),
            format!("twice in {}", name.value),
        ),
    };
    let diagnostic = Diagnostic::new(Code::ClocksChange, message).label(at, label);
    // An hour later or earlier, whichever is clear of both changes.
    let clear = days.and_then(|days| {
        let moved =
            [1, -1, 2, -2].map(|hours| meeting.at.time().wrapping_add(jiff::Span::new().hours(hours)));
        moved.into_iter().find(|it| met(&format!("{} {} {days}", it.minute(), it.hour())).is_none())
    });
    diagnostics.push(match clear {
        Some(clear) => {
            let clear = clear.strftime("%H:%M").to_string();
            diagnostic.help(format!("write `{clear}`, when no clocks change")).suggest(at, clear)
        }
        None => diagnostic.help(format!("choose a time from {} on", meeting.safe_from.strftime("%H:%M"))),
    });
}

/// The database that is built in, never the machine's own: the same zones everywhere.
pub(super) fn zone(zone: &ast::Name, diagnostics: &mut Diagnostics) -> Option<TimeZone> {
    let zones = TimeZoneDatabase::bundled();
    let found = zones.get(&zone.value).ok().filter(|it| it.iana_name() == Some(zone.value.as_str()));
    if found.is_some() {
        return found;
    }
    let available: Vec<String> = zones.available().map(|it| it.to_string()).collect();
    // `Athens` for `Europe/Athens` is a likelier slip than a letter.
    let city = available.iter().find(|it| {
        it.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(&zone.value.replace(' ', "_")))
    });
    let meant =
        city.map(String::as_str).or_else(|| closest(&zone.value, available.iter().map(String::as_str)));
    let diagnostic =
        Diagnostic::new(Code::UnknownTimeZone, format!("there is no time zone `{}`", zone.value));
    diagnostics.push(match meant {
        Some(meant) => diagnostic
            .label(zone.span, "not known")
            .help(format!("did you mean `{meant}`?"))
            .suggest(zone.span, meant),
        None => diagnostic
            .label(zone.span, "not a time zone")
            .help("write the name of the tz database, such as `Europe/Athens`"),
    });
    None
}

/// Minutes and hours.
fn time(at: &Spanned<TimeOfDay>, diagnostics: &mut Diagnostics) -> String {
    let TimeOfDay { hour, minute } = time_of_day(at, diagnostics);
    format!("{minute} {hour}")
}

/// The time, or the nearest that exists; tells if it doesn't.
pub(super) fn time_of_day(at: &Spanned<TimeOfDay>, diagnostics: &mut Diagnostics) -> TimeOfDay {
    let TimeOfDay { hour, minute } = at.value;
    if hour > 23 || minute > 59 {
        diagnostics.push(
            Diagnostic::new(Code::OutOfRange, format!("there is no time {hour:02}:{minute:02}"))
                .label(at.span, "not a time of day")
                .help("write a time from `00:00` to `23:59`"),
        );
    }
    TimeOfDay { hour: hour.min(23), minute: minute.min(59) }
}

fn day_of_month(day: &Spanned<u64>, diagnostics: &mut Diagnostics) -> u32 {
    if !(1..=28).contains(&day.value) {
        let message = match day.value {
            29..=31 => format!("not every month has a day {}", day.value),
            _ => format!("there is no day {} in a month", day.value),
        };
        diagnostics.push(
            Diagnostic::new(Code::OutOfRange, message)
                .label(day.span, "not in every month")
                .help("write a day from 1 to 28, or `cron \"30 2 L * ? *\"` for the last day"),
        );
    }
    u32::try_from(day.value.clamp(1, 28)).unwrap_or(1)
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "MON",
        Weekday::Tuesday => "TUE",
        Weekday::Wednesday => "WED",
        Weekday::Thursday => "THU",
        Weekday::Friday => "FRI",
        Weekday::Saturday => "SAT",
        Weekday::Sunday => "SUN",
    }
}

/// The expression with single spaces.
fn raw(expression: &ast::Text, diagnostics: &mut Diagnostics) -> Option<String> {
    match Cron::parse(&expression.value) {
        Ok(cron) => {
            never_starts(&cron, expression, diagnostics);
            Some(expression.value.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        Err(error) => {
            diagnostics.push(
                Diagnostic::new(Code::OutOfRange, error.to_string())
                    .label(expression.span, "not a cron expression of EventBridge Scheduler")
                    .help("write minute, hour, day of month, month, day of week and year, such as `30 2 * * ? *`"),
            );
            None
        }
    }
}

/// Tells of a day that no month has, and of years that are over.
fn never_starts(cron: &Cron, expression: &ast::Text, diagnostics: &mut Diagnostics) {
    let (first, _) = calendar::LOOK_AHEAD;
    if !cron.starts_from(first) {
        diagnostics.push(
            Diagnostic::new(Code::NeverStarts, "the schedule never starts")
                .label(expression.span, format!("no day from {} on is like this", first.year()))
                .help("correct the day, the month or the year, or write `enabled no` and leave the line out"),
        );
    }
}
