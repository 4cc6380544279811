//! Duplicates: all but one of the staging rows that agree in some columns.
//!
//! A null agrees with nothing: rows with a null in any of the columns all stay.

use sluice_contract::{
    plan::{Keep, Table},
    statistics::Statistics,
};

use super::{SqliteTarget, list, quoted, schema::is_text_decimal};
use crate::{error::WorkerError, target::Target as _};

pub(super) fn dedupe(
    target: &SqliteTarget<'_>,
    stage: &str,
    (name, table): (&str, &Table),
    by: &[String],
    keep: &Keep,
) -> Result<Statistics, WorkerError> {
    let staging = target.staging(name);
    let comparable = |column: &str| match table.column(column) {
        Some(declared) if is_text_decimal(declared.kind) => format!("CAST({} AS REAL)", quoted(column)),
        Some(_) | None => quoted(column),
    };
    let first = match keep {
        Keep::Newest { column } => format!("{} DESC NULLS LAST, ", comparable(column)),
        Keep::Oldest { column } => format!("{} ASC NULLS LAST, ", comparable(column)),
        Keep::First => String::new(),
    };
    let not_null: Vec<_> = by.iter().map(|it| format!("{} IS NOT NULL", quoted(it))).collect();
    let sql = format!(
        "DELETE FROM {staging} WHERE _row IN (
             SELECT _row FROM (
                 SELECT _row, row_number() OVER (PARTITION BY {} ORDER BY {first}_part, _line) AS place
                 FROM {staging} WHERE {}
             ) WHERE place > 1
         )",
        list(by.iter().map(String::as_str)),
        not_null.join(" AND "),
    );
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
