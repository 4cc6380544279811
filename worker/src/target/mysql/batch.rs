//! One batch of rows that are staged outside of the database, and its way into the published table.
//!
//! Where the published table has no row between the batch's first key and its last, the rows go there as they come:
//! nothing is quicker. Otherwise, and where the server did not take every row as it is, they go through a table of
//! the session, where SQL decides what becomes of rows that are there already.

use bytes::Bytes;
use mysql::{Conn, Error, Params, Row, Value, prelude::Queryable as _};
use sluice_contract::plan::{Column, Table};

use super::{
    MysqlTarget,
    infile::{check_not_cut, check_taken, has_taken, load, push_row},
    publish::check_new,
    schema::Collations,
    sql::{Names, quoted},
    sql_publish::values_of,
    sql_rows::BATCH_TABLE,
};
use crate::{
    column_value::{self, ColumnValue},
    error::WorkerError,
    record,
    target::{RowsWay, StagedRows},
};

/// Rows of a batch. With [`BYTES`] it says where batches end. Nothing that the ledger holds depends on it.
const ROWS: u64 = if cfg!(test) { 2_000 } else { 20_000 };
/// Bytes that a batch may have before its last rows.
const BYTES: usize = 4 * 1024 * 1024;
/// Rows that are read at once.
const STEP: u64 = 50;
const SAVEPOINT: &str = "sluice_batch";

/// Rows that a transaction publishes.
pub(super) struct Batch {
    pub(super) rows: u64,
    text: Bytes,
    first: Vec<Value>,
    last: Vec<Value>,
}

impl Batch {
    /// The next rows, at most so many; none where there are no more.
    pub(super) fn read(
        target: &MysqlTarget<'_>,
        (name, table): (&str, &Table),
        rows: &mut dyn StagedRows,
        most: u64,
    ) -> Result<Option<Self>, WorkerError> {
        let mut text = Vec::new();
        // The keys of the first row and of the last so far.
        let (mut first, mut last) = (Vec::new(), Vec::new());
        let mut taken = 0;
        let most = most.min(ROWS);
        while taken < most && text.len() < BYTES && rows.left() > 0 {
            taken += rows.take(STEP.min(most - taken), &mut |values| {
                push_row(&mut text, values.iter().copied());
                last.clear();
                let key = table.columns.iter().zip(values).filter(|(column, _)| column.key);
                key.for_each(|(_, value)| record::push(&mut last, *value));
                if first.is_empty() {
                    first.clone_from(&last);
                }
                Ok(())
            })?;
        }
        if taken == 0 {
            return Ok(None);
        }
        let key = |of: &[u8]| key_of(table, of).map_err(|reason| target.refused(name, reason, false));
        Ok(Some(Self { rows: taken, text: text.into(), first: key(&first)?, last: key(&last)? }))
    }

    /// Publishes the rows within the connection's transaction.
    pub(super) fn publish(
        &self,
        target: &MysqlTarget<'_>,
        conn: &mut Conn,
        way: &RowsWay<'_>,
        (name, table): (&str, &Table),
        collations: &Collations,
    ) -> Result<(), WorkerError> {
        let failed = |error: Error| target.failed(name, &error);
        if self.has_room(conn, way, name, table).map_err(failed)? {
            conn.query_drop(format!("SAVEPOINT {SAVEPOINT}")).map_err(failed)?;
            load(conn, &Names::load_rows(&quoted(name), table), self.text.clone()).map_err(failed)?;
            if has_taken(conn, self.rows) {
                return Ok(());
            }
            conn.query_drop(format!("ROLLBACK TO SAVEPOINT {SAVEPOINT}")).map_err(failed)?;
        }
        for statement in target.names.make_batch(table, &|it| collations.of(it)) {
            conn.query_drop(statement).map_err(failed)?;
        }
        load(conn, &Names::load_rows(BATCH_TABLE, table), self.text.clone()).map_err(failed)?;
        check_taken(target, conn, name, self.rows)?;
        let upserts = match way {
            RowsWay::Upsert => true,
            RowsWay::Append if self.first.is_empty() => false,
            RowsWay::Append => {
                check_new(target, conn, BATCH_TABLE, (name, table))?;
                false
            }
            RowsWay::Replace(_) => false,
        };
        conn.query_drop(Names::insert_batch(name, table, upserts)).map_err(failed)?;
        check_not_cut(target, conn, name)
    }

    /// Whether none of the published rows is where the batch's go. Another may come meanwhile: the server then leaves
    /// out a row, which is seen.
    fn has_room(&self, conn: &mut Conn, way: &RowsWay<'_>, name: &str, table: &Table) -> Result<bool, Error> {
        if self.first.is_empty() || matches!(way, RowsWay::Replace(_)) {
            return Ok(true);
        }
        let values = values_of(&self.first).into_iter().chain(values_of(&self.last)).collect();
        let found: Option<Row> =
            conn.exec_first(Names::any_between(name, table), Params::Positional(values))?;
        Ok(found.is_none())
    }
}

/// A row's key as the server compares it; nothing where a value of it is null.
fn key_of(table: &Table, key: &[u8]) -> Result<Vec<Value>, String> {
    let columns = table.columns.iter().filter(|it| it.key);
    let values = record::decode(key).map_err(|error| error.to_string())?;
    let value = |(column, value): (&Column, Option<&[u8]>)| {
        Some(column_value::canonical(column.kind, value?).map(|it| match it {
            ColumnValue::Integer(number) => Value::Int(number),
            ColumnValue::Text(text) => Value::Bytes(text.into()),
            ColumnValue::Canonical(text) => Value::Bytes(text.into()),
        }))
    };
    columns.zip(values).map(value).collect::<Option<Result<_, _>>>().unwrap_or_else(|| Ok(Vec::new()))
}
