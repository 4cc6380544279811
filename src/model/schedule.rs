//! Schedules: the country's words to the six fields of EventBridge Scheduler.
//!
//! Source: "Cron-based schedules", EventBridge Scheduler user guide: minutes, hours, day of month, month, day of
//! week, year; one of the two days is `?`; `L` is the month's last day.

use jiff::tz::TimeZoneDatabase;

use super::{Context, program::Schedule};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, suggest::closest},
    syntax::ast::{self, Spanned, TimeOfDay, Weekday, When},
};

/// The schedule, or none where its time can't be made out.
pub(super) fn check(ctx: &mut Context<'_>, schedule: &ast::Schedule) -> Option<Schedule> {
    check_zone(&schedule.zone, ctx.diagnostics);
    let cron = match &schedule.when {
        When::Daily { at } => format!("{} * * ? *", time(at, ctx.diagnostics)),
        When::Weekly { days, at } => {
            let mut days: Vec<Weekday> = days.iter().map(|it| it.value).collect();
            days.sort_unstable();
            days.dedup();
            let days: Vec<&str> = days.into_iter().map(weekday).collect();
            format!("{} ? * {} *", time(at, ctx.diagnostics), days.join(","))
        }
        When::Monthly { days, at } => {
            let mut days: Vec<u32> = days.iter().map(|it| day_of_month(it, ctx.diagnostics)).collect();
            days.sort_unstable();
            days.dedup();
            let days: Vec<String> = days.iter().map(u32::to_string).collect();
            format!("{} {} * ? *", time(at, ctx.diagnostics), days.join(","))
        }
        When::Cron { expression } => raw(expression, ctx.diagnostics)?,
    };
    Some(Schedule { cron, zone: schedule.zone.value.clone() })
}

/// The database that is built in, never the machine's own: the same zones everywhere.
pub(super) fn check_zone(zone: &ast::Name, diagnostics: &mut Diagnostics) {
    let zones = TimeZoneDatabase::bundled();
    if zones.get(&zone.value).is_ok_and(|it| it.iana_name() == Some(zone.value.as_str())) {
        return;
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
            .label(zone.span, format!("did you mean `{meant}`?"))
            .help(format!("write `{meant}`"))
            .suggest(zone.span, meant),
        None => diagnostic
            .label(zone.span, "not a time zone")
            .help("write the name of the tz database, such as `Europe/Athens`"),
    });
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

/// Six fields, each of the characters that it may have; exactly one of the two days is `?`.
fn raw(expression: &ast::Text, diagnostics: &mut Diagnostics) -> Option<String> {
    let fields: Vec<&str> = expression.value.split_whitespace().collect();
    let wrong = |message: String| {
        Diagnostic::new(Code::OutOfRange, message)
            .label(expression.span, "not a cron expression of EventBridge Scheduler")
            .help("write minute, hour, day of month, month, day of week and year, such as `30 2 * * ? *`")
    };
    let [minutes, hours, day_of_month, month, day_of_week, year] = fields.as_slice() else {
        diagnostics.push(wrong(format!("a cron expression has 6 fields, this one {}", fields.len())));
        return None;
    };
    let ranges = [
        (minutes, "minutes", 0, 59, ""),
        (hours, "hours", 0, 23, ""),
        (day_of_month, "day of month", 1, 31, "LW?"),
        (month, "month", 1, 12, "JANFEBMRPYULGSOCTVD"),
        (day_of_week, "day of week", 1, 7, "L#?SUNMOTEWDHFRIA"),
        (year, "year", 1970, 2199, ""),
    ];
    for (field, name, least, most, letters) in ranges {
        let legal = |it: char| it.is_ascii_digit() || "*,-/".contains(it) || letters.contains(it);
        let numbers = field.split(|it: char| !it.is_ascii_digit()).filter(|it| !it.is_empty());
        let step_free = field.split('/').next().unwrap_or_default();
        let in_range = step_free
            .split(|it: char| !it.is_ascii_digit())
            .filter(|it| !it.is_empty())
            .all(|it| it.parse::<u32>().is_ok_and(|it| (least..=most).contains(&it)));
        if !field.chars().all(legal) || !in_range || numbers.clone().any(|it| it.len() > 4) {
            diagnostics.push(wrong(format!("`{field}` can't be the field {name} of a cron expression")));
            return None;
        }
    }
    if (*day_of_month == "?") == (*day_of_week == "?") {
        diagnostics.push(wrong("exactly one of day of month and day of week must be `?`".to_owned()));
        return None;
    }
    Some(fields.join(" "))
}
