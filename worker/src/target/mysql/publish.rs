//! Staging rows into the published table.
//!
//! Upsert reads staging once, in the key's order, and goes the way of rows that come from elsewhere: many connections
//! do what the server would do on one. Append and replace are one transaction and one statement of the server each: a
//! reader sees the rows of before or those of after, and the fence is held with them, which no renaming of tables
//! could be.

use mysql::{Conn, Row, prelude::Queryable as _};
use sluice_contract::{plan::Table, statistics::Statistics};

use super::{
    MysqlTarget,
    infile::check_not_cut,
    keys::{check_keys, shown},
    publish_rows,
    schema::{Collations, check_fractions, check_unique},
    session::once,
    sql::Names,
    staging_rows,
};
use crate::{error::WorkerError, target::AfterBatch};

pub(super) fn upsert(
    target: &MysqlTarget<'_>,
    stage: &str,
    (name, table): (&str, &Table),
    after_batch: &mut AfterBatch<'_>,
) -> Result<Statistics, WorkerError> {
    check_unique(target, name, table)?;
    check_staged_fractions(target, name, table)?;
    let collations = Collations::of_table(target, name)?;
    let check = || check_keys(target, name, table);
    staging_rows::stream(target, (name, table), check, |rows| {
        publish_rows::upsert(target, stage, (name, table), &collations, rows, after_batch)
    })
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
        let _ = check_keys(target, name, table)?;
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
        let _ = check_keys(target, name, table)?;
    }
    once(target, stage, 0, name, |conn| {
        publish_rows::delete(conn, name, country).map_err(|error| target.failed(name, &error))?;
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
    check_not_cut(target, conn, name)?;
    Ok(Statistics { rows_read: rows, rows_written: rows, ..Statistics::default() })
}
