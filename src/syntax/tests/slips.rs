//! What people write who know other languages: each is told with the right spelling, and where it is safe an editor
//! can write it.

use super::read;

/// The help of each mistake, and the text after every suggestion was taken.
fn told(text: &str) -> (String, String) {
    let (_, _, diagnostics) = read(text);
    let mut mended = text.to_owned();
    let helps: Vec<String> = diagnostics
        .sorted()
        .into_iter()
        .rev()
        .map(|it| {
            if let Some(suggestion) = &it.suggestion {
                mended.replace_range(suggestion.span.range(), &suggestion.replacement);
            }
            it.help.clone().unwrap_or_default()
        })
        .collect();
    (helps.join("; "), mended)
}

#[test]
fn slips_in_a_pipeline_are_told_with_the_right_spelling() {
    let cases = [
        ("country \"gr\"", "write `gr`, without quotes", "country gr"),
        ("country 'gr'", "strings stand in straight double quotes", "country \"gr\""),
        (
            "owner ops@example.com",
            "an address stands in double quotes: `\"ops@example.com\"`",
            "owner \"ops@example.com\"",
        ),
        ("-- why", "a comment starts with `#`", "# why"),
        ("country gr // why", "a comment starts with `#`", "country gr # why"),
        ("country gr;", "a setting ends with its line; leave the `;` out", "country gr"),
        ("timeout 1,000 seconds", "write `1_000`", "timeout 1_000 seconds"),
        (
            "timeout 1.5 hours",
            "numbers are whole; texts and paths stand in double quotes",
            "timeout 1.5 hours",
        ),
        ("timeout 30 min", "did you mean `minutes`?", "timeout 30 minutes"),
        ("schedule daily at 2am in Asia/Tokyo", "write `02:00`", "schedule daily at 02:00 in Asia/Tokyo"),
        ("schedule daily at 12 am in Asia/Tokyo", "write `00:00`", "schedule daily at 00:00 in Asia/Tokyo"),
        ("schedule daily at 2:30pm in Asia/Tokyo", "write `14:30`", "schedule daily at 14:30 in Asia/Tokyo"),
        (
            "schedule daily at 02:30 pm in Asia/Tokyo",
            "write `14:30`",
            "schedule daily at 14:30 in Asia/Tokyo",
        ),
        ("schedule daily at 0230 in Asia/Tokyo", "write `02:30`", "schedule daily at 02:30 in Asia/Tokyo"),
        (
            "schedule daily at \"02:30\" in Asia/Tokyo",
            "write `02:30`, without quotes",
            "schedule daily at 02:30 in Asia/Tokyo",
        ),
        (
            "schedule daily at midnight in Asia/Tokyo",
            "write `00:00`",
            "schedule daily at 00:00 in Asia/Tokyo",
        ),
        (
            "schedule weekly on mon at 02:30 in Asia/Tokyo",
            "did you mean `monday`?",
            "schedule weekly on monday at 02:30 in Asia/Tokyo",
        ),
        ("overlap \"skip\"", "write `skip`, without quotes", "overlap skip"),
    ];
    for (line, help, mended) in cases {
        check("pipeline p {", line, help, mended);
    }
}

#[test]
fn slips_in_an_into_block_are_told_with_the_right_spelling() {
    for (line, help, mended) in [
        (
            "extract greece/companies.sql",
            "a path stands in double quotes: `\"greece/companies.sql\"`",
            "extract \"greece/companies.sql\"",
        ),
        (
            "extract greece\\companies.sql split by id into 4",
            "a path stands in double quotes: `\"greece/companies.sql\"`",
            "extract \"greece/companies.sql\" split by id into 4",
        ),
        (
            "extract 'greece/companies.sql'",
            "strings stand in straight double quotes",
            "extract \"greece/companies.sql\"",
        ),
        (
            "extract greece/companies",
            "texts and paths stand in double quotes: `\"greece/companies\"`",
            "extract \"greece/companies\"",
        ),
        (
            "expect rows between 1,000 and 5,000,000",
            "write `1_000`",
            "expect rows between 1_000 and 5,000,000",
        ),
    ] {
        check("pipeline p {\ninto t {", line, help, mended);
    }
}

#[test]
fn slips_in_a_table_are_told_with_the_right_spelling() {
    for (line, help, mended) in [
        ("id varchar(10) key", "write `text`", "id text(10) key"),
        ("id STRING", "write `text(255)`", "id text(255)"),
        ("id int key", "write `integer`", "id integer key"),
        ("id datetime", "write `timestamp`", "id timestamp"),
        ("id numeric(12, 2)", "write `decimal`", "id decimal(12, 2)"),
        (
            "id float",
            "numbers are exact: write `decimal` with its digits, such as `decimal(12, 2)`",
            "id float",
        ),
    ] {
        check("table t {", line, help, mended);
    }
}

#[test]
fn slips_in_a_survey_are_told_with_the_right_spelling() {
    for (line, help, mended) in [
        ("window 09:00-20:00 caller time", "a range is written with `..`", "window 09:00..20:00 caller time"),
        (
            "window 09:00 to 20:00 caller time",
            "a range is written with `..`",
            "window 09:00 .. 20:00 caller time",
        ),
        ("thank Thank you", "texts and paths stand in double quotes", "thank Thank you"),
        ("alert ops when rating != 2", "unequal is written `<>`", "alert ops when rating <> 2"),
        ("alert ops when rating == 2", "equality is written `=`", "alert ops when rating = 2"),
        (
            "alert ops when rating = 2&&reason = 1",
            "conditions are joined by `and`",
            "alert ops when rating = 2 and reason = 1",
        ),
        (
            "alert ops when rating = 2||reason = 1",
            "conditions are joined by `or`",
            "alert ops when rating = 2 or reason = 1",
        ),
        ("ask q \"How?\" {\nscale 1-5\n}", "a range is written with `..`", "ask q \"How?\" {\nscale 1..5\n}"),
        (
            "ask q \"How?\" {\nscale 1 – 5\n}",
            "a range is written with `..`",
            "ask q \"How?\" {\nscale 1 .. 5\n}",
        ),
    ] {
        check("survey s {", line, help, mended);
    }
}

/// That line in those blocks is told with that help, and becomes the other line.
#[track_caller]
fn check(before: &str, line: &str, help: &str, mended: &str) {
    let after = "\n}".repeat(before.matches('{').count());
    let (helps, text) = told(&format!("{before}\n{line}{after}\n"));
    assert_eq!(helps, help, "{line}");
    assert_eq!(text, format!("{before}\n{mended}{after}\n"), "{line}");
}
