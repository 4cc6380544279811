//! The way of rows from source to target, stage by stage.

use std::sync::atomic::Ordering;

use sluice_contract::{
    dynamodb::{DeleteItem, GetItem, Item, ItemStore, ItemStoreError, PutItem, QueryPrefix, UpdateItem},
    plan::{ColumnType, Expectation, Keep, Origin, Work},
    runs::{RunStatus, StageStatus},
    statistics::Statistics,
};

use super::harness::Lab;
use crate::WorkerError;

#[test]
fn the_whole_way() {
    let lab = Lab::with_source(
        "INSERT INTO companies VALUES
            (1, 'A', 'GR', 'ΑΛΦΑ Α.Ε.', '2026-01-01 00:00:00'),
            (2, 'B', 'GR', 'Beta', '2026-01-02T00:00:00Z'),
            (3, 'A', 'GR', 'ΑΛΦΑ ΝΕΑ Α.Ε.', '2026-02-01 00:00:00'),
            (4, NULL, 'GR', 'No number', NULL),
            (5, 'C', 'GRE', 'Long country', NULL),
            (6, 'D', NULL, '', NULL)",
    );
    assert_eq!(lab.stage("cleanup").unwrap().attempts, 1);
    let extracted = lab.stage("companies.extract").unwrap();
    assert_eq!((extracted.rows_read, extracted.rows_written, extracted.parts), (6, 6, 1));
    let loaded = lab.stage("companies.load").unwrap();
    assert_eq!((loaded.rows_read, loaded.rows_written, loaded.rows_rejected), (6, 4, 2));
    assert_eq!((loaded.bytes, loaded.parts), (extracted.bytes, 1));
    let translated = lab.stage("companies.translate").unwrap();
    assert_eq!((translated.rows_read, translated.rows_written, translated.untranslated), (4, 2, 0));
    let deduped = lab.stage("companies.dedupe").unwrap();
    assert_eq!((deduped.rows_read, deduped.rows_written, deduped.duplicates), (4, 3, 1));
    assert_eq!(lab.stage("companies.verify").unwrap().rows_read, 3);
    assert_eq!(lab.stage("companies.publish").unwrap().rows_written, 3);
    assert_eq!(
        lab.published(),
        ["A|GR|Alfa Nea S.A.|2026-02-01 00:00:00", "B|GR|Beta|2026-01-02 00:00:00", "D|NULL||NULL"]
    );
    assert_eq!(
        lab.part("rejects/greece/r1/companies/part-00000.csv.gz"),
        [
            "line|column|reason|reg|country|name|updated_at",
            "5|reg|null in the key|NULL|GR|No number|NULL",
            "6|country|3 characters, must be 2|C|GRE|Long country|NULL",
        ]
    );
    let run = lab.runs().run("greece", "r1").unwrap().unwrap();
    assert_eq!((run.status, run.fence), (RunStatus::Running, 1));
    assert!(lab.runs().stages("greece", "r1").unwrap().iter().all(|it| it.status == StageStatus::Done));
}

#[test]
fn a_stage_that_is_done_is_not_done_again() {
    let lab = Lab::with_companies(30);
    let first = lab.until("companies.publish").unwrap();
    let _ = lab.source().execute("DELETE FROM companies", []).unwrap();
    let _ = lab.target().execute("DELETE FROM companies WHERE reg = 'R000000'", []).unwrap();
    assert_eq!(lab.until("companies.publish").unwrap(), first);
    assert_eq!(lab.published().len(), 26);
}

#[test]
fn a_second_run_changes_nothing_when_the_source_has_not_changed() {
    let mut lab = Lab::with_companies(30);
    let first = lab.until("companies.publish").unwrap();
    let rows = lab.published();
    lab.next_run();
    assert_eq!(lab.until("companies.publish").unwrap(), first);
    assert_eq!(lab.published(), rows);
    assert_eq!(lab.rows("SELECT DISTINCT run FROM sluice_ledger"), ["r2"]);
    assert_eq!(lab.rows("SELECT * FROM sluice_fence"), ["greece|2"]);
}

#[test]
fn an_older_fence_writes_nothing() {
    let mut lab = Lab::with_companies(30);
    let _ = lab.until("companies.dedupe").unwrap();
    // Another run has taken over and got as far as its cleanup.
    let _ = lab.target().execute("UPDATE sluice_fence SET fence = 7", []).unwrap();
    let before = lab.rows("SELECT * FROM staging_greece_companies");
    let fenced = WorkerError::Fence { pipeline: "greece".to_owned(), fence: 1, known: 7 };
    assert_eq!(lab.stage("companies.publish").unwrap_err(), fenced);
    assert_eq!((fenced.code(), fenced.transient()), ("P0605", false));
    lab.run = "r0".to_owned();
    for stage in ["cleanup", "companies.extract", "companies.load", "companies.translate", "companies.dedupe"]
    {
        if stage == "companies.extract" {
            let _ = lab.stage(stage).unwrap();
        } else {
            assert_eq!(lab.stage(stage).unwrap_err(), fenced, "{stage}");
        }
    }
    assert_eq!(lab.rows("SELECT * FROM staging_greece_companies"), before);
    assert_eq!(lab.published(), Vec::<String>::new());
    assert_eq!(lab.rows("SELECT * FROM sluice_fence"), ["greece|7"]);
}

#[test]
fn a_run_that_was_taken_over_does_not_start_a_stage() {
    let mut lab = Lab::with_companies(3);
    lab.fence = 5;
    let _ = lab.stage("cleanup").unwrap();
    lab.fence = 4;
    let error = lab.stage("companies.extract").unwrap_err();
    assert_eq!(error, WorkerError::Fence { pipeline: "greece".to_owned(), fence: 4, known: 5 });
}

#[test]
fn a_run_does_not_go_on_with_the_staging_of_a_newer_one() {
    let mut lab = Lab::with_companies(30);
    let _ = lab.until("companies.load").unwrap();
    lab.next_run();
    let _ = lab.stage("cleanup").unwrap();
    lab.run = "r1".to_owned();
    lab.fence = 3;
    let error = lab.stage("companies.publish").unwrap_err();
    assert_eq!(
        error.to_string(),
        "run `r1` can't go on: run `r2` has begun since, and staging is no longer this run's"
    );
    assert_eq!(error.code(), "P0625");
    // The newer one can.
    lab.run = "r2".to_owned();
    assert_eq!(lab.until("companies.publish").unwrap().rows_written, 27);
}

#[test]
fn split_gives_the_rows_of_unsplit() {
    let whole = Lab::with_companies(100);
    let _ = whole.until("companies.publish").unwrap();
    for (column, parts) in
        [("updated_at", 7), ("reg", 3), ("name", 100), ("id", 4), ("half", 4), ("mixed", 3)]
    {
        let mut lab = Lab::with_companies(100);
        lab.source().execute_batch("UPDATE companies SET country = NULL WHERE id < 10").unwrap();
        lab.split(column, parts);
        if ["id", "half", "mixed"].contains(&column) {
            let table = lab.plan.tables.get_mut("companies").unwrap();
            let mut extra = table.columns[2].clone();
            extra.name = column.to_owned();
            table.columns.push(extra);
            lab.query(match column {
                "id" => "SELECT nullif(id, 50) AS id, reg, country, name, updated_at FROM companies -- all",
                "half" => "SELECT id / 2.0 AS half, reg, country, name, updated_at FROM companies",
                _ => "SELECT iif(id % 2, id, name) AS mixed, reg, country, name, updated_at FROM companies",
            });
        }
        let loaded = lab.until("companies.load").unwrap();
        assert_eq!((loaded.rows_read, loaded.rows_written), (100, 100), "{column}");
        assert!(loaded.parts > 1 && loaded.parts <= u64::from(parts), "{column}: {}", loaded.parts);
        let _ = lab.until("companies.publish").unwrap();
        let names = "SELECT reg, name, updated_at FROM companies ORDER BY 1";
        assert_eq!(lab.rows(names), whole.rows(names), "{column}");
    }
}

#[test]
fn a_resumed_extract_cuts_where_it_was_cut_and_keeps_its_parts() {
    let mut lab = Lab::with_companies(100);
    lab.query("SELECT reg, country, name, updated_at FROM companies WHERE :run_date = '2026-11-22' AND country = :country");
    lab.split("reg", 4);
    let _ = lab.stage("cleanup").unwrap();
    let first = lab.stage("companies.extract").unwrap();
    assert_eq!((first.rows_read, first.parts), (100, 4));
    // As after a kill before the end was recorded, with one part missing, on the next day.
    let part = "extracts/greece/r1/companies/part-00002.csv.gz";
    let missing = lab.part(part);
    let items = rusqlite::Connection::open(lab.path("items.db")).unwrap();
    let _ = items
        .execute("DELETE FROM items WHERE sk LIKE '%extract#PART#00002' OR sk LIKE '%extract'", [])
        .unwrap();
    std::fs::remove_file(lab.path("objects").join(part)).unwrap();
    let _ = lab.source().execute("UPDATE companies SET name = 'changed ' || id", []).unwrap();
    let _ = lab.clock.milliseconds.fetch_add(86_400_000, Ordering::Relaxed);
    assert_eq!(lab.stage("companies.extract").unwrap().rows_read, 100);
    let numbers = |lines: &[String]| {
        lines.iter().map(|it| it.split('|').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&lab.part(part)), numbers(&missing));
    assert!(lab.part(part)[1].contains("changed"));
    assert!(!lab.part("extracts/greece/r1/companies/part-00001.csv.gz")[1].contains("changed"));
}

#[test]
fn a_damaged_part_is_not_loaded() {
    let lab = Lab::with_companies(20);
    let _ = lab.until("companies.extract").unwrap();
    let path = lab.path("objects").join("extracts/greece/r1/companies/part-00000.csv.gz");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(lab.stage("companies.load").unwrap_err().code(), "P0613");
    std::fs::write(&path, &bytes[..middle]).unwrap();
    assert_eq!(lab.stage("companies.load").unwrap_err().code(), "P0613");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(lab.stage("companies.load").unwrap_err().code(), "P0613");
    assert_eq!(lab.rows("SELECT count(*) FROM staging_greece_companies"), ["0"]);
}

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
        ["007|GR|\\N|2026-11-22 13:14:15.500000|-5|1234.5|1234567890123456789012345678.1000|1|2024-02-29"]
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
        assert_eq!(lab.rows("SELECT name FROM staging_greece_companies ORDER BY 1"), expected);
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
    let record = lab.runs().stage("greece", "r1", "companies.verify").unwrap().unwrap();
    assert_eq!((record.status, record.code.as_deref()), (StageStatus::Failed, Some("P0606")));
    assert_eq!(record.cause, Some(error.to_string()));
}

#[test]
fn what_may_pass_is_tried_again_with_waits() {
    let mut lab = Lab::with_companies(3);
    let _ = lab.stage("cleanup").unwrap();
    lab.site.translator = std::sync::Arc::new(super::translate::Flaky::new(2));
    let _ = lab.source().execute("UPDATE companies SET name = 'άλφα'", []).unwrap();
    let before = lab.clock.milliseconds.load(Ordering::Relaxed);
    let translated = lab.until("companies.translate").unwrap();
    assert_eq!((translated.attempts, translated.rows_written), (3, 3));
    assert_eq!(lab.clock.milliseconds.load(Ordering::Relaxed) - before, 90_000);
    let _ = lab.source().execute("UPDATE companies SET name = 'βήτα'", []).unwrap();
    lab.next_run();
    lab.site.translator = std::sync::Arc::new(super::translate::Flaky::new(9));
    let error = lab.until("companies.translate").unwrap_err();
    assert_eq!((error.code(), error.transient()), ("P0617", true));
    let record = lab.runs().stage("greece", "r2", "companies.translate").unwrap().unwrap();
    assert_eq!((record.status, record.statistics.attempts), (StageStatus::Failed, 3));
}

#[test]
fn a_plan_that_cant_be_used_is_told() {
    let mut lab = Lab::new();
    let told = |lab: &Lab, stage: &str| {
        let error = lab.stage(stage).unwrap_err();
        assert_eq!(error.code(), "P0611");
        error.to_string()
    };
    assert!(
        told(&lab, "nothing")
            .starts_with("plan `plans/test.json` can't be used: it has no stage `nothing`, only `cleanup`")
    );
    lab.plan.format = 2;
    assert_eq!(
        told(&lab, "cleanup"),
        "plan `plans/test.json` can't be used: it is of format 2, this worker knows 1"
    );
    let parameters = |plan: &str, fence: &str| sluice_contract::job::JobParameters {
        plan: plan.to_owned(),
        stage: "cleanup".to_owned(),
        run: "r".to_owned(),
        fence: fence.to_owned(),
    };
    let run = |plan, fence| {
        crate::run_stage(&parameters(plan, fence), &lab.site, &crate::Silent).unwrap_err().to_string()
    };
    assert_eq!(run("plans/none.json", "1"), "plan `plans/none.json` can't be used: there is no such object");
    assert_eq!(
        run("plans/none.json", "x"),
        "plan `plans/none.json` can't be used: the fence `x` is not a number"
    );
    lab.objects().put("plans/bad.json", b"{".to_vec()).unwrap();
    assert!(run("plans/bad.json", "1").starts_with("plan `plans/bad.json` can't be used: EOF"));
}

#[test]
fn a_resumed_run_is_running_again() {
    let mut lab = Lab::with_companies(3);
    let _ = lab.stage("cleanup").unwrap();
    let end = sluice_contract::runs::RunEnd {
        run: "r1",
        status: RunStatus::Failed,
        execution: "arn",
        started_at: 1,
        ended_at: 2,
        cause: Some("disk full"),
    };
    assert_eq!(lab.runs().run_ended("greece", &end), Ok(true));
    lab.fence = 2;
    let _ = lab.stage("companies.extract").unwrap();
    let run = lab.runs().run("greece", "r1").unwrap().unwrap();
    assert_eq!((run.status, run.fence, run.ended_at, run.cause), (RunStatus::Running, 2, None, None));
}

#[test]
fn statistics_of_a_done_stage_come_from_the_runs_table() {
    let lab = Lab::with_companies(20);
    let first = lab.until("companies.load").unwrap();
    assert_eq!(first, lab.runs().stage("greece", "r1", "companies.load").unwrap().unwrap().statistics);
    assert_ne!(first, Statistics::default());
}

/// A runs table that nobody answers for.
#[derive(Debug)]
struct Unreachable;

impl ItemStore for Unreachable {
    fn get_item(&self, _: &GetItem) -> Result<Option<Item>, ItemStoreError> {
        Err(ItemStoreError::Unavailable("timed out".to_owned()))
    }
    fn put_item(&self, _: &PutItem) -> Result<(), ItemStoreError> {
        Err(ItemStoreError::Unavailable("timed out".to_owned()))
    }
    fn update_item(&self, _: &UpdateItem) -> Result<Option<Item>, ItemStoreError> {
        Err(ItemStoreError::Unavailable("timed out".to_owned()))
    }
    fn delete_item(&self, _: &DeleteItem) -> Result<(), ItemStoreError> {
        Err(ItemStoreError::Unavailable("timed out".to_owned()))
    }
    fn query_prefix(&self, _: &QueryPrefix) -> Result<Vec<Item>, ItemStoreError> {
        Err(ItemStoreError::Unavailable("timed out".to_owned()))
    }
}

#[test]
fn a_runs_table_that_cant_be_reached_is_told_and_nothing_is_touched() {
    let mut lab = Lab::with_companies(3);
    lab.site.items = std::sync::Arc::new(Unreachable);
    let error = lab.stage("cleanup").unwrap_err();
    assert_eq!((error.code(), error.transient()), ("P0608", true));
    assert_eq!(
        error.to_string(),
        "can't record the stage in table `test-runs`: the item store can't be reached: timed out"
    );
    assert!(!lab.path("target.db").exists());
}
