//! How plans and troubles are told.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;
use sluice_contract::plan::Origin;

use crate::{
    deploy::{
        Change, CloudError, Key, Kind, Plan, Problem, Resource, Shown, Step, Trouble, Unit, differences, show,
    },
    diagnostics::{Code, Diagnostics, render},
    source::Sources,
};

fn origin(line: u32) -> Origin {
    Origin { file: "greece.pipe".to_owned(), line }
}

fn machine() -> Arc<Resource> {
    Arc::new(Resource {
        key: Key::new(Kind::StateMachine, "credit-reports-greece"),
        unit: Unit::Pipeline("greece".to_owned()),
        content: json!({}),
        body: None,
        files: Arc::default(),
        origin: Some(origin(1)),
        origins: Arc::new(BTreeMap::from([("Translate companies".to_owned(), origin(9))])),
    })
}

fn a_plan() -> Plan {
    let machine = machine();
    let before = json!({"definition": {"States": {
        "Load companies": {"Type": "Task", "Next": "Publish companies", "TimeoutSeconds": 60, "Plan": "a"},
        "Publish companies": {"Type": "Task", "Plan": "a"},
        "Dedupe companies": {"Type": "Task"}}}});
    let after = json!({"definition": {"States": {
        "Load companies": {"Type": "Task", "Next": "Translate companies", "TimeoutSeconds": 90, "Plan": "b"},
        "Publish companies": {"Type": "Task", "Plan": "b"},
        "Translate companies": {"Type": "Task"}}}});
    let job = json!({"containerProperties": {"resourceRequirements": [
        {"type": "VCPU", "value": "2"}, {"type": "MEMORY", "value": "4096"}]}});
    let bigger = json!({"containerProperties": {"resourceRequirements": [
        {"type": "VCPU", "value": "4"}, {"type": "MEMORY", "value": "4096"}]}});
    let said =
        json!({"Content": {"Actions": [{"Identifier": "Thank", "Parameters": {"Text": "Thank you."}}]}});
    let says = json!({"Content": {"Actions": [{"Identifier": "Thank", "Parameters": {"Text": "Thanks!"}}]}});
    let change = |kind, name: &str, step, drift, lines| Change {
        key: Key::new(kind, name),
        unit: machine.unit.clone(),
        step,
        drift,
        lines,
        before: None,
        resource: (step != Step::Delete).then(|| Arc::clone(&machine)),
    };
    Plan {
        changes: vec![
            change(Kind::Role, "credit-reports-greece-start", Step::Create, false, vec![]),
            change(
                Kind::JobDefinition,
                "credit-reports-greece",
                Step::Update,
                true,
                differences(&job, &bigger),
            ),
            change(
                Kind::StateMachine,
                "credit-reports-greece",
                Step::Update,
                false,
                differences(&before, &after),
            ),
            change(Kind::Flow, "credit-reports-ask-inbound", Step::Update, false, differences(&said, &says)),
            change(Kind::Schedule, "credit-reports-greece-2", Step::Delete, false, vec![]),
        ],
        trusted: 4,
        wanted: 9,
        ..Plan::default()
    }
}

#[test]
fn a_plan_is_shown_as_what_becomes_of_stages() {
    insta::assert_snapshot!(show(&a_plan()));
}

#[test]
fn a_plan_for_programs() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&Shown::new(&a_plan())).unwrap());
}

#[test]
fn every_trouble_has_a_code_a_place_and_a_way_out() {
    let all = [
        (
            Problem::Credentials,
            "sts:GetCallerIdentity",
            "The security token included in the request is expired (ExpiredToken)",
            Code::CredentialsMissing,
        ),
        (
            Problem::WrongAccount,
            "sts:GetCallerIdentity",
            "the environment `prod` is account 222222222222, and the credentials are those of account 111111111111",
            Code::WrongAccount,
        ),
        (
            Problem::Denied,
            "states:CreateStateMachine",
            "User: arn:aws:iam::1:user/ci is not authorized to perform: iam:PassRole on resource: role (AccessDeniedException)",
            Code::CallDenied,
        ),
        (Problem::Refused, "states:CreateStateMachine", "InvalidDefinition", Code::DocumentRefused),
        (Problem::NotOurs, "plan", "it belongs to the platform `other`", Code::NotOurs),
        (
            Problem::ValueMissing,
            "cloudformation:CreateStack",
            "the platform needs values: Parameters: [SubnetIds] must have values (ValidationError)",
            Code::ValueMissing,
        ),
        (
            Problem::LockLost,
            "deploy",
            "another deployment goes on: process 7, since 2026-03-01 02:00:00 UTC until 02:15:00 UTC at the latest",
            Code::DeploymentLocked,
        ),
        (
            Problem::Unavailable,
            "batch:RegisterJobDefinition",
            "Rate exceeded (ThrottlingException)",
            Code::CallFailed,
        ),
        (
            Problem::OtherProcessor,
            "s3:PutObject",
            "`functions/watch-0.zip` is a program for x86_64, and the functions run on arm64",
            Code::OtherProcessor,
        ),
        (
            Problem::RecordsElsewhere,
            "plan",
            "arn:aws:kinesis:eu-central-1:1:stream/reports",
            Code::RecordsElsewhere,
        ),
        (
            Problem::Failed,
            "scheduler:CreateSchedule",
            "the group is not there (ResourceNotFoundException)",
            Code::CallFailed,
        ),
    ];
    let mut told = Diagnostics::default();
    for (problem, operation, message, code) in all {
        let refused = problem == Problem::Refused;
        let problems = if refused {
            vec![
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next".to_owned(),
                "NO_PATH: x".to_owned(),
            ]
        } else {
            vec![]
        };
        let error =
            CloudError { problem, operation: operation.to_owned(), message: message.to_owned(), problems };
        let trouble = Trouble {
            key: Some(machine().key.clone()),
            unit: None,
            origin: Some(origin(1)),
            error: Box::new(error),
        };
        let diagnostic = trouble.diagnostic("prod");
        assert_eq!(diagnostic.code, code);
        assert!(diagnostic.help.is_some());
        told.push(diagnostic);
    }
    let style = render::Style { color: false, unicode: true, width: 100 };
    insta::assert_snapshot!(render::human(&told, &Sources::default(), style));
}
