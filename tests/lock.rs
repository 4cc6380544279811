//! Never two at a time: the generated machine on the engine, over the real item store, in virtual time.
//!
//! Jobs end at once; how an execution stands is what the case says.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    path::Path,
};

use async_trait::async_trait;
use serde_json::{Value, json};
use sluice::{
    compile::compile,
    emit::{emit, state_machine_path},
    engine::{
        Ended, Event, Execution, Machine, Observer, ServiceCall, Services, TaskError, Time, run_blocking,
    },
    source::DiskFiles,
};
use sluice_contract::{
    dynamodb::{ItemStore, ItemStoreError},
    event::ExecutionStatus,
    runs::{LockRecord, RunsTable},
};
use sluice_worker::embedded::EmbeddedItems;
use tempfile::TempDir;

const TABLE: &str = "credit-reports-runs";

struct Cloud {
    _folder: TempDir,
    items: EmbeddedItems,
    /// Where other executions stand; one that is not here does not exist.
    executions: RefCell<BTreeMap<String, &'static str>>,
    /// After so many questions about a running execution it has ended and freed its lock.
    patience: Cell<u32>,
    /// `run` and `fence` of every job.
    jobs: RefCell<Vec<(String, String)>>,
}

impl Cloud {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            items: EmbeddedItems::open(&folder.path().join("items.db")).unwrap(),
            _folder: folder,
            executions: RefCell::default(),
            patience: Cell::new(u32::MAX),
            jobs: RefCell::default(),
        }
    }

    fn lock(&self) -> LockRecord {
        RunsTable::new(&self.items, TABLE).lock("greece").unwrap().unwrap()
    }

    /// The machine of a build case, executed under that name.
    fn execute(&self, case: &str, name: &str, input: Value) -> Ended {
        let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/build").join(case);
        let compiled = compile(&DiskFiles::new(case));
        let generated = emit(&compiled.plan.unwrap(), &compiled.sources).unwrap();
        let machine = Machine::parse(&generated[1].files[&state_machine_path("greece")]).unwrap();
        let execution = Execution {
            id: id(name),
            name: name.to_owned(),
            machine_id: "arn:aws:states:eu-west-1:222222222222:stateMachine:credit-reports-greece".to_owned(),
            machine_name: "credit-reports-greece".to_owned(),
            role_arn: String::new(),
            input,
            start: "2026-11-22T02:30:00Z".parse().unwrap(),
            seed: 1,
        };
        run_blocking(&machine, execution, self, &Nobody, Time::Virtual, std::future::pending()).unwrap()
    }

    fn describe(&self, arguments: &Value) -> Result<Value, TaskError> {
        let arn = arguments["ExecutionArn"].as_str().unwrap();
        if self.patience.get() == 0 {
            assert!(RunsTable::new(&self.items, TABLE).free_lock("greece", arn).unwrap());
            let _ = self.executions.borrow_mut().insert(arn.to_owned(), "SUCCEEDED");
        }
        self.patience.set(self.patience.get().saturating_sub(1));
        match self.executions.borrow().get(arn) {
            Some(status) => Ok(json!({ "Status": status })),
            None => Err(TaskError::new("Sfn.ExecutionDoesNotExistException", arn)),
        }
    }
}

fn id(name: &str) -> String {
    format!("arn:aws:states:eu-west-1:222222222222:execution:credit-reports-greece:{name}")
}

struct Nobody;

impl Observer for Nobody {
    fn event(&self, _event: &Event) {}
}

fn refused(error: ItemStoreError) -> TaskError {
    match error {
        ItemStoreError::ConditionFailed => TaskError::new("DynamoDB.ConditionalCheckFailedException", ""),
        other
        @ (ItemStoreError::Invalid(_) | ItemStoreError::Unavailable(_) | ItemStoreError::Damaged(_)) => {
            panic!("{other}")
        }
    }
}

#[async_trait(?Send)]
impl Services for Cloud {
    async fn call(&self, call: ServiceCall) -> Result<Value, TaskError> {
        let arguments = call.arguments;
        match call.resource.rsplit(":::").next().unwrap() {
            "dynamodb:updateItem" => {
                let request = serde_json::from_value(arguments).unwrap();
                let item = self.items.update_item(&request).map_err(refused)?;
                Ok(json!({ "Attributes": item }))
            }
            "dynamodb:getItem" => {
                let item = self.items.get_item(&serde_json::from_value(arguments).unwrap()).unwrap();
                Ok(item.map_or_else(|| json!({}), |it| json!({ "Item": it })))
            }
            "aws-sdk:sfn:describeExecution" => self.describe(&arguments),
            "batch:submitJob.sync" => {
                let parameter = |name: &str| arguments["Parameters"][name].as_str().unwrap().to_owned();
                self.jobs.borrow_mut().push((parameter("run"), parameter("fence")));
                Ok(json!({}))
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn each_run_takes_the_lock_with_a_greater_fence_and_frees_it() {
    let cloud = Cloud::new();
    for fence in 1..=3 {
        let ended = cloud.execute("one_table", &format!("run-{fence}"), json!({}));
        assert_eq!(ended.output.unwrap()["fence"], fence.to_string());
        assert_eq!(cloud.lock(), LockRecord { owner: None, run: None, since: None, fence });
    }
    let fences: Vec<_> = cloud.jobs.borrow().iter().map(|(_, fence)| fence.clone()).collect();
    assert!(fences.is_sorted() && fences.len() > 3);
}

/// Leaves the lock with an execution that never frees it.
fn held_by(cloud: &Cloud, name: &str, status: Option<&'static str>) {
    let taking = sluice_contract::dynamodb::UpdateItem {
        table_name: TABLE.to_owned(),
        key: sluice_contract::runs::key("PIPELINE#greece", "LOCK"),
        update_expression: "SET #owner = :owner ADD #fence :one".to_owned(),
        condition_expression: None,
        expression_attribute_names: sluice_contract::runs::names(&["owner", "fence"]),
        expression_attribute_values: [
            (":owner".to_owned(), id(name).as_str().into()),
            (":one".to_owned(), 1.into()),
        ]
        .into(),
        return_values: None,
    };
    let _ = cloud.items.update_item(&taking).unwrap();
    let _ = status.map(|it| cloud.executions.borrow_mut().insert(id(name), it));
}

#[test]
fn a_lock_whose_owner_has_ended_is_taken_over_at_once() {
    for status in [Some("FAILED"), Some("ABORTED"), Some("TIMED_OUT"), Some("SUCCEEDED"), None] {
        let cloud = Cloud::new();
        held_by(&cloud, "dead", status);
        let ended = cloud.execute("one_table", "second", json!({}));
        assert_eq!(
            ended.output.unwrap(),
            json!({ "outcome": "published", "run": "second", "fence": "2" }),
            "{status:?}"
        );
        assert_eq!(cloud.lock().owner, None);
    }
}

#[test]
fn a_resumed_run_keeps_its_name_when_the_lock_is_taken_over() {
    let cloud = Cloud::new();
    held_by(&cloud, "first", Some("FAILED"));
    let ended = cloud.execute("one_table", "second", json!({ "run": "first" }));
    assert_eq!(ended.output.unwrap()["run"], "first");
    assert!(cloud.jobs.borrow().iter().all(|(run, fence)| run == "first" && fence == "2"));
}

#[test]
fn a_redriven_execution_takes_its_own_lock_again() {
    let cloud = Cloud::new();
    held_by(&cloud, "first", Some("RUNNING"));
    let ended = cloud.execute("one_table", "first", json!({}));
    assert_eq!(ended.output.unwrap()["fence"], "2");
}

#[test]
fn overlap_skip_ends_well_and_touches_nothing() {
    for status in ["RUNNING", "PENDING_REDRIVE"] {
        let cloud = Cloud::new();
        held_by(&cloud, "first", Some(status));
        let ended = cloud.execute("one_table", "second", json!({}));
        assert_eq!(ended.status, ExecutionStatus::Succeeded);
        assert_eq!(ended.output.unwrap(), json!({ "outcome": "skipped", "holder": id("first") }));
        assert!(cloud.jobs.borrow().is_empty());
        assert_eq!(cloud.lock().owner, Some(id("first")));
    }
}

#[test]
fn overlap_fail_fails_under_its_own_name() {
    let cloud = Cloud::new();
    held_by(&cloud, "first", Some("RUNNING"));
    let ended = cloud.execute("overlap_fails", "second", json!({}));
    assert_eq!(ended.status, ExecutionStatus::Failed);
    assert_eq!(ended.error.as_deref(), Some("Sluice.Overlap"));
    assert!(cloud.jobs.borrow().is_empty());
}

#[test]
fn overlap_wait_goes_on_once_the_other_has_ended() {
    let cloud = Cloud::new();
    held_by(&cloud, "first", Some("RUNNING"));
    cloud.patience.set(5);
    let ended = cloud.execute("tables_side_by_side", "second", json!({}));
    assert_eq!(ended.output.unwrap()["outcome"], "published");
    assert_eq!(cloud.lock().fence, 2);
}

/// Starts an execution as a schedule does.
fn scheduled(cloud: &Cloud, case: &str, name: &str, time: &str) -> Ended {
    cloud.execute(case, name, json!({ "scheduled": time }))
}

const DUE: &str = "2026-11-22T02:30:00Z";

#[test]
fn a_schedule_that_is_delivered_twice_runs_once() {
    let cloud = Cloud::new();
    assert_eq!(scheduled(&cloud, "one_table", "first", DUE).output.unwrap()["outcome"], "published");
    let jobs = cloud.jobs.borrow().len();
    for (name, time) in [("again", DUE), ("late", "2026-11-21T02:30:00Z")] {
        let ended = scheduled(&cloud, "one_table", name, time);
        assert_eq!(ended.status, ExecutionStatus::Succeeded);
        assert_eq!(ended.output.unwrap(), json!({ "outcome": "skipped", "scheduled": time }));
    }
    assert_eq!(cloud.jobs.borrow().len(), jobs);
    assert_eq!(cloud.lock().fence, 1);
}

#[test]
fn each_start_is_later_than_the_last_one_or_made_by_hand() {
    let cloud = Cloud::new();
    let starts = [
        json!({ "scheduled": "2026-11-20T02:30:00Z" }),
        json!({}),
        json!({ "scheduled": "2026-11-21T02:30:00Z" }),
        json!({ "after": "albania-1" }),
        json!({ "run": "greece-1" }),
        json!({ "scheduled": DUE }),
    ];
    for (index, input) in starts.iter().enumerate() {
        let ended = cloud.execute("one_table", &format!("run-{index}"), input.clone());
        assert_eq!(ended.output.unwrap()["outcome"], "published", "{input}");
    }
    let again = scheduled(&cloud, "one_table", "again", "2026-11-21T02:30:00Z");
    assert_eq!(again.output.unwrap()["outcome"], "skipped");
}

#[test]
fn a_time_that_has_not_come_yet_does_not_refuse_the_schedule() {
    let cloud = Cloud::new();
    for (name, time) in [("mistyped", "2206-11-22T02:30:00Z"), ("right", DUE)] {
        let ended = scheduled(&cloud, "one_table", name, time);
        assert_eq!(ended.output.unwrap()["outcome"], "published", "{time}");
    }
}

#[test]
fn a_second_delivery_is_no_overlap_whatever_became_of_the_first() {
    for (case, status) in
        [("one_table", "RUNNING"), ("overlap_fails", "RUNNING"), ("tables_side_by_side", "ABORTED")]
    {
        let cloud = Cloud::new();
        assert_eq!(scheduled(&cloud, case, "first", DUE).output.unwrap()["outcome"], "published");
        held_by(&cloud, "first", Some(status));
        let ended = scheduled(&cloud, case, "again", DUE);
        assert_eq!(ended.output.unwrap(), json!({ "outcome": "skipped", "scheduled": DUE }), "{case}");
        assert_eq!(cloud.lock().owner, Some(id("first")));
    }
}

#[test]
fn an_execution_that_was_stopped_while_it_took_the_lock_can_be_redriven() {
    let cloud = Cloud::new();
    assert_eq!(scheduled(&cloud, "one_table", "first", DUE).output.unwrap()["fence"], "1");
    assert_eq!(scheduled(&cloud, "one_table", "first", DUE).output.unwrap()["fence"], "2");
}
