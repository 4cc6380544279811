//! What goes wrong, and how it is told.

use serde_json::json;

use crate::account::{Account, deploy_arguments, told};

fn refused(account: &Account, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let ended = account.command(arguments).envs(environment.iter().copied()).output().unwrap();
    assert!(!ended.status.success(), "{}", told(&ended));
    told(&ended)
}

#[test]
fn whoever_is_not_known_is_told_how_to_be() {
    let account = Account::with(&["greece"]);
    let plan = ["plan", "--environment", "test"];
    let none = account
        .command(&plan)
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .output()
        .unwrap();
    assert!(told(&none).contains("P0702") && told(&none).contains("AWS_PROFILE"), "{}", told(&none));
    let expired = refused(&account, &plan, &[("AWS_ACCESS_KEY_ID", "EXPIRED")]);
    assert!(expired.contains("P0702") && expired.contains("expired"), "{expired}");
    // The region is the environment's, whatever the surroundings say.
    let elsewhere = account.command(&plan).env("AWS_REGION", "us-west-2").output().unwrap();
    assert!(elsewhere.status.success(), "{}", told(&elsewhere));
}

#[test]
fn another_account_is_told_before_anything_is_done() {
    let account = Account::with(&["greece"]);
    account.edit("pipelines/platform.pipe", "account  111111111111", "account  333333333333");
    account.forget();
    let said = refused(&account, &deploy_arguments(), &[]);
    assert!(
        said.contains("P0703") && said.contains("333333333333") && said.contains("111111111111"),
        "{said}"
    );
    assert_eq!(account.calls().len(), 1);
}

#[test]
fn an_environment_without_an_account_or_a_name_is_told() {
    let account = Account::with(&["greece"]);
    let local = refused(&account, &["plan", "--environment", "local"], &[]);
    assert!(local.contains("P0709") && local.contains("`prod`"), "{local}");
    let none = refused(&account, &["plan"], &[]);
    assert!(none.contains("P0709") && none.contains("--environment"), "{none}");
    let target = refused(&account, &["plan", "--environment", "test", "--target", "grece"], &[]);
    assert!(target.contains("P0711") && target.contains("did you mean `greece`"), "{target}");
}

#[test]
fn stale_files_are_not_deployed() {
    let account = Account::with(&["greece"]);
    let path = account.path("generated/test/pipelines/greece/plan.json");
    std::fs::write(path, "{}").unwrap();
    let said = refused(&account, &deploy_arguments(), &[]);
    assert!(said.contains("P0905") && said.contains("sluice build"), "{said}");
}

#[test]
fn throttling_on_every_second_call_is_waited_out() {
    let account = Account::with(&["greece", "sweden"]);
    account.faults(&json!({ "throttle": true }));
    let _ = account.deploy();
    account.faults(&json!({}));
    assert_eq!(account.plan(&["--refresh"])["changes"], json!([]));
}

#[test]
fn a_role_that_can_not_be_passed_is_told_with_its_pipeline() {
    let account = Account::with(&["greece", "sweden"]);
    let message = "User: arn:aws:iam::111111111111:user/ci is not authorized to perform: iam:PassRole on resource: \
                   arn:aws:iam::111111111111:role/credit-reports-greece-machine";
    account.faults(
        &json!({ "states:CreateStateMachine": { "code": "AccessDeniedException", "message": message } }),
    );
    let said = refused(&account, &deploy_arguments(), &[]);
    assert!(said.contains("P0705") && said.contains(".pipe:1") && said.contains("iam:PassRole"), "{said}");
    let _ = account.deploy();
}

#[test]
fn a_role_that_is_not_known_everywhere_yet_is_waited_for() {
    let account = Account::with(&["greece"]);
    let message = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.";
    account.faults(&json!({ "scheduler:CreateSchedule": { "code": "ValidationException", "message": message, "times": 2 } }));
    let _ = account.deploy();
    // Nor is what it may do.
    let account = Account::with(&["greece"]);
    let message = "'arn:aws:iam::111111111111:role/credit-reports-greece-machine-euc1' is not authorized to create \
                   managed-rule.";
    account.faults(&json!({ "states:CreateStateMachine": { "code": "AccessDeniedException", "message": message, "times": 2 } }));
    let _ = account.deploy();
}

#[test]
fn a_machine_that_is_still_being_deleted_is_waited_for() {
    let account = Account::with(&["greece"]);
    let fault = json!({ "code": "StateMachineDeleting", "message": "State Machine is deleting", "times": 2 });
    account.faults(&json!({ "states:CreateStateMachine": fault }));
    let _ = account.deploy();
}

#[test]
fn every_problem_of_a_refused_machine_is_listed() {
    let account = Account::with(&["greece"]);
    let message = "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value is not valid at /States/A, \
                   MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next'";
    account
        .faults(&json!({ "states:CreateStateMachine": { "code": "InvalidDefinition", "message": message } }));
    let said = refused(&account, &deploy_arguments(), &[]);
    assert!(said.contains("P0706") && said.contains("greece.pipe:1"), "{said}");
    assert!(
        said.contains("- SCHEMA_VALIDATION_FAILED") && said.contains("- MISSING_TRANSITION_TARGET"),
        "{said}"
    );
}

#[test]
fn a_bucket_of_somebody_else_is_told() {
    let account = Account::with(&["greece"]);
    account.faults(&json!({ "bucket_of_others": true }));
    let said = refused(&account, &deploy_arguments(), &[]);
    assert!(said.contains("P0705") && said.contains("belongs to another account"), "{said}");
}

#[test]
fn a_machine_of_somebody_else_is_told_and_stays() {
    let account = Account::with(&["greece"]);
    let definition = r#"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#;
    account.by_hand(
        &json!({ "kind": "their machine", "name": "credit-reports-greece", "definition": definition }),
    );
    let said = refused(&account, &deploy_arguments(), &[]);
    assert!(said.contains("P0704") && said.contains("greece.pipe:1"), "{said}");
    assert_eq!(account.things()["roles"], json!([]));
}

#[test]
fn two_environments_of_one_program_in_one_account_are_told_apart() {
    let account = Account::with(&["greece"]);
    let _ = account.deploy();
    let before = account.things();
    account.edit("pipelines/platform.pipe", "account  222222222222", "account  111111111111");
    let mut arguments = deploy_arguments();
    arguments[2] = "prod";
    let said = refused(&account, &arguments, &[]);
    assert!(said.contains("P0704") && said.contains("environment `test`"), "{said}");
    assert_eq!(account.things(), before);
}

#[test]
fn a_wrong_region_is_told_and_nothing_is_made() {
    let account = Account::with(&["greece"]);
    let platform = std::fs::read_to_string(account.path("pipelines/platform.pipe")).unwrap();
    let platform = platform.replacen("region   eu-central-1", "region   eu-cnetral-1", 1);
    std::fs::write(account.path("pipelines/platform.pipe"), platform).unwrap();
    let said = refused(&account, &["plan", "--environment", "test"], &[]);
    assert!(said.contains("P0311") && said.contains("did you mean `eu-central-1`"), "{said}");
    assert_eq!(account.calls().len(), 0);
}

#[test]
fn a_template_over_the_limits_is_told_with_its_limit_and_leaves_nothing() {
    let account = Account::with(&["greece"]);
    let message = "Template format error: Number of resources, 501, is greater than maximum allowed, 500";
    account
        .faults(&json!({ "cloudformation:CreateStack": { "code": "ValidationError", "message": message } }));
    let said = refused(&account, &deploy_arguments(), &[]);
    assert!(said.contains("P0706") && said.contains("stack `credit-reports-test`"), "{said}");
    assert!(said.contains("maximum allowed, 500") && said.contains("sluice build"), "{said}");
    let things = account.things();
    for kind in ["roles", "machines", "objects", "schedules"] {
        assert!(things[kind].as_array().is_none_or(Vec::is_empty), "{kind}: {things:#}");
    }
    let _ = account.deploy();
}

#[test]
fn a_value_that_is_missing_is_told_by_its_name_before_anything_is_made() {
    let account = Account::with(&["greece"]);
    let said = refused(&account, &["deploy", "--environment", "test", "--auto-approve"], &[]);
    assert!(
        said.contains("P0709") && said.contains("SubnetIds") && said.contains("SecurityGroupIds"),
        "{said}"
    );
    assert!(said.contains("--parameter NAME=VALUE"), "{said}");
    assert_eq!(account.things()["roles"], json!([]));
    assert_eq!(account.things()["stacks"], json!([]));
}
