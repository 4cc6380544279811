//! The one door through which a Task reaches a service, or its local twin.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use tokio::time::Instant;

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

    /// Hands in what a `.sync` or `.waitForTaskToken` task then waits for, and returns what the service answers to
    /// that. An error here is one of the request itself; [`Self::call`] then is not asked.
    async fn submit(&self, call: &ServiceCall) -> Result<Value, TaskError> {
        let _ = call;
        Ok(Value::Object(serde_json::Map::new()))
    }

    /// Reads or writes an object for a distributed Map.
    async fn object(&self, request: ObjectRequest) -> Result<ObjectAnswer, TaskError> {
        let _ = request;
        Err(TaskError::new("S3.NoSuchBucket", "there is no object store here"))
    }
}

/// What a distributed Map asks of the object store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectRequest {
    /// `GetObject`
    Get {
        /// The bucket's name.
        bucket: String,
        /// The object's key.
        key: String,
    },
    /// `ListObjectsV2`, every page.
    List {
        /// The bucket's name.
        bucket: String,
        /// What the keys start with.
        prefix: String,
    },
    /// `PutObject`
    Put {
        /// The bucket's name.
        bucket: String,
        /// The object's key.
        key: String,
        /// Its whole text.
        body: String,
    },
}

/// What the object store answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectAnswer {
    /// The text of an object.
    Body(String),
    /// What was listed, in the keys' order.
    Listed(Vec<ListedObject>),
    /// It is written.
    Written,
}

/// One object of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedObject {
    /// Its key.
    pub key: String,
    /// Its length in bytes.
    pub size: u64,
}

/// The heart of a task: where it does not beat for as long as `HeartbeatSeconds` says, the task has failed.
#[derive(Debug, Clone)]
pub struct Heart(Rc<Cell<Instant>>);

impl Heart {
    pub(crate) fn new() -> Self {
        Self(Rc::new(Cell::new(Instant::now())))
    }

    /// `SendTaskHeartbeat`
    pub fn beat(&self) {
        self.0.set(Instant::now());
    }

    /// Returns when it has not beaten for so long.
    pub(crate) async fn stops(&self, longest: Duration) {
        loop {
            let due = self.0.get() + longest;
            if due <= Instant::now() {
                return;
            }
            tokio::time::sleep_until(due).await;
        }
    }
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
    /// What `$states.context.Task.Token` is, for a task that waits for it to come back.
    pub token: Option<String>,
    /// To be kept beating by whoever answers for the token.
    pub heart: Heart,
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
