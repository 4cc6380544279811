//! `sluice logs`

use std::io;

use jiff::Timestamp;

use super::{
    Exit, Output,
    arguments::{LogsArguments, Shared},
    program, remote,
};
use crate::operate::{self, LogLine};

/// Shows what the jobs of a deployed run have written.
pub(super) fn execute(
    shared: &Shared,
    arguments: &LogsArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let program = match program::load(shared, output)? {
        Ok(program) => program,
        Err(exit) => return Ok(exit),
    };
    let LogsArguments { pipeline, run, stage, follow } = arguments;
    let Some(environment) = remote::deployed(&program, shared, false) else {
        let name = shared.environment.as_deref().unwrap_or("local");
        return output
            .fail(operate::no_account(name, "a run on this machine writes no logs: it shows its stages"));
    };
    let is_json = output.is_json();
    let mut lines = Vec::new();
    let told = program::pipeline(environment, pipeline).and_then(|known| {
        let pipeline = known.name.as_str();
        remote::at(&program, environment, shared, |deployment| {
            let mut tell = |line: &LogLine| -> io::Result<()> {
                if is_json {
                    lines.push(line.clone());
                    return Ok(());
                }
                let at = Timestamp::from_millisecond(line.at).unwrap_or_default();
                writeln!(output.out, "{} {:<24} {}", at.strftime("%H:%M:%S%.3f"), line.stage, line.text)?;
                output.out.flush()
            };
            deployment.logs(pipeline, run.as_deref(), stage.as_deref(), *follow, &mut tell)
        })
    });
    match told {
        Ok(Ok(())) if is_json => output.json(&lines).map(|()| Exit::Fine),
        Ok(told) => told.map(|()| Exit::Fine),
        Err(failure) => output.fail(failure),
    }
}
