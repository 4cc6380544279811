//! What the programs of all Lambdas need at their edge: environment, clock, threads, and errors with names.

use std::time::{SystemTime, UNIX_EPOCH};

use lambda_runtime::Diagnostic;

use crate::notify::NotifyError;

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
        Self { name: "Sluice.Notify", message: crate::redact::redact(&error.to_string()) }
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
