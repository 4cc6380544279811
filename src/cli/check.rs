//! `sluice check`

use std::io;

use super::{Exit, Output, arguments::Shared, program};
use crate::diagnostics::words::counted;

/// Tells everything that is wrong with the program.
pub(super) fn execute(shared: &Shared, output: &mut Output<'_>) -> io::Result<Exit> {
    let read = program::read(shared, output)?;
    if let (Some(name), Some(plan)) = (&shared.environment, &read.compiled.plan)
        && let Err(failure) = program::environment(plan, name)
    {
        return output.fail(failure);
    }
    output.document(&read.compiled.diagnostics, &read.compiled.sources)?;
    if output.is_json() || output.is_sarif() {
        return Ok(if read.fine { Exit::Fine } else { Exit::Problems });
    }
    if let (true, Some(plan)) = (read.fine, &read.compiled.plan) {
        let pipelines = plan.environments.first().map_or(0, |it| it.pipelines.len());
        let environments = counted(plan.environments.len(), "environment");
        let surveys = match read.compiled.surveys {
            0 => String::new(),
            surveys => format!(" and {}", counted(surveys, "survey")),
        };
        writeln!(output.out, "{}{surveys} in {environments}: fine", counted(pipelines, "pipeline"))?;
    }
    Ok(if read.fine { Exit::Fine } else { Exit::Problems })
}
