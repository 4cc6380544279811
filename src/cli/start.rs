//! `sluice start`, and what it shares with `sluice resume` where that is about what is deployed.

use std::io::{self, Write};

use sluice_contract::runs::{StageRecord, StageStatus};

use super::{
    Exit, Output,
    arguments::{Shared, StartArguments},
    program::{self, Program},
    remote, run, table,
};
use crate::{
    lower::EnvironmentPlan,
    operate::{self, Ended, Follower},
};

/// Starts a run where the pipeline is deployed, and looks on until it has ended.
pub(super) fn execute(
    shared: &Shared,
    arguments: &StartArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let program = match program::load(shared, output)? {
        Ok(program) => program,
        Err(exit) => return Ok(exit),
    };
    let StartArguments { pipeline, detach } = arguments;
    let Some(environment) = remote::deployed(&program, shared, false) else {
        let name = shared.environment.as_deref().unwrap_or("local");
        let here = format!("`sluice run {pipeline}` runs it on this machine");
        return output.fail(operate::no_account(name, &here));
    };
    begin(&program, environment, shared, (pipeline, *detach), output, Beginning::Start)
}

/// How a run begins, or begins again.
#[derive(Clone, Copy)]
pub(super) enum Beginning<'a> {
    /// A new one.
    Start,
    /// Where it was: the run of that name, or the last one.
    Resume(Option<&'a str>),
}

/// Begins, tells so, and looks on unless that is not wanted.
pub(super) fn begin(
    program: &Program,
    environment: &EnvironmentPlan,
    shared: &Shared,
    (pipeline, detach): (&str, bool),
    output: &mut Output<'_>,
    beginning: Beginning<'_>,
) -> io::Result<Exit> {
    let is_human = output.is_human();
    let flags = shared.flags();
    let followed = program::pipeline(environment, pipeline).and_then(|known| {
        let pipeline = known.name.as_str();
        remote::at(program, environment, shared, |deployment| {
            let started = match beginning {
                Beginning::Start => deployment.start(pipeline)?,
                Beginning::Resume(run) => deployment.resume(pipeline, run)?,
            };
            let mut lines = Lines { err: &mut *output.err, is_human };
            let how = if started.redriven { "goes on" } else { "started" };
            let look = flags.command(&["runs", pipeline, "--last"]);
            lines.say(&format!("{pipeline}: run {} {how}; `{look}` shows it at any time", started.run));
            if detach {
                return Ok((started, None));
            }
            deployment.follow(&started, &mut lines).map(|ended| (started, Some(ended)))
        })
    });
    match followed {
        Ok((_, Some(ended))) => tell(&ended, output),
        Ok((started, None)) if output.is_json() => output.json(&started).map(|()| Exit::Fine),
        Ok((_, None)) => Ok(Exit::Fine),
        Err(failure) => output.fail(failure),
    }
}

fn tell(ended: &Ended, output: &mut Output<'_>) -> io::Result<Exit> {
    let run = &ended.summary.run;
    if output.is_json() {
        output.json(ended)?;
    } else {
        writeln!(output.out, "{}", table::stages(&ended.summary.stages))?;
        let outcome = ended.outcome.clone().unwrap_or_else(|| ended.execution_status.as_str().to_lowercase());
        let seconds = run.ended_at.map_or(0, |it| (it - run.started_at) / 1_000);
        writeln!(output.out, "{}: {outcome} in {seconds} s, run {}", run.pipeline, run.run)?;
        for diagnostic in run::failures(&ended.summary.stages) {
            output.tell_one(&diagnostic)?;
        }
    }
    Ok(if ended.execution_status == sluice_contract::event::ExecutionStatus::Succeeded {
        Exit::Fine
    } else {
        Exit::Problems
    })
}

/// A line for each change; what can't be written is not worth losing sight of a run.
struct Lines<'a> {
    err: &'a mut dyn Write,
    is_human: bool,
}

impl Lines<'_> {
    fn say(&mut self, line: &str) {
        if self.is_human {
            let _ = writeln!(self.err, "{line}");
        }
    }
}

impl Follower for Lines<'_> {
    fn stage(&mut self, stage: &StageRecord) {
        let counted = &stage.statistics;
        let line = match stage.status {
            StageStatus::Running => "running".to_owned(),
            StageStatus::Done => {
                format!(
                    "done, {} rows in {:.1} s",
                    counted.rows_written,
                    std::time::Duration::from_millis(counted.milliseconds).as_secs_f64()
                )
            }
            StageStatus::Failed => {
                format!("failed: {}", stage.cause.as_deref().unwrap_or("no cause is recorded"))
            }
        };
        self.say(&format!("  {:<24} {line}", stage.stage));
    }
}
