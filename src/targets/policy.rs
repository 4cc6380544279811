//! What a pipeline's machine, jobs and schedule may do: derived from what they really call.
//!
//! No resource is `*` where a name can be written. What remains: `batch:DescribeJobs` and `translate:TranslateText`,
//! for which IAM knows no resource [Service Authorization Reference, AWS Batch and Amazon Translate].

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde::Serialize;
use sluice_contract::plan::{Connection, Work};

use super::{
    arn::Arn,
    asl::{Branch, Call, State, StateMachine},
    iam::{PolicyDocument, Statement},
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
    /// The roles themselves.
    pub roles: Roles,
}

/// The roles that have these policies: each is the pipeline's own, and made and deleted with it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Roles {
    /// Of the state machine.
    pub state_machine: Role,
    /// Of its jobs.
    pub job: Role,
    /// Of its schedules.
    pub schedule: Role,
    /// Of the rule that starts it after others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Role>,
}

/// A role, as `CreateRole` takes it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Role {
    /// Unique in the account.
    pub role_name: String,
    /// Who may take it.
    pub assume_role_policy_document: PolicyDocument,
}

/// The policies of the pipeline, of which `machine` is the state machine.
pub fn policies(pipeline: &PipelinePlan, machine: &StateMachine, resources: Resources<'_>) -> Policies {
    Policies {
        state_machine: PolicyDocument::of(state_machine_statements(pipeline, machine, resources)),
        job: PolicyDocument::of(job_statements(pipeline, resources)),
        schedule: PolicyDocument::of(vec![start_the_machine(pipeline, resources)]),
        start: (!pipeline.starts_after.is_empty())
            .then(|| PolicyDocument::of(vec![start_the_machine(pipeline, resources)])),
        roles: roles(pipeline, resources),
    }
}

/// Each is taken by one service, for what belongs to this pipeline only.
fn roles(pipeline: &PipelinePlan, resources: Resources<'_>) -> Roles {
    let name = &pipeline.name;
    let role = |role: &Arn, service, of: &Arn| Role {
        role_name: role.last_part().to_owned(),
        assume_role_policy_document: PolicyDocument::of(vec![
            Statement::trust(service, resources.account()).when(
                "ArnLike",
                "aws:SourceArn",
                of.as_str().to_owned(),
            ),
        ]),
    };
    Roles {
        state_machine: role(
            &resources.machine_role(name),
            "states.amazonaws.com",
            &resources.state_machine(name),
        ),
        job: role(&resources.job_role(name), "ecs-tasks.amazonaws.com", &resources.containers()),
        schedule: role(
            &resources.schedule_role(name),
            "scheduler.amazonaws.com",
            &resources.schedule_group_arn(&resources.schedule_group()),
        ),
        start: (!pipeline.starts_after.is_empty()).then(|| {
            role(
                &resources.start_role(name),
                "events.amazonaws.com",
                &resources.rule(&format!("{name}-start")),
            )
        }),
    }
}

fn start_the_machine(pipeline: &PipelinePlan, resources: Resources<'_>) -> Statement {
    let machine = vec![resources.state_machine(&pipeline.name)];
    Statement::allow("StartTheMachine", &["states:StartExecution"], machine)
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
        // The job itself is one of the action's resources [Service Authorization Reference, AWS Batch].
        let submit_on =
            vec![resources.job_queue(), definition.within(":*"), definition, resources.all_jobs()];
        statements.push(Statement::allow("SubmitJobs", &["batch:SubmitJob"], submit_on));
        statements.push(Statement::allow("StopJobs", &["batch:TerminateJob"], vec![resources.all_jobs()]));
        statements.push(Statement::allow_anywhere("FollowJobs", &["batch:DescribeJobs"]));
        statements.push(Statement::allow(
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
        statements.push(Statement::allow("AskForTheLocksOwner", &["states:DescribeExecution"], executions));
    }
    let functions: Vec<Arn> = calls
        .into_iter()
        .filter_map(|it| match it {
            Action::Invoke(function) => Some(function),
            Action::RunJob | Action::UpdateItem | Action::GetItem | Action::DescribeExecution => None,
        })
        .collect();
    if !functions.is_empty() {
        statements.push(Statement::allow("CallFunctions", &["lambda:InvokeFunction"], functions));
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
    let mut translations = BTreeSet::new();
    for stage in &pipeline.stages {
        if let Work::Translate { from, to, .. } = &stage.work {
            let key = sluice_contract::object_key::translations(from, to);
            // Damaged ones are kept aside, under a longer name.
            let _ = translations.insert(bucket.within(&format!("/{key}*")));
        }
    }
    let translations: Vec<Arn> = translations.into_iter().collect();
    let mut written =
        vec![bucket.within(&format!("/extracts/{name}/*")), bucket.within(&format!("/rejects/{name}/*"))];
    written.extend(translations.iter().cloned());
    let mut read = vec![bucket.within(&format!("/plans/{name}/*"))];
    read.extend(written.iter().cloned());
    let mut statements = vec![
        Statement::allow("ReadObjects", &["s3:GetObject"], read),
        Statement::allow("WriteObjects", &["s3:PutObject", "s3:AbortMultipartUpload"], written),
        // Without it S3 answers that an object which is not there may not be read. Uploads that an attempt has left
        // behind are looked for by their names.
        Statement::allow(
            "FindObjects",
            &["s3:ListBucket", "s3:ListBucketMultipartUploads"],
            vec![resources.bucket_arn()],
        ),
        own_items(
            "RecordTheRun",
            &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
            pipeline,
            resources,
        ),
    ];
    if !translations.is_empty() {
        statements.push(Statement::allow("PutTranslationsAside", &["s3:DeleteObject"], translations));
        statements.push(Statement::allow_anywhere("TranslateTexts", &["translate:TranslateText"]));
    }
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
        statements.push(Statement::allow("ReadCredentials", &["secretsmanager:GetSecretValue"], secrets));
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
        ..Statement::allow(sid, actions, vec![resources.runs_table_arn()])
    }
}
