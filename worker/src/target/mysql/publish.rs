//! Staging rows into the published table.
//!
//! Upsert goes in the key's order through an index of staging on the key, a bounded number of rows a transaction; the
//! ledger keeps the staging row that each transaction ended with, and the next one starts after it. Append and
//! replace are one transaction each: a reader sees the rows of before or those of after, and the fence is held with
//! them, which no renaming of tables could be.

use mysql::{Conn, Error, Row, Value, prelude::Queryable as _};
use sluice_contract::{plan::Table, statistics::Statistics};

use super::{
    MysqlTarget, Writer,
    keys::{check_keys, index_key, shown},
    schema::{check_fractions, check_unique},
    session::{End, claim, fenced, once, record},
    sql::{Names, OF_STAGE, list},
    sql_publish::values_of,
};
use crate::{
    error::WorkerError,
    target::{AfterBatch, in_batches},
};

pub(super) fn upsert(
    target: &MysqlTarget<'_>,
    stage: &str,
    (name, table): (&str, &Table),
    after_batch: &mut AfterBatch<'_>,
) -> Result<Statistics, WorkerError> {
    check_unique(target, name, table)?;
    check_staged_fractions(target, name, table)?;
    index_key(target, name, table)?;
    check_keys(target, name, table)?;
    in_batches(target, stage, after_batch, |part| upsert_batch(target, stage, part, name, table))
}

/// One transaction, so that the rows are added all or not at all, and by the ledger once.
pub(super) fn append(
    target: &MysqlTarget<'_>,
    stage: &str,
    (name, table): (&str, &Table),
) -> Result<Statistics, WorkerError> {
    check_staged_fractions(target, name, table)?;
    let has_key = table.key().next().is_some();
    if has_key {
        index_key(target, name, table)?;
        check_keys(target, name, table)?;
    }
    once(target, stage, 0, name, |conn| {
        if has_key {
            check_new(target, conn, &target.names.staging(name), (name, table))?;
        }
        insert_all(target, conn, name, table)
    })
}

pub(super) fn replace(
    target: &MysqlTarget<'_>,
    stage: &str,
    (name, table): (&str, &Table),
    country: Option<(&str, &str)>,
) -> Result<Statistics, WorkerError> {
    check_staged_fractions(target, name, table)?;
    if table.key().next().is_some() {
        index_key(target, name, table)?;
        check_keys(target, name, table)?;
    }
    once(target, stage, 0, name, |conn| {
        let delete = Names::delete(name, country.map(|(column, _)| column));
        let deleted = match country {
            Some((_, country)) => conn.exec_drop(delete, (country,)),
            None => conn.query_drop(delete),
        };
        deleted.map_err(|error| target.failed(name, &error))?;
        insert_all(target, conn, name, table)
    })
}

fn check_staged_fractions(target: &MysqlTarget<'_>, name: &str, table: &Table) -> Result<(), WorkerError> {
    check_fractions(target, name, table, &|column, digits| {
        target.count_rows(&target.names.count_fractions(name, column, digits), ())
    })
}

/// The least key of a table's rows that the target has already is told, and how many there are.
pub(super) fn check_new(
    target: &MysqlTarget<'_>,
    conn: &mut Conn,
    from: &str,
    (name, table): (&str, &Table),
) -> Result<(), WorkerError> {
    let found: Option<Row> = conn
        .query_first(Names::known_keys(name, from, table))
        .map_err(|error| target.failed(name, &error))?;
    let columns: Vec<&str> = table.key().collect();
    match found {
        None => Ok(()),
        Some(row) => Err(WorkerError::KeyExists {
            table: name.to_owned(),
            key: shown(&row, 1, &columns),
            rows: row.get(0).unwrap_or_default(),
        }),
    }
}

fn insert_all(
    target: &MysqlTarget<'_>,
    conn: &mut Conn,
    name: &str,
    table: &Table,
) -> Result<Statistics, WorkerError> {
    conn.query_drop(target.names.insert_all(name, table)).map_err(|error| target.failed(name, &error))?;
    let rows = conn.affected_rows();
    Ok(Statistics { rows_read: rows, rows_written: rows, ..Statistics::default() })
}

/// Publishes the rows after those that the ledger knows of; none where there are no more.
fn upsert_batch(
    target: &MysqlTarget<'_>,
    stage: &str,
    part: u32,
    name: &str,
    table: &Table,
) -> Result<Option<Statistics>, WorkerError> {
    fenced(target, name, |conn| {
        let failed = |error: Error| target.failed(name, &error);
        // Another worker may have done this batch meanwhile.
        if let Some(done) = claim(target, conn, stage, part, name)? {
            return Ok(End::Rollback(Some(done)));
        }
        let start = last_published(target, conn, stage, part, name, table).map_err(failed)?;
        let after = values_of(start.as_deref().unwrap_or_default());
        let end = target.names.batch_end(name, table, start.is_some());
        let end: Option<Row> = conn.exec_first(end, positional(after.clone())).map_err(failed)?;
        let Some(end) = end else {
            return Ok(End::Rollback(None));
        };
        let mark = (end.get(0).unwrap_or_default(), end.get(1).unwrap_or_default());
        let rows = end.get(2).unwrap_or_default();
        let last: Vec<Value> = end.unwrap().into_iter().skip(3).collect();
        let values: Vec<Value> = values_of(&last).into_iter().chain(after).collect();
        let upsert = target.names.upsert(name, table, start.is_some());
        conn.exec_drop(upsert, positional(values)).map_err(failed)?;
        let counted = Statistics { rows_read: rows, rows_written: rows, ..Statistics::default() };
        record(target, conn, stage, part, &counted, Some(mark)).map_err(failed)?;
        Ok(End::Commit(Some(counted)))
    })
}

fn positional(values: Vec<Value>) -> mysql::Params {
    if values.is_empty() { mysql::Params::Empty } else { mysql::Params::Positional(values) }
}

/// The key of the last row that is published.
fn last_published(
    target: &MysqlTarget<'_>,
    conn: &mut Conn,
    stage: &str,
    part: u32,
    name: &str,
    table: &Table,
) -> Result<Option<Vec<Value>>, Error> {
    let Writer { pipeline, run, .. } = &target.writer;
    let find = format!(
        "SELECT mark_part, mark_line FROM sluice_ledger WHERE {OF_STAGE} AND part < ? AND mark_part IS NOT NULL
         ORDER BY part DESC LIMIT 1"
    );
    let mark: Option<(u32, u64)> = conn.exec_first(find, (pipeline, run, stage, part))?;
    let Some(mark) = mark else { return Ok(None) };
    let key = format!(
        "SELECT {} FROM {} WHERE _part = ? AND _line = ?",
        list(table.key()),
        target.names.staging(name)
    );
    let row: Option<Row> = conn.exec_first(key, mark)?;
    Ok(row.map(Row::unwrap))
}
