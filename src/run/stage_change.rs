//! What an event of the machine says about a stage.

use serde_json::Value;

use crate::engine::{Event, EventKind};

/// A stage, by its id, and what happens to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StageChange {
    /// Its job is submitted.
    Starts(String),
    /// Its job has ended well.
    Succeeds(String),
    /// Its job has failed.
    Fails(String),
}

impl StageChange {
    /// None where the event is about no stage.
    pub(super) fn of(event: &Event) -> Option<Self> {
        match &event.kind {
            EventKind::TaskScheduled { arguments, .. } => stage(arguments).map(Self::Starts),
            EventKind::TaskSucceeded { output, .. } => stage(output).map(Self::Succeeds),
            EventKind::TaskFailed { cause: Some(cause), .. } => {
                stage(&serde_json::from_str(cause).ok()?).map(Self::Fails)
            }
            EventKind::ExecutionStarted { .. }
            | EventKind::ExecutionSucceeded { .. }
            | EventKind::ExecutionFailed { .. }
            | EventKind::ExecutionTimedOut
            | EventKind::ExecutionAborted
            | EventKind::StateEntered { .. }
            | EventKind::StateExited { .. }
            | EventKind::StateAborted { .. }
            | EventKind::TaskStarted { .. }
            | EventKind::TaskSubmitted { .. }
            | EventKind::TaskSubmitFailed { .. }
            | EventKind::TaskFailed { cause: None, .. }
            | EventKind::TaskTimedOut { .. }
            | EventKind::ParallelStateStarted
            | EventKind::ParallelStateSucceeded
            | EventKind::ParallelStateFailed
            | EventKind::MapStateStarted { .. }
            | EventKind::MapIterationStarted { .. }
            | EventKind::MapIterationSucceeded { .. }
            | EventKind::MapIterationFailed { .. }
            | EventKind::MapIterationAborted { .. }
            | EventKind::MapRunStarted { .. }
            | EventKind::MapRunSucceeded
            | EventKind::MapRunFailed { .. }
            | EventKind::MapStateSucceeded
            | EventKind::MapStateFailed
            | EventKind::EvaluationFailed { .. } => None,
        }
    }
}

/// A job is told with the parameters that it was submitted with.
fn stage(job: &Value) -> Option<String> {
    job.pointer("/Parameters/stage")?.as_str().map(str::to_owned)
}
