//! Duplicates: all but one of the staging rows that agree in some columns.
//!
//! A null agrees with nothing: rows with a null in any of the columns all stay.

use sluice_contract::{
    plan::{Keep, Table},
    statistics::Statistics,
};

use super::{SqliteTarget, sql};
use crate::{error::WorkerError, target::Target as _};

pub(super) fn dedupe(
    target: &SqliteTarget<'_>,
    stage: &str,
    (name, table): (&str, &Table),
    by: &[String],
    keep: &Keep,
) -> Result<Statistics, WorkerError> {
    let sql = sql::dedupe(&target.staging(name), table, by, keep);
    target.once(stage, 0, name, |transaction| {
        let rows = target.count(name)?;
        let deleted = transaction.execute(&sql, []).map_err(|error| target.failed(name, &error))? as u64;
        Ok(Statistics {
            rows_read: rows,
            rows_written: rows.saturating_sub(deleted),
            duplicates: deleted,
            ..Statistics::default()
        })
    })
}
