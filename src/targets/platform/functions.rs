//! The functions of the platform and what calls them.

use indexmap::IndexMap;
use serde::Serialize;

use super::{
    ARCHITECTURE, CONNECT_IDS, Context,
    events::to_function,
    model::{Stack, Value},
    program::Program,
};
use crate::{
    model::{Channel, ChannelKind},
    targets::connect::document::survey_document,
};

/// `AWS::Lambda::Function`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Function {
    function_name: String,
    description: &'static str,
    package_type: &'static str,
    runtime: &'static str,
    handler: &'static str,
    architectures: [Value; 1],
    code: Code,
    role: Value,
    timeout: u32,
    memory_size: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    reserved_concurrent_executions: Option<u32>,
    environment: Environment,
    logging_config: Logging,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Code {
    s3_bucket: Value,
    s3_key: Value,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Environment {
    variables: IndexMap<&'static str, Value>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Logging {
    log_group: Value,
}

/// `AWS::Lambda::EventSourceMapping`
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EventSourceMapping {
    pub(super) function_name: Option<Value>,
    pub(super) event_source_arn: Option<Value>,
    pub(super) batch_size: u32,
    pub(super) function_response_types: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scaling_config: Option<Scaling>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) starting_position: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bisect_batch_on_function_error: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) maximum_record_age_in_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) maximum_retry_attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) destination_config: Option<Destinations>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Scaling {
    maximum_concurrency: u32,
}

/// Where what failed for good goes.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Destinations {
    on_failure: Destination,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Destination {
    destination: Value,
}

impl Destinations {
    /// To that queue.
    pub(super) fn failures_to(queue: &'static str) -> Self {
        Self { on_failure: Destination { destination: Value::arn_of(queue) } }
    }
}

/// `AWS::Lambda::EventInvokeConfig`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EventInvokeConfig {
    function_name: Value,
    qualifier: &'static str,
    maximum_event_age_in_seconds: u32,
    maximum_retry_attempts: u32,
    destination_config: Destinations,
}

impl EventInvokeConfig {
    /// What nobody waits for is tried three times, for so many seconds, and kept in that queue.
    pub(super) fn of(program: Program, seconds: u32, queue: &'static str) -> Self {
        Self {
            function_name: Value::of(program.id()),
            qualifier: "$LATEST",
            maximum_event_age_in_seconds: seconds,
            maximum_retry_attempts: 2,
            destination_config: Destinations::failures_to(queue),
        }
    }
}

/// `AWS::Lambda::Permission`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Permission {
    pub(super) function_name: Value,
    pub(super) action: &'static str,
    pub(super) principal: &'static str,
    pub(super) source_account: String,
    pub(super) source_arn: Value,
}

/// Of watch: events of thirty countries come in bursts, and the order between them does not matter.
const WATCH_CONCURRENCY: u32 = 5;
/// Of its source; few, so that one slow message holds up few others.
const WATCH_BATCH: u32 = 10;
/// A channel that could not be told for so long is not told any more.
const NOTIFICATION_AGE: u32 = 6 * 60 * 60;
/// A function's environment holds four kilobytes, and other variables, too.
const LONGEST_LIST: usize = 3_000;
/// Where Lambda unpacks what is beside a program.
const SURVEYS_FOLDER: &str = "/var/task/surveys";
const MEMORY_MIB: u32 = 256;

/// A channel, as `notify` reads it.
#[derive(Serialize)]
struct ChannelEntry<'a> {
    name: &'a str,
    kind: &'static str,
    secret: &'a str,
    occasions: Vec<&'static str>,
}

pub(super) fn add(ctx: Context<'_>, stack: &mut Stack) -> Result<(), serde_json::Error> {
    for program in Program::of(ctx.surveys) {
        let variables = variables(ctx, *program)?;
        stack.add(program.id(), program.only_then(function(ctx, *program, variables)));
    }
    let watch = EventSourceMapping {
        function_name: Some(Value::of(Program::Watch.id())),
        event_source_arn: Some(Value::arn_of("EventsQueue")),
        batch_size: WATCH_BATCH,
        function_response_types: ["ReportBatchItemFailures"],
        scaling_config: Some(Scaling { maximum_concurrency: WATCH_CONCURRENCY }),
        ..EventSourceMapping::default()
    };
    stack.add("EventsToWatch", Program::Watch.only_then(watch));
    let topics = [
        ("NotificationsTopic", "NotificationsMayCallNotify", "NotificationsToNotify"),
        ("AlarmsTopic", "AlarmsMayCallNotify", "AlarmsToNotify"),
    ];
    for (topic, permission, subscription) in topics {
        let may_call = Permission {
            function_name: Value::of(Program::Notify.id()),
            action: "lambda:InvokeFunction",
            principal: "sns.amazonaws.com",
            source_account: ctx.resources.account().to_owned(),
            source_arn: Value::of(topic),
        };
        stack.add(permission, Program::Notify.only_then(may_call));
        stack.add(subscription, Program::Notify.only_then(to_function(topic, Program::Notify.id())));
    }
    let to_notify = EventInvokeConfig::of(Program::Notify, NOTIFICATION_AGE, "NotifyDeadLetters");
    stack.add("NotifyFailures", Program::Notify.only_then(to_notify));
    Ok(())
}

fn function(ctx: Context<'_>, program: Program, variables: IndexMap<&'static str, Value>) -> Function {
    Function {
        function_name: ctx.resources.name(program.name()),
        description: program.description(),
        package_type: "Zip",
        runtime: "provided.al2023",
        handler: "bootstrap",
        architectures: [Value::of(ARCHITECTURE)],
        code: Code { s3_bucket: Value::of("Bucket"), s3_key: Value::of(program.code_parameter()) },
        role: Value::arn_of(program.role_id()),
        timeout: program.timeout(),
        memory_size: MEMORY_MIB,
        reserved_concurrent_executions: program.reserved_concurrency(),
        environment: Environment { variables },
        logging_config: Logging { log_group: Value::of(program.log_group_id()) },
    }
}

fn variables(ctx: Context<'_>, program: Program) -> Result<IndexMap<&'static str, Value>, serde_json::Error> {
    let names = ctx.resources;
    Ok(match program {
        Program::Watch => IndexMap::from([
            ("SLUICE_PLATFORM", names.platform().to_owned().into()),
            ("SLUICE_ENVIRONMENT", names.environment().to_owned().into()),
            ("SLUICE_RUNS_TABLE", Value::of("RunsTable")),
            ("SLUICE_TOPIC_ARN", Value::of("NotificationsTopic")),
        ]),
        Program::Notify => IndexMap::from([(
            "SLUICE_CHANNELS",
            serde_json::to_string(&channels(&ctx.plan.channels))?.into(),
        )]),
        Program::SurveyDispatch => IndexMap::from([
            ("SLUICE_SURVEYS", surveys(ctx)?.into()),
            ("SLUICE_CALLS_TABLE", Value::of("CallsTable")),
            ("SLUICE_CONNECT_IDS", Value::of(CONNECT_IDS)),
            ("SLUICE_SCHEDULE_GROUP", Value::of("CallsGroup")),
            ("SLUICE_SCHEDULE_ROLE_ARN", Value::arn_of("CallsRole")),
        ]),
        Program::SurveyResult => IndexMap::from([
            ("SLUICE_SURVEYS", surveys(ctx)?.into()),
            ("SLUICE_ANSWERS_TABLE", Value::of("SurveyTable")),
            ("SLUICE_TOPIC_ARN", Value::of("NotificationsTopic")),
        ]),
    })
}

/// The surveys' documents as a JSON list, or where they lie beside the program.
fn surveys(ctx: Context<'_>) -> Result<String, serde_json::Error> {
    let documents: Vec<_> =
        ctx.plan.surveys.iter().map(|it| survey_document(it, ctx.resources, ctx.sources)).collect();
    let list = serde_json::to_string(&documents)?;
    Ok(if list.len() <= LONGEST_LIST { list } else { SURVEYS_FOLDER.to_owned() })
}

/// SNS itself sends e-mail, so that those channels are not among them.
fn channels(all: &[Channel]) -> Vec<ChannelEntry<'_>> {
    all.iter()
        .filter_map(|it| {
            let (kind, secret) = match &it.kind {
                ChannelKind::Teams { secret } => ("teams", secret),
                ChannelKind::Slack { secret } => ("slack", secret),
                ChannelKind::Email { .. } => return None,
            };
            let occasions = it.occasions.iter().map(|it| it.word()).collect();
            Some(ChannelEntry { name: &it.name, kind, secret, occasions })
        })
        .collect()
}
