//! Duplicates: all but one of the staging rows that agree in some columns.
//!
//! A null agrees with nothing: rows with a null in any of the columns all stay.

use mysql::prelude::Queryable as _;
use sluice_contract::{
    plan::{Keep, Table},
    statistics::Statistics,
};

use super::{MysqlTarget, session::once};
use crate::error::WorkerError;

pub(super) fn dedupe(
    target: &MysqlTarget<'_>,
    stage: &str,
    (name, _): (&str, &Table),
    by: &[String],
    keep: &Keep,
) -> Result<Statistics, WorkerError> {
    once(target, stage, 0, name, |conn| {
        let failed = |error: mysql::Error| target.failed(name, &error);
        let rows: u64 = conn.query_first(target.names.count(name)).map_err(failed)?.unwrap_or_default();
        for statement in target.names.dedupe(name, by, keep) {
            conn.query_drop(statement).map_err(failed)?;
        }
        let deleted = conn.affected_rows();
        conn.query_drop("DROP TEMPORARY TABLE sluice_duplicates").map_err(failed)?;
        Ok(Statistics {
            rows_read: rows,
            rows_written: rows.saturating_sub(deleted),
            duplicates: deleted,
            ..Statistics::default()
        })
    })
}
