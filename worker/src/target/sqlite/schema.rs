//! Tables: their making, and whether one that is there already fits its declaration.

use std::collections::BTreeSet;

use rusqlite::Transaction;
use sluice_contract::{
    plan::{ColumnType, Table},
    statistics::Statistics,
};

use super::{SqliteTarget, Writer, list, quoted};
use crate::{
    error::WorkerError,
    target::{cleanup_part, fit},
};

/// What every target has.
pub(super) const BOOKKEEPING: &str = "
    CREATE TABLE IF NOT EXISTS sluice_fence (pipeline TEXT PRIMARY KEY, fence INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS sluice_ledger (
        pipeline TEXT NOT NULL, run TEXT NOT NULL, stage TEXT NOT NULL, part INTEGER NOT NULL, mark INTEGER,
        rows_read INTEGER NOT NULL, rows_written INTEGER NOT NULL, rows_rejected INTEGER NOT NULL,
        duplicates INTEGER NOT NULL, untranslated INTEGER NOT NULL, bytes INTEGER NOT NULL, parts INTEGER NOT NULL,
        PRIMARY KEY (pipeline, run, stage, part)
    ) WITHOUT ROWID;
";

/// The row's own number in staging, the part it came in and its line there.
const STAGING_OWN: &str = "_row INTEGER PRIMARY KEY, _part INTEGER NOT NULL, _line INTEGER NOT NULL";

pub(super) fn cleanup(
    target: &SqliteTarget<'_>,
    stage: &str,
    tables: &[(&str, &Table)],
) -> Result<Statistics, WorkerError> {
    // The transaction that advances the fence comes first: from here on older runs are locked out.
    let Writer { pipeline, run, .. } = &target.writer;
    let _ = target.fenced("sluice_ledger", |transaction| {
        transaction
            .execute("DELETE FROM sluice_ledger WHERE pipeline = ?1 AND run <> ?2", [pipeline, run])
            .map_err(|error| target.failed("sluice_ledger", &error))
    })?;
    for (name, table) in tables {
        let _ = target.once(stage, cleanup_part(name, table), name, |transaction| {
            check_target(target, transaction, name, table)?;
            transaction
                .execute_batch(&recreate(&target.staging(name), name, table))
                .map_err(|error| target.failed(name, &error))?;
            Ok(Statistics::default())
        })?;
    }
    // What was left in staging is gone: nothing was written.
    Ok(Statistics::default())
}

/// Makes staging anew, and the target where it is missing.
pub(crate) fn recreate(staging: &str, name: &str, table: &Table) -> String {
    let declared: Vec<_> =
        table.columns.iter().map(|it| format!("{} {}", quoted(&it.name), sql_type(it.kind))).collect();
    let declared = declared.join(", ");
    let key = list(table.key());
    let key = if key.is_empty() { ")".to_owned() } else { format!(", PRIMARY KEY ({key})) WITHOUT ROWID") };
    format!(
        "DROP TABLE IF EXISTS {staging};
         CREATE TABLE {staging} ({STAGING_OWN}, {declared});
         CREATE TABLE IF NOT EXISTS {} ({declared}{key};",
        quoted(name)
    )
}

/// Decimals of up to 15 digits (18 without a fraction) are exact as SQLite's numbers; longer ones are kept as text.
pub(super) fn is_text_decimal(kind: ColumnType) -> bool {
    match kind {
        ColumnType::Decimal { precision, scale } => precision > if scale == 0 { 18 } else { 15 },
        ColumnType::Text { .. }
        | ColumnType::Char { .. }
        | ColumnType::Integer
        | ColumnType::Boolean
        | ColumnType::Date
        | ColumnType::Timestamp => false,
    }
}

/// The name decides SQLite's affinity, and tells a reader what was declared.
fn sql_type(kind: ColumnType) -> String {
    match kind {
        ColumnType::Text { length } => format!("VARCHAR({length})"),
        ColumnType::Char { length } => format!("CHAR({length})"),
        ColumnType::Integer => "INTEGER".to_owned(),
        ColumnType::Decimal { .. } if is_text_decimal(kind) => "TEXT".to_owned(),
        ColumnType::Decimal { precision, scale } => format!("DECIMAL({precision}, {scale})"),
        ColumnType::Boolean => "BOOLEAN".to_owned(),
        ColumnType::Date | ColumnType::Timestamp => "TEXT".to_owned(),
    }
}

/// A table that is there must have every declared column, in a type that keeps its values, and the declared key.
fn check_target(
    target: &SqliteTarget<'_>,
    transaction: &Transaction<'_>,
    name: &str,
    table: &Table,
) -> Result<(), WorkerError> {
    let failed = |error: rusqlite::Error| target.failed(name, &error);
    let there = columns(transaction, &quoted(name)).map_err(failed)?;
    if there.is_empty() {
        return Ok(());
    }
    let found: Vec<fit::Found<'_>> = there
        .iter()
        .map(|it| fit::Found { name: &it.name, kind: &it.kind, must_be_given: it.must_be_given })
        .collect();
    let mut differences = fit::differences(table, &found, &fit::Types { keeps, name: sql_type });
    let key: BTreeSet<_> = table.key().map(str::to_ascii_lowercase).collect();
    if !key.is_empty() && !unique_keys(transaction, name).map_err(failed)?.contains(&key) {
        differences.push(format!("it has no primary key or unique index of ({})", list(table.key())));
    }
    fit::fits(&target.writer, name, &differences)
}

struct Found {
    name: String,
    kind: String,
    must_be_given: bool,
}

fn columns(transaction: &Transaction<'_>, quoted_table: &str) -> rusqlite::Result<Vec<Found>> {
    let mut statement = transaction.prepare(&format!("PRAGMA table_info({quoted_table})"))?;
    let found = statement.query_map([], |row| {
        let has_default = !matches!(row.get_ref(4)?, rusqlite::types::ValueRef::Null);
        let kind: String = row.get(2)?;
        // A row's own number is given by the database.
        let numbered = row.get::<_, i64>(5)? > 0 && kind.eq_ignore_ascii_case("INTEGER");
        let must_be_given = row.get::<_, bool>(3)? && !has_default && !numbered;
        Ok(Found { name: row.get(1)?, kind, must_be_given })
    })?;
    found.collect()
}

/// The column sets, in small letters, that the table holds unique.
fn unique_keys(transaction: &Transaction<'_>, table: &str) -> rusqlite::Result<BTreeSet<BTreeSet<String>>> {
    let text = |sql: &str, value: &str| -> rusqlite::Result<BTreeSet<String>> {
        transaction.prepare(sql)?.query_map([value], |row| row.get(0))?.collect()
    };
    let primary = text("SELECT lower(name) FROM pragma_table_info(?1) WHERE pk > 0", table)?;
    let indexes = text("SELECT name FROM pragma_index_list(?1) WHERE \"unique\" AND NOT partial", table)?;
    let mut keys = BTreeSet::from([primary]);
    for index in indexes {
        let _ = keys.insert(text("SELECT coalesce(lower(name), '') FROM pragma_index_info(?1)", &index)?);
    }
    Ok(keys)
}

/// Whether a column of that type in the database gives back what was declared. SQLite turns text into numbers in
/// columns of numeric types (`007` into 7) and numbers into text in columns of text.
fn keeps(found: &str, declared: ColumnType) -> bool {
    let found = found.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|it| found.contains(it));
    let integer = has(&["INT"]);
    let text = !integer && has(&["CHAR", "CLOB", "TEXT"]);
    let blob = !integer && !text && (found.is_empty() || has(&["BLOB"]));
    let real = !integer && !text && !blob && has(&["REAL", "FLOA", "DOUB"]);
    match declared {
        ColumnType::Text { .. } | ColumnType::Char { .. } => text || blob,
        ColumnType::Integer | ColumnType::Boolean => !text && !real,
        ColumnType::Decimal { .. } if is_text_decimal(declared) => text || blob,
        ColumnType::Decimal { .. } => true,
        ColumnType::Date | ColumnType::Timestamp => !integer,
    }
}
