//! One execution, from its start to how it ended.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use sluice_contract::event::{ExecutionDetail, ExecutionStatus};

use super::clock::{Clock, Time};
use super::failure::Failure;
use super::history::{EventKind, History, Observer};
use super::interpret::{Branch, Interpreter, too_large};
use super::machine::Machine;
use super::services::Services;

/// What is executed under which name; `$states.context` shows it to expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// Its ARN.
    pub id: String,
    /// Its name, the last part of the ARN.
    pub name: String,
    /// The machine's ARN.
    pub machine_id: String,
    /// The machine's name.
    pub machine_name: String,
    /// The role that it runs as.
    pub role_arn: String,
    /// What it is given.
    pub input: Value,
    /// When it starts.
    pub start: Timestamp,
    /// What `$random`, `$uuid`, `$shuffle` and jitter are drawn from.
    pub seed: u64,
}

/// How an execution ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Succeeded, failed, timed out, or aborted.
    pub status: ExecutionStatus,
    /// Where it succeeded.
    pub output: Option<Value>,
    /// The error's name, where it failed with one.
    pub error: Option<String>,
    /// The error's text, where it failed with one.
    pub cause: Option<String>,
    /// State transitions, retries counted: what AWS bills.
    pub transitions: u64,
}

impl Ended {
    /// What is known of the execution now that it has ended, then.
    pub fn detail(&self, running: ExecutionDetail, at: Timestamp) -> ExecutionDetail {
        ExecutionDetail {
            status: self.status,
            stop_date: Some(at.as_millisecond()),
            output: self.output.as_ref().map(ToString::to_string),
            error: self.error.clone(),
            cause: self.cause.clone(),
            ..running
        }
    }
}

/// Executes a machine on the current tokio runtime, which must have its time enabled.
///
/// When `stop` resolves, the execution is aborted: running tasks are dropped and the states that they belong to
/// are told as aborted. Dropping the returned future does the same, without a word about the execution itself.
pub async fn execute(
    machine: &Machine,
    execution: Execution,
    services: &dyn Services,
    observer: &dyn Observer,
    stop: impl Future<Output = ()>,
) -> Ended {
    let clock = Clock::starting(execution.start);
    let interpreter = Interpreter::new(Arc::new(execution), services, History::new(observer, clock), clock);
    let history = &interpreter.history;
    let input = interpreter.execution.input.clone();
    let _ = history.record(0, None, EventKind::ExecutionStarted { input: input.clone() });
    let branch = Branch::outermost(&interpreter);
    let ending = tokio::select! {
        biased;
        ending = run(machine, &branch, input) => ending,
        () = stop => Ending::Aborted,
    };
    let (status, output, failure) = match ending {
        Ending::Succeeded(output) => {
            let kind = EventKind::ExecutionSucceeded { output: output.clone() };
            let _ = history.record(branch.last_event(), None, kind);
            (ExecutionStatus::Succeeded, Some(output), None)
        }
        Ending::Failed(failure) => {
            let (error, cause) = (failure.error.clone(), failure.cause.clone());
            let _ = history.record(branch.last_event(), None, EventKind::ExecutionFailed { error, cause });
            (ExecutionStatus::Failed, None, Some(failure))
        }
        Ending::TimedOut => {
            let _ = history.record(branch.last_event(), None, EventKind::ExecutionTimedOut);
            (ExecutionStatus::TimedOut, None, None)
        }
        Ending::Aborted => {
            let _ = history.record(branch.last_event(), None, EventKind::ExecutionAborted);
            (ExecutionStatus::Aborted, None, None)
        }
    };
    let (error, cause) = failure.map_or((None, None), |failure| (Some(failure.error), failure.cause));
    let error = error.filter(|error| !error.is_empty());
    Ended { status, output, error, cause, transitions: history.transitions() }
}

/// Executes a machine on a runtime of its own, on this thread; blocking work of the services gets threads of
/// its own. Returns when that work has ended too.
pub fn run_blocking(
    machine: &Machine,
    execution: Execution,
    services: &dyn Services,
    observer: &dyn Observer,
    time: Time,
    stop: impl Future<Output = ()>,
) -> io::Result<Ended> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(time == Time::Virtual)
        .build()?;
    Ok(runtime.block_on(execute(machine, execution, services, observer, stop)))
}

enum Ending {
    Succeeded(Value),
    Failed(Failure),
    TimedOut,
    Aborted,
}

async fn run(machine: &Machine, branch: &Branch<'_>, input: Value) -> Ending {
    if too_large(&input) {
        return Ending::Failed(Failure::payload_too_large("the input of the execution"));
    }
    let states = branch.run(&machine.states, input);
    let ended = match machine.timeout_seconds {
        None => states.await,
        Some(seconds) => match tokio::time::timeout(Duration::from_secs(seconds), states).await {
            Ok(ended) => ended,
            Err(_) => return Ending::TimedOut,
        },
    };
    match ended {
        Ok(output) => Ending::Succeeded(output),
        Err(failure) => Ending::Failed(failure),
    }
}
