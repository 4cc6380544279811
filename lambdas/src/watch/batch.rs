//! A batch of events from the queue: each on its own, logged and counted.

use std::collections::BTreeMap;

use sluice_contract::{job::Trouble, metric, notification::Occasion, runs::RunStatus};

use super::{Outcome, Watch, WatchError};
use crate::{
    log::{Level, Log},
    queue::{Batch, BatchResponse},
};

impl Watch<'_> {
    /// Deals with every message; those that failed are to come again.
    pub fn batch(&self, batch: &Batch, log: &mut Log<'_>) -> BatchResponse {
        let mut counts = BTreeMap::new();
        let response = batch.each(|message| {
            let outcome = self.hear(&message.body);
            count(&outcome, &mut counts);
            match &outcome {
                Ok(outcome) => log.line(level(outcome), &message.message_id, &words(outcome)),
                Err(error) => log.line(Level::Error, &message.message_id, &error.to_string()),
            }
            outcome.map(drop)
        });
        log.counts(self.now, &counts);
        response
    }
}

fn count(outcome: &Result<Outcome, WatchError>, counts: &mut BTreeMap<&'static str, u64>) {
    let mut add = |name: &'static str, much: u64| *counts.entry(name).or_default() += much;
    match outcome {
        Err(
            WatchError::Malformed(_) | WatchError::NoParameter { .. } | WatchError::NoStateMachine { .. },
        ) => {
            add("Malformed", 1);
        }
        Err(WatchError::Runs(_) | WatchError::Announce(_)) => add("Failed", 1),
        Ok(Outcome::Ignored) => add("Ignored", 1),
        Ok(Outcome::Unknown { .. }) => add("Unknown", 1),
        Ok(Outcome::Redelivered) => add("Redelivered", 1),
        Ok(Outcome::Recorded { hosts_lost, told, .. }) => {
            add("Recorded", 1);
            add(metric::HOSTS_LOST, *hosts_lost);
            add(metric::JOBS_STUCK, u64::from(*told == Some(Trouble::Stuck)));
            add("Told", u64::from(told.is_some()));
        }
        Ok(Outcome::Settled { status, told, held_minutes, .. }) => {
            add("Settled", 1);
            match status {
                RunStatus::Succeeded => add(metric::RUNS_SUCCEEDED, 1),
                RunStatus::Failed | RunStatus::TimedOut | RunStatus::Aborted => add(metric::RUNS_FAILED, 1),
                RunStatus::Skipped => add(metric::RUNS_SKIPPED, 1),
                RunStatus::Running => {}
            }
            add(metric::OVERLAPS, u64::from(*told == Some(Occasion::Overlap)));
            add("Told", u64::from(told.is_some()));
            // Of several, the longest: it is no count.
            let longest = counts.entry(metric::LOCK_HELD_MINUTES).or_default();
            *longest = (*longest).max(*held_minutes);
        }
    }
}

fn level(outcome: &Outcome) -> Level {
    match outcome {
        Outcome::Unknown { .. } | Outcome::Recorded { told: Some(_), .. } => Level::Warn,
        Outcome::Ignored | Outcome::Redelivered | Outcome::Recorded { .. } | Outcome::Settled { .. } => {
            Level::Info
        }
    }
}

fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Ignored => "there is nothing to do".to_owned(),
        Outcome::Unknown { detail_type } => format!("`{detail_type}` is not known and was skipped"),
        Outcome::Redelivered => "it was dealt with before".to_owned(),
        Outcome::Recorded { job, told: None, .. } => format!("job `{job}` is recorded"),
        Outcome::Recorded { job, told: Some(trouble), .. } => {
            format!("job `{job}` is recorded, its trouble told: {}", trouble.word())
        }
        Outcome::Settled { run, status, told: None, .. } => {
            format!("run `{run}` is recorded: {}", status.word())
        }
        Outcome::Settled { run, status, told: Some(occasion), .. } => {
            format!("run `{run}` is recorded, {}, and told: {}", status.word(), occasion.word())
        }
    }
}
