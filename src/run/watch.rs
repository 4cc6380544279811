//! Ends of executions, handed to the code of the `watch` Lambda.

use sluice_contract::{
    dynamodb::ItemStore,
    event::{ExecutionEvent, ExecutionStatus},
    notification::Notification,
    runs::{self, RunsTable},
};
use sluice_lambdas::announce::Kept;
use sluice_lambdas::watch::{Commands, Watch, WatchError};

use crate::diagnostics::Diagnostic;

use super::{
    executions::{Executions, Record},
    failure,
    flags::Flags,
};

/// Where ends are recorded, and under which platform's name.
#[derive(Clone, Copy)]
pub(super) struct Watcher<'a> {
    pub(super) items: &'a dyn ItemStore,
    pub(super) platform: &'a str,
    /// Milliseconds since 1970.
    pub(super) now: i64,
    pub(super) flags: &'a Flags,
}

impl Watcher<'_> {
    /// Records the end, frees the lock, and returns what there is to tell.
    pub(super) fn ended(&self, record: &Record) -> Result<Vec<Notification>, Diagnostic> {
        let table = runs::table_name(self.platform);
        let told = Kept::default();
        let watch = Watch {
            platform: self.platform,
            runs: RunsTable::new(self.items, &table),
            announcer: &told,
            now: self.now,
            commands: Commands { start: "run", flags: self.flags.as_str() },
        };
        let _ =
            watch.execution(&ExecutionEvent::of(record.detail.clone())).map_err(|error| match &error {
                WatchError::Runs(error) => failure::items(error),
                WatchError::Malformed(_)
                | WatchError::NoParameter { .. }
                | WatchError::NoStateMachine { .. }
                | WatchError::Announce(_) => failure::internal(error),
            })?;
        Ok(told.into_vec())
    }

    /// Deals with executions of the pipeline whose process died: nobody has told of their end yet.
    pub(super) fn sweep(
        &self,
        executions: &Executions,
        pipeline: &str,
    ) -> Result<Vec<Notification>, Diagnostic> {
        let mut told = Vec::new();
        for record in executions.of(pipeline)? {
            if record.detail.status == ExecutionStatus::Aborted {
                told.extend(self.ended(&record)?);
                executions.write(&record)?;
            }
        }
        Ok(told)
    }
}
