//! Whole pipelines, stage by stage, undisturbed and killed.

use std::{process::Command, thread, time::Duration};

use sluice_contract::job::EXIT_TRY_AGAIN;

use crate::{bucket::Account, support::told};

/// Enough for several pieces of an upload.
const LARGE: u32 = 55_000;

fn done(command: &mut Command) -> String {
    let told = told(command);
    assert_eq!(told.code, Some(0), "{}", told.err);
    assert!(told.out.starts_with('{'), "{}", told.out);
    told.err
}

#[test]
fn a_pipeline_goes_through_stage_by_stage() {
    let account = Account::new(3000, None);
    for stage in ["cleanup", "companies.extract", "companies.load", "companies.publish"] {
        let log = done(&mut account.job(stage, 1, None));
        assert!(log.contains(&format!("note: {stage}: run r1, job job-1, attempt 2")), "{log}");
        assert_eq!(log.matches("\"CloudWatchMetrics\"").count(), 1, "{log}");
        assert!(log.contains(&format!("\"Pipeline\":\"greece\",\"Stage\":\"{stage}\"")), "{log}");
        // Done is done: it is counted once.
        let log = done(&mut account.job(stage, 1, None));
        assert!(!log.contains("CloudWatchMetrics"), "{log}");
    }
    assert_eq!(account.place.published(), account.place.expected());
    assert!(account.keys().contains(&"extracts/greece/r1/companies/part-00000-1.csv.gz".to_owned()));
    assert!(!account.place.folder().join("objects").exists(), "a container has no disk to write to");
    assert!(account.emulator.items().to_string().contains("companies.publish"));
}

#[test]
fn the_children_of_an_array_share_the_work() {
    let account = Account::new(3000, Some(3));
    let _ = done(&mut account.job("cleanup", 1, None));
    for stage in ["companies.extract", "companies.load"] {
        let children: Vec<_> = (0..3).map(|it| account.job(stage, 1, Some(it)).spawn().unwrap()).collect();
        let logs: Vec<_> = children
            .into_iter()
            .map(|it| {
                let ended = it.wait_with_output().unwrap();
                let err = String::from_utf8(ended.stderr).unwrap();
                assert_eq!(ended.status.code(), Some(0), "{err}");
                err
            })
            .collect();
        assert!(logs.iter().any(|it| it.contains("CloudWatchMetrics")), "{stage}: {logs:?}");
    }
    let _ = done(&mut account.job("companies.publish", 1, None));
    assert_eq!(account.place.published(), account.place.expected());
    assert_eq!(account.keys().iter().filter(|it| it.contains("/part-")).count(), 3);
}

/// Starts the extract of a large table, and gives its process once pieces are on their way.
fn uploading(account: &Account) -> std::process::Child {
    let _ = done(&mut account.job("cleanup", 1, None));
    let mut child = account.job("companies.extract", 1, None).spawn().unwrap();
    while account.uploads().is_empty() {
        assert_eq!(child.try_wait().unwrap(), None, "it ended before it was disturbed");
        thread::sleep(Duration::from_millis(10));
    }
    child
}

fn go_on(account: &Account, fence: i64) {
    for stage in ["companies.extract", "companies.load", "companies.publish"] {
        let _ = done(&mut account.job(stage, fence, None));
    }
    assert_eq!(account.uploads(), Vec::<String>::new());
    assert_eq!(account.place.published(), account.place.expected());
}

#[test]
fn killed_in_an_upload_the_next_attempt_leaves_nothing_behind() {
    // By the same job's next attempt, and by a resumed run with a greater fence.
    for fence in [1, 2] {
        let account = Account::new(LARGE, None);
        let mut child = uploading(&account);
        child.kill().unwrap();
        let _ = child.wait().unwrap();
        assert_eq!(account.uploads().len(), 1);
        go_on(&account, fence);
    }
}

#[test]
fn stopped_in_an_upload_the_worker_aborts_it_and_asks_for_another_attempt() {
    let account = Account::new(LARGE, None);
    let child = uploading(&account);
    let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let ended = child.wait_with_output().unwrap();
    let err = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(EXIT_TRY_AGAIN), "{err}");
    assert_eq!(account.uploads(), Vec::<String>::new());
    go_on(&account, 1);
}
