//! The way of rows from source to target, stage by stage.

use std::sync::atomic::Ordering;

use sluice_contract::{
    runs::{RunStatus, StageStatus},
    statistics::Statistics,
};

use super::harness::{Case, Lab, cases};

pub(super) const CASES: &[Case] = cases![
    the_whole_way,
    a_stage_that_is_done_is_not_done_again,
    a_second_run_changes_nothing_when_the_source_has_not_changed,
    split_gives_the_rows_of_unsplit,
    a_resumed_extract_cuts_where_it_was_cut_and_keeps_its_parts,
    statistics_of_a_done_stage_come_from_the_runs_table,
];

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
    lab.change_target("DELETE FROM companies WHERE reg = 'R000000'");
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
    let part = "extracts/greece/r1/companies/part-00002-1.csv.gz";
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
    assert!(!lab.part("extracts/greece/r1/companies/part-00001-1.csv.gz")[1].contains("changed"));
}

#[test]
fn statistics_of_a_done_stage_come_from_the_runs_table() {
    let lab = Lab::with_companies(20);
    let first = lab.until("companies.load").unwrap();
    assert_eq!(
        first,
        lab.runs().stage("greece", "r1", lab.id("companies.load")).unwrap().unwrap().statistics
    );
    assert_ne!(first, Statistics::default());
}
