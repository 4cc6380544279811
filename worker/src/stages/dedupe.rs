//! Dedupe: all but one of the staging rows that agree in some columns are deleted.

use sluice_contract::{plan::Keep, statistics::Statistics};

use crate::{error::WorkerError, stage::Context};

pub(super) fn dedupe(
    context: &Context<'_>,
    name: &str,
    by: &[String],
    keep: &Keep,
) -> Result<Statistics, WorkerError> {
    let table = context.table(name)?;
    let target = context.open_target()?;
    context.progress.total(&context.stage.id, target.count(name)?);
    let counted = target.dedupe(&context.stage.id, (name, table), by, keep)?;
    context.progress.advance(&context.stage.id, counted.rows_read, 0);
    Ok(counted)
}
