//! `watch`: every end of an execution arrives here, whatever it was: done, failed, timed out, aborted.
//!
//! Owns what an end means: the run's record, the lock, what is told. Delivered at least once and in any order,
//! so every step may be done again. Knows no AWS SDK and no channel.

mod ending;
mod message;

#[cfg(test)]
mod tests;

use sluice_contract::{
    dynamodb::ItemStoreError,
    event::ExecutionEvent,
    notification::Occasion,
    plan::PlanDocument,
    runs::{RunEnd, RunStatus, RunsTable},
};

use crate::announce::{AnnounceError, Announcer};
use ending::Ending;

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It tells of no end.
    Ignored,
    /// This end, or a later one of the same run, was dealt with before.
    Redelivered,
    /// The end is recorded and told.
    Settled {
        /// The run.
        run: String,
        /// How it ended.
        status: RunStatus,
        /// What was told of it, where there was something to tell.
        told: Option<Occasion>,
    },
}

/// Why an event was not dealt with. Delivering it again is safe, and helps unless it is malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WatchError {
    /// The event is of a machine that is not ours, or not what EventBridge sends.
    #[error("the event `{id}` names no state machine of this platform: `{arn}`")]
    NoStateMachine {
        /// The event's id.
        id: String,
        /// What stands in its place.
        arn: String,
    },
    /// The runs table did not answer as it should.
    #[error("the runs table could not be updated: {0}")]
    Runs(#[from] ItemStoreError),
    /// The notification did not get out.
    #[error(transparent)]
    Announce(#[from] AnnounceError),
}

/// What a notification can say beyond the event.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hints<'a> {
    /// Names the line that asked for a stage.
    pub plan: Option<&'a PlanDocument>,
    /// The flags of every command that is to be typed, such as `--environment prod`.
    pub flags: &'a str,
}

/// Records the end of a run, frees its pipeline's lock and tells who wants to know.
///
/// `platform` is the prefix of its machines' names. `now`, in milliseconds since 1970, stands in where the event
/// carries no moment of its own.
pub fn handle(
    event: &ExecutionEvent,
    now: i64,
    platform: &str,
    runs: RunsTable<'_>,
    announcer: &dyn Announcer,
    hints: Hints<'_>,
) -> Result<Outcome, WatchError> {
    let Some(ending) = Ending::of(event, now, platform)? else { return Ok(Outcome::Ignored) };
    let ended_before = runs.settled_at(&ending.pipeline, &ending.run)?.is_some();
    let notification = message::compose(&ending, ended_before, runs, hints)?;
    let end = RunEnd {
        run: &ending.run,
        status: ending.status,
        execution: &ending.execution,
        started_at: ending.started_at,
        ended_at: ending.ended_at,
        cause: notification.as_ref().and_then(|it| it.cause.as_deref()),
    };
    if !runs.run_ended(&ending.pipeline, &end)? {
        return Ok(Outcome::Redelivered);
    }
    let _ = runs.free_lock(&ending.pipeline, &ending.execution)?;
    if !runs.settle(&ending.pipeline, &ending.run, ending.ended_at)? {
        return Ok(Outcome::Redelivered);
    }
    if let Some(notification) = &notification
        && let Err(error) = announcer.announce(notification)
    {
        runs.unsettle(&ending.pipeline, &ending.run, ending.ended_at)?;
        return Err(error.into());
    }
    let told = notification.map(|it| it.occasion);
    Ok(Outcome::Settled { run: ending.run, status: ending.status, told })
}
