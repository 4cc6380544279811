//! The generated machines on another interpreter: moto's, held against ours history by history.
//!
//! `tests/emulator/interpret.py` gives every service call the same answer; so does this. What differs, and why:
//!
//! * `parameters` of a Batch job: moto adds the environment variable `MANAGED_BY_AWS`. It is left out here.
//! * Outputs of services are the stand-ins' own, so those of `TaskSubmitted` and `TaskSucceeded` are not compared.
//! * The cause of a failure is worded by each interpreter; its error's name is compared.
//! * moto knows nothing of the time zone `EnteredTime` is in, and its clock is the real one: `since` differs.
//! * moto gives a Parallel's branches to threads: where a machine has one, the order of events is not compared, but
//!   each event's kind, state and predecessor is. A join's predecessor is whichever branch was last; moto gives
//!   the same one to `ParallelStateExited`, the service gives it `ParallelStateSucceeded`.
//! * moto refuses `ItemBatcher`, knows no redrive, no tolerated failures and no `$hash`: nothing generated has them,
//!   and `tests/engine` holds ours to what the documentation says.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use async_trait::async_trait;
use serde_json::{Value, json};
use sluice::compile::compile;
use sluice::emit::{emit, state_machine_path};
use sluice::engine::{
    Event, Execution, Machine, Observer, ServiceCall, Services, TaskError, Time, run_blocking, service_shape,
};
use sluice::source::DiskFiles;

/// Shipped pipelines, with a stage that fails.
const SHIPPED: [(&str, &str); 6] = [
    ("greece", ""),
    ("greece", "companies.publish"),
    ("morocco", "officers.extract"),
    ("finland", ""),
    ("portugal", ""),
    ("india", ""),
];

#[test]
fn generated_machines_go_the_same_way_on_another_interpreter() {
    let scratch = tempfile::tempdir().unwrap();
    let mut machines: Vec<(PathBuf, &str)> = SHIPPED
        .iter()
        .map(|(pipeline, failing)| {
            (root().join("generated/test").join(state_machine_path(pipeline)), *failing)
        })
        .collect();
    for case in ["tables_side_by_side", "run_and_task", "overlap_fails"] {
        machines.extend(built(case, scratch.path()).into_iter().map(|path| (path, "")));
    }
    let theirs = interpret(&machines);
    let mut parallel = 0;
    for (index, (path, failing)) in machines.iter().enumerate() {
        let text = fs::read_to_string(path).unwrap();
        let told = &theirs[argument(path, failing)];
        let (status, events) = ours(&text, &format!("machine-{index}"), failing);
        let name = path.display();
        assert_eq!(told["status"], status.as_str(), "{name}");
        let mut theirs = told["events"].as_array().unwrap().clone();
        theirs.iter_mut().for_each(comparable);
        if text.contains("\"Parallel\"") {
            parallel += 1;
            let (theirs, ours) = (chains(&theirs), chains(&events));
            let only = |these: &[String], those: &[String]| {
                these.iter().filter(|it| !those.contains(it)).cloned().collect::<Vec<_>>()
            };
            assert_eq!(only(&theirs, &ours), only(&ours, &theirs), "{name}");
            assert_eq!(theirs.len(), ours.len(), "{name}");
        } else {
            for (theirs, ours) in theirs.iter().zip(&events) {
                assert_eq!(theirs, ours, "{name}");
            }
            assert_eq!(theirs.len(), events.len(), "{name}");
        }
    }
    assert!(parallel > 0, "no machine with branches was compared");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The machines of a build case, written where the interpreter can read them.
fn built(case: &str, scratch: &Path) -> Vec<PathBuf> {
    let compiled = compile(&DiskFiles::new(root().join("tests/build").join(case)));
    let generated = emit(&compiled.plan.unwrap(), &compiled.sources).unwrap();
    let files = generated.into_iter().flat_map(|it| it.files);
    let machines = files.filter(|(path, _)| path.ends_with("state-machine.asl.json"));
    machines
        .enumerate()
        .map(|(index, (_, text))| {
            let path = scratch.join(format!("{case}-{index}.asl.json"));
            fs::write(&path, text).unwrap();
            path
        })
        .collect()
}

fn argument(path: &Path, failing: &str) -> String {
    let path = path.display();
    if failing.is_empty() { path.to_string() } else { format!("{path}={failing}") }
}

fn interpret(machines: &[(PathBuf, &str)]) -> Value {
    let python = root().join("tests/emulator/.venv/bin/python");
    assert!(python.exists(), "{} is missing: `scripts/test` installs it", python.display());
    let output = Command::new(&python)
        .arg(root().join("tests/emulator/interpret.py"))
        .args(machines.iter().map(|(path, failing)| argument(path, failing)))
        .envs([("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn ours(text: &str, name: &str, failing: &str) -> (String, Vec<Value>) {
    let machine = Machine::parse(text).unwrap();
    let execution = Execution {
        id: format!("arn:aws:states:eu-west-1:123456789012:execution:{name}:one"),
        name: "one".to_owned(),
        machine_id: format!("arn:aws:states:eu-west-1:123456789012:stateMachine:{name}"),
        machine_name: name.to_owned(),
        role_arn: "arn:aws:iam::123456789012:role/machine".to_owned(),
        input: json!({}),
        start: "2026-11-22T02:30:00Z".parse().unwrap(),
        seed: 1,
    };
    let record = Shapes { execution: execution.clone(), all: RefCell::default() };
    let answers = Answers { failing: failing.to_owned() };
    let stop = std::future::pending();
    let ended = run_blocking(&machine, execution, &answers, &record, Time::Virtual, stop).unwrap();
    (ended.status.as_str().to_owned(), record.all.into_inner())
}

struct Answers {
    failing: String,
}

#[async_trait(?Send)]
impl Services for Answers {
    async fn call(&self, call: ServiceCall) -> Result<Value, TaskError> {
        let stage = call.arguments.pointer("/Parameters/stage").and_then(Value::as_str);
        if call.resource.contains(":batch:") && stage == Some(self.failing.as_str()) {
            return Err(TaskError::new("States.TaskFailed", "{}"));
        }
        Ok(if call.resource.contains(":dynamodb:") {
            json!({"Attributes": {"fence": {"N": "1"}}})
        } else {
            json!({"StatusCode": 200, "Payload": {}})
        })
    }
}

struct Shapes {
    execution: Execution,
    all: RefCell<Vec<Value>>,
}

impl Observer for Shapes {
    fn event(&self, event: &Event) {
        let shape = service_shape(event, &self.execution);
        let fields = shape.as_object().unwrap();
        let details =
            fields.iter().find(|(name, _)| name.ends_with("EventDetails")).map(|(_, it)| it.clone());
        let details = details.unwrap_or_default();
        let mut event =
            json!({"id": shape["id"], "previousEventId": shape["previousEventId"], "type": shape["type"]});
        for name in ["name", "resource", "resourceType", "error", "length", "index"] {
            if let Some(it) = details.get(name) {
                event[name] = it.clone();
            }
        }
        for name in ["input", "output", "parameters"] {
            if let Some(it) = details.get(name).and_then(Value::as_str) {
                event[name] = serde_json::from_str(it).unwrap();
            }
        }
        if let Some(assigned) = details.get("assignedVariables").and_then(Value::as_object) {
            let read = |it: &Value| serde_json::from_str::<Value>(it.as_str().unwrap()).unwrap();
            event["assignedVariables"] = assigned.iter().map(|(name, it)| (name.clone(), read(it))).collect();
        }
        comparable(&mut event);
        self.all.borrow_mut().push(event);
    }
}

/// Without what the comparison leaves out, for the reasons above.
fn comparable(event: &mut Value) {
    let kind = event["type"].as_str().unwrap().to_owned();
    let event = event.as_object_mut().unwrap();
    if ["TaskSubmitted", "TaskSucceeded"].contains(&kind.as_str()) {
        let _ = event.remove("output");
    }
    if let Some(Value::Object(parameters)) = event.get_mut("parameters") {
        let _ = parameters.remove("ContainerOverrides");
        if let Some(values) = parameters.get_mut("ExpressionAttributeValues").and_then(Value::as_object_mut) {
            for name in [":now", ":me"] {
                let _ = values.remove(name);
            }
        }
    }
}

/// Each event's kind and state with those of the event before it, in an order that threads don't change.
fn chains(events: &[Value]) -> Vec<String> {
    let said = |it: &Value| format!("{} {}", it["type"], it.get("name").unwrap_or(&Value::Null));
    let mut chains: Vec<String> = events
        .iter()
        .map(|it| {
            let previous = events.iter().find(|before| before["id"] == it["previousEventId"]);
            let state = it["type"].as_str().unwrap();
            let is_join = ["ParallelStateSucceeded", "ParallelStateExited"].contains(&state);
            let previous = previous.filter(|_| !is_join).map(said).unwrap_or_default();
            format!("{} < {previous}", said(it))
        })
        .collect();
    chains.sort();
    chains
}
