//! What whoever deploys or operates the platform asks a stack for.

use indexmap::IndexMap;
use serde::Serialize;

use super::{Context, model::Value};

/// An output of a template.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    description: &'static str,
    value: Value,
}

pub(super) fn outputs(ctx: Context<'_>) -> IndexMap<&'static str, Output> {
    let output = |description, value| Output { description, value };
    let mut outputs = IndexMap::from([
        ("BucketName", output("Where programs, plans, extracts and rejected rows lie", Value::of("Bucket"))),
        ("RunsTableName", output("What is known of runs", Value::of("RunsTable"))),
        ("EventsQueueUrl", output("Where events wait for watch", Value::of("EventsQueue"))),
        (
            "NotificationsTopicArn",
            output("What is told; subscribe others here", Value::of("NotificationsTopic")),
        ),
        ("AlarmsTopicArn", output("What CloudWatch tells; subscribe others here", Value::of("AlarmsTopic"))),
        ("JobQueueArn", output("Where machines submit jobs", Value::of("JobQueue"))),
        (
            "WorkerImage",
            output("What the worker's image is to be pushed as", ctx.resources.worker_image().into()),
        ),
        (
            "JobExecutionRoleArn",
            output("What containers are started under", Value::arn_of("JobExecutionRole")),
        ),
    ]);
    if ctx.surveys {
        let _ = outputs.insert(
            "ContactsStreamArn",
            output("Where the telephone system is to put contact records", Value::arn_of("ContactsStream")),
        );
        let _ = outputs.insert("SurveyTableName", output("Where answers are kept", Value::of("SurveyTable")));
    }
    outputs
}
