//! Staging as parts: the cases of staging in the database with the same expectations, and that both ways do the same.

use std::sync::Mutex;

use proptest::prelude::*;
use sluice_contract::{
    plan::{ColumnType, Expectation, Keep, Origin, PublishMode, Work},
    runs::{RunEnd, RunStatus},
    statistics::Statistics,
};

use super::{
    expectations, full_store,
    harness::{Case, Lab, files_below, in_parts},
    kill, publish, rows, stages, trouble,
};
use crate::{Progress, WorkerError};

/// Cases that speak of one stage of those that `sort` stands for, or of a staging table.
const OF_TABLES: [&str; 9] = [
    "stages::the_whole_way",
    "stages::split_gives_the_rows_of_unsplit",
    "rows::rejects_one_by_one",
    "publish::several_rows_of_one_key_are_told",
    "publish::two_tables_load_into_one_target_at_once",
    "expectations::a_change_is_one_against_the_last_run_that_succeeded",
    "trouble::what_may_pass_is_tried_again_with_waits",
    "trouble::an_older_fence_writes_nothing",
    "publish::statements_run_once_and_all_or_none",
];

/// Those that hold with staging as parts, too.
pub(super) fn cases(all: &[&[Case]]) -> Vec<Case> {
    let is_of_tables = |it: &Case| OF_TABLES.iter().any(|name| it.0.ends_with(name));
    all.iter().copied().flatten().copied().filter(|it| !is_of_tables(it)).collect()
}

fn run(all: &[&[Case]]) {
    let mut failed = Vec::new();
    for (name, case) in cases(all) {
        if std::panic::catch_unwind(|| in_parts(case)).is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "failed with staging as parts: {failed:?}");
}

#[test]
fn stages_rows_and_expectations() {
    run(&[stages::CASES, rows::CASES, expectations::CASES]);
}

#[test]
fn publishing_and_trouble() {
    run(&[publish::CASES, trouble::CASES]);
}

#[test]
fn stops() {
    run(&[kill::CASES, full_store::CASES]);
}

/// No stage is named twice, and none that is not there.
#[test]
fn what_is_left_out_is_there() {
    let all = [stages::CASES, rows::CASES, expectations::CASES, publish::CASES, trouble::CASES, kill::CASES];
    let names: Vec<_> = all.iter().copied().flatten().map(|it| it.0).collect();
    for left_out in OF_TABLES {
        assert!(names.iter().any(|it| it.ends_with(left_out)), "{left_out}");
    }
}

fn keep_duplicates(lab: &mut Lab) {
    lab.plan.stages.retain(|it| it.id != "companies.dedupe");
}

#[test]
fn no_row_is_in_the_database_before_it_is_published() {
    let lab = in_parts(|| Lab::with_companies(5_000));
    let sorted = lab.until("companies.sort").unwrap();
    assert_eq!((sorted.rows_read, sorted.rows_written, sorted.duplicates), (5_000, 4_500, 500));
    assert_eq!(lab.rows("SELECT count(*) FROM staging_greece_companies"), ["0"]);
    assert_eq!(lab.published(), Vec::<String>::new());
    assert_eq!(lab.stage("companies.publish").unwrap().rows_written, 4_500);
    assert_eq!(files_below(&lab.path("scratch")), Vec::<std::path::PathBuf>::new());
}

#[test]
fn several_rows_of_one_key_are_told() {
    let mut lab = in_parts(|| Lab::with_companies(20));
    keep_duplicates(&mut lab);
    let error = lab.until("companies.publish").unwrap_err();
    assert_eq!(error.to_string(), "staging of table `companies` holds 2 rows with the key reg = `R000008`");
    assert_eq!((error.code(), lab.published().len()), ("P0615", 0));
}

#[test]
fn split_gives_the_rows_of_unsplit() {
    let whole = Lab::with_companies(1_000);
    let _ = whole.until("companies.publish").unwrap();
    for parts in [2, 7] {
        let mut lab = in_parts(|| Lab::with_companies(1_000));
        lab.split("reg", parts);
        let _ = lab.until("cleanup").unwrap();
        // As an array of jobs: children in any order.
        lab.write_plan();
        for part in (0..parts).rev() {
            let _ = lab.child("companies.extract", part).unwrap();
        }
        let _ = lab.until("companies.publish").unwrap();
        assert_eq!(lab.published(), whole.published());
    }
}

#[test]
fn a_damaged_sorted_part_is_not_published() {
    let lab = in_parts(|| Lab::with_companies(3_000));
    let _ = lab.until("companies.sort").unwrap();
    let path = lab.path("objects").join("extracts/greece/r1/companies/sorted-00000-1.lz4");
    let whole = std::fs::read(&path).unwrap();
    let mut bytes = whole.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(lab.stage("companies.publish").unwrap_err().code(), "P0613");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(lab.stage("companies.publish").unwrap_err().code(), "P0613");
    assert_eq!(lab.published(), Vec::<String>::new());
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(lab.stage("companies.publish").unwrap().rows_written, 2_700);
}

#[test]
fn an_older_fence_publishes_nothing() {
    let lab = in_parts(|| Lab::with_companies(30));
    let _ = lab.until("companies.sort").unwrap();
    let _ = lab.target().execute("UPDATE sluice_fence SET fence = 7", []).unwrap();
    let fenced = WorkerError::Fence { pipeline: "greece".to_owned(), fence: 1, known: 7 };
    assert_eq!(lab.stage("companies.publish").unwrap_err(), fenced);
    assert_eq!(lab.published(), Vec::<String>::new());
}

#[test]
fn a_publish_without_sorted_parts_is_told() {
    let lab = in_parts(|| Lab::with_companies(3));
    let _ = lab.until("companies.extract").unwrap();
    assert_eq!(lab.stage("companies.publish").unwrap_err().code(), "P0613");
}

#[test]
fn a_disk_that_cant_be_written_is_told() {
    let lab = in_parts(|| Lab::with_companies(5_000));
    let _ = lab.until("companies.extract").unwrap();
    // Where the folder should be there is a file.
    std::fs::write(lab.path("scratch"), "").unwrap();
    let error = lab.stage("companies.sort").unwrap_err();
    assert_eq!((error.code(), error.transient()), ("P0628", false));
}

/// Keeps what is noted.
#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl Progress for Notes {
    fn advance(&self, _stage: &str, _rows: u64, _bytes: u64) {}
    fn total(&self, _stage: &str, _rows: u64) {}
    fn note(&self, stage: &str, note: &str) {
        self.0.lock().unwrap().push(format!("{stage}: {note}"));
    }
}

fn origin() -> Origin {
    Origin { file: "greece.pipe".to_owned(), line: 11 }
}

/// A change is one against the last run that succeeded, whichever way its rows went.
#[test]
fn a_change_is_seen_from_one_way_to_the_other() {
    use crate::Clock as _;
    let mut lab = in_parts(|| Lab::with_companies(100));
    if let Work::Verify { expectations, .. } = lab.work("companies.verify") {
        *expectations = vec![Expectation::Change { within_percent: 20, origin: origin() }];
    }
    let _ = lab.until("companies.extract").unwrap();
    let notes = Notes::default();
    assert!(lab.stage_with("companies.sort", &notes).is_ok());
    let told = notes.0.into_inner().unwrap();
    assert_eq!(told, ["companies.sort: greece.pipe:11: no earlier run to compare with"]);
    let run = lab.run.clone();
    let end = RunEnd {
        run: &run,
        status: RunStatus::Succeeded,
        execution: "e",
        started_at: 0,
        ended_at: 1,
        cause: None,
    };
    assert!(lab.runs().run_ended("greece", &end).unwrap());
    let _ = lab.source().execute("DELETE FROM companies WHERE reg >= 'R000070'", []).unwrap();
    for parts in [false, true] {
        lab.clock.sleep(std::time::Duration::from_hours(24));
        lab.next_run();
        lab.stage_in(parts);
        assert_eq!(
            lab.until("companies.verify").unwrap_err().to_string(),
            "greece.pipe:11: expected rows of `companies` within 20% of the last run, found 63, 30% fewer than the \
             90 of run `r1`"
        );
    }
}

/// Values of the columns `reg`, `country`, `name` and `updated_at`; some do not fit.
type Row = (Option<String>, Option<String>, Option<String>, Option<String>);

fn text(values: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    proptest::option::weighted(0.95, proptest::sample::select(values).prop_map(str::to_owned))
}

fn row() -> impl Strategy<Value = Row> {
    (
        text(&["A", "B", "b", "C ", "C", "Ä", "", "\\N", "A\u{0}", "A\u{0}B", "\u{10ffff}", "it's"]),
        text(&["GR", "GR", "GR", "GR", "IT", "GRE"]),
        text(&[
            "",
            "x",
            "\"quoted\", with, commas",
            "line\nbreak",
            "\\N",
            "\\",
            "🦀",
            "at most twenty characters",
        ]),
        text(&[
            "2026-01-01 00:00:00",
            "2026-01-01T00:00:00Z",
            "2026-01-01 00:00:00.5",
            "2025-12-31 23:59:59",
            "never",
        ]),
    )
}

#[derive(Debug, Clone)]
struct Way {
    dedupe: Option<(Vec<&'static str>, Keep)>,
    key: Vec<&'static str>,
    mode: PublishMode,
    country: bool,
    parts: u32,
    number: ColumnType,
}

fn way() -> impl Strategy<Value = Way> {
    let column = || "updated_at".to_owned();
    let keep = prop_oneof![
        Just(Keep::Newest { column: column() }),
        Just(Keep::Oldest { column: column() }),
        Just(Keep::Newest { column: "number".to_owned() }),
        Just(Keep::Oldest { column: "number".to_owned() }),
        Just(Keep::First)
    ];
    let by = prop_oneof![
        3 => Just(vec!["reg"]),
        1 => Just(vec!["country", "reg"]),
        1 => Just(vec!["name"]),
        1 => Just(vec!["updated_at", "country"]),
    ];
    let key = prop_oneof![4 => Just(vec!["reg"]), 2 => Just(vec!["reg", "country"]), 1 => Just(Vec::new())];
    let mode = prop_oneof![Just(PublishMode::Upsert), Just(PublishMode::Append), Just(PublishMode::Replace)];
    let number =
        prop_oneof![Just(ColumnType::Integer), Just(ColumnType::Decimal { precision: 6, scale: 2 }),];
    (proptest::option::weighted(0.8, (by, keep)), key, mode, proptest::bool::weighted(0.2), 1u32..4, number)
        .prop_map(|(dedupe, key, mode, country, parts, number)| Way {
            dedupe,
            key,
            mode,
            country,
            parts,
            number,
        })
}

fn prepared(rows: &[(Row, i32)], way: &Way) -> Lab {
    let mut lab = Lab::with_source("ALTER TABLE companies ADD COLUMN number");
    let source = lab.source();
    for (place, ((reg, country, name, updated_at), number)) in rows.iter().enumerate() {
        let values = (i64::try_from(place).unwrap(), reg, country, name, updated_at, number);
        let _ = source.execute("INSERT INTO companies VALUES (?1, ?2, ?3, ?4, ?5, ?6)", values).unwrap();
    }
    let table = lab.plan.tables.get_mut("companies").unwrap();
    for column in &mut table.columns {
        column.key = way.key.contains(&column.name.as_str());
    }
    let mut number = table.columns[2].clone();
    (number.name, number.kind, number.key) = ("number".to_owned(), way.number, false);
    table.columns.push(number);
    lab.query("SELECT id, reg, country, name, updated_at, number FROM companies ORDER BY id");
    let mut id = lab.plan.tables["companies"].columns[2].clone();
    (id.name, id.kind, id.key) = ("id".to_owned(), ColumnType::Integer, false);
    lab.plan.tables.get_mut("companies").unwrap().columns.push(id);
    if way.parts > 1 {
        lab.split("id", way.parts);
    }
    lab.plan.stages.retain(|it| it.id != "companies.translate");
    match &way.dedupe {
        None => keep_duplicates(&mut lab),
        Some((columns, kept)) => {
            if let Work::Dedupe { by, keep, .. } = lab.work("companies.dedupe") {
                *by = columns.iter().map(|it| (*it).to_owned()).collect();
                *keep = kept.clone();
            }
        }
    }
    if let Work::Publish { mode, country_column, .. } = lab.work("companies.publish") {
        *mode = way.mode.clone();
        *country_column = way.country.then(|| "country".to_owned());
    }
    lab
}

/// What a way comes to: the figures of load and dedupe, of publish, what failed, the rejects and the target's rows.
#[derive(Debug, PartialEq)]
struct Outcome {
    counted: Option<(Statistics, u64)>,
    published: Result<Statistics, WorkerError>,
    rejects: Vec<(String, Vec<String>)>,
    rows: Vec<String>,
}

fn counts(statistics: Statistics) -> Statistics {
    Statistics { attempts: 0, milliseconds: 0, ..statistics }
}

fn outcome(lab: &Lab, parts: bool) -> Outcome {
    let published = lab.until("companies.publish").map(counts);
    let figures = |stage: &str| {
        let record = lab.runs().stage("greece", &lab.run, stage).unwrap()?;
        (record.status == sluice_contract::runs::StageStatus::Done).then(|| counts(record.statistics))
    };
    let counted = if parts {
        figures("companies.sort").map(|it| (it, it.rows_written))
    } else {
        figures("companies.load").filter(|_| figures("companies.verify").is_some()).map(|load| {
            let dedupe = figures("companies.dedupe").unwrap_or(load);
            let sum = Statistics { rows_written: dedupe.rows_written, duplicates: dedupe.duplicates, ..load };
            (sum, figures("companies.verify").unwrap().rows_read)
        })
    };
    let folder = lab.path("objects").join("rejects");
    let mut rejects: Vec<_> = files_below(&folder)
        .into_iter()
        .map(|it| {
            let key = it.strip_prefix(lab.path("objects")).unwrap().to_str().unwrap().to_owned();
            let lines = lab.part(&key);
            (key, lines)
        })
        .collect();
    rejects.sort();
    Outcome { counted, published, rejects, rows: lab.rows("SELECT * FROM companies ORDER BY id") }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Twice, so that the second run meets rows that are published.
    #[test]
    fn both_ways_give_the_same_rows_rejects_and_figures(
        first in proptest::collection::vec((row(), -3i32..3), 0..40),
        second in proptest::collection::vec((row(), -3i32..3), 0..20),
        way in way(),
    ) {
        let least = |lab: &mut Lab| {
            if let Work::Verify { expectations, .. } = lab.work("companies.verify") {
                let columns = || vec!["name".to_owned(), "updated_at".to_owned()];
                *expectations = vec![
                    Expectation::Rows { least: 2, most: 30, origin: origin() },
                    Expectation::Rejected { below_percent: 90, origin: origin() },
                ];
                if second.len().is_multiple_of(4) {
                    expectations.push(Expectation::Unique { columns: columns(), origin: origin() });
                    expectations.push(Expectation::NoNulls { columns: columns(), origin: origin() });
                }
            }
        };
        let mut labs = [prepared(&first, &way), in_parts(|| prepared(&first, &way))];
        for lab in &mut labs {
            least(lab);
        }
        let [database, parts] = &mut labs;
        prop_assert_eq!(outcome(database, false), outcome(parts, true));
        for lab in [&mut *database, &mut *parts] {
            let source = lab.source();
            let _ = source.execute("DELETE FROM companies WHERE id % 3 = 0", []).unwrap();
            for (place, ((reg, country, name, updated_at), number)) in second.iter().enumerate() {
                let values = (i64::try_from(place).unwrap() + 100, reg, country, name, updated_at, number);
                let _ = source.execute("INSERT INTO companies VALUES (?1, ?2, ?3, ?4, ?5, ?6)", values).unwrap();
            }
            lab.next_run();
        }
        prop_assert_eq!(outcome(database, false), outcome(parts, true));
    }
}
