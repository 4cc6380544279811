//! When somebody may be called.

use jiff::{Timestamp, ToSpan, Zoned, civil::Time, tz::TimeZone};
use sluice_contract::survey::Calls;

use super::zone::zones;

/// Days that are looked at: a clock that is put forward can take a whole window out of one.
const DAYS: i32 = 3;

/// A day's minutes.
const DAY: u32 = 24 * 60;

/// The first moment from this one on, in milliseconds since 1970, that is inside of the survey's window wherever the
/// number may be; none where there is none, or nobody knows where the number is.
///
/// The window is one of the wall clock, so a change of the clocks moves it.
pub fn first_moment(calls: &Calls, phone_number: &str, from: i64) -> Option<i64> {
    let names = match &calls.zone {
        Some(zone) => vec![zone.as_str()],
        None => zones(phone_number).to_vec(),
    };
    let zones: Vec<TimeZone> = names.iter().map(|it| TimeZone::get(it)).collect::<Result<_, _>>().ok()?;
    if zones.is_empty() {
        return None;
    }
    let start = Timestamp::from_millisecond(from).ok()?;
    // Inside of all windows one begins where the last of them has opened.
    let mut moments: Vec<Timestamp> = zones.iter().flat_map(|it| openings(calls, it, start)).collect();
    moments.push(start);
    moments.sort_unstable();
    let is_open = |moment: &Timestamp| zones.iter().all(|it| is_inside(calls, &moment.to_zoned(it.clone())));
    moments.into_iter().filter(|it| *it >= start).find(is_open).map(Timestamp::as_millisecond)
}

fn openings(calls: &Calls, zone: &TimeZone, start: Timestamp) -> Vec<Timestamp> {
    let (hour, minute) = (calls.from_minute / 60, calls.from_minute % 60);
    let opening = |days: i32| {
        let date = start.to_zoned(zone.clone()).date().checked_add(days.days()).ok()?;
        let time = Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()?;
        date.to_datetime(time).to_zoned(zone.clone()).ok().map(|it| it.timestamp())
    };
    (0..=DAYS).filter_map(opening).collect()
}

fn is_inside(calls: &Calls, at: &Zoned) -> bool {
    let minute = u32::try_from(i32::from(at.hour()) * 60 + i32::from(at.minute())).unwrap_or(DAY);
    if calls.from_minute <= calls.to_minute {
        (calls.from_minute..calls.to_minute).contains(&minute)
    } else {
        minute >= calls.from_minute || minute < calls.to_minute
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::survey::{moment, text};

    fn calls(from: u32, to: u32, zone: Option<&str>) -> Calls {
        Calls {
            from_minute: from * 60,
            to_minute: to * 60,
            zone: zone.map(str::to_owned),
            limit: None,
            delay_seconds: 0,
            attempts: 1,
            between_attempts_seconds: 0,
            ring_seconds: 30,
            detect_machines: false,
        }
    }

    fn first(calls: &Calls, number: &str, from: &str) -> Option<String> {
        first_moment(calls, number, moment(from).unwrap()).map(text)
    }

    #[test]
    fn inside_of_the_window_it_is_now_and_outside_it_is_when_it_opens() {
        let calls = calls(9, 20, None);
        for (from, expected) in [
            ("2026-11-23T10:15:00Z", "2026-11-23T10:15:00Z"),
            ("2026-11-23T07:00:00Z", "2026-11-23T07:00:00Z"),
            ("2026-11-23T06:59:59Z", "2026-11-23T07:00:00Z"),
            ("2026-11-23T18:00:00Z", "2026-11-24T07:00:00Z"),
            ("2026-11-23T22:30:00Z", "2026-11-24T07:00:00Z"),
        ] {
            assert_eq!(first(&calls, "+302101234567", from).as_deref(), Some(expected), "{from}");
        }
    }

    #[test]
    fn the_window_moves_with_the_clocks() {
        let calls = calls(9, 20, None);
        // Athens goes from UTC+2 to UTC+3 on the 29th of March.
        let greek = "+302101234567";
        assert_eq!(first(&calls, greek, "2026-03-27T20:00:00Z").unwrap(), "2026-03-28T07:00:00Z");
        assert_eq!(first(&calls, greek, "2026-03-28T20:00:00Z").unwrap(), "2026-03-29T06:00:00Z");
        assert_eq!(first(&calls, greek, "2026-10-24T20:00:00Z").unwrap(), "2026-10-25T07:00:00Z");
    }

    #[test]
    fn an_hour_that_is_skipped_or_comes_twice_takes_nothing_away() {
        let early = calls(3, 4, None);
        let greek = "+302101234567";
        // Between three and four there is nothing on that day, and the window is an hour long on the next.
        assert_eq!(first(&early, greek, "2026-03-28T22:00:00Z").unwrap(), "2026-03-30T00:00:00Z");
        // In October it comes twice.
        assert_eq!(first(&early, greek, "2026-10-24T22:00:00Z").unwrap(), "2026-10-25T00:00:00Z");
        assert_eq!(first(&early, greek, "2026-10-25T01:30:00Z").unwrap(), "2026-10-25T01:30:00Z");
    }

    #[test]
    fn a_country_with_many_zones_is_called_when_it_is_open_in_all_of_them() {
        let calls = calls(9, 20, None);
        // Nine in Honolulu and Adak is before four in the afternoon in St. John's.
        assert_eq!(first(&calls, "+12125551234", "2026-11-23T14:00:00Z").unwrap(), "2026-11-23T19:00:00Z");
        // Kaliningrad and Kamchatka are ten hours apart.
        assert_eq!(first(&calls, "+74011234567", "2026-11-23T12:00:00Z").unwrap(), "2026-11-24T07:00:00Z");
        let short = self::calls(9, 18, None);
        assert_eq!(first(&short, "+74011234567", "2026-11-23T12:00:00Z"), None);
    }

    #[test]
    fn the_surveys_own_zone_stands_for_every_number() {
        let calls = calls(9, 20, Some("Europe/Berlin"));
        assert_eq!(first(&calls, "+881612345678", "2026-11-23T05:00:00Z").unwrap(), "2026-11-23T08:00:00Z");
        assert_eq!(first(&self::calls(9, 20, None), "+881612345678", "2026-11-23T05:00:00Z"), None);
        assert_eq!(
            first(&self::calls(9, 20, Some("Mars/Olympus")), "+302101234567", "2026-11-23T05:00:00Z"),
            None
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Every minute is looked at, in every zone, for as long as it takes.
        #[test]
        fn it_is_the_first_minute_of_all_that_is_inside_in_every_zone(
            from_minute in 0u32..1440,
            length in 30u32..1440,
            number in prop::sample::select(vec!["+302101234567", "+61212345678", "+5511123456789", "+74011234567"]),
            start in 1_774_000_000i64..1_800_000_000,
        ) {
            let calls = Calls { from_minute, to_minute: (from_minute + length) % 1440, ..calls(0, 0, None) };
            let zones: Vec<_> = zones(number).iter().map(|it| TimeZone::get(it).unwrap()).collect();
            let start = start / 60 * 60_000;
            let is_open = |at: i64| {
                let at = Timestamp::from_millisecond(at).unwrap();
                zones.iter().all(|it| is_inside(&calls, &at.to_zoned(it.clone())))
            };
            let all = (0..36 * 60).map(|it| start + it * 60_000).find(|it| is_open(*it));
            prop_assert_eq!(first_moment(&calls, number, start), all);
        }
    }

    #[test]
    fn a_window_can_hold_midnight() {
        let calls = calls(20, 2, Some("UTC"));
        assert_eq!(first(&calls, "+30210", "2026-11-23T01:59:00Z").unwrap(), "2026-11-23T01:59:00Z");
        assert_eq!(first(&calls, "+30210", "2026-11-23T02:00:00Z").unwrap(), "2026-11-23T20:00:00Z");
    }
}
