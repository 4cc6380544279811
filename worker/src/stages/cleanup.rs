//! Cleanup: empty staging, tables that fit, and the fence advanced, so that from here on older runs are locked out.

use sluice_contract::statistics::Statistics;

use crate::{error::WorkerError, stage::Context};

pub(super) fn cleanup(context: &Context<'_>, tables: &[String]) -> Result<Statistics, WorkerError> {
    let declared = tables
        .iter()
        .map(|name| Ok((name.as_str(), context.table(name)?)))
        .collect::<Result<Vec<_>, WorkerError>>()?;
    context.open_target()?.cleanup(&context.stage.id, &declared)
}
