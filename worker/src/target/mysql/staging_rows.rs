//! The rows of staging in the key's order, read on a connection of their own: the server sorts them once, and sends
//! them while the lanes publish.

use std::thread;

use mysql::{QueryResult, Row, Text, Value, prelude::Queryable as _};
use sluice_contract::plan::{ColumnType, Table};

use super::{MysqlTarget, connected};
use crate::{
    column_value::recycle,
    error::WorkerError,
    target::{EachValues, StagedRows},
};

/// Hands the rows to `work` once the server has sorted all of them, and `check`, which runs meanwhile, has counted
/// them.
pub(super) fn stream<T>(
    target: &MysqlTarget<'_>,
    (name, table): (&str, &Table),
    check: impl FnOnce() -> Result<u64, WorkerError>,
    work: impl FnOnce(&mut dyn StagedRows) -> Result<T, WorkerError>,
) -> Result<T, WorkerError> {
    let mut conn = connected(&target.server)?;
    let sorted = target.names.staged_rows(name, table);
    let reading = &mut conn;
    let (sent, counted) = thread::scope(|scope| {
        let sorting = scope.spawn(move || reading.query_iter(sorted));
        let counted = check();
        (sorting.join(), counted)
    });
    let ended = || target.refused(name, "the thread that reads staging has ended".to_owned(), true);
    let sent = sent.map_err(|_| ended())?.map_err(|error| target.unread(&error))?;
    let mut rows = StagingRows { target, name, table, left: 0, sent };
    let done = counted.and_then(|count| {
        rows.left = count;
        work(&mut rows)
    });
    if done.is_err() {
        // Dropping it would read the rows that nobody wants to their end. The connection is used no more.
        std::mem::forget(rows);
    }
    done
}

struct StagingRows<'a> {
    target: &'a MysqlTarget<'a>,
    name: &'a str,
    table: &'a Table,
    left: u64,
    sent: QueryResult<'a, 'a, 'a, Text>,
}

impl StagingRows<'_> {
    /// The next row. As many come as were counted: fewer or more were not those that the checks have seen.
    fn next(&mut self) -> Result<Option<Row>, WorkerError> {
        let row = self.sent.next().transpose().map_err(|error| self.target.unread(&error))?;
        if row.is_some() != (self.left > 0) {
            let message = "staging has changed while it was published".to_owned();
            return Err(self.target.refused(self.name, message, true));
        }
        self.left = self.left.saturating_sub(1);
        Ok(row)
    }

    /// Hears of an error that comes behind the last row.
    fn check_end(&mut self) -> Result<(), WorkerError> {
        if self.left == 0 { self.next().map(drop) } else { Ok(()) }
    }
}

impl StagedRows for StagingRows<'_> {
    fn left(&self) -> u64 {
        self.left
    }

    fn skip(&mut self, rows: u64) -> Result<(), WorkerError> {
        for _ in 0..rows.min(self.left) {
            drop(self.next()?);
        }
        self.check_end()
    }

    fn take(&mut self, most: u64, each: &mut EachValues<'_>) -> Result<u64, WorkerError> {
        let wanted = most.min(self.left);
        let mut values: Vec<Option<&[u8]>> = Vec::with_capacity(self.table.columns.len());
        for _ in 0..wanted {
            let Some(row) = self.next()? else { break };
            let sent = row.unwrap();
            let mut read = recycle(values);
            read.extend(self.table.columns.iter().zip(&sent).map(|(column, value)| match value {
                // The server writes the six digits of its type, whatever they are.
                Value::Bytes(bytes) if column.kind == ColumnType::Timestamp => {
                    Some(bytes.strip_suffix(b".000000").unwrap_or(bytes))
                }
                Value::Bytes(bytes) => Some(bytes.as_slice()),
                // An answer in text knows only texts and nulls.
                Value::NULL
                | Value::Int(_)
                | Value::UInt(_)
                | Value::Float(_)
                | Value::Double(_)
                | Value::Date(..)
                | Value::Time(..) => None,
            }));
            each(&read)?;
            values = recycle(read);
        }
        self.check_end()?;
        Ok(wanted)
    }
}
