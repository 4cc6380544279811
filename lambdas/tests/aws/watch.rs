//! `watch`: events in, records and one notification out, however often they come.

use std::{io::Write, net::TcpListener, thread};

use serde_json::{Value, json};
use sluice_aws::{DynamoItems, aws_config::SdkConfig};
use sluice_contract::{
    dynamodb::{AttributeValue, ItemStore, UpdateItem},
    notification::{Notification, Occasion},
    plan::Origin,
    runs::{LOCK, RunStatus, RunsTable, StageFailure, StageKey, key, names, partition},
};
use tokio::runtime::Runtime;

use crate::{
    emulator::{Emulator, TABLE, TOPIC},
    function::Function,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_watch");
const EXECUTION: &str = "arn:aws:states:eu-central-1:123456789012:execution:credit-reports-greece:r1";

fn start(endpoint: &[(&str, &str)]) -> Function {
    let own = [
        ("SLUICE_PLATFORM", "credit-reports"),
        ("SLUICE_ENVIRONMENT", "prod"),
        ("SLUICE_RUNS_TABLE", TABLE),
        ("SLUICE_TOPIC_ARN", TOPIC),
    ];
    let environment: Vec<_> = endpoint.iter().copied().chain(own).collect();
    Function::start(PROGRAM, &environment)
}

/// A run that holds the lock and whose stage has failed, written through the same code as in the worker.
fn a_run_that_failed(items: &dyn ItemStore) {
    let take = UpdateItem {
        table_name: TABLE.into(),
        key: key(&partition("greece"), LOCK),
        update_expression: "SET #owner = :owner, #run = :run".into(),
        condition_expression: Some("attribute_not_exists(#owner)".into()),
        expression_attribute_names: names(&["owner", "run"]),
        expression_attribute_values: [(":owner", EXECUTION), (":run", "r1")]
            .map(|(name, value)| (name.to_owned(), AttributeValue::from(value)))
            .into(),
        return_values: None,
    };
    let _ = items.update_item(&take).unwrap();
    let runs = RunsTable::new(items, TABLE);
    let stage = StageKey { pipeline: "greece", run: "r1", stage: "companies.load" };
    let line = Origin { file: "greece.pipe".into(), line: 8 };
    assert!(runs.run_started("greece", "r1", 1, 1_000).unwrap());
    assert!(runs.stage_started(&stage, &line, 1, 1_000).unwrap());
    let why = StageFailure { code: "P0607", cause: "mysql://me:hunter2@db is full", help: "make room" };
    assert!(runs.stage_failed(&stage, 1, &why, 1_500).unwrap());
}

fn items(emulator: &Emulator, runtime: &Runtime) -> DynamoItems {
    DynamoItems::new(&configuration(emulator, runtime), runtime.handle().clone())
}

/// As the programs have it, with the emulator in the place of AWS.
fn configuration(emulator: &Emulator, runtime: &Runtime) -> SdkConfig {
    use sluice_aws::aws_config::Region;

    let credentials = aws_sdk_sns::config::Credentials::new("test", "test", None, None, "test");
    runtime
        .block_on(sluice_aws::configuration())
        .into_builder()
        .region(Region::new("eu-central-1"))
        .endpoint_url(&emulator.endpoint)
        .credentials_provider(aws_sdk_sns::config::SharedCredentialsProvider::new(credentials))
        .build()
}

fn failed_execution() -> Value {
    json!({
        "version": "0", "id": "e1", "detail-type": "Step Functions Execution Status Change",
        "source": "aws.states", "account": "123456789012", "time": "2026-11-23T02:00:00Z",
        "region": "eu-central-1", "resources": [EXECUTION],
        "detail": {
            "executionArn": EXECUTION,
            "stateMachineArn": "arn:aws:states:eu-central-1:123456789012:stateMachine:credit-reports-greece",
            "name": "r1", "status": "FAILED", "startDate": 900, "stopDate": 2_000,
            "input": "{}", "output": null, "error": "States.TaskFailed", "cause": "{}",
            "inputDetails": { "included": true }, "outputDetails": null, "redriveCount": 0
        }
    })
}

fn job() -> Value {
    json!({
        "id": "e2", "detail-type": "Batch Job State Change", "time": "2026-11-23T01:59:00Z",
        "detail": {
            "jobId": "4c75", "jobName": "x", "status": "FAILED", "createdAt": 950,
            "statusReason": "Essential container in task exited",
            "attempts": [
                { "container": { "logStreamName": "greece/default/0" },
                  "statusReason": "Host EC2 (instance i-1) terminated." },
                { "container": { "exitCode": 1, "logStreamName": "greece/default/1" },
                  "statusReason": "Essential container in task exited" }
            ],
            "jobDefinition": "arn:aws:batch:eu-central-1:123456789012:job-definition/credit-reports-greece:3",
            "parameters": {
                "plan": "plans/greece/1.json", "stage": "companies.load", "run": "r1", "fence": "1", "execution": "e"
            },
            "container": { "exitCode": 1, "logStreamName": "greece/default/1" }
        }
    })
}

fn batch(bodies: &[(&str, String)]) -> Value {
    let record = |(id, body): &(&str, String)| {
        json!({ "messageId": id, "receiptHandle": "x", "body": body, "attributes": {},
                "messageAttributes": {}, "eventSource": "aws:sqs", "awsRegion": "eu-central-1" })
    };
    json!({ "Records": bodies.iter().map(record).collect::<Vec<_>>() })
}

fn failures(response: &Value) -> Vec<&str> {
    let failures = response["batchItemFailures"].as_array().unwrap();
    failures.iter().map(|it| it["itemIdentifier"].as_str().unwrap()).collect()
}

#[test]
fn a_batch_is_recorded_frees_the_lock_and_is_told_once_however_often_it_comes() {
    let (emulator, runtime) = (Emulator::start(), Runtime::new().unwrap());
    emulator.make_table();
    let _ = emulator.make_topic();
    let queue = emulator.make_queue();
    let items = items(&emulator, &runtime);
    a_run_that_failed(&items);
    let function = start(&emulator.environment());
    let batch = batch(&[
        ("job", job().to_string()),
        ("poison", "{\"detail-type\": hunter2".to_owned()),
        ("unknown", json!({ "id": "u", "detail-type": "Batch Weather", "detail": {} }).to_string()),
        ("end", failed_execution().to_string()),
    ]);

    let response = function.invoke(&batch).unwrap();
    assert_eq!(failures(&response), ["poison"], "{}", function.log());
    let runs = RunsTable::new(&items, TABLE);
    assert_eq!(runs.run("greece", "r1").unwrap().unwrap().status, RunStatus::Failed);
    assert_eq!(runs.lock("greece").unwrap().unwrap().owner, None);
    let job = runs.jobs("greece", "r1").unwrap().remove(0);
    assert_eq!((job.attempts, job.hosts_lost, job.log_stream.as_deref()), (2, 1, Some("greece/default/1")));

    let heard = emulator.heard(&queue);
    let told: Vec<Notification> =
        heard.iter().map(|it| serde_json::from_str(it["Message"].as_str().unwrap()).unwrap()).collect();
    let expected = Notification {
        occasion: Occasion::Failure,
        pipeline: "greece".into(),
        run: "r1".into(),
        stage: Some("companies.load".into()),
        summary: "`greece` failed in `companies.load`".into(),
        cause: Some("mysql://***@db is full".into()),
        help: Some("make room".into()),
        next_step: Some("sluice resume greece --run r1 --environment prod".into()),
        origin: Some(Origin { file: "greece.pipe".into(), line: 8 }),
        channel: None,
        log: Some(
            "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logsV2:log-groups/\
             log-group/$252Fsluice$252Fcredit-reports$252Fjobs/log-events/greece$252Fdefault$252F1"
                .into(),
        ),
    };
    assert_eq!(told, [expected]);
    assert_eq!(heard[0]["MessageAttributes"]["occasion"]["Value"], "failure");

    let before = emulator.items();
    let again = function.invoke(&batch).unwrap();
    assert_eq!(failures(&again), ["poison"]);
    assert_eq!(emulator.items(), before);
    assert_eq!(emulator.heard(&queue), Vec::<Value>::new());
    let log = function.log();
    let counts: Vec<_> = log.lines().filter(|it| it.contains("CloudWatchMetrics")).collect();
    let first = r#""Function":"function","HostsLost":1,"Malformed":1,"Recorded":1,"RunsFailed":1,"Settled":1,"Told":1,"Unknown":1}"#;
    assert!(counts[0].ends_with(first), "{log}");
    assert!(counts[1].ends_with(r#""Malformed":1,"Redelivered":2,"Unknown":1}"#), "{log}");
    assert!(!log.contains("hunter2"), "{log}");
}

#[test]
fn what_the_topic_did_not_take_comes_again_and_is_told_then() {
    let (emulator, runtime) = (Emulator::start(), Runtime::new().unwrap());
    emulator.make_table();
    a_run_that_failed(&items(&emulator, &runtime));
    let function = start(&emulator.environment());
    let batch = batch(&[("end", failed_execution().to_string())]);
    assert_eq!(failures(&function.invoke(&batch).unwrap()), ["end"]);
    let _ = emulator.make_topic();
    let queue = emulator.make_queue();
    assert_eq!(failures(&function.invoke(&batch).unwrap()), Vec::<&str>::new(), "{}", function.log());
    assert_eq!(emulator.heard(&queue).len(), 1);
}

#[test]
fn where_the_store_does_not_answer_every_message_comes_again() {
    // It speaks no TLS, so that the client's is seen to be there and to refuse.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("https://{}", listener.local_addr().unwrap());
    drop(thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = stream.unwrap().write_all(b"HTTP/1.1 400 x\r\n\r\n");
        }
    }));
    let function = start(&[
        ("AWS_ENDPOINT_URL", &endpoint),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
    ]);
    let batch = batch(&[("end", failed_execution().to_string()), ("job", job().to_string())]);
    let response = function.invoke(&batch).unwrap();
    assert_eq!(failures(&response), ["end", "job"], "{}", function.log());
    assert!(function.log().contains("the item store can't be reached"), "{}", function.log());
}

#[test]
fn what_is_no_batch_is_an_error_with_a_stable_name() {
    let emulator = Emulator::start();
    let function = start(&emulator.environment());
    let error = function.invoke(&json!({ "Recrods": [] })).unwrap_err();
    assert_eq!(error["errorType"], "Sluice.Event");
    let after = function.invoke(&batch(&[])).unwrap();
    assert_eq!(after, json!({ "batchItemFailures": [] }));
}
