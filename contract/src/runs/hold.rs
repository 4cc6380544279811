//! Whether a job's execution holds its pipeline's lock: asked by the job itself, before it does anything.
//!
//! The machine takes the lock once, before its first stage. An execution that failed and is redriven goes on at the
//! stage that failed, without that state, and `watch` has freed the lock meanwhile. So a job takes it back, as long as
//! nobody else has taken it since: the fence tells. The item stays the one place that says who may work.

use super::{LOCK, RunsTable};
use crate::dynamodb::ItemStoreError;

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub struct Holder<'a> {
    /// The execution's ARN.
    pub execution: &'a str,
    /// Its run.
    pub run: &'a str,
    /// What it got when it took the lock.
    pub fence: i64,
}

/// What the lock says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// The execution holds it.
    Held,
    /// Another execution has taken it since, with that fence.
    Lost(i64),
}

impl RunsTable<'_> {
    /// Whether the execution holds the pipeline's lock, which it takes back where it was freed and not taken since.
    /// A pipeline whose lock was never taken is nobody's: its job was started by hand.
    pub fn hold_lock(&self, pipeline: &str, holder: Holder<'_>, now: &str) -> Result<Hold, ItemStoreError> {
        let Some(lock) = self.lock(pipeline)? else { return Ok(Hold::Held) };
        let is_mine = lock.owner.as_deref() == Some(holder.execution);
        if lock.fence < holder.fence || (lock.fence == holder.fence && is_mine) {
            return Ok(Hold::Held);
        }
        if lock.fence > holder.fence || lock.owner.is_some() {
            return Ok(Hold::Lost(lock.fence));
        }
        let taken_back = self.updated_if(
            pipeline,
            LOCK,
            TAKEN_BACK,
            "SET #owner = :me, #run = :run, #since = :now",
            &["owner", "run", "since", "fence"],
            [
                (":me", holder.execution.into()),
                (":run", holder.run.into()),
                (":now", now.into()),
                (":fence", holder.fence.into()),
            ],
        )?;
        if taken_back {
            return Ok(Hold::Held);
        }
        // Two jobs of one execution may ask at once.
        let lock = self.lock(pipeline)?;
        let is_mine = |it: &super::LockRecord| {
            it.fence == holder.fence && it.owner.as_deref() == Some(holder.execution)
        };
        Ok(match lock {
            Some(lock) if !is_mine(&lock) => Hold::Lost(lock.fence),
            Some(_) | None => Hold::Held,
        })
    }
}

/// The lock is free, and this fence is the last that was given.
pub const TAKEN_BACK: &str = "attribute_not_exists(#owner) AND #fence = :fence";
