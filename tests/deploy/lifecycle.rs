//! From nothing to thirty countries, a change, drift, a stop in the middle, and back to nothing.

use std::{process::Stdio, thread, time::Duration};

use serde_json::{Value, json};

use crate::account::{Account, deploy_arguments, told, writes};

fn nothing_to_do(plan: &Value) -> bool {
    plan["changes"] == json!([])
}

#[test]
fn thirty_countries_are_deployed_and_then_there_is_nothing_to_do() {
    let account = Account::start();
    let said = account.deploy();
    let things = account.things();
    assert_eq!(things["machines"].as_object().unwrap().len(), 30, "{said}");
    assert_eq!(things["definitions"].as_array().unwrap().len(), 30);
    assert!(things["versions"].as_object().unwrap().values().all(|it| *it == json!(1)));
    assert!(nothing_to_do(&account.plan(&[])));
    account.forget();
    assert!(nothing_to_do(&account.plan(&["--refresh"])), "{}", account.plan(&["--refresh"]));
    // The machine that is deployed is the one that was built.
    let built =
        std::fs::read_to_string(account.path("generated/test/pipelines/greece/state-machine.asl.json"));
    let built: Value = serde_json::from_str(&built.unwrap()).unwrap();
    // But for the revision of its job definition, which only Batch knows.
    let deployed = things["machines"]["credit-reports-greece"].to_string();
    assert!(deployed.contains(":job-definition/credit-reports-greece:1\""), "{deployed}");
    let deployed =
        deployed.replace("job-definition/credit-reports-greece:1", "job-definition/credit-reports-greece");
    assert_eq!(serde_json::from_str::<Value>(&deployed).unwrap(), built);
    assert!(account.things()["objects"].as_array().unwrap().iter().all(|it| it != "deploy/test.lock"));
}

#[test]
fn a_changed_country_is_all_that_is_touched_and_costs_the_same_beside_any_number() {
    let calls =
        [vec!["greece", "sweden"], vec!["greece", "sweden", "brazil", "france", "poland", "spain", "norway"]]
            .map(|countries| {
                let account = Account::with(&countries);
                let _ = account.deploy();
                account.forget();
                account.edit("pipelines/greece.pipe", "daily at 02:30", "daily at 03:30");
                let said = account.deploy();
                let calls = account.calls();
                for (operation, about) in writes(&calls) {
                    assert!(about.contains("greece"), "{operation} {about}");
                }
                let reads = calls.iter().filter(|(it, _)| it.ends_with(":GetSchedule")).count();
                assert_eq!(reads, 1, "{said}");
                assert!(nothing_to_do(&account.plan(&[])));
                calls.len()
            });
    assert_eq!(calls[0], calls[1]);
}

#[test]
fn a_country_that_goes_takes_its_resources_along_and_one_that_comes_brings_its_own() {
    let account = Account::with(&["greece", "sweden", "brazil"]);
    let _ = account.deploy();
    let before = account.things();
    let brazil = std::fs::read_to_string(account.path("pipelines/brazil.pipe")).unwrap();
    std::fs::remove_file(account.path("pipelines/brazil.pipe")).unwrap();
    account.build();
    account.forget();
    let _ = account.deploy();
    let calls = account.calls();
    assert!(!writes(&calls).is_empty());
    assert!(writes(&calls).iter().all(|(_, about)| about.contains("brazil")), "{calls:?}");
    assert!(!account.things().to_string().contains("brazil"));
    std::fs::write(account.path("pipelines/brazil.pipe"), brazil).unwrap();
    account.build();
    account.forget();
    let _ = account.deploy();
    assert!(writes(&account.calls()).iter().all(|(_, about)| about.contains("brazil")));
    let after = account.things();
    for kind in ["roles", "schedules", "objects"] {
        assert_eq!(after[kind], before[kind]);
    }
    // Batch counts on where it was.
    let machines =
        after["machines"].to_string().replace("/credit-reports-brazil:2", "/credit-reports-brazil:1");
    assert_eq!(serde_json::from_str::<Value>(&machines).unwrap(), before["machines"]);
    let revisions = after["definitions"].as_array().unwrap().iter().map(|it| it.as_str().unwrap());
    assert_eq!(revisions.filter(|it| it.contains("brazil")).count(), 1);
}

#[test]
fn what_was_changed_by_hand_is_seen_and_mended() {
    let account = Account::with(&["greece", "sweden"]);
    let _ = account.deploy();
    let before = account.things();
    account.by_hand(&json!({ "kind": "pause schedule", "name": "credit-reports-greece" }));
    account.by_hand(&json!({ "kind": "widen role", "name": "credit-reports-sweden-machine-euc1" }));
    let plan = account.plan(&[]);
    assert_eq!(plan["drift"], 2, "{plan:#}");
    assert_eq!(plan["changes"].as_array().unwrap().len(), 2);
    account.by_hand(&json!({
        "kind": "machine", "name": "credit-reports-sweden",
        "definition": r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#
    }));
    account.by_hand(&json!({ "kind": "drop schedule", "name": "credit-reports-sweden" }));
    let plan = account.plan(&["--refresh"]);
    assert_eq!(plan["drift"], 4, "{plan:#}");
    let done = account.sluice(&[deploy_arguments(), vec!["--refresh"]].concat());
    assert!(done.status.success(), "{}", told(&done));
    assert!(nothing_to_do(&account.plan(&["--refresh"])));
    let after = account.things();
    for kind in ["machines", "roles", "schedules", "objects"] {
        assert_eq!(after[kind], before[kind]);
    }
}

#[test]
fn a_killed_deployment_is_finished_by_the_next() {
    let account = Account::with(&["greece", "sweden", "brazil", "finland"]);
    let undisturbed = {
        let other = Account::with(&["greece", "sweden", "brazil", "finland"]);
        let _ = other.deploy();
        other.things()
    };
    // Killed again and again, each time a little later.
    for calls in [12, 25, 45] {
        account.forget();
        let mut child =
            account.command(&deploy_arguments()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        for _ in 0..3_000 {
            if account.calls().len() >= calls || child.try_wait().unwrap().is_some() {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        let _ = child.kill();
        let _ = child.wait();
        // Whoever comes too early is told so; the lock of the dead runs out.
        let _ = account.control(&json!({ "expire_lock": "deploy/test.lock" }));
    }
    let _ = account.deploy();
    assert!(nothing_to_do(&account.plan(&["--refresh"])));
    let things = account.things();
    for kind in ["machines", "roles", "schedules", "rules", "objects", "flows"] {
        let without_ids = |it: &Value| match kind {
            "flows" => json!(it.as_object().unwrap().keys().collect::<Vec<_>>()),
            _ => it.clone(),
        };
        assert_eq!(without_ids(&things[kind]), without_ids(&undisturbed[kind]), "{kind}");
    }
}

#[test]
fn two_at_once_do_not_mix() {
    let account = Account::with(&["greece", "sweden", "brazil"]);
    let start = || {
        account.command(&deploy_arguments()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let ended = [start(), start()].map(|it| it.wait_with_output().unwrap());
    let fine = ended.iter().filter(|it| it.status.success()).count();
    assert!(fine >= 1, "{} {}", told(&ended[0]), told(&ended[1]));
    let refused = ended.iter().filter(|it| !it.status.success());
    for it in refused {
        assert!(told(it).contains("P0708"), "{}", told(it));
    }
    let _ = account.deploy();
    assert!(nothing_to_do(&account.plan(&["--refresh"])));
}

#[test]
fn destroy_leaves_nothing_of_ours_and_touches_nothing_else() {
    let account = Account::with(&["greece", "sweden", "finland"]);
    let machine = r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#;
    for name in ["credit-reports-theirs", "credit-reports-greece-of-theirs", "other"] {
        account.by_hand(&json!({ "kind": "their machine", "name": name, "definition": machine }));
    }
    let _ = account.deploy();
    let refused = account.sluice(&["destroy", "--environment", "test"]);
    assert!(told(&refused).contains("P0710"), "{}", told(&refused));
    let done = account.sluice(&["destroy", "--environment", "test", "--auto-approve"]);
    assert!(done.status.success(), "{}", told(&done));
    let things = account.things();
    let mut left: Vec<_> = things["machines"].as_object().unwrap().keys().collect();
    left.sort();
    assert_eq!(left, ["credit-reports-greece-of-theirs", "credit-reports-theirs", "other"]);
    for kind in ["roles", "schedules", "rules", "definitions", "stacks", "functions"] {
        assert_eq!(things[kind], json!([]), "{kind}");
    }
    assert_eq!(things["flows"], json!({}));
    let objects = things["objects"].as_array().unwrap();
    assert!(objects.iter().all(|it| !it.as_str().unwrap().starts_with("plans/")), "{objects:?}");
}

#[test]
fn back_to_the_version_before() {
    let account = Account::with(&["greece", "sweden"]);
    let _ = account.deploy();
    let first = account.things()["machines"]["credit-reports-greece"].clone();
    let nothing = account.sluice(&["rollback", "greece", "--environment", "test"]);
    assert!(told(&nothing).contains("P0712"), "{}", told(&nothing));
    account.edit("pipelines/greece.pipe", "translate name, address from", "translate name from");
    let _ = account.deploy();
    assert_ne!(account.things()["machines"]["credit-reports-greece"], first);
    let back = account.sluice(&["rollback", "greece", "--environment", "test"]);
    assert!(told(&back).contains("greece runs version 1 again, as before version 2"), "{}", told(&back));
    let things = account.things();
    assert_eq!(things["machines"]["credit-reports-greece"], first);
    // The plan that the version names is still there.
    let plans = things["objects"].as_array().unwrap().iter().map(|it| it.as_str().unwrap());
    assert_eq!(plans.filter(|it| it.starts_with("plans/greece/")).count(), 2);
    let plan = account.plan(&[]);
    assert_eq!(plan["changes"].as_array().unwrap().len(), 1, "{plan:#}");
    let _ = account.deploy();
    assert!(nothing_to_do(&account.plan(&["--refresh"])));
    let unknown = account.sluice(&["rollback", "grece", "--environment", "test"]);
    assert!(told(&unknown).contains("P0711") && told(&unknown).contains("greece"), "{}", told(&unknown));
}
