//! A stage that is stopped anywhere and tried again ends as if it had never been stopped.

use std::sync::{Arc, atomic::AtomicU64, atomic::Ordering};

use proptest::prelude::*;
use sluice_contract::{plan::Staging, runs::StageStatus, statistics::Statistics};

use super::harness::{Case, Lab, StopAfter, cases, few, on_sqlite, staging};
use crate::WorkerError;

const ROWS: u32 = 30_000;

pub(super) const CASES: &[Case] = cases![
    stopped_after_any_number_of_batches,
    what_was_committed_but_not_recorded_is_counted_once,
    a_stop_before_the_start_starts_nothing,
    two_workers_at_one_stage_do_it_once,
];

/// All but what differs between attempts.
fn counts(statistics: Statistics) -> Statistics {
    Statistics { attempts: 0, milliseconds: 0, ..statistics }
}

fn undisturbed() -> &'static (Vec<Statistics>, Vec<String>) {
    static UNDISTURBED: [std::sync::OnceLock<(Vec<Statistics>, Vec<String>)>; 2] =
        [const { std::sync::OnceLock::new() }; 2];
    let way = staging();
    UNDISTURBED[usize::from(way == Staging::Parts)].get_or_init(|| {
        on_sqlite(|| {
            let mut lab = Lab::with_companies(ROWS);
            lab.split("updated_at", 4);
            let counted = lab.plan.stages.iter().map(|it| counts(lab.stage(&it.id).unwrap())).collect();
            (counted, lab.published())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(few(16)))]

    #[test]
    fn stopped_after_any_number_of_batches(stops in proptest::collection::vec(0u64..12, 1..4)) {
        let mut lab = Lab::with_companies(ROWS);
        lab.split("updated_at", 4);
        let (figures, rows) = undisturbed();
        for (stage, expected) in lab.plan.stages.iter().zip(figures) {
            for calls in &stops {
                let stop = StopAfter { calls: AtomicU64::new(*calls), cancelled: Arc::clone(&lab.site.cancelled) };
                match lab.stage_with(&stage.id, &stop) {
                    Ok(_) => {}
                    Err(error) => {
                        prop_assert_eq!(&error, &WorkerError::Stopped);
                        prop_assert!(error.transient());
                        let record = lab.runs().stage("greece", "r1", lab.id(&stage.id)).unwrap().unwrap();
                        prop_assert_eq!(record.status, StageStatus::Failed);
                    }
                }
                lab.site.cancelled.store(false, Ordering::Relaxed);
            }
            prop_assert_eq!(counts(lab.stage(&stage.id).unwrap()), *expected, "{}", stage.id);
        }
        prop_assert_eq!(&lab.published(), rows);
    }
}

#[test]
fn what_was_committed_but_not_recorded_is_counted_once() {
    let mut lab = Lab::with_companies(ROWS);
    lab.split("updated_at", 4);
    let (figures, rows) = undisturbed();
    // The runs table forgets every end of a stage: the process died between the commit and the record.
    for (stage, expected) in lab.plan.stages.iter().zip(figures) {
        for _ in 0..2 {
            let counted = lab.stage(&stage.id).unwrap();
            if stage.id != "cleanup" {
                assert_eq!(counts(counted), *expected, "{}", stage.id);
            }
            let items = rusqlite::Connection::open(lab.path("items.db")).unwrap();
            let sk = format!("RUN#r1#STAGE#{}", lab.id(&stage.id));
            let _ = items.execute("DELETE FROM items WHERE sk = ?1", [sk]).unwrap();
        }
    }
    assert_eq!(&lab.published(), rows);
}

#[test]
fn a_stop_before_the_start_starts_nothing() {
    let lab = Lab::with_companies(10);
    lab.site.cancelled.store(true, Ordering::Relaxed);
    assert_eq!(lab.stage("cleanup").unwrap_err(), WorkerError::Stopped);
    assert!(lab.is_target_untouched());
}

#[test]
fn two_workers_at_one_stage_do_it_once() {
    let mut lab = Lab::with_companies(ROWS);
    lab.split("updated_at", 4);
    let _ = lab.until("companies.extract").unwrap();
    for stage in
        ["companies.load", "companies.translate", "companies.dedupe", "companies.verify", "companies.publish"]
    {
        let lab = &lab;
        std::thread::scope(|scope| {
            let both = [scope.spawn(move || lab.stage(stage)), scope.spawn(move || lab.stage(stage))];
            for one in both {
                let _ = one.join().unwrap().unwrap_or_else(|error| panic!("{stage}: {error}"));
            }
        });
    }
    assert_eq!(lab.published(), undisturbed().1);
}
