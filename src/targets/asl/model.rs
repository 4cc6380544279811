//! The States Language as we write it: an invalid document is hard to build.
//!
//! Source: the Amazon States Language specification and the service integrations' pages of the Step Functions guide.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Serialize;
use sluice_contract::{
    dynamodb::{GetItem, UpdateItem},
    job::JobParameters,
    plan::TaskValue,
};

use super::{
    expression::Expression,
    name::{JobName, StateName},
};
use crate::targets::{arn::Arn, batch::ResourceRequirement};

/// A whole machine.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StateMachine {
    /// What it is, for whoever opens it in the console.
    pub comment: String,
    /// Ours are all JSONata.
    pub query_language: QueryLanguage,
    /// The states.
    #[serde(flatten)]
    pub body: Branch,
}

/// The language of a machine's expressions.
#[derive(Debug, Clone, Copy, Serialize)]
pub enum QueryLanguage {
    /// JSONata 2.0.6.
    #[serde(rename = "JSONata")]
    Jsonata,
}

/// States and the first of them: a machine's body or one branch of a Parallel.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Branch {
    /// The first state.
    pub start_at: StateName,
    /// In the order of writing.
    pub states: IndexMap<StateName, State>,
}

/// One state.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "Type")]
pub enum State {
    /// Calls a service.
    Task(Box<Task>),
    /// Runs branches side by side.
    Parallel(Parallel),
    /// Goes one way or another.
    Choice(Choice),
    /// Lets time pass.
    Wait(Wait),
    /// Ends well.
    Succeed(Succeed),
    /// Ends with an error.
    Fail(Fail),
}

/// Calls a service.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Task {
    /// Why it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Which service, and what it is asked.
    #[serde(flatten)]
    pub call: Call,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u32>,
    /// Tried in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub retry: Vec<Retrier>,
    /// Tried in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub catch: Vec<Catcher>,
    /// Variables for the states behind it.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub assign: IndexMap<&'static str, Expression>,
    /// What the next state gets; kept small, since a job's description is not.
    pub output: Nothing,
    /// Where it goes.
    #[serde(flatten)]
    pub transition: Transition,
}

/// `{}`.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Nothing {}

/// An integration and its arguments, which always fit each other.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "Resource", content = "Arguments")]
pub enum Call {
    /// Runs a Batch job to its end.
    #[serde(rename = "arn:aws:states:::batch:submitJob.sync")]
    SubmitJob(SubmitJob),
    /// Changes an item.
    #[serde(rename = "arn:aws:states:::dynamodb:updateItem")]
    UpdateItem(UpdateItem),
    /// Reads an item.
    #[serde(rename = "arn:aws:states:::dynamodb:getItem")]
    GetItem(GetItem),
    /// Calls a function and waits for its answer.
    #[serde(rename = "arn:aws:states:::lambda:invoke")]
    Invoke(Invoke),
    /// Asks where an execution stands.
    #[serde(rename = "arn:aws:states:::aws-sdk:sfn:describeExecution")]
    DescribeExecution(DescribeExecution),
}

/// `batch:SubmitJob`. All parameters are text.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SubmitJob {
    /// What the console shows.
    pub job_name: JobName,
    /// Where it queues.
    pub job_queue: Arn,
    /// What it is.
    pub job_definition: Arn,
    /// Fills the `Ref::` words of the definition's command; its field names keep their own case.
    pub parameters: JobParameters,
    /// One job for each part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub array_properties: Option<ArrayProperties>,
    /// What differs from the definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container_overrides: Option<ContainerOverrides>,
    /// How long one attempt may take.
    pub timeout: AttemptTimeout,
}

/// One job as so many children, which are told apart by `AWS_BATCH_JOB_ARRAY_INDEX`.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ArrayProperties {
    /// 2 to 10,000 [Batch API, `ArrayProperties`].
    pub size: u32,
}

/// What differs from the job definition.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContainerOverrides {
    /// `VCPU` and `MEMORY`.
    #[serde(serialize_with = "in_pascal_case")]
    pub resource_requirements: Vec<ResourceRequirement>,
}

/// A machine writes the fields of Batch's own request with capitals.
fn in_pascal_case<S: serde::Serializer>(
    all: &[ResourceRequirement],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Capital<'a> {
        r#type: &'static str,
        value: &'a str,
    }
    serializer.collect_seq(all.iter().map(|it| Capital { r#type: it.r#type, value: &it.value }))
}

/// How long one attempt of a job may take.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AttemptTimeout {
    /// At least 60 [Batch API, `JobTimeout`].
    pub attempt_duration_seconds: u32,
}

/// `lambda:Invoke`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Invoke {
    /// Which; its newest code.
    pub function_name: Arn,
    /// What it gets.
    pub payload: TaskPayload,
}

/// What a task's function gets.
#[derive(Debug, Clone, Serialize)]
pub struct TaskPayload {
    /// `greece`.
    pub pipeline: String,
    /// `GR`.
    pub country: String,
    /// The table that the task follows.
    pub table: String,
    /// The same however often the run is resumed: by it the function knows a call that it had before.
    pub run: Expression,
    /// Grows with every taking of the pipeline's lock.
    pub fence: Expression,
    /// What the program gives.
    pub arguments: BTreeMap<String, TaskValue>,
}

/// `states:DescribeExecution`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeExecution {
    /// Which.
    pub execution_arn: Expression,
}

/// Runs branches side by side; its result is the list of theirs.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Parallel {
    /// At least one.
    pub branches: Vec<Branch>,
    /// What the next state gets.
    pub output: Nothing,
    /// Where it goes.
    #[serde(flatten)]
    pub transition: Transition,
}

/// Goes the way of the first rule that holds.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Choice {
    /// At least one.
    pub choices: Vec<ChoiceRule>,
    /// Where none holds.
    pub default: StateName,
}

/// A way that a Choice may go.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ChoiceRule {
    /// True or false.
    pub condition: Expression,
    /// Where it goes if true.
    pub next: StateName,
}

/// Lets time pass.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Wait {
    /// How long.
    pub seconds: u32,
    /// Where it goes.
    #[serde(flatten)]
    pub transition: Transition,
}

/// Ends well.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Succeed {
    /// The execution's output.
    pub output: IndexMap<&'static str, String>,
}

/// Ends with an error.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Fail {
    /// The error's name.
    pub error: &'static str,
    /// One sentence.
    pub cause: String,
}

/// Where a state goes: exactly one of the two.
#[derive(Debug, Clone, Serialize)]
pub enum Transition {
    /// To a state of the same branch.
    Next(StateName),
    /// Out of the branch.
    End(True),
}

impl Transition {
    /// Out of the branch.
    pub fn end() -> Self {
        Self::End(True)
    }
}

/// `true`, and never `false`.
#[derive(Debug, Clone, Copy)]
pub struct True;

impl Serialize for True {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(true)
    }
}

/// When and how often a state is tried again.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Retrier {
    /// Which errors.
    pub error_equals: Vec<&'static str>,
    /// The first wait, from 1.
    pub interval_seconds: u32,
    /// Tries after the first.
    pub max_attempts: u32,
    /// What each further wait is multiplied by.
    pub backoff_rate: u32,
    /// The longest wait.
    pub max_delay_seconds: u32,
    /// So that thirty countries do not come back at the same second.
    pub jitter_strategy: JitterStrategy,
}

/// How waits are spread.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JitterStrategy {
    /// Anywhere between nothing and the whole wait.
    Full,
}

/// Where an error leads.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Catcher {
    /// Which errors.
    pub error_equals: Vec<&'static str>,
    /// Where it leads.
    pub next: StateName,
}
