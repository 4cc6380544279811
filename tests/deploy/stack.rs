//! The platform's stack, over a small template of the test's own.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::Timestamp;
use serde_json::{Value, json};
use sluice::{
    compile::compile,
    deploy::{
        Cloud, CloudError, Desired, Ending, Key, Kind, Operator, Options, Plan, Problem, Progress, Resource,
        Step, Trouble, Unit, Wanted,
        aws::{Account as Aws, Api, Around, NoAnswer, Request, Response, Scope},
        deploy, look,
    },
    source::DiskFiles,
};

use crate::account::{ACCOUNT, Account, BUCKET, REGION};

/// Sends without a real signature: the double looks at nothing but its scope.
struct Direct(String);

impl Api for Direct {
    fn send(&self, request: &Request) -> Result<Response, NoAnswer> {
        let query: Vec<String> =
            request.query.iter().map(|(k, v)| format!("{k}={}", v.replace(' ', "+"))).collect();
        let address = format!("{}{}?{}", self.0, request.path, query.join("&"));
        let scope =
            format!("AWS4-HMAC-SHA256 Credential=test/20260101/{REGION}/{}/aws4_request", request.service);
        let mut builder =
            ureq::http::Request::builder().method(request.method).uri(address).header("authorization", scope);
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let answer = if request.body.is_empty() && request.method != "POST" && request.method != "PUT" {
            agent.run(builder.body(()).unwrap())
        } else {
            agent.run(builder.body(request.body.clone()).unwrap())
        };
        let mut answer = answer.map_err(|it| NoAnswer::Unreachable(it.to_string()))?;
        let headers =
            answer.headers().iter().map(|(k, v)| (k.to_string(), v.to_str().unwrap().to_owned())).collect();
        let body = answer.body_mut().read_to_string().unwrap();
        Ok(Response { status: answer.status().as_u16(), headers, body })
    }
}

struct Yes;

impl Progress for Yes {
    fn done(&self, _: &Key, _: Step) {}
}

impl Operator for Yes {
    fn agrees(&self, _: &Plan) -> bool {
        true
    }

    fn hears(&self, _: &Trouble) {}
}

fn template(alarms: usize) -> Value {
    let mut resources = json!({
        "Bucket": { "Type": "AWS::S3::Bucket", "DeletionPolicy": "RetainExceptOnCreate", "Properties": { "BucketName": BUCKET } },
        "Compute": { "Type": "AWS::Batch::ComputeEnvironment", "Properties": { "ComputeEnvironmentName": "credit-reports-spot" } },
        "Group": { "Type": "AWS::Scheduler::ScheduleGroup", "Properties": { "Name": "credit-reports" } }
    });
    for number in 0..alarms {
        resources[format!("Alarm{number}")] = json!({
            "Type": "AWS::CloudWatch::Alarm", "Properties": { "AlarmName": "a".repeat(200) }
        });
    }
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {
            "SubnetIds": { "Type": "CommaDelimitedList" },
            "Content": { "Type": "String", "Default": "" },
            "WatchCode": { "Type": "String", "Default": "" },
            "Architecture": { "Type": "String", "Default": "arm64" }
        },
        "Resources": resources
    })
}

fn desired(template: &Value, parameters: &Value) -> Desired {
    let resource = Resource {
        key: Key::new(Kind::Stack, "credit-reports-test"),
        unit: Unit::Platform,
        content: json!({ "Template": sluice::emit::sha256(&template.to_string()), "Parameters": parameters }),
        body: Some(Arc::from(template.to_string())),
        files: Arc::default(),
        origin: None,
        origins: Arc::new(BTreeMap::new()),
    };
    Desired { units: vec![Wanted::new(Unit::Platform, vec![resource])] }
}

fn with_cloud<T>(account: &Account, ask: impl FnOnce(&dyn Cloud) -> T) -> T {
    let compiled = compile(&DiskFiles::new(account.path("pipelines")));
    let plan = compiled.plan.unwrap();
    let scope = Scope::new(&plan, plan.environment("test").unwrap(), "the-test");
    let api = Direct(account.endpoint.clone());
    let around = Around { api: &api, pause: &|_: Duration| {}, now: &Timestamp::now, holder: "the test" };
    ask(&Aws::new(around, scope))
}

fn put(account: &Account, desired: &Desired) -> Result<Ending, CloudError> {
    with_cloud(account, |cloud| deploy(desired, cloud, &Options::default(), &Yes))
        .map_err(|troubles| CloudError::clone(&troubles[0].error))
}

#[test]
fn a_stack_is_made_and_changed_and_goes() {
    let account = Account::empty();
    let network = json!({ "SubnetIds": "subnet-1" });
    let missing = put(&account, &desired(&template(0), &json!({}))).unwrap_err();
    assert_eq!(missing.problem, Problem::ValueMissing);
    assert!(missing.message.contains("SubnetIds"), "{missing:?}");
    assert!(matches!(put(&account, &desired(&template(0), &network)), Ok(Ending::Done(_))));
    // A parameter that was given stays.
    let options = Options::default();
    let again = desired(&template(0), &json!({}));
    let plan = with_cloud(&account, |cloud| look(&again, cloud, &options)).unwrap();
    assert!(plan.is_empty(), "{plan:?}");
    assert_eq!(put(&account, &again), Ok(Ending::Nothing));
    assert!(matches!(put(&account, &desired(&template(1), &json!({}))), Ok(Ending::Done(_))));
    assert_eq!(account.things()["stacks"], json!(["credit-reports-test"]));
    assert!(matches!(put(&account, &Desired::default()), Ok(Ending::Done(_))));
    assert_eq!(account.things()["stacks"], json!([]));
}

#[test]
fn a_change_leaves_the_tags_that_compute_environments_were_made_with() {
    let account = Account::empty();
    assert!(matches!(
        put(&account, &desired(&template(0), &json!({ "SubnetIds": "subnet-1" }))),
        Ok(Ending::Done(_))
    ));
    let changed = put(&account, &desired(&template(1), &json!({})));
    assert!(matches!(changed, Ok(Ending::Done(_))), "{changed:?}");
}

#[test]
fn a_stack_that_was_rolled_back_counts_as_up_to_date_after_the_next_deployment() {
    let account = Account::empty();
    let before = desired(&template(0), &json!({ "SubnetIds": "subnet-1" }));
    assert!(matches!(put(&account, &before), Ok(Ending::Done(_))));
    for _ in 0..2 {
        let _ = account.control(&json!({ "status": { "credit-reports-test": "UPDATE_ROLLBACK_COMPLETE" } }));
        assert!(matches!(put(&account, &before), Ok(Ending::Done(_))));
        assert_eq!(put(&account, &before), Ok(Ending::Nothing));
    }
    assert!(matches!(put(&account, &desired(&template(1), &json!({}))), Ok(Ending::Done(_))));
}

#[test]
fn a_long_template_is_read_from_the_bucket_that_the_stack_makes_first() {
    let account = Account::empty();
    let network = json!({ "SubnetIds": "subnet-1" });
    assert!(template(300).to_string().len() > 51_200);
    assert!(matches!(put(&account, &desired(&template(300), &network)), Ok(Ending::Done(_))));
    let made: Vec<_> =
        account.calls().into_iter().map(|(it, _)| it).filter(|it| it.ends_with("Stack")).collect();
    assert_eq!(made, ["cloudformation:CreateStack", "cloudformation:UpdateStack"]);
    assert!(account.things()["objects"].to_string().contains("platform/"));
    assert_eq!(ACCOUNT.len(), 12);
}

#[test]
fn programs_are_in_the_bucket_before_the_functions_that_run_them() {
    let account = Account::empty();
    let key = format!("functions/watch-{}.zip", "a".repeat(64));
    let wanted = |desired: Desired| {
        let units = desired.units.into_iter().map(|it| {
            let resources = it.resources.iter().map(|it| Resource {
                files: Arc::new(BTreeMap::from([(key.clone(), vec![80, 75, 0, 255])])),
                ..Resource::clone(it)
            });
            Wanted::new(it.unit.clone(), resources.collect())
        });
        Desired { units: units.collect() }
    };
    let parameters = json!({ "SubnetIds": "subnet-1", "WatchCode": key });
    assert!(matches!(put(&account, &wanted(desired(&template(0), &parameters))), Ok(Ending::Done(_))));
    let things = account.things();
    assert_eq!(things["parameters"]["credit-reports-test"]["WatchCode"], json!(key));
    assert!(things["objects"].to_string().contains(&key));
    // Whoever has no programs at hand leaves them as they are.
    let plan =
        with_cloud(&account, |cloud| look(&desired(&template(0), &json!({})), cloud, &Options::default()));
    assert!(plan.unwrap().is_empty());
}

#[test]
fn a_stack_that_is_made_anew_takes_over_what_the_earlier_one_has_left() {
    let account = Account::empty();
    let network = json!({ "SubnetIds": "subnet-1" });
    assert!(matches!(put(&account, &desired(&template(0), &network)), Ok(Ending::Done(_))));
    assert!(matches!(put(&account, &Desired::default()), Ok(Ending::Done(_))));
    // Whoever was killed in between left the stack in review.
    let _ = account.control(&json!({ "change_set": "credit-reports-test" }));
    account.forget();
    assert!(matches!(put(&account, &desired(&template(0), &network)), Ok(Ending::Done(_))));
    let calls: Vec<_> = account.calls().into_iter().map(|(it, _)| it).collect();
    let changes = ["CreateChangeSet", "ExecuteChangeSet"].map(|it| format!("cloudformation:{it}"));
    assert!(changes.iter().all(|it| calls.contains(it)), "{calls:?}");
    assert_eq!(account.things()["stacks"], json!(["credit-reports-test"]));
    let again = desired(&template(0), &json!({}));
    assert_eq!(put(&account, &again), Ok(Ending::Nothing));
}

#[test]
fn what_another_program_has_left_is_not_taken_over() {
    let account = Account::empty();
    let _ = account.control(&json!({ "bucket": BUCKET }));
    let refused = put(&account, &desired(&template(0), &json!({ "SubnetIds": "subnet-1" }))).unwrap_err();
    assert_eq!(refused.problem, Problem::NotOurs, "{refused:?}");
    assert_eq!(account.things()["stacks"], json!([]));
}

#[test]
fn a_stack_that_can_only_be_removed_is_made_anew_and_one_that_is_stuck_is_told() {
    let account = Account::empty();
    let network = json!({ "SubnetIds": "subnet-1" });
    assert!(matches!(put(&account, &desired(&template(0), &network)), Ok(Ending::Done(_))));
    let status = |it: &str| account.control(&json!({ "status": { "credit-reports-test": it } }));
    let _ = status("UPDATE_ROLLBACK_FAILED");
    let stuck = put(&account, &desired(&template(1), &json!({}))).unwrap_err();
    assert!(stuck.message.contains("continue-update-rollback"), "{stuck:?}");
    let _ = status("DELETE_FAILED");
    assert!(matches!(put(&account, &desired(&template(1), &network)), Ok(Ending::Done(_))));
    assert_eq!(account.things()["stacks"], json!(["credit-reports-test"]));
}

#[test]
fn programs_for_another_processor_are_refused_before_anything_is_made() {
    let account = Account::empty();
    let mut zip = [&b"PK\x03\x04"[..], &[0; 26], b"\x7fELF", &[0; 14], &[0x3e, 0]].concat();
    zip.resize(200, 0);
    let key = format!("functions/watch-{}.zip", "b".repeat(64));
    let wanted = |parameters: Value| {
        let units = desired(&template(0), &parameters).units.into_iter().map(|it| {
            let resources = it.resources.iter().map(|it| Resource {
                files: Arc::new(BTreeMap::from([(key.clone(), zip.clone())])),
                ..Resource::clone(it)
            });
            Wanted::new(it.unit.clone(), resources.collect())
        });
        Desired { units: units.collect() }
    };
    let refused = put(&account, &wanted(json!({ "SubnetIds": "subnet-1", "WatchCode": key }))).unwrap_err();
    assert_eq!(refused.problem, Problem::OtherProcessor);
    assert!(refused.message.ends_with("a program for x86_64, and the functions run on arm64"), "{refused:?}");
    assert_eq!(account.things()["stacks"], json!([]));
    let given = json!({ "SubnetIds": "subnet-1", "WatchCode": key, "Architecture": "x86_64" });
    assert!(matches!(put(&account, &wanted(given)), Ok(Ending::Done(_))));
    // What was given stays.
    assert_eq!(put(&account, &wanted(json!({ "WatchCode": key }))), Ok(Ending::Nothing));
}
