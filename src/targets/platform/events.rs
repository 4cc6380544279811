//! The ways of events and messages: rules to a queue, topics to people, and a queue of dead letters behind each.

use std::collections::BTreeMap;

use serde::Serialize;
use sluice_contract::{
    event::{EXECUTION_STATUS_CHANGE, ExecutionStatus, JOB_QUEUE_BLOCKED, JOB_STATE_CHANGE},
    notification::Occasion,
};

use super::{
    CONTENT, Context,
    model::{LogicalId, Stack, Value},
    program::WATCH_SECONDS,
};
use crate::{
    model::{Channel, ChannelKind},
    targets::{
        arn::Arn,
        iam::{PolicyDocument, Principal, Statement},
    },
};

/// `AWS::SQS::Queue`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Queue {
    queue_name: String,
    sqs_managed_sse_enabled: bool,
    message_retention_period: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    visibility_timeout: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redrive_policy: Option<RedrivePolicy>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Tag>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Tag {
    key: &'static str,
    value: Value,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RedrivePolicy {
    dead_letter_target_arn: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_receive_count: Option<u32>,
}

/// `AWS::SQS::QueuePolicy`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct QueuePolicy {
    queues: Vec<Value>,
    policy_document: PolicyDocument,
}

/// `AWS::SNS::Topic`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Topic {
    topic_name: String,
}

/// `AWS::SNS::TopicPolicy`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TopicPolicy {
    topics: Vec<Value>,
    policy_document: PolicyDocument,
}

/// `AWS::SNS::Subscription`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Subscription {
    topic_arn: Value,
    protocol: &'static str,
    endpoint: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter_policy: Option<BTreeMap<&'static str, Vec<&'static str>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redrive_policy: Option<RedrivePolicy>,
}

/// `AWS::Events::Rule`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Rule {
    name: String,
    description: &'static str,
    event_pattern: EventPattern,
    state: &'static str,
    targets: Vec<RuleTarget>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
struct EventPattern {
    source: [&'static str; 1],
    detail_type: Vec<&'static str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    detail: BTreeMap<&'static str, Vec<Pattern>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resources: Vec<Pattern>,
}

/// What a field may be.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Pattern {
    Is(String),
    StartsWith { prefix: String },
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct RuleTarget {
    id: &'static str,
    arn: Value,
    dead_letter_config: DeadLetters,
}

/// Where what can't be delivered goes.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct DeadLetters {
    arn: Value,
}

/// The longest that a queue keeps a message: two weeks to look at a dead letter and send it again.
const LONGEST_RETENTION: u32 = 14 * 24 * 60 * 60;
/// An event that was not dealt with by then is of no use any more.
const EVENT_RETENTION: u32 = 4 * 24 * 60 * 60;
/// What fails so often is put aside.
const DELIVERIES: u32 = 5;
/// As "Using Lambda with Amazon SQS" has it: six times the function's timeout.
const TIMES_THE_TIMEOUT: u32 = 6;
const TLS: &str = "aws:SecureTransport";

pub(super) fn add(ctx: Context<'_>, stack: &mut Stack) {
    let names = ctx.resources;
    // With a tag that changes with the template no update of the stack has nothing to do.
    let content = Tag { key: "sluice:content", value: Value::of(CONTENT) };
    let dead = Queue { tags: vec![content], ..dead_letters(names.dead_letters("events")) };
    stack.add("EventsDeadLetters", dead);
    stack.add(
        "EventsQueue",
        Queue {
            visibility_timeout: Some(TIMES_THE_TIMEOUT * WATCH_SECONDS),
            message_retention_period: EVENT_RETENTION,
            redrive_policy: Some(RedrivePolicy {
                dead_letter_target_arn: Value::arn_of("EventsDeadLetters"),
                max_receive_count: Some(DELIVERIES),
            }),
            ..dead_letters(names.events_queue())
        },
    );
    let own = [names.rule("executions"), names.rule("jobs"), names.rule("blocked-queue")];
    let from_rules = |queue: Arn, rules: &[Arn]| {
        let allowed = Statement::allow("EventsOfRules", &["sqs:SendMessage"], vec![queue])
            .by(Principal::Service { service: "events.amazonaws.com" });
        rules.iter().fold(allowed, |it, rule| it.when("ArnLike", "aws:SourceArn", rule.as_str().to_owned()))
    };
    let policy = |id: &'static str, queue: Arn, more: Vec<Statement>| QueuePolicy {
        queues: vec![Value::of(id)],
        policy_document: PolicyDocument::of([vec![only_tls("sqs:*", queue)], more].concat()),
    };
    let queue = names.queue(&names.events_queue());
    stack.add("EventsQueuePolicy", policy("EventsQueue", queue.clone(), vec![from_rules(queue, &own)]));
    let dead = names.queue(&names.dead_letters("events"));
    // Pipelines that start after others have a rule each, which the template does not name.
    let all = [&own[..], &[names.rule("*-start")]].concat();
    let let_in = from_rules(dead.clone(), &all);
    stack.add("EventsDeadLettersPolicy", policy("EventsDeadLetters", dead, vec![let_in]));
    rules_to_the_queue(ctx, stack);

    stack.add("NotifyDeadLetters", dead_letters(names.dead_letters("notify")));
    let dead = names.queue(&names.dead_letters("notify"));
    let from_topics = [names.notifications_topic(), names.alarms_topic()].iter().fold(
        Statement::allow("WhatTopicsCantDeliver", &["sqs:SendMessage"], vec![dead.clone()])
            .by(Principal::Service { service: "sns.amazonaws.com" }),
        |it, topic| it.when("ArnEquals", "aws:SourceArn", topic.as_str().to_owned()),
    );
    stack.add("NotifyDeadLettersPolicy", policy("NotifyDeadLetters", dead, vec![from_topics]));
    if ctx.surveys {
        stack.add("ContactsDeadLetters", dead_letters(names.dead_letters("contacts")));
        let dead = names.queue(&names.dead_letters("contacts"));
        stack.add("ContactsDeadLettersPolicy", policy("ContactsDeadLetters", dead, Vec::new()));
    }
    topics(ctx, stack);
}

fn dead_letters(queue_name: String) -> Queue {
    Queue {
        queue_name,
        sqs_managed_sse_enabled: true,
        message_retention_period: LONGEST_RETENTION,
        visibility_timeout: None,
        redrive_policy: None,
        tags: Vec::new(),
    }
}

/// Whoever it is, and whatever else allows it.
fn only_tls(actions: &'static str, resource: Arn) -> Statement {
    Statement::deny("OnlyWithTls", &[actions], vec![resource]).by(Principal::ANYBODY).when(
        "Bool",
        TLS,
        "false".to_owned(),
    )
}

fn rules_to_the_queue(ctx: Context<'_>, stack: &mut Stack) {
    let names = ctx.resources;
    let is = |it: &Arn| vec![Pattern::Is(it.as_str().to_owned())];
    let to_the_queue = || {
        vec![RuleTarget {
            id: "queue",
            arn: Value::arn_of("EventsQueue"),
            dead_letter_config: DeadLetters { arn: Value::arn_of("EventsDeadLetters") },
        }]
    };
    let ends = [
        ExecutionStatus::Succeeded,
        ExecutionStatus::Failed,
        ExecutionStatus::TimedOut,
        ExecutionStatus::Aborted,
    ];
    let machines = Pattern::StartsWith { prefix: names.state_machine("").as_str().to_owned() };
    let rule = |name: &str, description, event_pattern| Rule {
        name: names.name(name),
        description,
        event_pattern,
        state: "ENABLED",
        targets: to_the_queue(),
    };
    let executions = EventPattern {
        source: ["aws.states"],
        detail_type: vec![EXECUTION_STATUS_CHANGE],
        detail: BTreeMap::from([
            ("stateMachineArn", vec![machines]),
            ("status", ends.iter().map(|it| Pattern::Is(it.as_str().to_owned())).collect()),
        ]),
        resources: Vec::new(),
    };
    stack.add("ExecutionsRule", rule("executions", "How each run ended", executions));
    let jobs = EventPattern {
        source: ["aws.batch"],
        detail_type: vec![JOB_STATE_CHANGE],
        detail: BTreeMap::from([("jobQueue", is(&names.job_queue()))]),
        resources: Vec::new(),
    };
    stack.add("JobsRule", rule("jobs", "What becomes of each job", jobs));
    let blocked = EventPattern {
        source: ["aws.batch"],
        detail_type: vec![JOB_QUEUE_BLOCKED],
        detail: BTreeMap::from([("jobQueue", is(&names.job_queue()))]),
        resources: Vec::new(),
    };
    stack.add("BlockedQueueRule", rule("blocked-queue", "Which job can't be placed", blocked));
}

fn topics(ctx: Context<'_>, stack: &mut Stack) {
    let names = ctx.resources;
    stack.add("NotificationsTopic", Topic { topic_name: names.name("notifications") });
    stack.add("AlarmsTopic", Topic { topic_name: names.name("alarms") });
    let notifications = names.notifications_topic();
    stack.add(
        "NotificationsTopicPolicy",
        TopicPolicy {
            topics: vec![Value::of("NotificationsTopic")],
            policy_document: PolicyDocument::of(vec![only_tls("sns:Publish", notifications)]),
        },
    );
    let alarms = names.alarms_topic();
    let from_alarms = Statement::allow("Alarms", &["sns:Publish"], vec![alarms.clone()])
        .by(Principal::Service { service: "cloudwatch.amazonaws.com" })
        .when("StringEquals", "aws:SourceAccount", names.account().to_owned());
    stack.add(
        "AlarmsTopicPolicy",
        TopicPolicy {
            topics: vec![Value::of("AlarmsTopic")],
            policy_document: PolicyDocument::of(vec![only_tls("sns:Publish", alarms), from_alarms]),
        },
    );
    let emails = ctx.plan.channels.iter().filter_map(|it| match &it.kind {
        ChannelKind::Email { address } => Some((it, address)),
        ChannelKind::Teams { .. } | ChannelKind::Slack { .. } => None,
    });
    for (channel, address) in emails {
        let id = |what| LogicalId::of_name(&channel.name, what);
        stack.add_named(id("EmailOfNotifications"), by_email("NotificationsTopic", address, Some(channel)));
        stack.add_named(id("EmailOfAlarms"), by_email("AlarmsTopic", address, None));
    }
}

fn by_email(topic: &'static str, address: &str, channel: Option<&Channel>) -> Subscription {
    Subscription {
        topic_arn: Value::of(topic),
        protocol: "email",
        endpoint: address.to_owned().into(),
        filter_policy: channel.map(|it| {
            let is_told = |told: &Occasion| it.occasions.iter().any(|asked| asked.includes(*told));
            let heard = Occasion::ALL.into_iter().filter(is_told).map(Occasion::word).collect();
            BTreeMap::from([("occasion", heard)])
        }),
        redrive_policy: None,
    }
}

/// The function hears of it; what it can't be called for is kept.
pub(super) fn to_function(topic: &'static str, function: &'static str) -> Subscription {
    Subscription {
        topic_arn: Value::of(topic),
        protocol: "lambda",
        endpoint: Value::arn_of(function),
        filter_policy: None,
        redrive_policy: Some(RedrivePolicy {
            dead_letter_target_arn: Value::arn_of("NotifyDeadLetters"),
            max_receive_count: None,
        }),
    }
}
