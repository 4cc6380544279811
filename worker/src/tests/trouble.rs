//! What stops a stage, and what it leaves behind.

use std::sync::atomic::Ordering;

use sluice_contract::{
    dynamodb::{DeleteItem, GetItem, Item, ItemStore, ItemStoreError, PutItem, QueryPrefix, UpdateItem},
    plan::{ColumnType, Origin},
    runs::{RunStatus, StageFailure, StageKey, StageStatus},
};

use super::harness::{Case, Lab, cases};
use crate::WorkerError;

pub(super) const CASES: &[Case] = cases![
    what_may_pass_is_tried_again_with_waits,
    a_resumed_run_is_running_again,
    a_damaged_part_is_not_loaded,
    a_cleanup_that_was_taken_for_lost_empties_nothing,
    a_resumed_cleanup_makes_a_table_anew_that_is_declared_otherwise,
    a_stage_that_another_worker_has_done_stays_done,
    an_older_fence_writes_nothing,
    a_run_that_was_taken_over_does_not_start_a_stage,
    a_run_does_not_go_on_with_the_staging_of_a_newer_one,
    a_runs_table_that_cant_be_reached_is_told_and_nothing_is_touched,
];

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
        execution: "e".to_owned(),
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
fn a_cleanup_that_was_taken_for_lost_empties_nothing() {
    let mut lab = Lab::with_companies(30);
    let _ = lab.until("companies.verify").unwrap();
    // It looked at the stage's record before the other worker had written it, and goes on now.
    lab.forget("cleanup");
    let _ = lab.stage("cleanup").unwrap();
    let _ = lab.stage("companies.publish").unwrap();
    assert_eq!(lab.published().len(), 27);
    lab.next_run();
    assert_eq!(lab.until("companies.publish").unwrap().rows_written, 27);
}

#[test]
fn a_resumed_cleanup_makes_a_table_anew_that_is_declared_otherwise() {
    let mut lab = Lab::with_companies(30);
    let _ = lab.stage("cleanup").unwrap();
    // It had failed at another table, and the program was corrected.
    lab.forget("cleanup");
    lab.plan.tables.get_mut("companies").unwrap().columns[2].kind = ColumnType::Text { length: 21 };
    let _ = lab.stage("cleanup").unwrap();
    let _ = lab.until("companies.publish").unwrap();
    assert_eq!(lab.published().len(), 27);
}

#[test]
fn a_stage_that_another_worker_has_done_stays_done() {
    let lab = Lab::with_companies(30);
    let counted = lab.until("companies.extract").unwrap();
    let at = StageKey { pipeline: "greece", run: "r1", stage: "companies.extract" };
    let why = StageFailure { code: "P0631", cause: "the line was cut", help: "" };
    assert_eq!(lab.runs().stage_failed(&at, 1, &why, 9), Ok(false));
    let origin = Origin { file: "greece.pipe".into(), line: 1 };
    assert_eq!(lab.runs().stage_started(&at, &origin, 1, 9), Ok(false));
    let record = lab.runs().stage("greece", "r1", at.stage).unwrap().unwrap();
    assert_eq!((record.status, record.statistics), (StageStatus::Done, counted));
}

#[test]
fn a_damaged_part_is_not_loaded() {
    let lab = Lab::with_companies(20);
    let _ = lab.until("companies.extract").unwrap();
    let path = lab.path("objects").join("extracts/greece/r1/companies/part-00000-1.csv.gz");
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
fn an_older_fence_writes_nothing() {
    let mut lab = Lab::with_companies(30);
    let _ = lab.until("companies.dedupe").unwrap();
    // Another run has taken over and got as far as its cleanup.
    lab.change_target("UPDATE sluice_fence SET fence = 7");
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
    assert!(lab.is_target_untouched());
}
