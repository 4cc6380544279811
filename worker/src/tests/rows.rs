//! What becomes of rows: types, rejects, duplicates, expectations.

use sluice_contract::{
    plan::{ColumnType, Expectation, Keep, Origin, Work},
    runs::StageStatus,
};

use super::harness::{Case, Lab, cases};

pub(super) const CASES: &[Case] = cases![
    rejects_one_by_one,
    every_type_reaches_the_target_as_declared,
    dedupe_keeps_newest_oldest_or_first_and_never_joins_nulls,
    all_that_is_not_as_expected_is_told,
];

#[test]
fn rejects_one_by_one() {
    for (kind, value, reason) in [
        (ColumnType::Text { length: 3 }, "'four'", "4 characters, at most 3 fit"),
        (ColumnType::Char { length: 2 }, "'x'", "1 characters, must be 2"),
        (ColumnType::Integer, "'12a'", "`12a` is not a whole number"),
        (ColumnType::Integer, "1.5", "`1.5` is not a whole number"),
        (
            ColumnType::Decimal { precision: 4, scale: 1 },
            "12.34",
            "`12.34` has more than 1 digits after the point",
        ),
        (ColumnType::Boolean, "'maybe'", "`maybe` is neither true nor false"),
        (ColumnType::Date, "'2026-02-30'", "`2026-02-30` is not a date"),
        (ColumnType::Timestamp, "'yesterday'", "`yesterday` is not a timestamp"),
        (ColumnType::Text { length: 9 }, "x'61ff'", "not valid UTF-8"),
    ] {
        let mut lab = Lab::with_source("INSERT INTO companies VALUES (1, 'A', 'GR', NULL, NULL)");
        lab.plan.tables.get_mut("companies").unwrap().columns[2].kind = kind;
        lab.query(&format!("SELECT reg, country, {value} AS name, updated_at FROM companies"));
        let counted = lab.until("companies.load").unwrap();
        assert_eq!((counted.rows_written, counted.rows_rejected), (0, 1), "{reason}");
        let rejects = lab.part("rejects/greece/r1/companies/part-00000.csv.gz");
        assert!(rejects[1].starts_with(&format!("2|name|{reason}|A|GR|")), "{}", rejects[1]);
    }
}

#[test]
fn every_type_reaches_the_target_as_declared() {
    let mut lab = Lab::with_source("INSERT INTO companies VALUES (1, 'A', 'GR', NULL, NULL)");
    let table = lab.plan.tables.get_mut("companies").unwrap();
    let mut add = |name: &str, kind| {
        let mut column = table.columns[2].clone();
        (column.name, column.kind) = (name.to_owned(), kind);
        table.columns.push(column);
    };
    add("number", ColumnType::Integer);
    add("money", ColumnType::Decimal { precision: 10, scale: 2 });
    add("long", ColumnType::Decimal { precision: 38, scale: 4 });
    add("yes", ColumnType::Boolean);
    add("day", ColumnType::Date);
    lab.query(
        "SELECT '007' AS reg, country, '\\N' AS name, '2026-11-22T13:14:15.5' AS updated_at, -5 AS number,
                '1234.50' AS money, '1234567890123456789012345678.1' AS long, 'TRUE' AS yes, '2024-02-29' AS day
         FROM companies",
    );
    let _ = lab.until("companies.publish").unwrap();
    assert_eq!(
        lab.published(),
        [format!(
            "007|GR|\\N|2026-11-22 13:14:15.500000|-5|{}|1234567890123456789012345678.1000|1|2024-02-29",
            // SQLite keeps short decimals as numbers.
            if lab.mariadb().is_some() { "1234.50" } else { "1234.5" }
        )]
    );
}

#[test]
fn dedupe_keeps_newest_oldest_or_first_and_never_joins_nulls() {
    let rows = "INSERT INTO companies VALUES
        (1, 'A', 'GR', 'a1', NULL), (2, 'A', 'GR', 'a2', '2026-01-02 00:00:00'), (3, 'A', 'GR', 'a3', '2026-01-01 00:00:00'),
        (4, 'A', 'GR', 'a4', '2026-01-02 00:00:00'), (5, 'B', 'GR', 'b5', NULL), (6, 'B', 'GR', 'b6', NULL)";
    let column = "updated_at".to_owned();
    for (kept, expected) in [
        (Keep::Newest { column: column.clone() }, ["a2", "b5"]),
        (Keep::Oldest { column }, ["a3", "b5"]),
        (Keep::First, ["a1", "b5"]),
    ] {
        let mut lab = Lab::with_source(rows);
        if let Work::Dedupe { keep, .. } = lab.work("companies.dedupe") {
            *keep = kept;
        }
        let counted = lab.until("companies.dedupe").unwrap();
        assert_eq!((counted.rows_read, counted.rows_written, counted.duplicates), (6, 2, 4));
        let mut staged = lab.staged("name");
        staged.sort();
        assert_eq!(staged, expected);
    }
    let mut lab = Lab::with_source(rows);
    if let Work::Dedupe { by, .. } = lab.work("companies.dedupe") {
        *by = vec!["reg".to_owned(), "updated_at".to_owned()];
    }
    assert_eq!(lab.until("companies.dedupe").unwrap().duplicates, 1);
}

#[test]
fn all_that_is_not_as_expected_is_told() {
    let mut lab = Lab::with_companies(12);
    lab.source().execute_batch("UPDATE companies SET name = NULL WHERE id IN (1, 2); UPDATE companies SET country = NULL WHERE id = 3").unwrap();
    let origin = |line| Origin { file: "greece.pipe".to_owned(), line };
    if let Work::Verify { expectations, .. } = lab.work("companies.verify") {
        *expectations = vec![
            Expectation::Rows { least: 10_000, most: 5_000_000, origin: origin(12) },
            Expectation::NoNulls {
                columns: vec!["reg".to_owned(), "name".to_owned(), "country".to_owned()],
                origin: origin(13),
            },
        ];
    }
    let error = lab.until("companies.verify").unwrap_err();
    assert_eq!(
        error.to_string(),
        "greece.pipe:12: expected between 10,000 and 5,000,000 rows in `companies`, found 11; \
         greece.pipe:13: expected no nulls in `companies.name`, 2 rows have one; \
         greece.pipe:13: expected no nulls in `companies.country`, 1 row has one"
    );
    assert_eq!((error.code(), error.transient()), ("P0606", false));
    let record = lab.runs().stage("greece", "r1", lab.id("companies.verify")).unwrap().unwrap();
    assert_eq!((record.status, record.code.as_deref()), (StageStatus::Failed, Some("P0606")));
    assert_eq!(record.cause, Some(error.to_string()));
}
