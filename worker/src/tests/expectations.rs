//! Expectations that need more than a count of rows, and what a run knows of the one before it.

use sluice_contract::{
    plan::{Expectation, Origin, Work},
    runs::{RunEnd, RunStatus},
};

use super::harness::{Case, Lab, cases};
use crate::{Progress, WorkerError};

pub(super) const CASES: &[Case] = cases![
    unique_names_a_value_that_is_not,
    the_share_of_rejected_rows_is_that_of_this_runs_load,
    a_change_is_one_against_the_last_run_that_succeeded,
    since_is_the_start_of_the_last_run_that_succeeded,
];

fn origin() -> Origin {
    Origin { file: "greece.pipe".to_owned(), line: 11 }
}

fn expect(lab: &mut Lab, expectation: Expectation) {
    if let Work::Verify { expectations, .. } = lab.work("companies.verify") {
        *expectations = vec![expectation];
    }
}

/// What `watch` writes when a run has ended.
fn succeeded(lab: &Lab) {
    let end = RunEnd {
        run: &lab.run,
        status: RunStatus::Succeeded,
        execution: "e",
        started_at: 0,
        ended_at: 1,
        cause: None,
    };
    assert!(lab.runs().run_ended("greece", &end).unwrap());
}

fn later(lab: &mut Lab) {
    use crate::Clock as _;
    lab.clock.sleep(std::time::Duration::from_hours(24));
    lab.next_run();
}

fn refused(lab: &Lab) -> String {
    let error = lab.until("companies.verify").unwrap_err();
    assert_eq!(error.code(), "P0606");
    error.to_string()
}

#[test]
fn unique_names_a_value_that_is_not() {
    let mut lab = Lab::with_source(
        "INSERT INTO companies VALUES (1, 'A', 'GR', 'x', NULL), (2, 'B', 'GR', 'x', NULL), (3, 'C', 'GR', 'y', NULL),
         (4, 'D', 'GR', 'y', NULL), (5, 'E', NULL, 'z', NULL), (6, 'F', NULL, 'z', NULL)",
    );
    let unique = |columns: &[&str]| Expectation::Unique {
        columns: columns.iter().map(|it| (*it).to_owned()).collect(),
        origin: origin(),
    };
    expect(&mut lab, unique(&["name", "country"]));
    assert_eq!(
        refused(&lab),
        "greece.pipe:11: expected unique `name`, `country` in `companies`, 2 values stand in several rows: \
         such as name = `x`, country = `GR`"
    );
    expect(&mut lab, unique(&["reg"]));
    assert!(lab.stage("companies.verify").is_ok());
}

#[test]
fn the_share_of_rejected_rows_is_that_of_this_runs_load() {
    let mut lab = Lab::with_companies(100);
    let _ = lab.source().execute("UPDATE companies SET country = 'GRE' WHERE id < 3", []).unwrap();
    expect(&mut lab, Expectation::Rejected { below_percent: 3, origin: origin() });
    assert_eq!(
        refused(&lab),
        "greece.pipe:11: expected below 3% of the rows of `companies` rejected, 3 of 100 were (3%)"
    );
    expect(&mut lab, Expectation::Rejected { below_percent: 4, origin: origin() });
    assert!(lab.stage("companies.verify").is_ok());
}

/// Keeps what is noted.
#[derive(Default)]
struct Notes(std::sync::Mutex<Vec<String>>);

impl Progress for Notes {
    fn advance(&self, _stage: &str, _rows: u64, _bytes: u64) {}
    fn total(&self, _stage: &str, _rows: u64) {}
    fn note(&self, stage: &str, note: &str) {
        self.0.lock().unwrap().push(format!("{stage}: {note}"));
    }
}

#[test]
fn a_change_is_one_against_the_last_run_that_succeeded() {
    let mut lab = Lab::with_companies(100);
    expect(&mut lab, Expectation::Change { within_percent: 20, origin: origin() });
    let _ = lab.until("companies.dedupe").unwrap();
    let notes = Notes::default();
    assert!(lab.stage_with("companies.verify", &notes).is_ok());
    let told = notes.0.into_inner().unwrap();
    assert_eq!(told, ["companies.verify: greece.pipe:11: no earlier run to compare with"]);
    succeeded(&lab);

    // 90 rows are left of 100, the tenths being duplicates; 70 are too few.
    later(&mut lab);
    let _ = lab.source().execute("DELETE FROM companies WHERE reg >= 'R000070'", []).unwrap();
    assert_eq!(
        refused(&lab),
        "greece.pipe:11: expected rows of `companies` within 20% of the last run, found 63, 30% fewer than the 90 of run `r1`"
    );
    // That one failed, so it is still the first run that counts.
    later(&mut lab);
    let _ = lab
        .source()
        .execute(
            "INSERT INTO companies SELECT id, 'S' || id, country, name, NULL FROM companies WHERE id < 9",
            [],
        )
        .unwrap();
    assert!(lab.until("companies.verify").is_ok());
}

#[test]
fn since_is_the_start_of_the_last_run_that_succeeded() {
    let mut lab = Lab::with_source(
        "INSERT INTO companies VALUES (1, 'A', 'GR', 'a', '2020-01-01 00:00:00'), (2, 'B', 'GR', 'b', '2026-11-22 13:14:14'),
         (3, 'C', 'GR', 'c', '2026-11-22 13:14:16')",
    );
    lab.query("SELECT reg, country, :since AS name, updated_at FROM companies WHERE updated_at >= :since");
    assert_eq!(lab.until("companies.publish").unwrap().rows_written, 3);
    assert_eq!(lab.rows("SELECT DISTINCT name FROM companies"), ["1970-01-01 00:00:00"]);
    succeeded(&lab);
    later(&mut lab);
    assert_eq!(lab.until("companies.publish").unwrap().rows_written, 1);
    assert_eq!(lab.rows("SELECT name FROM companies WHERE reg = 'C'"), ["2026-11-22 13:14:15"]);
}

#[test]
fn a_query_may_name_nothing_else() {
    let mut lab = Lab::with_companies(3);
    lab.query("SELECT reg, country, name, updated_at FROM companies WHERE updated_at >= :sinse");
    let error = lab.until("companies.extract").unwrap_err();
    assert!(matches!(error, WorkerError::Query { .. }), "{error}");
}
