//! Stopping what goes on.

use serde::{Deserialize, Serialize};

use super::{Deployment, Known, failure, has_ended};
use crate::diagnostics::Diagnostic;

/// An execution that was stopped. Its end is recorded and told by `watch`, a moment later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stopped {
    /// The pipeline.
    pub pipeline: String,
    /// The run that it worked on.
    pub run: String,
    /// Its ARN.
    pub execution: String,
}

/// What an execution says is the cause of its end.
const CAUSE: &str = "`sluice cancel` stopped it";

impl Deployment<'_> {
    /// Stops every execution of the pipeline that goes on, or those of one run; none where none does. Step Functions
    /// cancels their jobs; what a job still writes is refused once another run has begun.
    pub fn cancel(&self, pipeline: &str, run: Option<&str>) -> Result<Vec<Stopped>, Diagnostic> {
        let failed = |error| failure::call("stop", pipeline, &error);
        let running = self.cloud.running(&self.machine(pipeline)).map_err(failed)?;
        let mut stopped = Vec::new();
        for execution in running {
            let Some(known) = self.known(pipeline, &execution)? else { continue };
            let of_run = run_of(&known);
            if has_ended(known.detail.status) || run.is_some_and(|run| run != of_run) {
                continue;
            }
            self.cloud.stop(&execution, CAUSE).map_err(failed)?;
            stopped.push(Stopped { pipeline: pipeline.to_owned(), run: of_run, execution });
        }
        Ok(stopped)
    }
}

/// The run that an execution works on: the one it was started for, or its own.
pub(super) fn run_of(known: &Known) -> String {
    #[derive(Deserialize)]
    struct Input {
        run: String,
    }
    let input = known.detail.input.as_deref().and_then(|it| serde_json::from_str::<Input>(it).ok());
    input.map_or_else(|| known.detail.name.clone(), |it| it.run)
}
