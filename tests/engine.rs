//! Runs every folder of `tests/engine` on the local engine and compares how it ends with `expected.json`.
//!
//! A folder has `machine.asl.json`; it may have `objects.json` (texts by `bucket/key`), `input.json`, `stop.json` (abort after so many seconds) and
//! `mocks.json`: for each state or resource a list of answers, of which the nth call gets the nth and every
//! further call the last. An answer is `{"return": value}` or `{"error": name, "cause": text}`, each with
//! `"after": seconds` if it takes time. Time is virtual. `BLESS=1` writes what came out as what is expected.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sluice::engine::{
    Event, Execution, ListedObject, Machine, MapRun, ObjectAnswer, ObjectRequest, Observer, Retrying,
    ServiceCall, Services, TaskError, Time, run_blocking, service_shape,
};

const START: &str = "2026-11-22T02:30:00Z";

#[test]
fn every_case_ends_as_expected() {
    let mut failures = Vec::new();
    let folders = folders();
    assert!(folders.len() >= 30, "the cases have gone: {}", folders.len());
    for folder in folders {
        let found = case(&folder);
        assert_eq!(found, case(&folder), "{} is not repeatable", folder.display());
        let expected = folder.join("expected.json");
        if bless() {
            fs::write(&expected, format!("{}\n", serde_json::to_string_pretty(&found).unwrap())).unwrap();
        } else if read(&expected).as_ref() != Some(&found) {
            failures.push(format!(
                "{}:\n{}",
                folder.display(),
                serde_json::to_string_pretty(&found).unwrap()
            ));
        }
    }
    assert!(failures.is_empty(), "these cases ended otherwise (BLESS=1 accepts):\n{}", failures.join("\n"));
}

#[test]
fn an_endless_loop_ends_where_the_history_is_full() {
    let text =
        json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}});
    let machine = Machine::parse(&text.to_string()).unwrap();
    let mocks = Mocks::new(None);
    let ended =
        run_blocking(&machine, execution(json!({})), &mocks, &Deaf, Time::Virtual, std::future::pending())
            .unwrap();
    assert_eq!(ended.error.as_deref(), Some("States.Runtime"));
    assert_eq!(ended.transitions, 12_500);
}

/// A service's work on another thread holds virtual time still, and a timeout's clock with it.
#[test]
fn blocking_work_takes_no_virtual_time() {
    struct Blocking;
    #[async_trait(?Send)]
    impl Services for Blocking {
        async fn call(&self, call: ServiceCall) -> Result<Value, TaskError> {
            let work = || std::thread::sleep(Duration::from_millis(20));
            tokio::task::spawn_blocking(work).await.unwrap();
            Ok(json!(call.clock.now().to_string()))
        }
    }
    let task = json!({"Type": "Task", "Resource": "r", "TimeoutSeconds": 1, "End": true});
    let text = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": task}});
    let machine = Machine::parse(&text.to_string()).unwrap();
    let stop = std::future::pending();
    let ended = run_blocking(&machine, execution(json!({})), &Blocking, &Deaf, Time::Virtual, stop).unwrap();
    assert_eq!(ended.output, Some(json!(START)));
}

struct Deaf;

impl Observer for Deaf {
    fn event(&self, _: &Event) {}
}

#[expect(clippy::disallowed_methods, reason = "a test is told by its environment to accept what it finds")]
fn bless() -> bool {
    std::env::var("BLESS").is_ok()
}

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine");
    let mut folders: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn read(path: &Path) -> Option<Value> {
    let text = fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|problem| panic!("{}: {problem}", path.display())))
}

fn case(folder: &Path) -> Value {
    let text = fs::read_to_string(folder.join("machine.asl.json")).unwrap();
    let machine = match Machine::parse(&text) {
        Ok(machine) => machine,
        Err(problem) => return json!({"refused": problem.to_string()}),
    };
    let execution = execution(read(&folder.join("input.json")).unwrap_or_else(|| json!({})));
    let start = execution.start;
    let mut mocks = Mocks::new(read(&folder.join("mocks.json")));
    if let Some(Value::Object(objects)) = read(&folder.join("objects.json")) {
        let text = |(key, it): (String, Value)| (key, it.as_str().unwrap().to_owned());
        mocks.objects = RefCell::new(objects.into_iter().map(text).collect());
    }
    let stop = read(&folder.join("stop.json")).and_then(|seconds| seconds.as_f64());
    let stop = async move {
        match stop {
            Some(seconds) => tokio::time::sleep(Duration::from_secs_f64(seconds)).await,
            None => std::future::pending().await,
        }
    };
    let record =
        Record { start, lines: RefCell::default(), last: RefCell::new((0, 0)), children: RefCell::default() };
    let ended = run_blocking(&machine, execution, &mocks, &record, Time::Virtual, stop).unwrap();
    let mut found = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            drop(found.insert(name.to_owned(), value));
        }
    };
    put("status", Some(json!(ended.status)));
    put("output", ended.output);
    put("error", ended.error.map(Value::from));
    put("cause", ended.cause.map(Value::from));
    put("transitions", Some(json!(ended.transitions)));
    put("cancelled", Some(json!(mocks.cancelled.into_inner())).filter(|names| names != &json!([])));
    put("children", Some(json!(record.children.into_inner())).filter(|it| it != &json!([])));
    put("written", Some(json!(mocks.written.into_inner())).filter(|it| it != &json!({})));
    put("events", Some(json!(record.lines.into_inner())));
    Value::Object(found)
}

fn execution(input: Value) -> Execution {
    Execution {
        id: "arn:aws:states:eu-west-1:111111111111:execution:machine:one".to_owned(),
        name: "one".to_owned(),
        machine_id: "arn:aws:states:eu-west-1:111111111111:stateMachine:machine".to_owned(),
        machine_name: "machine".to_owned(),
        role_arn: "arn:aws:iam::111111111111:role/machine".to_owned(),
        input,
        start: START.parse().unwrap(),
        seed: 1,
    }
}

/// Writes down every event as `seconds id<previous name state`, and holds what is true of every history.
struct Record {
    start: Timestamp,
    lines: RefCell<Vec<String>>,
    last: RefCell<(u64, u64)>,
    children: RefCell<Vec<String>>,
}

impl Record {
    fn line(&self, timestamp: Timestamp, text: &str) {
        let seconds = timestamp.duration_since(self.start).as_secs_f64();
        self.lines.borrow_mut().push(format!("{seconds:.3} {text}").trim_end().to_owned());
    }
}

impl Observer for Record {
    fn event(&self, event: &Event) {
        let (id, transitions) = self.last.replace((event.id, event.transitions));
        assert_eq!(event.id, id + 1, "ids count up");
        assert!(event.previous < event.id, "an event follows an earlier one");
        assert!(event.transitions >= transitions, "transitions only grow");
        let state = event.state.as_deref().unwrap_or_default();
        let chain = format!("{}<{}", event.id, event.previous);
        self.line(event.timestamp, &format!("{chain} {} {state}", event.kind.name()));
    }

    fn map_run(&self, run: &MapRun) {
        for child in &run.children {
            let status = child.ended.as_ref().map_or("PENDING", |it| it.status.as_str());
            let output = child.ended.as_ref().and_then(|it| it.output.clone()).unwrap_or_default();
            let line = format!("{status} {} -> {output}", child.execution.input);
            self.children.borrow_mut().push(line);
        }
    }

    fn retrying(&self, retrying: &Retrying) {
        let Retrying { state, retry, error, delay, .. } = retrying;
        let line = format!("      (retry {retry} of {state} after {error} in {:.3})", delay.as_secs_f64());
        self.lines.borrow_mut().push(line);
    }
}

/// The details of every event have the service's names.
#[test]
fn events_have_the_shape_of_the_service() {
    struct Shapes(RefCell<Vec<Value>>);
    impl Observer for Shapes {
        fn event(&self, event: &Event) {
            self.0.borrow_mut().push(service_shape(event, &execution(json!({}))));
        }
    }
    let task = |resource: &str, next: Option<&str>| match next {
        Some(next) => json!({"Type": "Task", "Resource": resource, "Next": next, "Assign": {"x": 1}}),
        None => json!({"Type": "Task", "Resource": resource, "TimeoutSeconds": 5, "End": true}),
    };
    let text = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": task("arn:aws:lambda:eu-west-1:1:function:f", Some("B")),
        "B": task("arn:aws:states:eu-west-1:1:activity:a", Some("C")),
        "C": task("arn:aws:states:::batch:submitJob.sync", None),
    }});
    let machine = Machine::parse(&text.to_string()).unwrap();
    let (mocks, shapes) = (Mocks::new(None), Shapes(RefCell::default()));
    let input = execution(json!({"a": 1}));
    let _ = run_blocking(&machine, input, &mocks, &shapes, Time::Virtual, std::future::pending()).unwrap();
    let shapes = shapes.0.into_inner();
    let of = |name: &str| {
        shapes.iter().find(|it| it["type"] == name).unwrap_or_else(|| panic!("no {name}")).clone()
    };
    let expected = json!({
        "timestamp": "2026-11-22T02:30:00.000Z", "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
        "executionStartedEventDetails": {
            "input": "{\"a\":1}", "inputDetails": {"truncated": false},
            "roleArn": "arn:aws:iam::111111111111:role/machine"
        }
    });
    assert_eq!(of("ExecutionStarted"), expected);
    let details = json!({"resource": "arn:aws:lambda:eu-west-1:1:function:f",
        "input": "{\"a\":1}", "inputDetails": {"truncated": false}});
    let scheduled = of("LambdaFunctionScheduled");
    assert_eq!(scheduled["lambdaFunctionScheduledEventDetails"]["input"], details["input"]);
    assert_eq!(of("LambdaFunctionStarted").as_object().unwrap().len(), 4);
    assert_eq!(of("ActivityStarted")["id"], 9);
    let details = json!({"resourceType": "batch", "resource": "submitJob.sync", "region": "eu-west-1",
        "parameters": "{\"a\":1}", "timeoutInSeconds": 5});
    assert_eq!(of("TaskScheduled")["taskScheduledEventDetails"], details);
    let names = ["TaskStarted", "TaskSubmitted", "TaskSucceeded"].map(|it| of(it)["id"].clone());
    assert_eq!(json!(names), json!([14, 15, 16]));
    let exited = of("TaskStateExited");
    assert_eq!(exited["stateExitedEventDetails"]["assignedVariables"], json!({"x": "1"}));
}

/// The services of a case.
struct Mocks {
    answers: Value,
    calls: RefCell<BTreeMap<String, usize>>,
    cancelled: RefCell<Vec<String>>,
    objects: RefCell<BTreeMap<String, String>>,
    written: RefCell<BTreeMap<String, String>>,
}

impl Mocks {
    fn new(answers: Option<Value>) -> Self {
        Self {
            answers: answers.unwrap_or_default(),
            calls: RefCell::default(),
            cancelled: RefCell::default(),
            objects: RefCell::default(),
            written: RefCell::default(),
        }
    }

    fn answer(&self, call: &ServiceCall) -> Value {
        let names = [call.state.as_str(), call.resource.as_str()];
        let name = names.into_iter().find(|name| self.answers.get(name).is_some());
        let Some(name) = name else { return json!({"return": call.arguments}) };
        let answers = self.answers[name].as_array().expect("a list of answers");
        let mut calls = self.calls.borrow_mut();
        let count = calls.entry(name.to_owned()).or_default();
        *count += 1;
        answers[(*count).min(answers.len()) - 1].clone()
    }
}

#[async_trait(?Send)]
impl Services for Mocks {
    async fn submit(&self, call: &ServiceCall) -> Result<Value, TaskError> {
        let answer = self.answers.get(format!("submit {}", call.state)).cloned().unwrap_or_default();
        match answer.get("error").and_then(Value::as_str) {
            Some(error) => Err(TaskError::new(error, "refused")),
            None => Ok(json!({})),
        }
    }

    async fn object(&self, request: ObjectRequest) -> Result<ObjectAnswer, TaskError> {
        let missing = || TaskError::new("S3.NoSuchKeyException", "no such key");
        match request {
            ObjectRequest::Get { bucket, key } => {
                let found = self.objects.borrow().get(&format!("{bucket}/{key}")).cloned();
                found.map(ObjectAnswer::Body).ok_or_else(missing)
            }
            ObjectRequest::List { bucket, prefix } => {
                let objects = self.objects.borrow();
                let listed = objects.iter().filter_map(|(key, text)| {
                    let key = key.strip_prefix(&format!("{bucket}/"))?.to_owned();
                    let size = text.len().try_into().unwrap();
                    key.starts_with(&prefix).then_some(ListedObject { key, size })
                });
                Ok(ObjectAnswer::Listed(listed.collect()))
            }
            ObjectRequest::Put { bucket, key, body } => {
                let _ = self.written.borrow_mut().insert(format!("{bucket}/{key}"), body);
                Ok(ObjectAnswer::Written)
            }
        }
    }

    async fn call(&self, call: ServiceCall) -> Result<Value, TaskError> {
        let answer = self.answer(&call);
        let mut guard = Cancelled { state: Some(call.state.clone()), mocks: self };
        for _ in 0..answer["beats"].as_u64().unwrap_or(0) {
            tokio::time::sleep(Duration::from_secs(10)).await;
            call.heart.beat();
        }
        if let Some(seconds) = answer["after"].as_f64() {
            tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
        }
        guard.state = None;
        match answer.get("error").and_then(Value::as_str) {
            Some(error) => Err(TaskError::new(error, answer["cause"].as_str().unwrap_or_default())),
            // A payload of that many bytes would be a nuisance to keep in a file.
            None => Ok(match answer["bytes"].as_u64() {
                Some(bytes) => Value::from("x".repeat(usize::try_from(bytes).unwrap())),
                None => answer["return"].clone(),
            }),
        }
    }
}

/// Writes down that a call was dropped before it was answered.
struct Cancelled<'m> {
    state: Option<String>,
    mocks: &'m Mocks,
}

impl Drop for Cancelled<'_> {
    fn drop(&mut self) {
        self.mocks.cancelled.borrow_mut().extend(self.state.take());
    }
}
