//! The log lines of a run's jobs.

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;
use sluice_contract::{
    event::JobStatus,
    runs::{JobRecord, RunRecord, RunStatus},
};

use super::{Deployment, failure};
use crate::diagnostics::Diagnostic;

/// A line that a job wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// Milliseconds since 1970.
    pub at: i64,
    /// The stage that the job works on.
    pub stage: String,
    /// The job's id.
    pub job: String,
    /// Without its line end.
    pub text: String,
}

/// Some lines of a stream, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogPage {
    /// Each with its moment, in milliseconds since 1970.
    pub lines: Vec<(i64, String)>,
    /// Where the next page begins; the token that was asked with where there is no more for now.
    pub next: Option<String>,
}

/// How often it is asked for more.
const LOOK: Duration = Duration::from_secs(2);
/// How often it is asked once more behind a run's end: Batch hands lines on within seconds, and not at once.
const LAST_LOOKS: u32 = 5;

/// How far each stream has been read.
type Places = BTreeMap<String, Option<String>>;

impl Deployment<'_> {
    /// Hands over the lines of a run's jobs, those of one stage or of all, in the order of time as far as they are
    /// there; with `follow`, until the run has ended and its last lines have come. Without a run's name, of the last
    /// run.
    pub fn logs<E>(
        &self,
        pipeline: &str,
        run: Option<&str>,
        stage: Option<&str>,
        follow: bool,
        tell: &mut dyn FnMut(&LogLine) -> Result<(), E>,
    ) -> Result<Result<(), E>, Diagnostic> {
        let mut places = Places::new();
        let mut last_looks = 0;
        loop {
            let record = self.run_to_read(pipeline, run)?;
            let goes_on = record.status == RunStatus::Running;
            let jobs = self.table(|table| table.jobs(pipeline, &record.run))?;
            let jobs = jobs.iter().filter(|it| stage.is_none_or(|stage| it.stage == stage));
            let mut lines = Vec::new();
            let mut streams = 0;
            for job in jobs {
                streams += usize::from(job.log_stream.is_some());
                self.more(job, &mut places, &mut lines)?;
            }
            if streams == 0 && !(follow && goes_on) {
                return Err(failure::no_logs(pipeline, &record.run, stage, self.flags));
            }
            lines.sort_by_key(|it: &LogLine| it.at);
            if let Some(broken) = lines.iter().find_map(|it| tell(it).err()) {
                return Ok(Err(broken));
            }
            if !follow || (!goes_on && last_looks == 0) {
                return Ok(Ok(()));
            }
            last_looks = if goes_on { LAST_LOOKS } else { last_looks - 1 };
            self.patience.pause(LOOK);
        }
    }

    /// What a job has written since.
    fn more(&self, job: &JobRecord, places: &mut Places, lines: &mut Vec<LogLine>) -> Result<(), Diagnostic> {
        let Some(stream) = &job.log_stream else { return Ok(()) };
        if matches!(job.status, JobStatus::Submitted | JobStatus::Pending | JobStatus::Runnable) {
            return Ok(());
        }
        let group = self.resources.job_logs();
        let place = places.entry(stream.clone()).or_default();
        loop {
            let page = self.cloud.log(&group, stream, place.as_deref());
            let LogPage { lines: page, next } =
                page.map_err(|error| failure::call("read the logs of", &job.stage, &error))?;
            let line = |(at, text)| LogLine { at, stage: job.stage.clone(), job: job.job.clone(), text };
            lines.extend(page.into_iter().map(line));
            // The end of a stream gives the token that it was asked with.
            if next.is_none() || next == *place {
                return Ok(());
            }
            *place = next;
        }
    }

    fn run_to_read(&self, pipeline: &str, run: Option<&str>) -> Result<RunRecord, Diagnostic> {
        let record = match run {
            Some(run) => self.run(pipeline, run)?,
            None => self.table(|table| table.runs(pipeline))?.pop(),
        };
        record.ok_or_else(|| failure::no_run(pipeline, run, self.flags))
    }
}
