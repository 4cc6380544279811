//! EventBridge events that Sluice reads. Source: "Step Functions Execution Status Change", Step Functions guide.

use serde::{Deserialize, Serialize};

/// `detail-type` of [`ExecutionEvent`].
pub const EXECUTION_STATUS_CHANGE: &str = "Step Functions Execution Status Change";

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
