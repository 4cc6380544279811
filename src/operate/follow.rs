//! Looking at a run while it goes on.

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;
use sluice_contract::{
    event::ExecutionStatus,
    runs::{StageRecord, StageStatus},
};

use super::{Deployment, Started, failure, has_ended};
use crate::{diagnostics::Diagnostic, run::RunSummary};

/// Is told what changes.
pub trait Follower {
    /// A stage began, ended or failed, again perhaps.
    fn stage(&mut self, stage: &StageRecord);
}

/// How a run that was followed ended. The JSON form is stable: fields are only ever added.
#[derive(Debug, Clone, Serialize)]
pub struct Ended {
    /// The run with its stages, as the table has it.
    #[serde(flatten)]
    pub summary: RunSummary,
    /// How the execution ended.
    pub execution_status: ExecutionStatus,
    /// `published`, or `skipped` because another run went on; none where it failed.
    pub outcome: Option<String>,
}

impl Ended {
    /// Whether it has published.
    pub fn published(&self) -> bool {
        self.execution_status == ExecutionStatus::Succeeded && self.outcome.as_deref() == Some("published")
    }
}

/// How often it is asked: jobs take minutes, and a call costs next to nothing.
const LOOK: Duration = Duration::from_secs(2);
/// How long `watch` is waited for, which records the end behind a queue.
const SETTLING: u32 = 15;

impl Deployment<'_> {
    /// Looks until the execution has ended, and tells what changes. The run goes on if this is interrupted.
    pub fn follow(&self, started: &Started, follower: &mut dyn Follower) -> Result<Ended, Diagnostic> {
        let mut told = Told::default();
        loop {
            let known = self.known(&started.pipeline, &started.execution)?;
            let known = known.ok_or_else(|| failure::forgotten(&started.pipeline, &started.execution))?;
            told.changes(&self.recorded_stages(started)?, follower);
            if has_ended(known.detail.status) {
                let output = known.detail.output.as_deref().map(serde_json::from_str::<serde_json::Value>);
                let outcome = output.and_then(|it| it.ok()?.get("outcome")?.as_str().map(str::to_owned));
                let summary = self.settled(started, outcome.as_deref() == Some("skipped"))?;
                return Ok(Ended { summary, execution_status: known.detail.status, outcome });
            }
            self.patience.pause(LOOK);
        }
    }

    fn recorded_stages(&self, started: &Started) -> Result<Vec<StageRecord>, Diagnostic> {
        self.table(|table| table.stages(&started.pipeline, &started.run))
    }

    /// The run as it is recorded once its end is; as it is recorded by then, where nobody records it.
    fn settled(&self, started: &Started, is_skipped: bool) -> Result<RunSummary, Diagnostic> {
        // One that was skipped did nothing for the run that it was to go on with, and is recorded by its own name.
        let name = started.execution.rsplit(':').next().unwrap_or_default();
        let run = if is_skipped { name } else { started.run.as_str() };
        for _ in 0..SETTLING {
            let record = self.run(&started.pipeline, run)?;
            if let Some(run) = record.filter(|it| it.ended_at.is_some()) {
                return Ok(RunSummary { stages: self.stages(&run)?, run });
            }
            self.patience.pause(LOOK);
        }
        let run = self.run(&started.pipeline, run)?;
        let run = run.ok_or_else(|| failure::not_recorded(&started.pipeline, &started.run, self.flags))?;
        Ok(RunSummary { stages: self.stages(&run)?, run })
    }
}

/// What the follower knows already.
#[derive(Default)]
struct Told(BTreeMap<String, (StageStatus, i64)>);

impl Told {
    fn changes(&mut self, stages: &[StageRecord], follower: &mut dyn Follower) {
        for stage in stages {
            let now = (stage.status, stage.started_at);
            if self.0.insert(stage.stage.clone(), now) != Some(now) {
                follower.stage(stage);
            }
        }
    }
}
