//! What an event says of an execution's end. Knows the event only.

use serde::{Deserialize, de::DeserializeOwned};
use sluice_contract::{
    error_name::OVERLAP,
    event::{EXECUTION_STATUS_CHANGE, ExecutionEvent, ExecutionStatus},
    runs::RunStatus,
};

use super::WatchError;

/// The end of an execution, in our words.
#[derive(Debug)]
pub(super) struct Ending {
    pub(super) pipeline: String,
    /// The run that the end is recorded with.
    pub(super) run: String,
    /// The run that it was to go on with, where it was to.
    pub(super) resumed: Option<String>,
    pub(super) execution: String,
    pub(super) status: RunStatus,
    /// It found another run of its pipeline still going, and did nothing. A start that was delivered twice did
    /// nothing either, but nobody waits for it.
    pub(super) overlapped: bool,
    pub(super) started_at: i64,
    pub(super) ended_at: i64,
    /// What the service gives as the reason, in one sentence.
    pub(super) cause: Option<String>,
}

impl Ending {
    /// None where the event tells of no end.
    pub(super) fn of(event: &ExecutionEvent, now: i64, platform: &str) -> Result<Option<Self>, WatchError> {
        let detail = &event.detail;
        if event.detail_type != EXECUTION_STATUS_CHANGE {
            return Ok(None);
        }
        let output = detail.output.as_deref().and_then(read::<Output>).unwrap_or_default();
        let status = match detail.status {
            ExecutionStatus::Running | ExecutionStatus::PendingRedrive => return Ok(None),
            ExecutionStatus::Succeeded if output.outcome.as_deref() == Some("skipped") => RunStatus::Skipped,
            ExecutionStatus::Succeeded => RunStatus::Succeeded,
            ExecutionStatus::Failed => RunStatus::Failed,
            ExecutionStatus::TimedOut => RunStatus::TimedOut,
            ExecutionStatus::Aborted => RunStatus::Aborted,
        };
        let skipped = status == RunStatus::Skipped;
        let overlapped = skipped && output.scheduled.is_none() || detail.error.as_deref() == Some(OVERLAP);
        let resumed = detail.input.as_deref().and_then(read::<Input>).and_then(|it| it.run);
        Ok(Some(Self {
            pipeline: pipeline(event, platform)?,
            // An execution that did nothing for the run it was to resume has its own record: that run may be going
            // on in the other execution right now.
            run: resumed.clone().filter(|_| !skipped && !overlapped).unwrap_or_else(|| detail.name.clone()),
            resumed,
            execution: detail.execution_arn.clone(),
            status,
            overlapped,
            started_at: detail.start_date,
            ended_at: detail.stop_date.unwrap_or(now),
            cause: detail.cause.as_deref().or(detail.error.as_deref()).and_then(sentence),
        }))
    }
}

#[derive(Deserialize)]
struct Input {
    run: Option<String>,
}

#[derive(Default, Deserialize)]
struct Output {
    outcome: Option<String>,
    /// The scheduled time that another execution had started.
    scheduled: Option<String>,
}

/// The cause of a failed `batch:submitJob.sync` is the whole job, as JSON text.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchJob {
    status_reason: Option<String>,
}

fn read<T: DeserializeOwned>(json: &str) -> Option<T> {
    serde_json::from_str(json).ok()
}

/// The machine's name is the platform's and the pipeline's.
fn pipeline(event: &ExecutionEvent, platform: &str) -> Result<String, WatchError> {
    let arn = &event.detail.state_machine_arn;
    let name = arn
        .rsplit_once(":stateMachine:")
        .and_then(|(_, name)| name.strip_prefix(platform)?.strip_prefix('-'))
        .filter(|it| !it.is_empty());
    let malformed = || WatchError::NoStateMachine { id: event.id.clone(), arn: arn.clone() };
    name.map(str::to_owned).ok_or_else(malformed)
}

/// The longest cause that is told; the whole of it stands in the execution's history.
const LONGEST: usize = 300;

/// The first line of a cause that says something, cut where it is long.
pub(super) fn sentence(cause: &str) -> Option<String> {
    let reason = read::<BatchJob>(cause).and_then(|it| it.status_reason);
    let line = reason.as_deref().unwrap_or(cause).lines().map(str::trim).find(|it| !it.is_empty())?;
    if line.chars().count() <= LONGEST {
        return Some(line.to_owned());
    }
    Some(line.chars().take(LONGEST - 1).chain(['…']).collect())
}
