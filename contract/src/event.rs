//! EventBridge events that Sluice reads.
//!
//! Sources: "Step Functions Execution Status Change", Step Functions guide; "Batch Job State Change" and
//! "Batch Job Queue Blocked", Batch user guide.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `detail-type` of [`ExecutionEvent`].
pub const EXECUTION_STATUS_CHANGE: &str = "Step Functions Execution Status Change";

/// `detail-type` of a [`JobEvent`] for every state a job comes to.
pub const JOB_STATE_CHANGE: &str = "Batch Job State Change";

/// `detail-type` of a [`JobEvent`] for a job that can't be placed and keeps those behind it from starting.
pub const JOB_QUEUE_BLOCKED: &str = "Batch Job Queue Blocked";

/// An execution has started or ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecutionEvent {
    /// The event's own id: the same for every delivery of it.
    pub id: String,
    /// [`EXECUTION_STATUS_CHANGE`].
    #[serde(rename = "detail-type")]
    pub detail_type: String,
    /// What is known of the execution.
    pub detail: ExecutionDetail,
}

impl ExecutionEvent {
    /// The event that EventBridge would send of an execution that stands so.
    pub fn of(detail: ExecutionDetail) -> Self {
        let id = format!("{}-{}", detail.name, detail.status.as_str());
        Self { id, detail_type: EXECUTION_STATUS_CHANGE.to_owned(), detail }
    }
}

/// What is known of an execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionDetail {
    /// The execution's ARN: the owner of its pipeline's lock.
    pub execution_arn: String,
    /// The machine's ARN.
    pub state_machine_arn: String,
    /// The execution's name.
    pub name: String,
    /// Where it stands.
    pub status: ExecutionStatus,
    /// Milliseconds since 1970.
    pub start_date: i64,
    /// Milliseconds since 1970; none while it runs.
    pub stop_date: Option<i64>,
    /// The input's JSON text.
    pub input: Option<String>,
    /// The output's JSON text.
    pub output: Option<String>,
    /// The error's name, where it failed.
    pub error: Option<String>,
    /// The error's text, where it failed.
    pub cause: Option<String>,
}

/// Where an execution stands. `PENDING_REDRIVE` is reported by `DescribeExecution` only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExecutionStatus {
    /// It goes on.
    Running,
    /// It ended well.
    Succeeded,
    /// It ended with an error.
    Failed,
    /// It ran longer than it may.
    TimedOut,
    /// Somebody stopped it, or its machine died.
    Aborted,
    /// It is about to go on after a redrive.
    PendingRedrive,
}

impl ExecutionStatus {
    /// As AWS writes it: `TIMED_OUT`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::TimedOut => "TIMED_OUT",
            Self::Aborted => "ABORTED",
            Self::PendingRedrive => "PENDING_REDRIVE",
        }
    }
}

/// A job has come to another state, or holds up its queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobEvent {
    /// The event's own id: the same for every delivery of it.
    pub id: String,
    /// [`JOB_STATE_CHANGE`] or [`JOB_QUEUE_BLOCKED`].
    #[serde(rename = "detail-type")]
    pub detail_type: String,
    /// When it happened: `2026-11-23T02:00:10Z`, always UTC and to the second.
    pub time: String,
    /// What is known of the job.
    pub detail: JobDetail,
}

/// What is known of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobDetail {
    /// The job's id; a child of an array job has `:` and its index after it.
    pub job_id: String,
    /// Where it stands.
    pub status: JobStatus,
    /// Why it stands there, where there is something to say.
    pub status_reason: Option<String>,
    /// The attempts that have ended, oldest first.
    #[serde(default)]
    pub attempts: Vec<JobAttempt>,
    /// Milliseconds since 1970.
    pub created_at: Option<i64>,
    /// Milliseconds since 1970.
    pub started_at: Option<i64>,
    /// Milliseconds since 1970.
    pub stopped_at: Option<i64>,
    /// The ARN of the definition, with its revision.
    pub job_definition: String,
    /// What it was submitted with.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// Its container.
    pub container: Option<JobContainer>,
}

/// An attempt at a job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobAttempt {
    /// Its container.
    #[serde(default)]
    pub container: JobContainer,
    /// Why it ended; what became of its host stands here.
    pub status_reason: Option<String>,
}

/// The container of a job or of an attempt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobContainer {
    /// What its program ended with.
    pub exit_code: Option<i32>,
    /// Why it could not start or was killed.
    pub reason: Option<String>,
    /// Where its log lines are, in the group of all jobs.
    pub log_stream_name: Option<String>,
}

/// Where a job stands, in the order it comes by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JobStatus {
    /// It is known.
    Submitted,
    /// It waits for another job.
    Pending,
    /// It waits for a host.
    Runnable,
    /// Its container is being started.
    Starting,
    /// Its program runs.
    Running,
    /// It ended well.
    Succeeded,
    /// Its last attempt failed.
    Failed,
}

impl JobStatus {
    /// The word in the item and in JSON output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Pending => "pending",
            Self::Runnable => "runnable",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::Submitted,
            Self::Pending,
            Self::Runnable,
            Self::Starting,
            Self::Running,
            Self::Succeeded,
            Self::Failed,
        ]
        .into_iter()
        .find(|it| it.word() == word)
    }
}
