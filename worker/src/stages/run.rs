//! Run: statements in the target after publishing, all of them or none, and once in a run.

use sluice_contract::statistics::Statistics;

use super::extract::{run_date, since};
use crate::{error::WorkerError, source::Query, stage::Context};

pub(super) fn run(
    context: &Context<'_>,
    table: &str,
    file: &str,
    sql: &str,
) -> Result<Statistics, WorkerError> {
    let run_date = run_date(context.run_started_at);
    let since = since(context.last_success()?.map(|it| it.started_at));
    let query = Query { file, sql, country: &context.plan.country, run_date: &run_date, since: &since };
    let counted = context.open_target()?.run(&context.stage.id, table, &query)?;
    context.progress.advance(&context.stage.id, counted.rows_written, 0);
    Ok(counted)
}
