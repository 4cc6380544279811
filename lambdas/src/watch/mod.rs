//! `watch`: every end of an execution arrives here, whatever it was: done, failed, timed out, aborted; and all
//! that becomes of its jobs.
//!
//! Owns what an event means: the records of the run and its jobs, the lock, what is told. Delivered at least once
//! and in any order, so every step may be done again. Knows no AWS SDK and no channel.

mod batch;
mod ending;
mod event;
mod job;
mod link;
mod message;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use sluice_contract::{
    dynamodb::ItemStoreError,
    event::ExecutionEvent,
    job::Trouble,
    notification::Occasion,
    runs::{RunEnd, RunStatus, RunsTable},
};

pub use event::{Event, Malformed};

use crate::announce::{AnnounceError, Announcer};
use ending::Ending;

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It tells of no end, or of a job that is not of this platform.
    Ignored,
    /// It is of a kind that Sluice has no use for.
    Unknown {
        /// What it calls itself.
        detail_type: String,
    },
    /// This, or something later of the same run or job, was dealt with before.
    Redelivered,
    /// Where a job stands is recorded.
    Recorded {
        /// The job's id.
        job: String,
        /// Once the job has ended: the attempts whose host went away.
        hosts_lost: u64,
        /// The trouble that was told, where there was one to tell.
        told: Option<Trouble>,
    },
    /// The end is recorded and told.
    Settled {
        /// The run.
        run: String,
        /// How it ended.
        status: RunStatus,
        /// What was told of it, where there was something to tell.
        told: Option<Occasion>,
        /// For how long the lock was held that it had, or that it found held.
        held_minutes: u64,
    },
}

/// Why an event was not dealt with. Delivering it again is safe, and helps unless it is malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WatchError {
    /// The message is no event.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The event is of a job of ours that was not submitted as ours are.
    #[error("the job of event `{id}` has no parameter `{parameter}`")]
    NoParameter {
        /// The event's id.
        id: String,
        /// What is missing.
        parameter: &'static str,
    },
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

/// Hears events, for one platform.
#[derive(Debug, Clone, Copy)]
pub struct Watch<'a> {
    /// The prefix of the names of its machines and job definitions.
    pub platform: &'a str,
    /// Where records and locks are.
    pub runs: RunsTable<'a>,
    /// The way out for what is told.
    pub announcer: &'a dyn Announcer,
    /// Milliseconds since 1970; stands in where an event carries no moment of its own.
    pub now: i64,
    /// How commands are typed that are told.
    pub commands: Commands<'a>,
}

/// How commands are typed that go on from what is told.
#[derive(Debug, Clone, Copy)]
pub struct Commands<'a> {
    /// What starts a run: `run` on this machine, `start` where it is deployed.
    pub start: &'a str,
    /// The flags of every command, such as `--environment prod`.
    pub flags: &'a str,
}

impl Commands<'_> {
    /// As it is typed: `sluice resume greece --environment prod`.
    fn typed(&self, words: &str) -> String {
        format!("sluice {words} {}", self.flags).trim_end().to_owned()
    }
}

impl Watch<'_> {
    /// Deals with the event in a message's text.
    pub fn hear(&self, json: &str) -> Result<Outcome, WatchError> {
        match Event::read(json)? {
            Event::Execution(event) => self.execution(&event),
            Event::Job(event) => job::hear(self, &event, false),
            Event::QueueBlocked(event) => job::hear(self, &event, true),
            Event::Unknown { detail_type } => Ok(Outcome::Unknown { detail_type }),
        }
    }

    /// Records the end of a run, frees its pipeline's lock and tells who wants to know.
    pub fn execution(&self, event: &ExecutionEvent) -> Result<Outcome, WatchError> {
        let runs = self.runs;
        let Some(ending) = Ending::of(event, self.now, self.platform)? else { return Ok(Outcome::Ignored) };
        let ended_before = runs.settled_at(&ending.pipeline, &ending.run)?.is_some();
        let notification = message::compose(&ending, ended_before, self)?;
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
        let held_minutes = held_minutes(&ending, runs)?;
        let _ = runs.free_lock(&ending.pipeline, &ending.execution)?;
        if !runs.settle(&ending.pipeline, &ending.run, ending.ended_at)? {
            return Ok(Outcome::Redelivered);
        }
        if let Some(notification) = &notification
            && let Err(error) = self.announcer.announce(notification)
        {
            runs.unsettle(&ending.pipeline, &ending.run, ending.ended_at)?;
            return Err(error.into());
        }
        let told = notification.map(|it| it.occasion);
        Ok(Outcome::Settled { run: ending.run, status: ending.status, told, held_minutes })
    }
}

/// For how long the execution has held the lock, or the one has that it found holding it.
fn held_minutes(ending: &Ending, runs: RunsTable<'_>) -> Result<u64, ItemStoreError> {
    let Some(lock) = runs.lock(&ending.pipeline)? else { return Ok(0) };
    let concerns = ending.overlapped || lock.owner.as_deref() == Some(ending.execution.as_str());
    let since = lock.since.filter(|_| concerns).and_then(|it| it.parse::<Timestamp>().ok());
    let held = since.map_or(0, |it| ending.ended_at.saturating_sub(it.as_millisecond()));
    Ok(u64::try_from(held).unwrap_or_default() / 60_000)
}
