//! Starting a run, and letting one go on.

use serde::Serialize;
use sluice_contract::runs::{RunRecord, RunStatus};

use super::{Deployment, Known, failure, has_ended};
use crate::diagnostics::Diagnostic;

/// An execution that was set going.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Started {
    /// The pipeline.
    pub pipeline: String,
    /// The run that it works on.
    pub run: String,
    /// Its ARN.
    pub execution: String,
    /// Whether an execution that had failed goes on itself, with the machine and the plan that it was started with.
    pub redriven: bool,
}

/// The input of an execution that goes on with a run.
#[derive(Serialize)]
struct Input<'a> {
    run: &'a str,
}

impl Deployment<'_> {
    /// Starts a new run.
    pub fn start(&self, pipeline: &str) -> Result<Started, Diagnostic> {
        let (name, execution) =
            self.begin(pipeline, "{}").map_err(|error| failure::call("start", pipeline, &error))?;
        Ok(Started { pipeline: pipeline.to_owned(), run: name, execution, redriven: false })
    }

    /// Goes on with a run that did not succeed; without a name, with the last that did anything.
    ///
    /// Its last execution is redriven where Step Functions still can, so that it goes on with the machine that it
    /// was started with. Where it can't (after 14 days, or where it was never recorded), a new execution goes on
    /// with the run as the pipeline is deployed now.
    pub fn resume(&self, pipeline: &str, run: Option<&str>) -> Result<Started, Diagnostic> {
        let record = self.unfinished(pipeline, run)?;
        let last = match &record.execution {
            Some(execution) => self.known(pipeline, execution)?,
            None => None,
        };
        if let Some(known) = &last
            && !has_ended(known.detail.status)
        {
            return Err(failure::still_going(pipeline, &record.run, self.flags));
        }
        let redrivable = last.filter(|it| it.is_redrivable).map(|it| it.detail.execution_arn);
        let redriven = redrivable.is_some();
        let execution = if let Some(execution) = redrivable {
            self.cloud.redrive(&execution).map(|()| execution)
        } else {
            let input = serde_json::to_string(&Input { run: &record.run }).map_err(failure::internal)?;
            self.begin(pipeline, &input).map(|(_, execution)| execution)
        };
        let execution = execution.map_err(|error| failure::call("resume", pipeline, &error))?;
        Ok(Started { pipeline: pipeline.to_owned(), run: record.run, execution, redriven })
    }

    pub(super) fn known(&self, pipeline: &str, execution: &str) -> Result<Option<Known>, Diagnostic> {
        self.cloud.known(execution).map_err(|error| failure::call("look at", pipeline, &error))
    }

    /// The run of that name, or the last one, where it can be gone on with.
    fn unfinished(&self, pipeline: &str, run: Option<&str>) -> Result<RunRecord, Diagnostic> {
        let record = if let Some(run) = run {
            self.run(pipeline, run)?
        } else {
            let runs = self.table(|table| table.runs(pipeline))?;
            runs.into_iter().rev().find(|it| it.status != RunStatus::Skipped)
        };
        record
            .filter(|it| it.status != RunStatus::Succeeded)
            .ok_or_else(|| failure::nothing_to_resume(pipeline, run, self.flags))
    }
}
