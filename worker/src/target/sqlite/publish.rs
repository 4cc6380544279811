//! Staging rows into the target table.
//!
//! Upsert goes in the key's order through an index of staging on the key, a bounded number of rows a transaction;
//! the ledger keeps the staging row that each transaction ended with, and the next one starts after it.

use rusqlite::{OptionalExtension as _, Transaction, params, params_from_iter, types::Value};
use sluice_contract::{plan::Table, statistics::Statistics};

use super::{
    OF_STAGE, SqliteTarget,
    keys::{check_keys, index_key, shown},
    list, quoted,
    sql::{self, places},
};
use crate::{
    error::WorkerError,
    target::{AfterBatch, Writer, in_batches},
};

/// Rows a transaction.
const BATCH: i64 = 10_000;

pub(super) fn upsert(
    target: &SqliteTarget<'_>,
    stage: &str,
    (name, table): (&str, &Table),
    after_batch: &mut AfterBatch<'_>,
) -> Result<Statistics, WorkerError> {
    index_key(target, name, table)?;
    check_keys(target, name, table)?;
    in_batches(target, stage, after_batch, |part| upsert_batch(target, stage, part, name, table))
}

/// One transaction, so that the rows are added all or not at all, and by the ledger once.
pub(super) fn append(
    target: &SqliteTarget<'_>,
    stage: &str,
    (name, table): (&str, &Table),
) -> Result<Statistics, WorkerError> {
    let has_key = table.key().next().is_some();
    if has_key {
        index_key(target, name, table)?;
        check_keys(target, name, table)?;
    }
    target.once(stage, 0, name, |transaction| {
        let failed = |error: rusqlite::Error| target.failed(name, &error);
        if has_key {
            check_new(target, transaction, name, table)?;
        }
        let rows = insert_all(target, transaction, name, table).map_err(failed)? as u64;
        Ok(Statistics { rows_read: rows, rows_written: rows, ..Statistics::default() })
    })
}

/// The least key of staging that the target has already is told, and how many there are.
fn check_new(
    target: &SqliteTarget<'_>,
    transaction: &Transaction<'_>,
    name: &str,
    table: &Table,
) -> Result<(), WorkerError> {
    let same: Vec<_> = table.key().map(|it| format!("old.{0} = new.{0}", quoted(it))).collect();
    let key: Vec<_> = table.key().map(|it| format!("new.{}", quoted(it))).collect();
    let key = key.join(", ");
    let sql = format!(
        "SELECT count(*) OVER (), {key} FROM {} AS new JOIN {} AS old ON {} ORDER BY {key} LIMIT 1",
        target.staging(name),
        quoted(name),
        same.join(" AND ")
    );
    let columns: Vec<&str> = table.key().collect();
    let found = transaction
        .query_row(&sql, [], |row| Ok((row.get::<_, i64>(0)?, shown(row, 1, &columns)?)))
        .optional()
        .map_err(|error| target.failed(name, &error))?;
    match found {
        None => Ok(()),
        Some((rows, key)) => Err(WorkerError::KeyExists {
            table: name.to_owned(),
            key,
            rows: u64::try_from(rows).unwrap_or_default(),
        }),
    }
}

/// Every staging row into the target, in the key's order; how many.
fn insert_all(
    target: &SqliteTarget<'_>,
    transaction: &Transaction<'_>,
    name: &str,
    table: &Table,
) -> rusqlite::Result<usize> {
    let sql = sql::insert_all(name, &target.staging(name), table);
    transaction.execute(&sql, [])
}

pub(super) fn replace(
    target: &SqliteTarget<'_>,
    stage: &str,
    (name, table): (&str, &Table),
    country: Option<(&str, &str)>,
) -> Result<Statistics, WorkerError> {
    if table.key().next().is_some() {
        index_key(target, name, table)?;
        check_keys(target, name, table)?;
    }
    target.once(stage, 0, name, |transaction| {
        let write = || {
            let delete = sql::delete(name, country.map(|(column, _)| column));
            let _ = match country {
                Some((_, country)) => transaction.execute(&delete, [country]),
                None => transaction.execute(&delete, []),
            }?;
            insert_all(target, transaction, name, table)
        };
        let rows = write().map_err(|error| target.failed(name, &error))? as u64;
        Ok(Statistics { rows_read: rows, rows_written: rows, ..Statistics::default() })
    })
}

/// Publishes the rows after those that the ledger knows of; none where there are no more.
fn upsert_batch(
    target: &SqliteTarget<'_>,
    stage: &str,
    part: u32,
    name: &str,
    table: &Table,
) -> Result<Option<Statistics>, WorkerError> {
    target.fenced(name, |transaction| {
        let failed = |error: rusqlite::Error| target.failed(name, &error);
        let batch = Batch { target, transaction, staging: target.staging(name), table };
        let start = batch.last_published(stage).map_err(failed)?;
        let Some((end, rows)) = batch.end(start.as_deref()).map_err(failed)? else {
            return Ok(None);
        };
        batch.publish(name, start.as_deref(), end).map_err(failed)?;
        let counted = Statistics { rows_read: rows, rows_written: rows, ..Statistics::default() };
        target.record(transaction, stage, part, &counted, Some(end)).map_err(failed)?;
        Ok(Some(counted))
    })
}

struct Batch<'a> {
    target: &'a SqliteTarget<'a>,
    transaction: &'a Transaction<'a>,
    staging: String,
    table: &'a Table,
}

impl Batch<'_> {
    /// The key of the last row that is published.
    fn last_published(&self, stage: &str) -> rusqlite::Result<Option<Vec<Value>>> {
        let Writer { pipeline, run, .. } = &self.target.writer;
        let mark: Option<i64> = self
            .transaction
            .query_row(
                &format!("SELECT mark FROM sluice_ledger WHERE {OF_STAGE} ORDER BY part DESC LIMIT 1"),
                params![pipeline, run, stage],
                |row| row.get(0),
            )
            .optional()?;
        mark.map(|row| self.key_of(row)).transpose()
    }

    /// The staging row that the batch ends with, and how many rows that makes.
    fn end(&self, start: Option<&[Value]>) -> rusqlite::Result<Option<(i64, u64)>> {
        let key = list(self.table.key());
        let after = start.map_or("1".to_owned(), |values| format!("({key}) > {}", places(values.len())));
        let staging = &self.staging;
        let sql = format!(
            "SELECT _row, count(*) OVER () FROM
                 (SELECT _row, {key} FROM {staging} WHERE {after} ORDER BY {key} LIMIT {BATCH})
             ORDER BY {} LIMIT 1",
            self.table.key().map(|it| format!("{} DESC", quoted(it))).collect::<Vec<_>>().join(", ")
        );
        let values = start.unwrap_or_default();
        let found = self.transaction.prepare_cached(&sql)?.query_row(params_from_iter(values), |row| {
            Ok((row.get(0)?, u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default()))
        });
        found.optional()
    }

    fn publish(&self, name: &str, start: Option<&[Value]>, end: i64) -> rusqlite::Result<()> {
        let last = self.key_of(end)?;
        let sql = sql::upsert(name, &self.staging, self.table, start.is_some());
        let values = last.iter().chain(start.unwrap_or_default());
        self.transaction.prepare_cached(&sql)?.execute(params_from_iter(values)).map(drop)
    }

    fn key_of(&self, row: i64) -> rusqlite::Result<Vec<Value>> {
        let sql = format!("SELECT {} FROM {} WHERE _row = ?1", list(self.table.key()), self.staging);
        let width = self.table.key().count();
        self.transaction
            .prepare_cached(&sql)?
            .query_row([row], |row| (0..width).map(|index| row.get(index)).collect())
    }
}
