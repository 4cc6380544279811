//! Two programs whose platforms have one name, in one account.

use serde_json::json;

use crate::account::{Account, deploy_arguments, told};

#[test]
fn another_program_of_the_same_names_is_refused_and_touches_nothing() {
    let account = Account::with(&["greece", "sweden"]);
    let _ = account.deploy();
    let before = account.things();
    let first = std::fs::read_to_string(account.path("pipelines/program.id")).unwrap();
    // Another program, with one country of the same name and one of its own.
    std::fs::remove_file(account.path("pipelines/program.id")).unwrap();
    let unnamed = told(&account.sluice(&["plan", "--environment", "test"]));
    assert!(unnamed.contains("P0905") && unnamed.contains("sluice build"), "{unnamed}");
    account.build();
    let second = std::fs::read_to_string(account.path("pipelines/program.id")).unwrap();
    assert_ne!(first, second);
    account.build();
    assert_eq!(std::fs::read_to_string(account.path("pipelines/program.id")).unwrap(), second);
    std::fs::remove_file(account.path("pipelines/sweden.pipe")).unwrap();
    account.build();
    account.forget();
    let destroy = vec!["destroy", "--environment", "test", "--auto-approve"];
    let rollback = vec!["rollback", "greece", "--environment", "test"];
    for arguments in [vec!["plan", "--environment", "test"], deploy_arguments(), destroy, rollback] {
        let ended = account.sluice(&arguments);
        let said = told(&ended);
        assert!(!ended.status.success() && said.contains("P0713"), "{arguments:?} {said}");
        assert!(said.contains(first.trim()) && said.contains(second.trim()), "{said}");
        assert!(said.contains("platform.pipe:") && said.contains("another name"), "{said}");
    }
    // Who asks, and whose the stack is: twice for each of the four.
    assert_eq!(account.calls().len(), 8, "{:?}", account.calls());
    assert_eq!(account.things(), before);
    // The first one's id brings its program back.
    std::fs::write(account.path("pipelines/program.id"), first).unwrap();
    let plan = account.plan(&[]);
    assert!(plan["changes"].as_array().unwrap().iter().all(|it| it["unit"] == "pipeline/sweden"), "{plan:#}");
}

#[test]
fn what_another_program_left_without_its_stack_is_not_taken() {
    let account = Account::with(&["greece"]);
    let _ = account.deploy();
    let _ = account.control(&json!({ "lose_stack": "credit-reports-test" }));
    std::fs::write(account.path("pipelines/program.id"), "another\n").unwrap();
    let before = account.things();
    let said = told(&account.sluice(&deploy_arguments()));
    assert!(said.contains("P0704") && said.contains("is not that of this program"), "{said}");
    let said = told(&account.sluice(&["destroy", "--environment", "test", "--auto-approve"]));
    assert!(said.contains("no changes"), "{said}");
    let after = account.things();
    for kind in ["machines", "roles", "schedules", "rules", "definitions", "flows", "objects"] {
        assert_eq!(after[kind], before[kind], "{kind}");
    }
}
