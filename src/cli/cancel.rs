//! `sluice cancel`

use std::io;

use super::{
    Exit, Output,
    arguments::{CancelArguments, Shared},
    program, remote,
};
use crate::{
    diagnostics::{Diagnostic, suggest},
    operate::Stopped,
    run::{self, Cancelled, Flags, How, StateDir},
};

/// Stops what goes on of a pipeline. On this machine the program is not read: a run can be stopped while its files
/// are being changed.
pub(super) fn execute(
    shared: &Shared,
    arguments: &CancelArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let CancelArguments { pipeline, run, force, here } = arguments;
    let flags = shared.flags();
    if shared.environment.is_some() && !here {
        let program = match program::load(shared, output)? {
            Ok(program) => program,
            Err(exit) => return Ok(exit),
        };
        if let Some(environment) = remote::deployed(&program, shared, false) {
            let stopped = program::pipeline(environment, pipeline).and_then(|known| {
                let pipeline = known.name.as_str();
                remote::at(&program, environment, shared, |it| it.cancel(pipeline, run.as_deref()))
            });
            return match stopped {
                Ok(stopped) => tell_deployed(pipeline, &stopped, &flags, output),
                Err(failure) => output.fail(failure),
            };
        }
    }
    let state = match StateDir::open(&shared.state) {
        Ok(state) => state,
        Err(failure) => return output.fail(failure),
    };
    output.warn(state.warnings())?;
    let stopped = run::cancel(&state, pipeline, run.as_deref(), *force, &flags);
    match stopped.and_then(|stopped| Ok((stopped, meant(&state, pipeline)?))) {
        Ok((stopped, meant)) => tell(pipeline, &stopped, meant.as_deref(), &flags, output),
        Err(failure) => output.fail(failure),
    }
}

fn tell_deployed(
    pipeline: &str,
    stopped: &[Stopped],
    flags: &Flags,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    if output.is_json() {
        return output.json(&stopped).map(|()| Exit::Fine);
    }
    if stopped.is_empty() {
        writeln!(output.out, "nothing of `{pipeline}` is running")?;
    }
    for one in stopped {
        let resume = flags.command(&["resume", pipeline, "--run", &one.run]);
        writeln!(output.out, "{pipeline}: stopped run {}; {resume}", one.run)?;
    }
    Ok(Exit::Fine)
}

/// The pipeline that was meant, where none of that name was ever started here.
fn meant(state: &StateDir, pipeline: &str) -> Result<Option<String>, Diagnostic> {
    let known = run::pipelines(state)?;
    if known.iter().any(|it| it == pipeline) {
        return Ok(None);
    }
    Ok(suggest::closest(pipeline, known.iter().map(String::as_str)).map(ToString::to_string))
}

fn tell(
    pipeline: &str,
    stopped: &[Cancelled],
    meant: Option<&str>,
    flags: &Flags,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    if output.is_json() {
        output.json(&stopped)?;
        return Ok(Exit::Fine);
    }
    if stopped.is_empty() {
        let meant = meant.map_or_else(String::new, |it| format!("; did you mean `{it}`?"));
        writeln!(output.out, "nothing of `{pipeline}` is running{meant}")?;
    }
    for one in stopped {
        let resume = flags.command(&["resume", pipeline, "--run", &one.run]);
        match one.how {
            How::Stopped => writeln!(output.out, "{pipeline}: stopped run {}; {resume}", one.run)?,
            How::Forced => writeln!(
                output.out,
                "{pipeline}: ended run {} without waiting for its process; {resume}",
                one.run
            )?,
            How::Ended => writeln!(output.out, "{pipeline}: run {} came to its end by itself", one.run)?,
        }
        for notification in &one.notifications {
            write!(output.err, "{}", sluice_lambdas::text::render(notification))?;
        }
    }
    Ok(Exit::Fine)
}
