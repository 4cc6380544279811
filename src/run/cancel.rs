//! Stopping a run from outside, whichever process runs it.
//!
//! A file in the execution's folder asks its process to stop; the process ends the execution in order, as after
//! Ctrl-C. With force nobody waits for it: the execution is over, its lock is free, and what the process still
//! writes carries an old fence.

use std::{thread, time::Duration};

use jiff::Timestamp;
use serde::Serialize;
use sluice_contract::{event::ExecutionStatus, notification::Notification};

use super::{
    executions::{Executions, Record},
    failure,
    flags::Flags,
    state::StateDir,
    watch::Watcher,
};
use crate::diagnostics::Diagnostic;

/// The cause of the end of a run that was stopped so.
pub(super) const CANCELLED: &str = "`sluice cancel` stopped it";

/// How often it is asked whether a process has stopped, and how many times at most: a minute.
const LOOK: Duration = Duration::from_millis(50);
const LOOKS: u32 = 1_200;

/// What became of one execution that was going on.
#[derive(Debug, Clone, Serialize)]
pub struct Cancelled {
    /// The pipeline.
    pub pipeline: String,
    /// The run that it worked on.
    pub run: String,
    /// The execution.
    pub execution: String,
    /// How it ended.
    pub how: How,
    /// What is told of it by this command; what its own process told is told there.
    pub notifications: Vec<Notification>,
}

/// How an execution that was going on ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Its process stopped.
    Stopped,
    /// It came to its end before it could be stopped.
    Ended,
    /// Its process was not waited for.
    Forced,
}

/// Stops what goes on of the pipeline, or of that run of it, those that wait for the lock too. None goes on: none is
/// stopped, and all is well.
pub fn cancel(
    state: &StateDir,
    pipeline: &str,
    run: Option<&str>,
    force: bool,
    flags: &Flags,
) -> Result<Vec<Cancelled>, Diagnostic> {
    let executions = Executions::new(state.executions());
    let mut records = executions.of(pipeline)?;
    if let Some(run) = run {
        records.retain(|it| it.run == run);
        if records.is_empty() {
            return Err(failure::no_such_run(pipeline, Some(run), flags));
        }
    }
    records.retain(|it| it.detail.status == ExecutionStatus::Running);
    for record in &records {
        let request = executions.stop_request(&record.detail.name);
        std::fs::write(&request, "").map_err(|error| failure::state(&request, &error))?;
    }
    let items = &*state.stores().items;
    records
        .into_iter()
        .map(|record| {
            let watcher =
                Watcher { items, platform: record.platform(), now: Timestamp::now().as_millisecond(), flags };
            if force { end(&executions, record.clone(), watcher) } else { wait(&executions, &record, LOOKS) }
        })
        .collect()
}

/// The pipelines that were ever started in this state folder.
pub fn pipelines(state: &StateDir) -> Result<Vec<String>, Diagnostic> {
    Ok(Executions::new(state.executions()).pipelines()?.into_iter().collect())
}

/// Ends the execution without its process.
fn end(executions: &Executions, mut record: Record, watcher: Watcher<'_>) -> Result<Cancelled, Diagnostic> {
    record.detail.status = ExecutionStatus::Aborted;
    record.detail.stop_date = Some(watcher.now);
    record.detail.cause = Some(format!("{CANCELLED}, without waiting for its process"));
    executions.write(&record)?;
    let notifications = watcher.ended(&record)?;
    Ok(Cancelled { notifications, ..cancelled(record, How::Forced) })
}

fn wait(executions: &Executions, record: &Record, looks: u32) -> Result<Cancelled, Diagnostic> {
    for _ in 0..looks {
        match executions.read(&record.detail.name)? {
            Some(it) if it.detail.status == ExecutionStatus::Running => thread::sleep(LOOK),
            Some(it) if it.detail.status == ExecutionStatus::Aborted => {
                return Ok(cancelled(it, How::Stopped));
            }
            Some(it) => return Ok(cancelled(it, How::Ended)),
            None => break,
        }
    }
    Err(failure::does_not_stop(&record.pipeline, &record.run))
}

fn cancelled(record: Record, how: How) -> Cancelled {
    Cancelled {
        pipeline: record.pipeline,
        run: record.run,
        execution: record.detail.execution_arn,
        how,
        notifications: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use sluice_contract::event::ExecutionDetail;

    use super::*;
    use crate::diagnostics::Code;

    #[test]
    fn a_process_that_does_not_stop_is_told_with_the_way_to_end_the_run_without_it() {
        let folder = tempfile::tempdir().unwrap();
        let executions = Executions::new(folder.path().to_owned());
        let (name, alive) = executions.claim("greece-1").unwrap();
        let record = Record {
            pipeline: "greece".to_owned(),
            environment: "local".to_owned(),
            run: name.clone(),
            detail: ExecutionDetail {
                execution_arn: "arn".to_owned(),
                state_machine_arn: "arn:aws:states:local:0:stateMachine:credit-reports-greece".to_owned(),
                name,
                status: ExecutionStatus::Running,
                start_date: 1,
                stop_date: None,
                input: None,
                output: None,
                error: None,
                cause: None,
            },
        };
        assert_eq!(record.platform(), "credit-reports");
        executions.write(&record).unwrap();
        let failure = wait(&executions, &record, 2).unwrap_err();
        assert_eq!(failure.code, Code::RunNotStopping);
        assert!(failure.help.unwrap().contains("--force"));
        drop(alive);
        assert_eq!(wait(&executions, &record, 1).unwrap().how, How::Stopped);
    }
}
