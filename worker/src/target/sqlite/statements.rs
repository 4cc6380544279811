//! Statements of the program's own, in one transaction with the fence.

use rusqlite::{Batch, Statement, Transaction, fallible_iterator::FallibleIterator as _};
use sluice_contract::statistics::Statistics;

use super::{SqliteTarget, is_busy};
use crate::{
    error::WorkerError,
    source::Query,
    sql_text::{self, Flavor},
};

pub(super) fn run(
    target: &SqliteTarget<'_>,
    stage: &str,
    table: &str,
    query: &Query<'_>,
) -> Result<Statistics, WorkerError> {
    target.once(stage, 0, table, |transaction| {
        let rows = execute(transaction, query).map_err(|(number, error)| {
            if is_busy(&error) {
                return target.failed(table, &error);
            }
            let (message, offset) = if let rusqlite::Error::SqlInputError { msg, offset, .. } = error {
                (msg, usize::try_from(offset).unwrap_or_default())
            } else {
                (error.to_string(), 0)
            };
            WorkerError::Statement {
                file: query.file.to_owned(),
                at: sql_text::place_of_statement(query.sql, Flavor::Sqlite, number, offset),
                number,
                connection: target.writer.connection.clone(),
                message,
            }
        })?;
        Ok(Statistics { rows_read: rows, rows_written: rows, ..Statistics::default() })
    })
}

/// How many rows the statements changed; the number of the one that fails.
fn execute(transaction: &Transaction<'_>, query: &Query<'_>) -> Result<u64, (usize, rusqlite::Error)> {
    let mut batch = Batch::new(transaction, query.sql);
    let mut rows = 0;
    for number in 1.. {
        let failed = |error| (number, error);
        let Some(statement) = batch.next().map_err(failed)? else { break };
        rows += execute_one(statement, query).map_err(failed)? as u64;
    }
    Ok(rows)
}

fn execute_one(mut statement: Statement<'_>, query: &Query<'_>) -> rusqlite::Result<usize> {
    for (name, value) in [(":country", query.country), (":run_date", query.run_date), (":since", query.since)]
    {
        if let Some(index) = statement.parameter_index(name)? {
            statement.raw_bind_parameter(index, value)?;
        }
    }
    statement.raw_execute()
}
