//! One role for each function, and the one that Batch starts containers under.
//!
//! The roles of a pipeline are not here: they are made with its machine, from its `policy.json`.

use serde::Serialize;

use super::{Context, model::Stack, program::Program};
use crate::{
    model::ChannelKind,
    targets::{
        arn::Arn,
        iam::{PolicyDocument, Principal, Statement},
    },
};

/// `AWS::IAM::Role`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Role {
    role_name: String,
    description: String,
    assume_role_policy_document: PolicyDocument,
    policies: Vec<InlinePolicy>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct InlinePolicy {
    policy_name: &'static str,
    policy_document: PolicyDocument,
}

pub(super) fn add(ctx: Context<'_>, stack: &mut Stack) {
    stack.add(
        "JobExecutionRole",
        Role {
            role_name: ctx.resources.job_execution_role().last_part().to_owned(),
            description: "Starts the containers of jobs: their image and their log lines".to_owned(),
            assume_role_policy_document: PolicyDocument::of(vec![Statement::trust(
                "ecs-tasks.amazonaws.com",
                ctx.resources.account(),
            )]),
            policies: inline(starts_containers(ctx)),
        },
    );
    for program in Program::of(ctx.surveys) {
        let statements = match program {
            Program::Watch => watches(ctx),
            Program::Notify => notifies(ctx),
            Program::SurveyDispatch => calls_people(ctx),
            Program::SurveyResult => keeps_answers(ctx),
        };
        let logs = ctx.resources.log_group(&ctx.resources.function_logs(program.name()));
        let role = Role {
            role_name: ctx.resources.role_name(program.name()),
            description: format!("What the function {} works under", ctx.resources.name(program.name())),
            assume_role_policy_document: functions(),
            policies: inline([vec![writes_lines(&logs)], statements].concat()),
        };
        stack.add(program.role_id(), role);
    }
    if ctx.surveys {
        stack.add("CallsRole", calls_later(ctx));
    }
}

/// What a schedule of one call works under.
fn calls_later(ctx: Context<'_>) -> Role {
    let names = ctx.resources;
    let group = names.schedule_group_arn(&names.calls_group());
    let dispatch = names.function(Program::SurveyDispatch.name());
    // Whichever version of the function made the schedule.
    let called = vec![dispatch.within(":*"), dispatch];
    Role {
        role_name: names.calls_role().last_part().to_owned(),
        description: "Hands a call to survey-dispatch when it is due".to_owned(),
        assume_role_policy_document: PolicyDocument::of(vec![
            Statement::trust("scheduler.amazonaws.com", names.account()).when(
                "ArnLike",
                "aws:SourceArn",
                group.as_str().to_owned(),
            ),
        ]),
        policies: inline(vec![Statement::allow("CallDispatch", &["lambda:InvokeFunction"], called)]),
    }
}

fn inline(statements: Vec<Statement>) -> Vec<InlinePolicy> {
    vec![InlinePolicy { policy_name: "work", policy_document: PolicyDocument::of(statements) }]
}

/// Lambda names no account when it takes a role.
fn functions() -> PolicyDocument {
    let lambda = Principal::Service { service: "lambda.amazonaws.com" };
    PolicyDocument::of(vec![Statement::allow("TakeTheRole", &["sts:AssumeRole"], Vec::new()).by(lambda)])
}

fn writes_lines(group: &Arn) -> Statement {
    let streams = vec![group.within(":*")];
    Statement::allow("WriteLogLines", &["logs:CreateLogStream", "logs:PutLogEvents"], streams)
}

fn starts_containers(ctx: Context<'_>) -> Vec<Statement> {
    let names = ctx.resources;
    vec![
        Statement::allow_anywhere("LogInToTheRegistry", &["ecr:GetAuthorizationToken"]),
        Statement::allow(
            "FetchTheImage",
            &["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            vec![names.worker_repository_arn()],
        ),
        writes_lines(&names.log_group(&names.job_logs())),
    ]
}

fn watches(ctx: Context<'_>) -> Vec<Statement> {
    let names = ctx.resources;
    vec![
        Statement::allow(
            "HearEvents",
            &[
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:ReceiveMessage",
            ],
            vec![names.queue(&names.events_queue())],
        ),
        Statement::allow(
            "RecordRuns",
            &["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"],
            vec![names.runs_table_arn()],
        ),
        Statement::allow("Tell", &["sns:Publish"], vec![names.notifications_topic()]),
    ]
}

fn notifies(ctx: Context<'_>) -> Vec<Statement> {
    let names = ctx.resources;
    let mut addresses: Vec<Arn> = ctx
        .plan
        .channels
        .iter()
        .filter_map(|it| match &it.kind {
            ChannelKind::Teams { secret } | ChannelKind::Slack { secret } => Some(names.secret(secret)),
            ChannelKind::Email { .. } => None,
        })
        .collect();
    addresses.sort();
    addresses.dedup();
    let mut statements = Vec::new();
    if !addresses.is_empty() {
        statements.push(Statement::allow("ReadAddresses", &["secretsmanager:GetSecretValue"], addresses));
    }
    let dead = vec![names.queue(&names.dead_letters("notify"))];
    statements.push(Statement::allow("PutAside", &["sqs:SendMessage"], dead));
    statements
}

fn calls_people(ctx: Context<'_>) -> Vec<Statement> {
    let names = ctx.resources;
    vec![
        Statement::allow(
            "ReadContacts",
            &[
                "kinesis:DescribeStream",
                "kinesis:DescribeStreamSummary",
                "kinesis:GetRecords",
                "kinesis:GetShardIterator",
                "kinesis:ListShards",
            ],
            vec![names.contacts_stream_arn()],
        ),
        Statement::allow(
            "CallBack",
            &["connect:StartOutboundVoiceContact"],
            vec![names.connect_instance_arn().within("/contact/*")],
        ),
        Statement::allow(
            "RememberCalls",
            &["dynamodb:GetItem", "dynamodb:PutItem"],
            vec![names.calls_table_arn()],
        ),
        Statement::allow("CallLater", &["scheduler:CreateSchedule"], vec![names.call_schedules()]),
        Statement::allow("LetSchedulesCall", &["iam:PassRole"], vec![names.calls_role()]).when(
            "StringEquals",
            "iam:PassedToService",
            "scheduler.amazonaws.com".to_owned(),
        ),
        Statement::allow(
            "PutAside",
            &["sqs:SendMessage"],
            vec![names.queue(&names.dead_letters("contacts"))],
        ),
    ]
}

fn keeps_answers(ctx: Context<'_>) -> Vec<Statement> {
    let names = ctx.resources;
    vec![
        Statement::allow(
            "KeepAnswers",
            &["dynamodb:GetItem", "dynamodb:UpdateItem"],
            vec![names.survey_table_arn()],
        ),
        Statement::allow("Tell", &["sns:Publish"], vec![names.notifications_topic()]),
    ]
}
