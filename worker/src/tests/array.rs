//! A stage as an array of jobs: what the children make is what one job makes, whoever is lost on the way.

use proptest::prelude::*;
use sluice_contract::{
    dynamodb::UpdateItem,
    runs::{self, StageStatus},
    statistics::Statistics,
};

use super::harness::{Case, Lab, cases, few};
use crate::WorkerError;

pub(super) const CASES: &[Case] = cases![
    the_last_child_ends_the_stage_with_the_sum,
    children_that_begin_at_once_agree_on_the_cuts_and_on_the_end,
    the_attempt_after_a_lost_last_child_ends_the_stage,
    a_child_that_was_taken_over_changes_no_part,
    whatever_order_children_come_in_the_rows_are_those_of_one_job,
    a_job_takes_a_freed_lock_back_and_gives_way_to_another,
];

const EXTRACT: &str = "companies.extract";
const LOAD: &str = "companies.load";

/// A lab that has come as far as its extract, of that many parts.
fn lab(parts: u32) -> Lab {
    let mut lab = Lab::with_companies(60);
    lab.split("reg", parts);
    let _ = lab.stage("cleanup").unwrap();
    lab
}

fn status(lab: &Lab, stage: &str) -> StageStatus {
    lab.runs().stage("greece", &lab.run, stage).unwrap().unwrap().status
}

fn figures(lab: &Lab, stage: &str) -> Statistics {
    let counted = lab.runs().stage("greece", &lab.run, stage).unwrap().unwrap().statistics;
    // How long it took and how often it was begun depends on who is lost.
    Statistics { milliseconds: 0, attempts: 0, ..counted }
}

fn staged(lab: &Lab) -> Vec<String> {
    lab.rows("SELECT reg, country, name, updated_at, _part, _line FROM staging_greece_companies ORDER BY _part, _line")
}

/// What one job makes of it.
fn whole(parts: u32) -> (Statistics, Statistics, Vec<String>) {
    let lab = lab(parts);
    let _ = lab.stage(EXTRACT).unwrap();
    let _ = lab.stage(LOAD).unwrap();
    (figures(&lab, EXTRACT), figures(&lab, LOAD), staged(&lab))
}

#[test]
fn the_last_child_ends_the_stage_with_the_sum() {
    let lab = lab(4);
    for part in [2, 0, 3] {
        let own = lab.child(EXTRACT, part).unwrap();
        assert_eq!(own.parts, 1);
        assert_eq!(status(&lab, EXTRACT), StageStatus::Running);
    }
    let all = lab.child(EXTRACT, 1).unwrap();
    assert_eq!((all.rows_read, all.parts, all.attempts), (60, 4, 1));
    assert_eq!(status(&lab, EXTRACT), StageStatus::Done);
    assert_eq!(figures(&lab, EXTRACT), whole(4).0);
}

#[test]
fn children_beyond_the_data_find_nothing_to_do() {
    let mut lab = Lab::with_companies(60);
    // Two values can't be cut into eight.
    lab.source()
        .execute_batch("UPDATE companies SET country = CASE WHEN id < 30 THEN 'GR' ELSE 'CY' END")
        .unwrap();
    lab.split("country", 8);
    let _ = lab.stage("cleanup").unwrap();
    for part in (0..8).rev() {
        let _ = lab.child(EXTRACT, part).unwrap();
    }
    assert_eq!(status(&lab, EXTRACT), StageStatus::Done);
    assert!(figures(&lab, EXTRACT).parts < 8);
    assert_eq!(figures(&lab, EXTRACT).rows_read, 60);
}

#[test]
fn children_that_begin_at_once_agree_on_the_cuts_and_on_the_end() {
    let lab = lab(6);
    std::thread::scope(|scope| {
        for part in 0..6 {
            let lab = &lab;
            let _ = scope.spawn(move || lab.child(EXTRACT, part).unwrap());
        }
    });
    std::thread::scope(|scope| {
        for part in 0..6 {
            let lab = &lab;
            let _ = scope.spawn(move || lab.child(LOAD, part).unwrap());
        }
    });
    assert_eq!((figures(&lab, EXTRACT), figures(&lab, LOAD), staged(&lab)), whole(6));
}

/// The record of a stage as a child leaves it that is lost between the record of its part and the stage's end.
fn lose_the_end(lab: &Lab, stage: &str) {
    let items = rusqlite::Connection::open(lab.path("items.db")).unwrap();
    let changed = items
        .execute(
            "UPDATE items SET item = json_set(item, '$.status.S', 'running') WHERE sk = ?1",
            [format!("RUN#{}#STAGE#{stage}", lab.run)],
        )
        .unwrap();
    assert_eq!(changed, 1);
}

#[test]
fn the_attempt_after_a_lost_last_child_ends_the_stage() {
    for again in 0..3 {
        let lab = lab(3);
        for stage in [EXTRACT, LOAD] {
            for part in 0..3 {
                let _ = lab.child(stage, part).unwrap();
            }
            lose_the_end(&lab, stage);
            let _ = lab.child(stage, again).unwrap();
            assert_eq!(status(&lab, stage), StageStatus::Done);
        }
        assert_eq!((figures(&lab, EXTRACT), figures(&lab, LOAD), staged(&lab)), whole(3));
    }
}

#[test]
fn a_resumed_array_does_what_failed_and_nothing_else() {
    let mut lab = lab(3);
    let sql = "SELECT reg, country, name, updated_at FROM companies";
    lab.query(sql);
    let _ = lab.stage("cleanup").unwrap();
    let _ = lab.child(EXTRACT, 0).unwrap();
    lab.query("SELECT reg, country, name, updated_at FROM companies_that_are_gone");
    lab.write_plan();
    let error = lab.child(EXTRACT, 1).unwrap_err();
    let failed = lab.runs().stage("greece", "r1", EXTRACT).unwrap().unwrap();
    assert_eq!((failed.status, failed.code.as_deref()), (StageStatus::Failed, Some(error.code())));
    lab.query(sql);
    lab.write_plan();
    // Another child's end does not hide what failed.
    let _ = lab.child(EXTRACT, 2).unwrap();
    assert_eq!(status(&lab, EXTRACT), StageStatus::Failed);
    lab.fence = 2;
    let _ = lab.source().execute("UPDATE companies SET name = 'changed ' || id", []).unwrap();
    for part in 0..3 {
        let _ = lab.child(EXTRACT, part).unwrap();
    }
    let done = lab.runs().stage("greece", "r1", EXTRACT).unwrap().unwrap();
    assert_eq!((done.status, done.cause, done.statistics.rows_read), (StageStatus::Done, None, 60));
    let part = |number: u32, fence| {
        lab.part(&format!("extracts/greece/r1/companies/part-{number:05}-{fence}.csv.gz"))
    };
    assert!(!part(0, 1)[1].contains("changed"));
    assert!(part(1, 2)[1].contains("changed"));
    assert!(!part(2, 1)[1].contains("changed"));
}

#[test]
fn a_child_that_was_taken_over_changes_no_part() {
    let mut lab = lab(2);
    lab.fence = 2;
    let _ = lab.child(EXTRACT, 0).unwrap();
    let _ = lab.child(EXTRACT, 1).unwrap();
    let parts = lab.runs().parts(&key()).unwrap();
    lose_the_end(&lab, EXTRACT);
    lab.fence = 1;
    let refused = WorkerError::Fence { pipeline: "greece".to_owned(), fence: 1, known: 2 };
    assert_eq!(lab.child(EXTRACT, 0).unwrap_err(), refused);
    let stale = runs::PartRecord { part: 0, fence: 1, rows: 0, bytes: 0, sha256: "stale".to_owned() };
    assert!(!lab.runs().part_done(&key(), &stale, 0).unwrap());
    assert_eq!(lab.runs().parts(&key()).unwrap(), parts);
}

fn key() -> runs::StageKey<'static> {
    runs::StageKey { pipeline: "greece", run: "r1", stage: EXTRACT }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: few(24), ..ProptestConfig::default() })]

    /// Attempts in any order, some twice, some lost before they could end the stage.
    #[test]
    fn whatever_order_children_come_in_the_rows_are_those_of_one_job(
        attempts in proptest::collection::vec((0u32..4, proptest::bool::weighted(0.3)), 0..12),
    ) {
        let lab = lab(4);
        for stage in [EXTRACT, LOAD] {
            for (part, lost) in &attempts {
                let _ = lab.child(stage, *part).unwrap();
                if *lost {
                    lose_the_end(&lab, stage);
                }
            }
            // Batch tries each child until it has ended.
            for part in 0..4 {
                let _ = lab.child(stage, part).unwrap();
            }
            prop_assert_eq!(status(&lab, stage), StageStatus::Done);
        }
        prop_assert_eq!((figures(&lab, EXTRACT), figures(&lab, LOAD), staged(&lab)), whole(4));
    }
}

/// Writes the lock as the state machine would.
fn lock(lab: &Lab, expression: &str, values: &[(&str, sluice_contract::dynamodb::AttributeValue)]) {
    let used = |name: &&str| expression.contains(*name);
    let request = UpdateItem {
        table_name: "test-runs".to_owned(),
        key: runs::key("PIPELINE#greece", runs::LOCK),
        update_expression: expression.to_owned(),
        condition_expression: None,
        expression_attribute_names: runs::names(
            &["owner", "run", "fence"].into_iter().filter(used).collect::<Vec<_>>(),
        ),
        expression_attribute_values: values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        return_values: None,
    };
    let _ = lab.site.items.update_item(&request).unwrap();
}

#[test]
fn a_job_takes_a_freed_lock_back_and_gives_way_to_another() {
    let lab = lab(2);
    lock(&lab, "SET #owner = :me, #fence = :fence", &[(":me", "r1".into()), (":fence", 1.into())]);
    let _ = lab.child(EXTRACT, 0).unwrap();
    // The execution failed, `watch` freed the lock, and the execution is redriven.
    assert!(lab.runs().free_lock("greece", "r1").unwrap());
    let _ = lab.child(EXTRACT, 1).unwrap();
    assert_eq!(lab.runs().lock("greece").unwrap().unwrap().owner.as_deref(), Some("r1"));
    // It failed again, and another run has been since.
    lock(&lab, "SET #fence = :fence REMOVE #owner", &[(":fence", 2.into())]);
    let refused = WorkerError::Fence { pipeline: "greece".to_owned(), fence: 1, known: 2 };
    assert_eq!(lab.stage(LOAD).unwrap_err(), refused);
    assert_eq!(lab.runs().lock("greece").unwrap().unwrap().owner, None);
}
