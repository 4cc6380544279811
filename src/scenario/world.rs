//! What is there while a scenario is played: tables, executions, and what stages have done.

use std::cell::{Cell, RefCell};

use jiff::Timestamp;
use sluice_contract::{
    dynamodb::{AttributeValue, Item, ItemStore as _, ItemStoreError, PutItem},
    event::{ExecutionDetail, ExecutionStatus},
    notification::Notification,
    plan::PlanDocument,
    runs::{LOCK, LockRecord, RunsTable, key, partition, table_name},
};
use sluice_lambdas::announce::{AnnounceError, Announcer};
use sluice_worker::embedded::EmbeddedItems;

use super::{Scene, retry::JobDefinition};
use crate::{
    diagnostics::{Code, Diagnostic},
    emit,
    engine::Machine,
    lower::PipelinePlan,
};

/// The world of one scenario.
pub(super) struct World<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) pipeline: &'a PipelinePlan,
    pub(super) machine: Machine,
    pub(super) definitions: Vec<JobDefinition>,
    pub(super) plan: PlanDocument,
    /// What each stage is called, as an operator reads it, and its id.
    pub(super) stages: Vec<(String, String)>,
    pub(super) items: EmbeddedItems,
    pub(super) table: String,
    pub(super) executions: RefCell<Vec<ExecutionDetail>>,
    pub(super) attempts: RefCell<Vec<Attempt>>,
    pub(super) told: RefCell<Vec<Notification>>,
    pub(super) now: Cell<Timestamp>,
}

/// One attempt at a stage.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    pub(super) stage: String,
    pub(super) start: Timestamp,
    /// None while it goes on, and for good where it was broken off.
    pub(super) end: Option<Timestamp>,
}

impl std::fmt::Debug for World<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("World").field("pipeline", &self.pipeline.name).finish_non_exhaustive()
    }
}

impl<'a> World<'a> {
    pub(super) fn new(scene: &'a Scene<'a>, pipeline: &'a PipelinePlan) -> Result<Self, Diagnostic> {
        let internal = |what: String| Diagnostic::new(Code::PlanUnusable, what);
        let file = |path: String| {
            let found = scene.generated.files.get(&path);
            found.ok_or_else(|| internal(format!("`{path}` was not generated")))
        };
        let text = file(emit::state_machine_path(&pipeline.name))?;
        let machine = Machine::parse(text).map_err(|error| internal(error.to_string()))?;
        let document: serde_json::Value =
            serde_json::from_str(text).map_err(|error| internal(error.to_string()))?;
        let mut stages = Vec::new();
        named_stages(&document, &mut stages);
        let items = EmbeddedItems::open(std::path::Path::new(":memory:"))
            .map_err(|error| internal(error.to_string()))?;
        Ok(Self {
            scene,
            pipeline,
            machine,
            definitions: serde_json::from_str(file(emit::job_definitions_path(&pipeline.name))?)
                .map_err(|error| internal(error.to_string()))?,
            plan: serde_json::from_str(file(emit::plan_path(&pipeline.name))?)
                .map_err(|error| internal(error.to_string()))?,
            stages,
            items,
            table: table_name(&scene.plan.platform),
            executions: RefCell::default(),
            attempts: RefCell::default(),
            told: RefCell::default(),
            now: Cell::new(FIRST_START),
        })
    }

    pub(super) fn runs(&self) -> RunsTable<'_> {
        RunsTable::new(&self.items, &self.table)
    }

    pub(super) fn machine_name(&self) -> String {
        format!("{}-{}", self.scene.plan.platform, self.pipeline.name)
    }

    /// An ARN in the scenario's environment.
    pub(super) fn arn(&self, kind: &str, of: &str) -> String {
        let environment = self.scene.environment;
        format!("arn:aws:states:{}:{}:{kind}:{of}", environment.region, environment.account)
    }

    /// A new execution, which goes on.
    pub(super) fn starts(&self, name: &str, input: &str) -> ExecutionDetail {
        let machine = self.machine_name();
        let detail = ExecutionDetail {
            execution_arn: self.arn("execution", &format!("{machine}:{name}")),
            state_machine_arn: self.arn("stateMachine", &machine),
            name: name.to_owned(),
            status: ExecutionStatus::Running,
            start_date: self.now.get().as_millisecond(),
            stop_date: None,
            input: Some(input.to_owned()),
            output: None,
            error: None,
            cause: None,
        };
        self.executions.borrow_mut().push(detail.clone());
        detail
    }

    /// Replaces what is known of an execution.
    pub(super) fn settle(&self, detail: &ExecutionDetail) {
        if let Some(it) = self.executions.borrow_mut().iter_mut().find(|it| it.name == detail.name) {
            it.clone_from(detail);
        }
    }

    pub(super) fn lock(&self) -> Result<Option<LockRecord>, ItemStoreError> {
        self.runs().lock(&self.pipeline.name)
    }

    /// Another run has the lock, as the machine would have taken it.
    pub(super) fn hold_lock(&self, goes_on: bool) -> Result<(), ItemStoreError> {
        let mut holder = self.starts("another-run", "{}");
        if !goes_on {
            holder.status = ExecutionStatus::Aborted;
            holder.stop_date = Some(holder.start_date);
            self.settle(&holder);
        }
        let mut item: Item = key(&partition(&self.pipeline.name), LOCK);
        let fence = self.lock()?.map_or(0, |it| it.fence) + 1;
        for (name, value) in [
            ("owner", AttributeValue::from(holder.execution_arn.as_str())),
            ("run", AttributeValue::from(holder.name.as_str())),
            ("since", AttributeValue::from(self.now.get().to_string().as_str())),
            ("fence", AttributeValue::from(fence)),
        ] {
            let _ = item.insert(name.to_owned(), value);
        }
        self.items.put_item(&PutItem {
            table_name: self.table.clone(),
            item,
            condition_expression: None,
            expression_attribute_names: std::collections::BTreeMap::new(),
            expression_attribute_values: Item::new(),
        })
    }

    /// The stage with that name or id.
    pub(super) fn stage_id(&self, name: &str) -> Option<&str> {
        let wanted = name.to_lowercase();
        let found = self.stages.iter().find(|(phrase, id)| *phrase == wanted || *id == wanted);
        found.map(|(_, id)| id.as_str())
    }
}

impl Announcer for World<'_> {
    fn announce(&self, notification: &Notification) -> Result<(), AnnounceError> {
        self.told.borrow_mut().push(notification.clone());
        Ok(())
    }
}

/// 5 January 2026, 02:30 UTC: a day like any other.
const FIRST_START: Timestamp = Timestamp::constant(1_767_580_200, 0);

/// The states that submit a stage's job or call its function, in the order of the document.
fn named_stages(document: &serde_json::Value, found: &mut Vec<(String, String)>) {
    use serde_json::Value;
    match document {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        Value::Array(items) => items.iter().for_each(|it| named_stages(it, found)),
        Value::Object(fields) => {
            for (name, field) in fields {
                let text = |pointer: &str| field.pointer(pointer).and_then(Value::as_str);
                if let Some(stage) = text("/Arguments/Parameters/stage") {
                    found.push((name.to_lowercase(), stage.to_owned()));
                } else if text("/Resource").is_some_and(|it| it.contains(":lambda:")) {
                    found.push((name.to_lowercase(), name.clone()));
                }
                named_stages(field, found);
            }
        }
    }
}
