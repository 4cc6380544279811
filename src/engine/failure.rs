//! What goes wrong while a machine runs, and what of it `Retry` and `Catch` may see.

use serde_json::{Map, Value};

use super::services::TaskError;

/// Ends an execution unless a state's `Retry` or `Catch` takes it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) error: String,
    pub(crate) cause: Option<String>,
    reach: Reach,
}

/// Which `ErrorEquals` a failure can be matched by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Its own name and the wildcards.
    Wildcards,
    /// Its own name only.
    Name,
    /// None.
    Nothing,
}

const ALL: &str = "States.ALL";
const TASK_FAILED: &str = "States.TaskFailed";
const TIMEOUT: &str = "States.Timeout";
const HEARTBEAT: &str = "States.HeartbeatTimeout";
const RUNTIME: &str = "States.Runtime";
const DATA_LIMIT: &str = "States.DataLimitExceeded";

impl Failure {
    /// An error by name. `States.Runtime` is never caught, whoever reports it.
    pub(crate) fn new(error: impl Into<String>, cause: Option<String>) -> Self {
        let error = error.into();
        let reach = if error == RUNTIME { Reach::Nothing } else { Reach::Wildcards };
        Self { error, cause, reach }
    }

    /// The machine cannot go on.
    pub(crate) fn runtime(cause: impl Into<String>) -> Self {
        Self::new(RUNTIME, Some(cause.into()))
    }

    /// A task took longer than it may. AWS gives no cause.
    pub(crate) fn timeout() -> Self {
        Self::new(TIMEOUT, None)
    }

    /// A task that waits for its token was not heard of for as long as it may.
    pub(crate) fn heartbeat() -> Self {
        Self::new(HEARTBEAT, None)
    }

    /// More children of a distributed Map failed than it tolerates.
    pub(crate) fn too_many_failed() -> Self {
        let cause = "The specified tolerated failure threshold was exceeded";
        Self::new("States.ExceedToleratedFailureThreshold", Some(cause.to_owned()))
    }

    /// The items of a distributed Map could not be read.
    pub(crate) fn item_reader(cause: impl Into<String>) -> Self {
        Self::new("States.ItemReaderFailed", Some(cause.into()))
    }

    /// The results of a distributed Map could not be written.
    pub(crate) fn result_writer(cause: impl Into<String>) -> Self {
        Self::new("States.ResultWriterFailed", Some(cause.into()))
    }

    /// An expression failed, gave nothing, or gave a wrong type.
    pub(crate) fn query_evaluation(cause: impl Into<String>) -> Self {
        Self::new("States.QueryEvaluationError", Some(cause.into()))
    }

    /// No rule of a Choice held and it has no default.
    pub(crate) fn no_choice_matched(cause: impl Into<String>) -> Self {
        Self::new("States.NoChoiceMatched", Some(cause.into()))
    }

    /// A task's result is too large. AWS's documentation says that `States.ALL` does not catch it; recordings of
    /// the service show that it does, so it does here.
    pub(crate) fn result_too_large(what: &str) -> Self {
        Self::new(DATA_LIMIT, Some(too_large(what)))
    }

    /// A state's own input, arguments, output or variables are too large. Nothing was recorded of these, so what
    /// the documentation says holds: only their own name matches.
    pub(crate) fn payload_too_large(what: &str) -> Self {
        Self { reach: Reach::Name, ..Self::result_too_large(what) }
    }

    /// Whether one of these `ErrorEquals` names takes it up.
    pub(crate) fn is_matched_by(&self, error_equals: &[String]) -> bool {
        error_equals.iter().any(|name| match self.reach {
            Reach::Nothing => false,
            Reach::Name => *name == self.error,
            Reach::Wildcards => {
                *name == self.error
                    || name == ALL
                    || (name == TASK_FAILED && self.error != TIMEOUT)
                    || (name == TIMEOUT && self.error == HEARTBEAT)
            }
        })
    }

    /// `$states.errorOutput`, and the output of a `Catch` that names no other.
    pub(crate) fn output(&self) -> Value {
        let cause = self.cause.clone().unwrap_or_default();
        Value::Object(Map::from_iter([
            ("Error".to_owned(), Value::String(self.error.clone())),
            ("Cause".to_owned(), Value::String(cause)),
        ]))
    }
}

impl From<TaskError> for Failure {
    fn from(TaskError { error, cause }: TaskError) -> Self {
        Self::new(error, Some(cause))
    }
}

fn too_large(what: &str) -> String {
    format!(
        "The state/task '{what}' returned a result with a size exceeding the maximum number of bytes service limit."
    )
}

#[cfg(test)]
mod tests {
    use super::Failure;

    fn matched(failure: &Failure, name: &str) -> bool {
        failure.is_matched_by(&[name.to_owned()])
    }

    #[test]
    fn wildcards_reach_what_aws_lets_them_reach() {
        let task = Failure::new("Batch.ServerException", None);
        assert!(matched(&task, "Batch.ServerException"));
        assert!(matched(&task, "States.ALL"));
        assert!(matched(&task, "States.TaskFailed"));
        assert!(!matched(&task, "Batch"));

        let timeout = Failure::timeout();
        assert!(matched(&timeout, "States.ALL"));
        assert!(!matched(&timeout, "States.TaskFailed"));

        let heartbeat = Failure::heartbeat();
        assert!(matched(&heartbeat, "States.HeartbeatTimeout"));
        assert!(matched(&heartbeat, "States.Timeout"));
        assert!(!matched(&timeout, "States.HeartbeatTimeout"));

        let runtime = Failure::runtime("broken");
        assert!(!matched(&runtime, "States.ALL"));
        assert!(!matched(&runtime, "States.Runtime"));

        assert!(matched(&Failure::result_too_large("batch"), "States.ALL"));
        assert!(!matched(&Failure::payload_too_large("Load"), "States.ALL"));
        assert!(matched(&Failure::payload_too_large("Load"), "States.DataLimitExceeded"));
    }
}
