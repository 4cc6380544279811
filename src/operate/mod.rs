//! Runs of a deployed environment, from afar: start, follow, resume, cancel, list, and read the logs of.
//!
//! ```text
//! command --> Deployment --> Cloud  (executions and logs: Step Functions, CloudWatch)
//!                      \---> ItemStore (the runs table, as the worker and `watch` write it)
//! ```
//!
//! Owns what an operator does and the order of it. Knows no SDK: [`Cloud`] has a twin in memory, and `aws.rs` is
//! the only way to the real one. Nothing here runs a stage: what goes on goes on without whoever looks.

#[cfg(feature = "aws")]
mod aws;
mod cancel;
mod failure;
mod follow;
mod logs;
mod start;

#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::Timestamp;
use sluice_contract::{
    dynamodb::ItemStore,
    event::{ExecutionDetail, ExecutionStatus},
    runs::{RunRecord, RunsTable, StageRecord},
};

use crate::{
    diagnostics::Diagnostic,
    run::{Flags, RunSummary},
    targets::resources::Resources,
};
#[cfg(feature = "aws")]
pub use aws::Aws;
pub use cancel::Stopped;
pub use failure::no_account;
pub use follow::{Ended, Follower};
pub use logs::{LogLine, LogPage};
pub use start::Started;

/// What is known of an execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// As its events tell it.
    pub detail: ExecutionDetail,
    /// Whether it can go on from where it failed.
    pub is_redrivable: bool,
}

/// Why the cloud did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CloudError {
    /// AWS's own name for it, such as `ExpiredTokenException`; none where no answer came.
    pub code: Option<String>,
    /// In AWS's words.
    pub message: String,
}

/// Executions and logs of one account and region. ARNs are texts.
pub trait Cloud: std::fmt::Debug {
    /// Starts an execution; its ARN.
    fn start(&self, machine: &str, name: &str, input: &str) -> Result<String, CloudError>;
    /// Lets one go on from where it failed.
    fn redrive(&self, execution: &str) -> Result<(), CloudError>;
    /// Stops one.
    fn stop(&self, execution: &str, cause: &str) -> Result<(), CloudError>;
    /// None where there is no such execution any more.
    fn known(&self, execution: &str) -> Result<Option<Known>, CloudError>;
    /// Those that go on.
    fn running(&self, machine: &str) -> Result<Vec<String>, CloudError>;
    /// Lines of a stream from that token on, or from its first.
    fn log(&self, group: &str, stream: &str, from: Option<&str>) -> Result<LogPage, CloudError>;
}

/// What is real about time, so that tests need not wait.
pub trait Patience: std::fmt::Debug {
    /// Now.
    fn now(&self) -> Timestamp;
    /// Waits.
    fn pause(&self, duration: Duration);
}

/// The clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealPatience;

impl Patience for RealPatience {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn pause(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
}

/// One environment as it is deployed, and the way to it.
#[derive(Debug, Clone, Copy)]
pub struct Deployment<'a> {
    /// What everything is called there.
    pub resources: Resources<'a>,
    /// Executions and logs.
    pub cloud: &'a dyn Cloud,
    /// The runs table.
    pub items: &'a dyn ItemStore,
    /// The clock.
    pub patience: &'a dyn Patience,
    /// The flags of commands that are told.
    pub flags: &'a Flags,
}

impl Deployment<'_> {
    /// Every run of the pipeline, oldest first, with its stages in the order they started in.
    pub fn runs(&self, pipeline: &str) -> Result<Vec<RunSummary>, Diagnostic> {
        let runs = self.table(|table| table.runs(pipeline))?;
        runs.into_iter().map(|run| Ok(RunSummary { stages: self.stages(&run)?, run })).collect()
    }

    fn run(&self, pipeline: &str, run: &str) -> Result<Option<RunRecord>, Diagnostic> {
        self.table(|table| table.run(pipeline, run))
    }

    fn stages(&self, run: &RunRecord) -> Result<Vec<StageRecord>, Diagnostic> {
        let mut stages = self.table(|table| table.stages(&run.pipeline, &run.run))?;
        stages.sort_by_key(|it| it.started_at);
        Ok(stages)
    }

    fn table<T>(
        &self,
        ask: impl FnOnce(RunsTable<'_>) -> Result<T, sluice_contract::dynamodb::ItemStoreError>,
    ) -> Result<T, Diagnostic> {
        let name = self.resources.runs_table();
        ask(RunsTable::new(self.items, &name)).map_err(|error| failure::items(&name, &error))
    }

    fn machine(&self, pipeline: &str) -> String {
        self.resources.state_machine(pipeline).as_str().to_owned()
    }

    /// Starts an execution under the first free name of `greece-20261123-023000`, `…-2`, …; its name and ARN.
    fn begin(&self, pipeline: &str, input: &str) -> Result<(String, String), CloudError> {
        let machine = self.machine(pipeline);
        let wanted = format!("{pipeline}-{}", self.patience.now().strftime("%Y%m%d-%H%M%S"));
        let mut name = wanted.clone();
        for number in 2..=STARTS_IN_A_SECOND {
            match self.cloud.start(&machine, &name, input) {
                Err(error) if error.code.as_deref() == Some(NAME_TAKEN) => {
                    name = format!("{wanted}-{number}");
                }
                started => return started.map(|execution| (name, execution)),
            }
        }
        self.cloud.start(&machine, &name, input).map(|execution| (name, execution))
    }
}

/// A name is known to Step Functions for 90 days, with one input.
const NAME_TAKEN: &str = "ExecutionAlreadyExists";
/// More executions of one pipeline than anybody starts within a second.
const STARTS_IN_A_SECOND: u32 = 10;

/// Whether nothing more comes of it by itself.
fn has_ended(status: ExecutionStatus) -> bool {
    match status {
        ExecutionStatus::Running | ExecutionStatus::PendingRedrive => false,
        ExecutionStatus::Succeeded
        | ExecutionStatus::Failed
        | ExecutionStatus::TimedOut
        | ExecutionStatus::Aborted => true,
    }
}
