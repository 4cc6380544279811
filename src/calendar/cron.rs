//! A cron expression: which days and which times of day it means.

use jiff::civil::{Date, DateTime, Time, Weekday};

use super::field::{Numbers, Range};

/// The six fields of EventBridge Scheduler: minutes, hours, day of month, month, day of week, year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    minutes: Numbers,
    hours: Numbers,
    days: Days,
    months: Numbers,
    years: Years,
}

/// Why an expression is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CronError {
    /// Six fields are asked for.
    #[error("a cron expression has 6 fields, this one {found}")]
    Fields {
        /// How many there are.
        found: usize,
    },
    /// One of them can't be read.
    #[error("`{field}` can't be the field {name} of a cron expression")]
    Field {
        /// As written.
        field: String,
        /// Which.
        name: &'static str,
    },
    /// The two fields for days contradict each other.
    #[error("exactly one of day of month and day of week must be `?`")]
    Days,
}

/// Which days of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Days {
    /// `1,15`
    Of(Numbers),
    /// `L`
    Last,
    /// `LW`
    LastWorkday,
    /// `15W`: the working day of the month that is nearest to it.
    NearestWorkday(i8),
    /// `MON-FRI`: 1 is Sunday.
    Weekdays(Numbers),
    /// `6L`: the month's last Friday.
    LastWeekday(i8),
    /// `2#1`: the month's first Monday.
    Nth(i8, i8),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Years(Vec<(i16, i16, i16)>);

/// The last year that EventBridge Scheduler knows.
const LAST_YEAR: i16 = 2199;

const MINUTES: Range = Range { least: 0, most: 59, names: &[] };
const HOURS: Range = Range { least: 0, most: 23, names: &[] };
const DAYS: Range = Range { least: 1, most: 31, names: &[] };
const MONTHS: Range = Range {
    least: 1,
    most: 12,
    names: &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
};
const WEEKDAYS: Range =
    Range { least: 1, most: 7, names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] };

impl Cron {
    /// Reads `30 2 * * ? *`.
    pub fn parse(expression: &str) -> Result<Self, CronError> {
        let fields: Vec<&str> = expression.split_whitespace().collect();
        let [minutes, hours, day_of_month, month, day_of_week, year] = fields.as_slice() else {
            return Err(CronError::Fields { found: fields.len() });
        };
        let wrong = |field: &str, name| CronError::Field { field: field.to_owned(), name };
        let minutes = MINUTES.numbers(minutes).ok_or_else(|| wrong(minutes, "minutes"))?;
        let hours = HOURS.numbers(hours).ok_or_else(|| wrong(hours, "hours"))?;
        let days = match (*day_of_month, *day_of_week) {
            ("?", "?") => return Err(CronError::Days),
            (days, "?") => days_of_month(days).ok_or_else(|| wrong(days, "day of month"))?,
            ("?", days) => days_of_week(days).ok_or_else(|| wrong(days, "day of week"))?,
            (_, _) => return Err(CronError::Days),
        };
        let months = MONTHS.numbers(month).ok_or_else(|| wrong(month, "month"))?;
        let years = years(year).ok_or_else(|| wrong(year, "year"))?;
        Ok(Self { minutes, hours, days, months, years })
    }

    /// Whether it starts at that minute of the zone's clocks.
    pub fn is_due(&self, at: DateTime) -> bool {
        self.minutes.contains(at.minute()) && self.hours.contains(at.hour()) && self.is_due_on(at.date())
    }

    /// Whether it starts on that day.
    pub fn is_due_on(&self, day: Date) -> bool {
        self.years.contains(day.year()) && self.months.contains(day.month()) && self.days.contains(day)
    }

    /// Whether it starts on any day from that one on, as far as EventBridge's years go.
    pub fn starts_from(&self, first: Date) -> bool {
        let mut days = std::iter::successors(Some(first), |it| it.tomorrow().ok());
        days.by_ref().take_while(|it| it.year() <= LAST_YEAR).any(|it| self.is_due_on(it))
    }

    /// Every time of a day that it is due on, in order.
    pub fn times(&self) -> impl Iterator<Item = Time> {
        let minutes = self.minutes;
        self.hours
            .iter()
            .flat_map(move |hour| minutes.iter().filter_map(move |it| Time::new(hour, it, 0, 0).ok()))
    }
}

impl Days {
    fn contains(self, day: Date) -> bool {
        let last = day.days_in_month();
        match self {
            Self::Of(days) => days.contains(day.day()),
            Self::Last => day.day() == last,
            Self::LastWorkday => nearest_workday(day, last) == Some(day.day()),
            Self::NearestWorkday(target) => nearest_workday(day, target) == Some(day.day()),
            Self::Weekdays(days) => days.contains(from_sunday(day)),
            Self::LastWeekday(weekday) => from_sunday(day) == weekday && day.day() > last - 7,
            Self::Nth(weekday, nth) => from_sunday(day) == weekday && (day.day() - 1) / 7 + 1 == nth,
        }
    }
}

impl Years {
    fn contains(&self, year: i16) -> bool {
        self.0.iter().any(|(first, last, step)| {
            (*first..=*last).contains(&year) && (year - first).checked_rem(*step) == Some(0)
        })
    }
}

/// Monday to Friday, never out of the month: a Saturday moves to the Friday, a Sunday to the Monday.
fn nearest_workday(month: Date, target: i8) -> Option<i8> {
    let last = month.days_in_month();
    let day = month.with().day(target).build().ok()?;
    Some(match day.weekday() {
        Weekday::Saturday if target == 1 => 3,
        Weekday::Saturday => target - 1,
        Weekday::Sunday if target == last => target - 2,
        Weekday::Sunday => target + 1,
        Weekday::Monday | Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday | Weekday::Friday => {
            target
        }
    })
}

fn from_sunday(day: Date) -> i8 {
    day.weekday().to_sunday_one_offset()
}

fn days_of_month(field: &str) -> Option<Days> {
    let small = |it: u8| i8::try_from(it).ok();
    match field.to_ascii_uppercase().as_str() {
        "L" => Some(Days::Last),
        "LW" => Some(Days::LastWorkday),
        it => match it.strip_suffix('W') {
            Some(day) => DAYS.number(day).and_then(small).map(Days::NearestWorkday),
            None => DAYS.numbers(it).map(Days::Of),
        },
    }
}

fn days_of_week(field: &str) -> Option<Days> {
    let number = |it: &str| WEEKDAYS.number(it).and_then(|it| i8::try_from(it).ok());
    let field = field.to_ascii_uppercase();
    if let Some((day, nth)) = field.split_once('#') {
        let nth = nth.parse().ok().filter(|it| (1..=5).contains(it))?;
        return Some(Days::Nth(number(day)?, nth));
    }
    match field.strip_suffix('L') {
        // As in Quartz, whose fields these are: alone it is the week's last day.
        Some("") => WEEKDAYS.numbers("7").map(Days::Weekdays),
        Some(day) => number(day).map(Days::LastWeekday),
        None => WEEKDAYS.numbers(&field).map(Days::Weekdays),
    }
}

fn years(field: &str) -> Option<Years> {
    let year = |it: &str| it.parse::<i16>().ok().filter(|it| (1970..=2199).contains(it));
    let part = |part: &str| {
        let (span, step) = match part.split_once('/') {
            Some((span, step)) => (span, step.parse::<i16>().ok().filter(|it| *it > 0)?),
            None => (part, 1),
        };
        match span.split_once('-') {
            _ if span == "*" => Some((1970, 2199, step)),
            Some((first, last)) => Some((year(first)?, year(last)?, step)),
            None if part.contains('/') => Some((year(span)?, 2199, step)),
            None => Some((year(span)?, year(span)?, 1)),
        }
    };
    field.split(',').map(part).collect::<Option<Vec<_>>>().map(Years)
}
