//! Rows that are staged outside of the database into the target table, in the key's order.
//!
//! The rows always come in one order, so the ledger's counts say how far an upsert has come.

use rusqlite::Transaction;
use sluice_contract::{
    plan::{Column, Table},
    statistics::Statistics,
};

use super::{SqliteTarget, list, load::bind, quoted};
use crate::{
    column_value::{self, ColumnValue},
    error::WorkerError,
    staged::shown,
    target::{AfterBatch, RowsWay, StagedRows, Target as _, sum},
};

/// Rows a transaction.
const BATCH: u64 = 10_000;
/// All rows that there are.
const ALL: u64 = u64::MAX;

pub(super) fn publish_rows(
    target: &SqliteTarget<'_>,
    stage: &str,
    table: (&str, &Table),
    way: &RowsWay<'_>,
    rows: &mut dyn StagedRows,
    after_batch: &mut AfterBatch<'_>,
) -> Result<Statistics, WorkerError> {
    match way {
        RowsWay::Upsert => upsert(target, stage, table, rows, after_batch),
        RowsWay::Append => append(target, stage, table, rows, after_batch),
        RowsWay::Replace(country) => replace(target, stage, table, *country, rows, after_batch),
    }
}

fn upsert(
    target: &SqliteTarget<'_>,
    stage: &str,
    (name, table): (&str, &Table),
    rows: &mut dyn StagedRows,
    after_batch: &mut AfterBatch<'_>,
) -> Result<Statistics, WorkerError> {
    let done = target.ledger(stage)?;
    let published = sum(done.iter().map(|(_, it)| it)).rows_written;
    rows.skip(published)?;
    after_batch(published)?;
    let mut next = done.last().map_or(0, |(part, _)| part + 1);
    while rows.left() > 0 {
        let mut written = 0;
        let counted = target.once(stage, next, name, |transaction| {
            written = insert(target, transaction, (name, table), true, rows, BATCH)?;
            Ok(Statistics { rows_read: written, rows_written: written, ..Statistics::default() })
        })?;
        // Where another attempt has published them, they are still to be passed.
        rows.skip(counted.rows_written - written)?;
        next += 1;
        after_batch(counted.rows_written)?;
    }
    Ok(sum(target.ledger(stage)?.iter().map(|(_, it)| it)))
}

fn append(
    target: &SqliteTarget<'_>,
    stage: &str,
    (name, table): (&str, &Table),
    rows: &mut dyn StagedRows,
    after_batch: &mut AfterBatch<'_>,
) -> Result<Statistics, WorkerError> {
    let counted = target.once(stage, 0, name, |transaction| {
        let rows = if table.key().next().is_some() {
            insert_new(target, transaction, (name, table), rows)?
        } else {
            insert(target, transaction, (name, table), false, rows, ALL)?
        };
        Ok(Statistics { rows_read: rows, rows_written: rows, ..Statistics::default() })
    })?;
    after_batch(counted.rows_written)?;
    Ok(counted)
}

fn replace(
    target: &SqliteTarget<'_>,
    stage: &str,
    (name, table): (&str, &Table),
    country: Option<(&str, &str)>,
    rows: &mut dyn StagedRows,
    after_batch: &mut AfterBatch<'_>,
) -> Result<Statistics, WorkerError> {
    let counted = target.once(stage, 0, name, |transaction| {
        let published = quoted(name);
        let deleted = match country {
            Some((column, country)) => transaction
                .execute(&format!("DELETE FROM {published} WHERE {} = ?1", quoted(column)), [country]),
            None => transaction.execute(&format!("DELETE FROM {published}"), []),
        };
        let _ = deleted.map_err(|error| target.failed(name, &error))?;
        let rows = insert(target, transaction, (name, table), false, rows, ALL)?;
        Ok(Statistics { rows_read: rows, rows_written: rows, ..Statistics::default() })
    })?;
    after_batch(counted.rows_written)?;
    Ok(counted)
}

/// Inserts one row, or updates the one of its key.
pub(crate) fn insert_row(name: &str, table: &Table, upserts: bool) -> String {
    let behind = if upserts { on_conflict(table) } else { String::new() };
    let columns = list(table.columns.iter().map(|it| it.name.as_str()));
    let places = vec!["?"; table.columns.len()].join(", ");
    format!("INSERT INTO {} ({columns}) VALUES ({places}) {behind}", quoted(name))
}

/// What becomes of a row whose key the target has.
fn on_conflict(table: &Table) -> String {
    let others = table.columns.iter().filter(|it| !it.key);
    let updates: Vec<_> = others.map(|it| format!("{0} = excluded.{0}", quoted(&it.name))).collect();
    let update =
        if updates.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", updates.join(", ")) };
    format!("ON CONFLICT ({}) DO {update}", list(table.key()))
}

/// Inserts the next rows, at most so many; how many there were.
fn insert(
    target: &SqliteTarget<'_>,
    transaction: &Transaction<'_>,
    (name, table): (&str, &Table),
    upserts: bool,
    rows: &mut dyn StagedRows,
    most: u64,
) -> Result<u64, WorkerError> {
    let failed = |error: rusqlite::Error| target.failed(name, &error);
    let mut insert = transaction.prepare_cached(&insert_row(name, table, upserts)).map_err(failed)?;
    rows.take(most, &mut |values| {
        let stored = stored(table.columns.iter().zip(values.iter().copied()));
        stored
            .and_then(|it| bind(&mut insert, 1, &it))
            .and_then(|()| insert.raw_execute())
            .map(drop)
            .map_err(failed)
    })
}

/// Inserts all rows, unless the target has one of their keys: the least of them is told, and how many there are.
fn insert_new(
    target: &SqliteTarget<'_>,
    transaction: &Transaction<'_>,
    (name, table): (&str, &Table),
    rows: &mut dyn StagedRows,
) -> Result<u64, WorkerError> {
    let failed = |error: rusqlite::Error| target.failed(name, &error);
    let same: Vec<_> = table.key().map(|it| format!("{} = ?", quoted(it))).collect();
    let sql = format!("SELECT 1 FROM {} WHERE {}", quoted(name), same.join(" AND "));
    let mut find = transaction.prepare(&sql).map_err(failed)?;
    let mut insert = transaction.prepare(&insert_row(name, table, false)).map_err(failed)?;
    let mut known: Option<(String, u64)> = None;
    let taken = rows.take(ALL, &mut |values| {
        let columns = table.columns.iter().zip(values.iter().copied());
        let key = stored(columns.clone().filter(|(it, _)| it.key)).map_err(failed)?;
        bind(&mut find, 1, &key).map_err(failed)?;
        let is_known = find.raw_query().next().map_err(failed)?.is_some();
        match &mut known {
            Some((_, rows)) if is_known => *rows += 1,
            // Nothing of it will stay.
            Some(_) => {}
            none @ None if is_known => *none = Some((described(table, &key), 1)),
            None => {
                stored(columns).and_then(|it| bind(&mut insert, 1, &it)).map_err(failed)?;
                let _ = insert.raw_execute().map_err(failed)?;
            }
        }
        Ok(())
    })?;
    match known {
        None => Ok(taken),
        Some((key, rows)) => Err(WorkerError::KeyExists { table: name.to_owned(), key, rows }),
    }
}

/// Values as SQLite stores them.
fn stored<'a, 'b>(
    values: impl Iterator<Item = (&'a Column, Option<&'b [u8]>)>,
) -> rusqlite::Result<Vec<Option<ColumnValue<'b>>>> {
    let stored = values.map(|(column, value)| {
        let value = value.map(|it| column_value::canonical(column.kind, it)).transpose();
        value.map_err(|reason| rusqlite::Error::ToSqlConversionFailure(reason.into()))
    });
    stored.collect()
}

fn described(table: &Table, key: &[Option<ColumnValue<'_>>]) -> String {
    let texts: Vec<_> = key.iter().map(|it| it.as_ref().map(ColumnValue::text)).collect();
    let columns: Vec<&str> = table.key().collect();
    shown(&columns, &texts.iter().map(|it| it.as_deref().map(str::as_bytes)).collect::<Vec<_>>())
}
