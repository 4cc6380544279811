//! `schedule`.

use super::cursor::Cursor;
use crate::{
    source::Span,
    syntax::ast::{Schedule, Spanned, TimeOfDay, Weekday, When},
};

#[derive(Debug, Clone, Copy)]
enum Often {
    Daily,
    Weekly,
    Monthly,
    Cron,
}

const OFTEN: [(&str, Often); 4] =
    [("daily", Often::Daily), ("weekly", Often::Weekly), ("monthly", Often::Monthly), ("cron", Often::Cron)];

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

pub(super) fn schedule(cursor: &mut Cursor<'_>) -> Option<Schedule> {
    if cursor.take_wildcard().is_some() {
        // What follows depends on what it stands for.
        return None;
    }
    let when = match cursor.expect_one_of(&OFTEN)?.value {
        Often::Daily => When::Daily { at: at(cursor)? },
        Often::Weekly => {
            let _ = cursor.expect_word("on")?;
            let days = cursor.expect_list(|it| it.expect_one_of(&WEEKDAYS))?;
            When::Weekly { days, at: at(cursor)? }
        }
        Often::Monthly => {
            let _ = cursor.expect_word("on")?;
            let days = cursor.expect_list(|it| it.expect_number("a day of the month such as `1`"))?;
            When::Monthly { days, at: at(cursor)? }
        }
        Often::Cron => When::Cron { expression: cursor.expect_text("a cron expression in quotes")? },
    };
    let _: Span = cursor.expect_word("in")?;
    let zone = cursor.expect_name("a time zone such as `Europe/Athens`")?;
    Some(Schedule { when, zone })
}

fn at(cursor: &mut Cursor<'_>) -> Option<Spanned<TimeOfDay>> {
    let _ = cursor.expect_word("at")?;
    cursor.expect_time()
}
