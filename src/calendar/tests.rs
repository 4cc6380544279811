//! Cases of cron fields and of days on which clocks change, checked against a calendar by hand.

use jiff::{Timestamp, civil::date, tz::TimeZone};

use super::{Change, Cron, crowds, meeting, starts};

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn days(expression: &str, year: i16, month: i8) -> Vec<i8> {
    let cron = Cron::parse(expression).unwrap();
    let first = date(year, month, 1);
    (1..=first.days_in_month()).filter(|it| cron.is_due_on(date(year, month, *it))).collect()
}

fn shown(expression: &str, in_zone: &str, from: &str, to: &str) -> Vec<String> {
    let (from, to): (Timestamp, Timestamp) = (from.parse().unwrap(), to.parse().unwrap());
    let all = starts(&Cron::parse(expression).unwrap(), &zone(in_zone), from, to);
    all.into_iter().map(|it| it.at.timestamp().to_string()).collect()
}

#[test]
fn days_of_the_month() {
    assert_eq!(days("0 2 1,15 * ? *", 2026, 3), [1, 15]);
    assert_eq!(days("0 2 L * ? *", 2028, 2), [29]);
    assert_eq!(days("0 2 1/10 * ? *", 2026, 3), [1, 11, 21, 31]);
    // 15 August 2026 is a Saturday, 1 August too; 31 May 2026 is a Sunday.
    assert_eq!(days("0 2 15W * ? *", 2026, 8), [14]);
    assert_eq!(days("0 2 1W * ? *", 2026, 8), [3]);
    assert_eq!(days("0 2 LW * ? *", 2026, 5), [29]);
    assert_eq!(days("0 2 31W * ? *", 2026, 5), [29]);
    assert!(days("0 2 31W * ? *", 2026, 6).is_empty());
}

#[test]
fn days_of_the_week() {
    // November 2026 begins on a Sunday.
    assert_eq!(days("0 2 ? * MON *", 2026, 11), [2, 9, 16, 23, 30]);
    assert_eq!(days("0 2 ? * 1 *", 2026, 11), [1, 8, 15, 22, 29]);
    assert_eq!(days("0 2 ? * 2#1 *", 2026, 11), [2]);
    assert_eq!(days("0 2 ? * SUN#5 *", 2026, 11), [29]);
    assert_eq!(days("0 2 ? * 6L *", 2026, 11), [27]);
    assert_eq!(days("0 2 ? * L *", 2026, 11), [7, 14, 21, 28]);
    assert_eq!(days("0 2 ? * MON-WED *", 2026, 11).len(), 13);
}

#[test]
fn months_and_years() {
    assert_eq!(days("0 2 1 JAN,JUL ? *", 2026, 7), [1]);
    assert_eq!(days("0 2 1 */3 ? *", 2026, 4), [1]);
    assert!(days("0 2 1 */3 ? *", 2026, 5).is_empty());
    assert!(days("0 2 1 * ? 2026-2030/2", 2027, 1).is_empty());
    assert_eq!(days("0 2 1 * ? 2026-2030/2", 2028, 1), [1]);
}

#[test]
fn what_is_no_expression() {
    for expression in [
        "0 2 * * ?",
        "0 2 * * * *",
        "0 2 ? * ? *",
        "60 2 * * ? *",
        "0 5-2 * * ? *",
        "0 2 0W * ? *",
        "0 2 ? * 2#6 *",
        "0/0 2 * * ? *",
    ] {
        assert!(Cron::parse(expression).is_err(), "{expression}");
    }
}

#[test]
fn a_start_keeps_the_local_time_through_summer_and_winter() {
    let shown = shown("30 2 * * ? *", "Europe/Athens", "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z");
    assert_eq!(shown, ["2026-03-28T00:30:00Z", "2026-03-29T00:30:00Z", "2026-03-29T23:30:00Z"]);
}

#[test]
fn a_skipped_time_does_not_start_and_a_repeated_one_starts_once() {
    // Berlin skips 02:00 to 03:00 on 29 March 2026 and shows it twice on 25 October.
    let spring = shown("30 2 * * ? *", "Europe/Berlin", "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z");
    assert_eq!(spring, ["2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z"]);
    let autumn = shown("30 2 * * ? *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z");
    assert_eq!(autumn, ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
}

#[test]
fn a_schedule_meets_summer_time_where_the_clocks_change() {
    let met = |expression: &str, name: &str| {
        let it = meeting(&Cron::parse(expression).unwrap(), &zone(name))?;
        Some((it.change, it.at.to_string(), it.safe_from.time().to_string()))
    };
    let at = |change, time: &str, safe: &str| Some((change, time.to_owned(), safe.to_owned()));
    // All of the European Union changes at 01:00 UTC: in Athens that is 03:00.
    assert_eq!(met("30 2 * * ? *", "Europe/Athens"), None);
    assert_eq!(met("30 3 * * ? *", "Europe/Athens"), at(Change::Skips, "2026-03-29T03:30:00", "04:00:00"));
    assert_eq!(met("30 2 * * ? *", "Europe/Berlin"), at(Change::Skips, "2026-03-29T02:30:00", "03:00:00"));
    assert_eq!(
        met("30 1 * * ? *", "America/New_York"),
        at(Change::Repeats, "2026-11-01T01:30:00", "02:00:00")
    );
    assert_eq!(met("30 2 ? * MON *", "Europe/Berlin"), None);
    assert_eq!(met("30 2 * * ? *", "Asia/Tokyo"), None);
    assert_eq!(met("30 2 * 4-9 ? *", "Europe/Berlin"), None);
}

#[test]
fn a_crowd_is_more_than_so_many_within_a_quarter_of_an_hour() {
    let minute = |it: i64| Timestamp::from_second(it * 60).unwrap();
    let moments: Vec<_> = [0, 5, 14, 15, 40, 41, 42].into_iter().map(minute).collect();
    let found: Vec<_> = crowds(&moments, 2).into_iter().map(|it| (it.from, it.to, it.count)).collect();
    assert_eq!(found, [(minute(0), minute(14), 3), (minute(40), minute(42), 3)]);
    assert_eq!(crowds(&moments, 3), []);
}

#[test]
fn a_schedule_starts_if_any_day_is_still_to_come() {
    let starts = |expression: &str| Cron::parse(expression).unwrap().starts_from(date(2026, 1, 1));
    for expression in ["0 6 * * ? *", "0 6 29 2 ? *", "0 6 1 * ? 2199", "0 6 ? 2 SUN#5 *", "0 6 31 1,2 ? *"] {
        assert!(starts(expression), "{expression}");
    }
    for expression in ["0 6 31 2 ? *", "0 6 30 FEB ? *", "0 6 31 4,6 ? *", "0 6 * * ? 2020", "0 6 31W 6 ? *"]
    {
        assert!(!starts(expression), "{expression}");
    }
}

#[test]
fn every_change_of_the_clocks_that_is_looked_at_is_named() {
    let met = meeting(&Cron::parse("30 2 * * ? *").unwrap(), &zone("America/New_York")).unwrap();
    assert_eq!(met.days, [date(2026, 3, 8), date(2027, 3, 14)]);
}
