//! Statements of the program's own, in one transaction with the fence.

use rusqlite::{Batch, Transaction, fallible_iterator::FallibleIterator as _};
use sluice_contract::statistics::Statistics;

use super::{SqliteTarget, is_busy};
use crate::{error::WorkerError, source::Query};

pub(super) fn run(
    target: &SqliteTarget<'_>,
    stage: &str,
    table: &str,
    query: &Query<'_>,
) -> Result<Statistics, WorkerError> {
    target.once(stage, 0, table, |transaction| {
        let rows = execute(transaction, query).map_err(|error| {
            if is_busy(&error) {
                return target.failed(table, &error);
            }
            let message =
                if let rusqlite::Error::SqlInputError { msg, .. } = error { msg } else { error.to_string() };
            WorkerError::Query { file: query.file.to_owned(), at: None, message }
        })?;
        Ok(Statistics { rows_read: rows, rows_written: rows, ..Statistics::default() })
    })
}

/// How many rows the statements changed.
fn execute(transaction: &Transaction<'_>, query: &Query<'_>) -> rusqlite::Result<u64> {
    let mut batch = Batch::new(transaction, query.sql);
    let mut rows = 0;
    while let Some(mut statement) = batch.next()? {
        for (name, value) in
            [(":country", query.country), (":run_date", query.run_date), (":since", query.since)]
        {
            if let Some(index) = statement.parameter_index(name)? {
                statement.raw_bind_parameter(index, value)?;
            }
        }
        rows += statement.raw_execute()? as u64;
    }
    Ok(rows)
}
