//! Groups of log lines, each with a day from which on it forgets.

use serde::Serialize;

use super::{Context, model::Stack, program::Program};

/// `AWS::Logs::LogGroup`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LogGroup {
    log_group_name: String,
    retention_in_days: u32,
}

/// The records of runs stay longer; lines are for finding out what went wrong.
const DAYS: u32 = 90;

pub(super) fn add(ctx: Context<'_>, stack: &mut Stack) {
    let group = |log_group_name| LogGroup { log_group_name, retention_in_days: DAYS };
    stack.add("JobLogs", group(ctx.resources.job_logs()));
    for program in Program::of(ctx.surveys) {
        stack.add(program.log_group_id(), group(ctx.resources.function_logs(program.name())));
    }
}
