//! Surveys in a telephone system.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::account::{ACCOUNT, Account, REGION, deploy_arguments, told};

#[test]
fn a_survey_is_deployed_and_its_drift_is_seen() {
    let account = Account::with(&["greece"]);
    let _ = account.deploy();
    let things = account.things();
    let flows = things["flows"].as_object().unwrap();
    assert_eq!(
        flows.keys().collect::<Vec<_>>(),
        ["credit-reports-satisfaction-inbound", "credit-reports-satisfaction-outbound"]
    );
    // The queue's name became its ID.
    let content = flows["credit-reports-satisfaction-inbound"]["content"].as_str().unwrap();
    assert!(content.contains("/queue/00000000-0000-0000-0000-000000000007"), "{content}");
    assert_eq!(things["functions"].as_array().unwrap().len(), 1);
    assert_eq!(account.plan(&[])["changes"], json!([]));
    let changed = content.replacen("Thank", "Hello", 1);
    account.by_hand(&json!({
        "kind": "flow", "name": "credit-reports-satisfaction-inbound", "content": changed
    }));
    let plan = account.plan(&[]);
    assert_eq!(plan["changes"].as_array().unwrap().len(), 1, "{plan:#}");
    let _ = account.deploy();
    assert_eq!(account.plan(&[])["changes"], json!([]));
    assert_eq!(account.things()["flows"], things["flows"]);
}

#[test]
fn every_problem_of_a_refused_flow_is_listed() {
    let account = Account::with(&["greece"]);
    let problems = json!([{ "message": "Invalid Action type. Type: X" }, { "message": "Too long" }]);
    account.faults(&json!({ "connect:UpdateContactFlowContent": {
        "code": "InvalidContactFlowException", "message": "None", "extra": { "problems": problems }
    } }));
    let ended = account.sluice(&deploy_arguments());
    let said = told(&ended);
    assert!(said.contains("P0706") && said.contains("- Invalid Action type. Type: X"), "{said}");
    assert!(said.contains("- Too long") && said.contains(".pipe:"), "{said}");
    let _ = account.deploy();
    let flows: Value = account.things()["flows"].clone();
    assert!(!flows.to_string().contains(r#"\"StartAction\":\"end\""#), "a flow stayed empty");
}

#[test]
fn the_platform_is_told_what_connect_calls_the_flows_and_their_queues() {
    let account = Account::with(&["greece"]);
    let others: BTreeMap<String, &str> =
        (0..60).map(|it| (format!("Queue{it}"), "00000000-0000-0000-0000-000000000008")).collect();
    account.by_hand(&json!({ "kind": "queues", "ids": others }));
    let _ = account.deploy();
    let ids = |account: &Account| account.things()["parameters"]["credit-reports-test"]["ConnectIds"].clone();
    let made: Value = serde_json::from_str(ids(&account).as_str().unwrap()).unwrap();
    assert_eq!(made["flows"].as_object().unwrap().len(), 2, "{made:#}");
    assert_eq!(made["queues"], json!({ "BasicQueue": "00000000-0000-0000-0000-000000000007" }));
    // Whoever stopped before it was told is made good by the next.
    account.by_hand(&json!({
        "kind": "parameter", "stack": "credit-reports-test", "name": "ConnectIds", "value": "{\"flows\":{}}"
    }));
    assert_eq!(account.plan(&[])["changes"], json!([]));
    let _ = account.deploy();
    assert_eq!(serde_json::from_str::<Value>(ids(&account).as_str().unwrap()).unwrap(), made);
}

#[test]
fn a_platform_without_functions_has_nobody_to_tell() {
    let account = Account::with(&["greece"]);
    account.faults(&json!({ "cloudformation:UpdateStack": {
        "code": "ValidationError", "message": "No updates are to be performed."
    } }));
    let _ = account.deploy();
}

#[test]
fn a_function_is_found_among_many_that_connect_may_call() {
    let account = Account::with(&["greece"]);
    let others: Vec<String> =
        (0..30).map(|it| format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:f{it}")).collect();
    account.by_hand(&json!({ "kind": "functions", "arns": others }));
    let _ = account.deploy();
    assert_eq!(account.plan(&["--refresh"])["changes"], json!([]));
    let ended = account.sluice(&["destroy", "--environment", "test", "--auto-approve"]);
    assert!(ended.status.success(), "{}", told(&ended));
    assert_eq!(account.things()["functions"], json!(others));
}

#[test]
fn functions_are_associated_before_flows_name_them() {
    let account = Account::with(&["greece"]);
    let _ = account.deploy();
    let calls = account.calls();
    let first = |operation: &str| calls.iter().position(|(it, _)| it == operation).unwrap();
    assert!(first("connect:AssociateLambdaFunction") < first("connect:UpdateContactFlowContent"));
}

#[test]
fn contact_records_go_to_the_platform_unless_they_go_elsewhere() {
    let account = Account::with(&["greece"]);
    let _ = account.deploy();
    let place = |account: &Account| account.things()["records"]["KinesisStreamConfig"]["StreamArn"].clone();
    let ours = format!("arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/credit-reports-contacts");
    assert_eq!(place(&account), json!(ours));
    assert_eq!(account.plan(&[])["changes"], json!([]));

    let theirs = "arn:aws:kinesis:eu-central-1:111111111111:stream/reports";
    let config = json!({ "StorageType": "KINESIS_STREAM", "KinesisStreamConfig": { "StreamArn": theirs } });
    account.by_hand(&json!({ "kind": "records", "config": config }));
    let plan = account.plan(&[]);
    assert_eq!(plan["changes"], json!([]), "what is another's is not changed");
    assert!(plan["warnings"][0].as_str().unwrap().contains(theirs), "{plan:#}");
    let ended = account.sluice(&deploy_arguments());
    assert!(ended.status.success() && told(&ended).contains("P0714"), "{}", told(&ended));
    assert_eq!(place(&account), json!(theirs));

    account.by_hand(&json!({ "kind": "records", "config": null }));
    let _ = account.deploy();
    assert_eq!(place(&account), json!(ours), "the place is free again");
    let ended = account.sluice(&["destroy", "--environment", "test", "--auto-approve"]);
    assert!(ended.status.success(), "{}", told(&ended));
    assert_eq!(account.things()["records"], json!(null));
}

#[test]
fn whoever_gets_contact_records_keeps_them_when_the_platform_goes() {
    let account = Account::with(&["greece"]);
    let _ = account.deploy();
    let theirs = "arn:aws:kinesis:eu-central-1:111111111111:stream/reports";
    let config = json!({ "StorageType": "KINESIS_STREAM", "KinesisStreamConfig": { "StreamArn": theirs } });
    account.by_hand(&json!({ "kind": "records", "config": config }));
    let ended = account.sluice(&["destroy", "--environment", "test", "--auto-approve"]);
    assert!(ended.status.success(), "{}", told(&ended));
    assert_eq!(account.things()["records"]["KinesisStreamConfig"]["StreamArn"], theirs);
}
