//! Runs of a deployed environment: `start`, `runs`, `logs`, `cancel`, `resume`.
//!
//! The emulator keeps executions and does not work on them; what the worker and `watch` would record is written by
//! the requests that they make.

use std::{
    process::{Child, Stdio},
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use sluice_contract::{
    dynamodb::{DeleteItem, GetItem, Item, ItemStore, ItemStoreError, PutItem, QueryPrefix, UpdateItem},
    event::JobStatus,
    plan::Origin,
    runs::{JobRecord, RunEnd, RunStatus, RunsTable, StageFailure, StageKey},
};

use crate::{
    emulator::{Emulator, TABLE},
    support::{Scene, Told},
};

const MACHINE: &str = "arn:aws:states:eu-central-1:123456789012:stateMachine:credit-reports-greece";
const GROUP: &str = "/sluice/credit-reports/jobs";

struct Cloud {
    scene: Scene,
    table: Table,
}

/// The emulator's tables, by the requests as DynamoDB takes them.
#[derive(Debug)]
struct Table(Emulator);

impl Table {
    fn ask(&self, action: &str, request: &impl serde::Serialize) -> Value {
        let request = serde_json::to_value(request).unwrap();
        self.0.json("dynamodb", &format!("DynamoDB_20120810.{action}"), &request)
    }
}

impl ItemStore for Table {
    fn get_item(&self, request: &GetItem) -> Result<Option<Item>, ItemStoreError> {
        Ok(serde_json::from_value(self.ask("GetItem", request)["Item"].take()).unwrap())
    }

    fn put_item(&self, request: &PutItem) -> Result<(), ItemStoreError> {
        let _ = self.ask("PutItem", request);
        Ok(())
    }

    fn update_item(&self, request: &UpdateItem) -> Result<Option<Item>, ItemStoreError> {
        Ok(serde_json::from_value(self.ask("UpdateItem", request)["Attributes"].take()).unwrap())
    }

    fn delete_item(&self, request: &DeleteItem) -> Result<(), ItemStoreError> {
        let _ = self.ask("DeleteItem", request);
        Ok(())
    }

    fn query_prefix(&self, request: &QueryPrefix) -> Result<Vec<Item>, ItemStoreError> {
        unreachable!("{request:?}")
    }
}

impl Cloud {
    fn new() -> Self {
        let scene = Scene::program_only();
        scene.edit("pipelines/platform.pipe", "111111111111", "123456789012");
        let emulator = Emulator::start();
        emulator.make_table();
        let machine = json!({
            "name": "credit-reports-greece",
            "definition": r#"{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":3600,"End":true}}}"#,
            "roleArn": "arn:aws:iam::123456789012:role/machine"
        });
        let made = emulator.json("states", "AWSStepFunctions.CreateStateMachine", &machine);
        assert_eq!(made["stateMachineArn"], MACHINE);
        Self { scene, table: Table(emulator) }
    }

    fn runs(&self) -> RunsTable<'_> {
        RunsTable::new(&self.table, TABLE)
    }

    fn spawn(&self, arguments: &str) -> Child {
        let mut command = self.scene.command(&format!("{arguments} --environment test"));
        command
            .envs(self.table.0.environment())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn sluice(&self, arguments: &str) -> Told {
        let output = self.spawn(arguments).wait_with_output().unwrap();
        Told::of(output, &self.scene.path(""))
    }

    /// What Step Functions knows of an execution.
    fn execution(&self, arn: &str) -> Value {
        self.table.0.json("states", "AWSStepFunctions.DescribeExecution", &json!({ "executionArn": arn }))
    }
}

const ORIGIN: (&str, u32) = ("pipelines/greece.pipe", 7);

/// A run whose load failed, as the worker and `watch` record it.
fn record_failure(cloud: &Cloud, run: &str, execution: &str) {
    let runs = cloud.runs();
    let origin = Origin { file: ORIGIN.0.to_owned(), line: ORIGIN.1 };
    let stage = StageKey { pipeline: "greece", run, stage: "companies.load" };
    assert!(runs.run_started("greece", run, 1, 1_000).unwrap());
    assert!(runs.stage_started(&stage, &origin, 1, 2_000).unwrap());
    let why = StageFailure { code: "P0603", cause: "the connection was refused", help: "wait for it" };
    assert!(runs.stage_failed(&stage, 1, &why, 3_000).unwrap());
    let job = JobRecord {
        run: run.to_owned(),
        job: "j-1".to_owned(),
        stage: "companies.load".to_owned(),
        status: JobStatus::Failed,
        reason: None,
        trouble: None,
        attempts: 1,
        hosts_lost: 0,
        log_stream: Some("greece/default/1".to_owned()),
        created_at: Some(1_500),
        started_at: Some(2_000),
        ended_at: Some(3_000),
        version: "1".to_owned(),
    };
    assert!(runs.job_changed("greece", &job).unwrap());
    let end = RunEnd {
        run,
        execution,
        status: RunStatus::Failed,
        started_at: 1_000,
        ended_at: 4_000,
        cause: Some("the connection was refused"),
    };
    assert!(runs.run_ended("greece", &end).unwrap());
}

#[test]
fn a_run_is_started_stopped_shown_and_gone_on_with_from_afar() {
    let cloud = Cloud::new();
    let started = cloud.sluice("start greece --detach --format json").fine().json();
    let (run, execution) = (started["run"].as_str().unwrap(), started["execution"].as_str().unwrap());
    assert_eq!(cloud.execution(execution)["status"], "RUNNING");
    let _ = cloud.sluice("start grece").problem("P0908").says("did you mean `greece`?");

    let told = cloud.sluice("cancel greece").fine();
    let _ = told.says(&format!("stopped run {run}; sluice resume greece --run {run} --environment test"));
    assert_eq!(cloud.execution(execution)["status"], "ABORTED");
    let _ = cloud.sluice("cancel greece").fine().says("nothing of `greece` is running");

    record_failure(&cloud, run, execution);
    let _ =
        cloud.sluice("runs greece --last").fine().says("the connection was refused").says("companies.load");
    let resumed = cloud.sluice("resume greece --detach --format json").fine().json();
    assert_eq!(resumed["run"], run);
    let input = cloud.execution(resumed["execution"].as_str().unwrap())["input"].clone();
    assert_eq!(input, format!("{{\"run\":\"{run}\"}}"));
}

#[test]
fn a_run_that_is_followed_ends_with_its_stages_and_what_failed() {
    let cloud = Cloud::new();
    let mut follower = cloud.spawn("start greece");
    let list = json!({ "stateMachineArn": MACHINE, "statusFilter": "RUNNING" });
    let running =
        || cloud.table.0.json("states", "AWSStepFunctions.ListExecutions", &list)["executions"].take();
    let execution = loop {
        match running()[0]["executionArn"].as_str() {
            Some(arn) => break arn.to_owned(),
            None => thread::sleep(Duration::from_millis(100)),
        }
    };
    assert!(follower.try_wait().unwrap().is_none(), "it looks on");
    record_failure(&cloud, execution.rsplit(':').next().unwrap(), &execution);
    let stop = json!({ "executionArn": execution });
    let _ = cloud.table.0.json("states", "AWSStepFunctions.StopExecution", &stop);
    let told = Told::of(follower.wait_with_output().unwrap(), &cloud.scene.path(""));
    let _ = told
        .problem("P0603")
        .says("companies.load failed: the connection was refused")
        .says("aborted in 3 s");
}

#[test]
fn the_lines_of_a_run_s_jobs_are_read() {
    let cloud = Cloud::new();
    let _ = cloud.sluice("logs greece").problem("P0610").says("`greece` has not run yet");
    record_failure(
        &cloud,
        "r1",
        "arn:aws:states:eu-central-1:123456789012:execution:credit-reports-greece:r1",
    );
    let _ = cloud.sluice("logs greece --stage companies.publish").problem("P0610").says("no job of");
    let logs = |action: &str, request: Value| {
        let _ = cloud.table.0.json("logs", &format!("Logs_20140328.{action}"), &request);
    };
    logs("CreateLogGroup", json!({ "logGroupName": GROUP }));
    let stream = "greece/default/1";
    logs("CreateLogStream", json!({ "logGroupName": GROUP, "logStreamName": stream }));
    let now = jiff::Timestamp::now().as_millisecond();
    let lines: Vec<_> =
        (0..3).map(|it| json!({ "timestamp": now + it, "message": format!("line {it}") })).collect();
    logs("PutLogEvents", json!({ "logGroupName": GROUP, "logStreamName": stream, "logEvents": lines }));
    let told = cloud.sluice("logs greece --follow").fine();
    assert_eq!(told.out.lines().count(), 3, "{}", told.out);
    let _ = told.says("companies.load").says("line 2");
}

#[test]
fn what_is_not_deployed_and_who_is_not_let_in_is_told_with_a_way_out() {
    let cloud = Cloud::new();
    let _ = cloud.sluice("start bulgaria").problem("P0663").says("deploy it first");
    let mut command = cloud.scene.command("start greece --environment test");
    let endpoint = "http://127.0.0.1:1";
    let output = command
        .envs([("AWS_ENDPOINT_URL", endpoint), ("AWS_REGION", "eu-central-1")])
        .envs([("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")])
        .output()
        .unwrap();
    let _ = Told::of(output, &cloud.scene.path("")).problem("P0707").says("check the network");
}
