//! Back to the version before, with the job definitions that it names.

use serde_json::{Value, json};

use crate::account::{Account, told};

/// The revisions that are active, and the one that the deployed machine names.
fn revisions(account: &Account) -> (Vec<u64>, u64) {
    let things = account.things();
    let active = things["definitions"].as_array().unwrap().iter().map(|it| it.as_str().unwrap());
    let number = |text: &str| -> u64 { text.rsplit(':').next().unwrap().parse().unwrap() };
    let mut active: Vec<u64> = active.map(number).collect();
    active.sort_unstable();
    let machine = things["machines"]["credit-reports-greece"].to_string();
    let named = machine.split("job-definition/credit-reports-greece:").skip(1);
    let mut named: Vec<u64> =
        named.map(|it| it.split('"').next().unwrap().trim_end_matches('\\').parse().unwrap()).collect();
    named.dedup();
    assert_eq!(named.len(), 1, "every job is of one revision");
    (active, named[0])
}

fn size(account: &Account, from: u32, to: u32) {
    let compute = |it| format!("    compute {it} vcpu {} GB\n", 4 * it);
    let text = std::fs::read_to_string(account.path("pipelines/greece.pipe")).unwrap();
    let text = if text.contains(&compute(from)) {
        text.replace(&compute(from), &compute(to))
    } else {
        let (head, rest) = text.split_once("{\n").unwrap();
        format!("{head}{{\n{}{rest}", compute(to))
    };
    std::fs::write(account.path("pipelines/greece.pipe"), text).unwrap();
    account.build();
}

fn back(account: &Account) -> String {
    told(&account.sluice(&["rollback", "greece", "--environment", "test"]))
}

#[test]
fn a_rollback_brings_back_what_the_jobs_were_given() {
    let account = Account::with(&["greece"]);
    size(&account, 0, 2);
    let _ = account.deploy();
    assert_eq!(revisions(&account), (vec![1], 1));
    // A job definition alone makes a version of the machine.
    size(&account, 2, 4);
    let plan = account.plan(&[]);
    let kinds: Vec<_> = plan["changes"].as_array().unwrap().iter().map(|it| it["kind"].clone()).collect();
    assert_eq!(kinds, [json!("job definition"), json!("state machine")], "{plan:#}");
    let _ = account.deploy();
    assert_eq!(revisions(&account), (vec![1, 2], 2));
    assert_eq!(account.plan(&["--refresh"])["changes"], json!([]));
    assert!(back(&account).contains("greece runs version 1 again"));
    assert_eq!(revisions(&account), (vec![1, 2], 1));
    let plan = account.plan(&[]);
    let kinds: Vec<_> = plan["changes"].as_array().unwrap().iter().map(|it| it["kind"].clone()).collect();
    assert_eq!(kinds, [json!("state machine")], "{plan:#}");
    let _ = account.deploy();
    assert_eq!(revisions(&account), (vec![1, 2], 2));
    assert_eq!(account.plan(&["--refresh"])["changes"], json!([]));
}

#[test]
fn a_job_definition_that_was_put_away_is_not_gone_back_to() {
    let account = Account::with(&["greece"]);
    let _ = account.deploy();
    size(&account, 0, 4);
    let _ = account.deploy();
    account.by_hand(&json!({ "kind": "put away definition", "name": "credit-reports-greece:1" }));
    let before = account.things();
    let said = back(&account);
    assert!(said.contains("P0712") && said.contains("`credit-reports-greece:1`"), "{said}");
    assert_eq!(account.things(), before);
}

#[test]
fn what_no_version_names_is_put_away() {
    let account = Account::with(&["greece"]);
    let _ = account.deploy();
    let sizes = [4, 2, 4, 2, 4, 2, 4, 2, 4, 2, 4];
    let mut before = 0;
    for size_now in sizes {
        size(&account, before, size_now);
        let _ = account.deploy();
        before = size_now;
    }
    // Twelve were registered, ten can be gone back to or run.
    assert_eq!(revisions(&account), ((3..=12).collect(), 12));
    assert_eq!(account.things()["versions"]["credit-reports-greece"], json!(10));
    assert!(back(&account).contains("runs version 11 again"));
    assert_eq!(revisions(&account).1, 11);
    let gone = account.sluice(&["destroy", "--environment", "test", "--auto-approve"]);
    assert!(gone.status.success(), "{}", told(&gone));
    assert_eq!(account.things()["definitions"], Value::Array(Vec::new()));
}

#[test]
fn nobody_goes_back_while_another_deploys() {
    let account = Account::with(&["greece"]);
    let _ = account.deploy();
    size(&account, 0, 4);
    let _ = account.deploy();
    let _ = account.control(&json!({ "hold_lock": "deploy/test.lock" }));
    let refused = back(&account);
    assert!(refused.contains("P0708"), "{refused}");
    let _ = account.control(&json!({ "expire_lock": "deploy/test.lock" }));
    assert!(back(&account).contains("greece runs version 1 again"));
}
