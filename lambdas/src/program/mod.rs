//! What the programs of all Lambdas need at their edge: environment, clock, threads, AWS, and errors with names.

mod topic;

use std::{
    fs,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use lambda_runtime::Diagnostic;

pub use topic::Topic;

use crate::{notify::NotifyError, redact::redact, survey::Surveys};

/// Why a call failed as a whole. Its name is stable, whatever the types behind it are called: retries and alarms
/// match on it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    name: &'static str,
    message: String,
}

impl Failure {
    /// The payload is not what the service behind the function sends.
    pub fn event(reason: &str) -> Self {
        Self {
            name: "Sluice.Event",
            message: format!("the payload is not of this function's kind: {reason}"),
        }
    }

    /// A notification did not get out.
    pub fn notify(error: &NotifyError) -> Self {
        Self { name: "Sluice.Notify", message: redact(&error.to_string()) }
    }

    /// What was to be done about a survey was not.
    pub fn survey(error: &impl std::fmt::Display) -> Self {
        Self { name: "Sluice.Survey", message: redact(&error.to_string()) }
    }

    /// The work took longer than whoever waits for it.
    fn late(longest: Duration) -> Self {
        let message = format!("there was no answer within {} ms", longest.as_millis());
        Self { name: "Sluice.Late", message }
    }

    /// What the function is set up with is not what it needs.
    pub fn set_up(variable: &str, reason: &impl std::fmt::Display) -> Self {
        Self { name: "Sluice.Environment", message: format!("the variable `{variable}`: {reason}") }
    }

    /// The function is not set up.
    fn environment(variable: &str) -> Self {
        Self { name: "Sluice.Environment", message: format!("the variable `{variable}` is not set") }
    }
}

impl From<Failure> for Diagnostic {
    fn from(failure: Failure) -> Self {
        Self { error_type: failure.name.to_owned(), error_message: failure.message }
    }
}

/// Where Lambda says what the function is called.
pub const FUNCTION_NAME: &str = "AWS_LAMBDA_FUNCTION_NAME";

/// A variable of the function's environment.
pub fn variable(name: &str) -> Result<String, Failure> {
    let value = std::env::var_os(name).and_then(|it| it.into_string().ok());
    value.filter(|it| !it.is_empty()).ok_or_else(|| Failure::environment(name))
}

/// Milliseconds since 1970.
pub fn now() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "the clock enters here, and goes on as a number")]
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Does blocking work on a thread of its own, since what it asks waits on the runtime.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Failure { name: "Sluice.Internal", message: error.to_string() }))
}

/// The same for somebody who waits no longer than this; work that takes longer goes on, and nobody hears of it.
pub async fn blocking_within<T: Send + 'static>(
    longest: Duration,
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::time::timeout(longest, blocking(work)).await.unwrap_or_else(|_| Err(Failure::late(longest)))
}

/// The surveys: a JSON list of their documents, or the folder that they are in, where the list is longer than the
/// four kilobytes that a function's environment holds.
pub fn surveys() -> Result<Surveys, Failure> {
    const NAME: &str = "SLUICE_SURVEYS";
    let value = variable(NAME)?;
    let list = if value.trim_start().starts_with('[') {
        value
    } else {
        format!("[{}]", documents(&value).map_err(|it| Failure::set_up(NAME, &it))?.join(","))
    };
    Surveys::read(&list).map_err(|it| Failure::set_up(NAME, &it))
}

fn documents(folder: &str) -> std::io::Result<Vec<String>> {
    let mut documents = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "json") {
            documents.push(fs::read_to_string(path)?);
        }
    }
    Ok(documents)
}
