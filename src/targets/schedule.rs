//! The EventBridge schedules of a pipeline.
//!
//! Source: `CreateSchedule`, EventBridge Scheduler API reference; context attributes, its user guide.

use serde::Serialize;

use super::{arn::Arn, resources::Resources};
use crate::lower::{PipelinePlan, SchedulePlan};

/// A request of `CreateSchedule`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Schedule {
    /// The pipeline's, with a number from the second one on.
    pub name: String,
    /// The platform's group.
    pub group_name: String,
    /// `cron(30 2 * * ? *)`.
    pub schedule_expression: String,
    /// IANA name: the country's own clock, through summer and winter.
    pub schedule_expression_timezone: String,
    /// `ENABLED` or `DISABLED`.
    pub state: &'static str,
    /// Off: a start is a start.
    pub flexible_time_window: FlexibleTimeWindow,
    /// What is called.
    pub target: Target,
}

/// By how much a start may be late.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct FlexibleTimeWindow {
    /// `OFF`.
    pub mode: &'static str,
}

/// What a schedule calls.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Target {
    /// The universal target of `StartExecution`, which alone lets the execution have a name.
    pub arn: &'static str,
    /// What the scheduler works under.
    pub role_arn: Arn,
    /// The request's JSON text.
    pub input: String,
    /// A scheduler that can't reach Step Functions tries for an hour.
    pub retry_policy: RetryPolicy,
}

/// How long a start is tried.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RetryPolicy {
    /// 60 to 86,400.
    pub maximum_event_age_in_seconds: u32,
    /// 0 to 185.
    pub maximum_retry_attempts: u32,
}

/// The request that the schedule makes of Step Functions.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StartExecution {
    state_machine_arn: Arn,
    name: String,
    input: String,
}

/// The execution's own input.
#[derive(Serialize)]
struct Input {
    scheduled: &'static str,
}

/// The pipeline's schedules, in the order of declaration.
pub fn schedules(
    pipeline: &PipelinePlan,
    resources: Resources<'_>,
) -> Result<Vec<Schedule>, serde_json::Error> {
    pipeline
        .schedules
        .iter()
        .enumerate()
        .map(|(index, schedule)| build(pipeline, resources, index, schedule))
        .collect()
}

fn build(
    pipeline: &PipelinePlan,
    resources: Resources<'_>,
    index: usize,
    schedule: &SchedulePlan,
) -> Result<Schedule, serde_json::Error> {
    let name = resources.name(&pipeline.name);
    // The scheduled time itself can't be the name: it is written with colons, which an execution's name may not
    // have. That it is started once is the lock's to see to.
    let start = StartExecution {
        state_machine_arn: resources.state_machine(&pipeline.name),
        name: format!("{}-<aws.scheduler.execution-id>", pipeline.name),
        input: serde_json::to_string(&Input { scheduled: "<aws.scheduler.scheduled-time>" })?,
    };
    Ok(Schedule {
        name: if index == 0 { name } else { format!("{name}-{}", index + 1) },
        group_name: resources.schedule_group(),
        schedule_expression: format!("cron({})", schedule.cron),
        schedule_expression_timezone: schedule.zone.clone(),
        state: if pipeline.enabled { "ENABLED" } else { "DISABLED" },
        flexible_time_window: FlexibleTimeWindow { mode: "OFF" },
        target: Target {
            arn: "arn:aws:scheduler:::aws-sdk:sfn:startExecution",
            role_arn: resources.schedule_role(&pipeline.name),
            input: serde_json::to_string(&start)?,
            retry_policy: RetryPolicy { maximum_event_age_in_seconds: 3600, maximum_retry_attempts: 10 },
        },
    })
}
