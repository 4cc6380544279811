//! What a pipeline's machine, jobs and schedule may do: derived from what they really call.
//!
//! No resource is `*` where a name can be written. What remains: `batch:DescribeJobs`, for which IAM knows no
//! resource [Service Authorization Reference, AWS Batch].

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde::Serialize;
use sluice_contract::plan::{Connection, Work};

use super::{
    arn::Arn,
    asl::{Branch, Call, State, StateMachine},
    resources::Resources,
};
use crate::lower::PipelinePlan;

/// The policies of the roles of one pipeline.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policies {
    /// Of the state machine's role.
    pub state_machine: PolicyDocument,
    /// Of the jobs' role.
    pub job: PolicyDocument,
    /// Of the schedule's role.
    pub schedule: PolicyDocument,
    /// Of the role of the rule that starts it after others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<PolicyDocument>,
}

/// An IAM policy.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PolicyDocument {
    /// Always `2012-10-17`.
    pub version: &'static str,
    /// What is allowed.
    pub statement: Vec<Statement>,
}

/// Actions on resources.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Statement {
    /// What for.
    pub sid: &'static str,
    /// Always `Allow`.
    pub effect: &'static str,
    /// `batch:SubmitJob`.
    pub action: Vec<&'static str>,
    /// On what.
    pub resource: Vec<Resource>,
    /// Only where all of these hold.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub condition: IndexMap<&'static str, IndexMap<&'static str, Vec<String>>>,
}

/// A resource that has a name, or all of a kind that has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Resource {
    /// A name.
    Named(Arn),
    /// `*`.
    Any(Any),
}

/// `*`, for the actions that IAM knows no resource for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Any {
    /// `*`.
    #[serde(rename = "*")]
    Any,
}

/// The policies of the pipeline, of which `machine` is the state machine.
pub fn policies(pipeline: &PipelinePlan, machine: &StateMachine, resources: Resources<'_>) -> Policies {
    Policies {
        state_machine: document(state_machine_statements(pipeline, machine, resources)),
        job: document(job_statements(pipeline, resources)),
        schedule: document(vec![start_the_machine(pipeline, resources)]),
        start: (!pipeline.starts_after.is_empty())
            .then(|| document(vec![start_the_machine(pipeline, resources)])),
    }
}

fn start_the_machine(pipeline: &PipelinePlan, resources: Resources<'_>) -> Statement {
    let machine = vec![resources.state_machine(&pipeline.name)];
    allow("StartTheMachine", &["states:StartExecution"], machine)
}

fn state_machine_statements(
    pipeline: &PipelinePlan,
    machine: &StateMachine,
    resources: Resources<'_>,
) -> Vec<Statement> {
    let mut calls = BTreeSet::new();
    collect_calls(&machine.body, &mut calls);
    let mut statements = Vec::new();
    if calls.contains(&Action::RunJob) {
        let definition = resources.job_definition(&pipeline.name);
        let submit_on = vec![resources.job_queue(), definition.within(":*"), definition];
        statements.push(allow("SubmitJobs", &["batch:SubmitJob"], submit_on));
        statements.push(allow("StopJobs", &["batch:TerminateJob"], vec![resources.all_jobs()]));
        statements.push(Statement {
            resource: vec![Resource::Any(Any::Any)],
            ..allow("FollowJobs", &["batch:DescribeJobs"], Vec::new())
        });
        statements.push(allow(
            "HearOfJobs",
            &["events:PutTargets", "events:PutRule", "events:DescribeRule"],
            vec![resources.batch_events_rule()],
        ));
    }
    let on_items: Vec<&'static str> =
        [(Action::GetItem, "dynamodb:GetItem"), (Action::UpdateItem, "dynamodb:UpdateItem")]
            .into_iter()
            .filter(|(action, _)| calls.contains(action))
            .map(|(_, name)| name)
            .collect();
    if !on_items.is_empty() {
        statements.push(own_items("HoldTheLock", &on_items, pipeline, resources));
    }
    if calls.contains(&Action::DescribeExecution) {
        let executions = vec![resources.executions(&pipeline.name)];
        statements.push(allow("AskForTheLocksOwner", &["states:DescribeExecution"], executions));
    }
    let functions: Vec<Arn> = calls
        .into_iter()
        .filter_map(|it| match it {
            Action::Invoke(function) => Some(function),
            Action::RunJob | Action::UpdateItem | Action::GetItem | Action::DescribeExecution => None,
        })
        .collect();
    if !functions.is_empty() {
        statements.push(allow("CallFunctions", &["lambda:InvokeFunction"], functions));
    }
    statements
}

/// The kinds of [`Call`] that a machine makes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Action {
    RunJob,
    UpdateItem,
    GetItem,
    DescribeExecution,
    /// Of that function.
    Invoke(Arn),
}

fn collect_calls(branch: &Branch, calls: &mut BTreeSet<Action>) {
    for state in branch.states.values() {
        match state {
            State::Task(task) => {
                let _ = calls.insert(match &task.call {
                    Call::SubmitJob(_) => Action::RunJob,
                    Call::UpdateItem(_) => Action::UpdateItem,
                    Call::GetItem(_) => Action::GetItem,
                    Call::DescribeExecution(_) => Action::DescribeExecution,
                    Call::Invoke(it) => Action::Invoke(it.function_name.clone()),
                });
            }
            State::Parallel(parallel) => parallel.branches.iter().for_each(|it| collect_calls(it, calls)),
            State::Choice(_) | State::Wait(_) | State::Succeed(_) | State::Fail(_) => {}
        }
    }
}

fn job_statements(pipeline: &PipelinePlan, resources: Resources<'_>) -> Vec<Statement> {
    let bucket = resources.bucket_arn();
    let name = &pipeline.name;
    let mut written =
        vec![bucket.within(&format!("/extracts/{name}/*")), bucket.within(&format!("/rejects/{name}/*"))];
    for stage in &pipeline.stages {
        if let Work::Translate { from, to, .. } = &stage.work {
            written.push(bucket.within(&format!("/{}", sluice_contract::object_key::translations(from, to))));
        }
    }
    written.sort();
    written.dedup();
    let mut read = vec![bucket.within(&format!("/plans/{name}/*"))];
    read.extend(written.iter().cloned());
    let mut statements = vec![
        allow("ReadObjects", &["s3:GetObject"], read),
        allow("WriteObjects", &["s3:PutObject", "s3:AbortMultipartUpload"], written),
        own_items(
            "RecordTheRun",
            &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
            pipeline,
            resources,
        ),
    ];
    let secrets: BTreeSet<Arn> = pipeline
        .connections
        .values()
        .filter_map(|it| match it {
            Connection::Mysql { secret } | Connection::Postgres { secret } => Some(resources.secret(secret)),
            Connection::Sqlite { .. } | Connection::Csv { .. } => None,
        })
        .collect();
    if !secrets.is_empty() {
        let secrets = secrets.into_iter().collect();
        statements.push(allow("ReadCredentials", &["secretsmanager:GetSecretValue"], secrets));
    }
    statements
}

/// Held to the pipeline's own partition of the runs table.
fn own_items(
    sid: &'static str,
    actions: &[&'static str],
    pipeline: &PipelinePlan,
    resources: Resources<'_>,
) -> Statement {
    let keys = vec![sluice_contract::runs::partition(&pipeline.name)];
    Statement {
        condition: IndexMap::from([(
            "ForAllValues:StringEquals",
            IndexMap::from([("dynamodb:LeadingKeys", keys)]),
        )]),
        ..allow(sid, actions, vec![resources.runs_table_arn()])
    }
}

fn allow(sid: &'static str, actions: &[&'static str], resources: Vec<Arn>) -> Statement {
    Statement {
        sid,
        effect: "Allow",
        action: actions.to_vec(),
        resource: resources.into_iter().map(Resource::Named).collect(),
        condition: IndexMap::new(),
    }
}

fn document(statement: Vec<Statement>) -> PolicyDocument {
    PolicyDocument { version: "2012-10-17", statement }
}
