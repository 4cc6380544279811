//! The one door through which a Task reaches a service, or its local twin.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use super::clock::Clock;
use super::execute::Execution;

/// What Task states call. One implementation answers for every resource of the machine.
///
/// The future that `call` returns is dropped when the task is cancelled: its `TimeoutSeconds` passed, a sibling
/// of its Parallel or Map failed, or the execution was stopped or timed out. An implementation that has handed
/// work to another thread must notice that (a guard in the future whose `Drop` raises a flag is enough) and
/// stop the work: nothing else will, and the runtime's end waits for blocking threads.
#[async_trait(?Send)]
pub trait Services {
    /// Performs the call and returns what the service would.
    async fn call(&self, call: ServiceCall) -> Result<Value, TaskError>;
}

/// One attempt of a Task.
#[derive(Debug, Clone)]
pub struct ServiceCall {
    /// The integration: `arn:aws:states:::batch:submitJob.sync`.
    pub resource: String,
    /// The evaluated `Arguments`; the state's input where it has none.
    pub arguments: Value,
    /// The state that calls.
    pub state: String,
    /// 0 for the first attempt, then how many retries there have been.
    pub retry: u32,
    /// The execution on whose behalf it calls.
    pub execution: Arc<Execution>,
    /// The execution's time.
    pub clock: Clock,
}

/// Why a task failed, as `Retry` and `Catch` see it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}: {cause}")]
pub struct TaskError {
    /// The error's name, which `ErrorEquals` is compared with: `States.TaskFailed`.
    pub error: String,
    /// The error's text, often JSON.
    pub cause: String,
}

impl TaskError {
    /// An error of this name and text.
    pub fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self { error: error.into(), cause: cause.into() }
    }
}
