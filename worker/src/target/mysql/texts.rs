//! Texts for translation, in temporary tables of the connection, one a column, by their hash: a text may be longer than
//! an index can hold.

use mysql::{Conn, Error, Row, params, prelude::Queryable as _};
use sluice_contract::{
    plan::{Column, ColumnType},
    statistics::Statistics,
};

use super::{MysqlTarget, session::once, sql::texts};
use crate::{
    error::WorkerError,
    target::{EachPair, NextPair},
};

/// What messages call these tables.
const TEXTS: &str = "sluice_texts";
/// The tables go with the connection, which is silent while texts are translated.
const KEPT: &str = "SET SESSION wait_timeout = 3600";

pub(super) fn collect(
    target: &MysqlTarget<'_>,
    table: &str,
    columns: &[&Column],
) -> Result<u64, WorkerError> {
    target.text_columns.set(columns.len());
    target.with(|conn| {
        conn.query_drop(KEPT).map_err(|error| target.failed(TEXTS, &error))?;
        for (field, column) in columns.iter().enumerate() {
            for statement in target.names.collect(table, field, &column.name) {
                conn.query_drop(statement).map_err(|error| target.failed(TEXTS, &error))?;
            }
        }
        Ok(())
    })?;
    target.count_rows(&format!("SELECT COUNT(*) FROM ({}) AS texts", union(target, "hash", "TRUE")), ())
}

pub(super) fn known(target: &MysqlTarget<'_>, next: &mut NextPair<'_>) -> Result<(), WorkerError> {
    in_one(target, |conn| {
        while let Some((original, translated)) = next()? {
            set(target, conn, &original, Some(&translated), false)?;
        }
        Ok(())
    })
}

/// In the order of their hashes, which is any order to a reader, and one that an index gives.
pub(super) fn pending(
    target: &MysqlTarget<'_>,
    after: &str,
    limit: usize,
) -> Result<Vec<String>, WorkerError> {
    let later = if after.is_empty() { "TRUE" } else { "hash > UNHEX(SHA2(:after, 256))" };
    let texts = union(target, "hash, original", &format!("translated IS NULL AND {later}"));
    let sql = format!("SELECT original FROM ({texts}) AS texts ORDER BY hash LIMIT {limit}");
    if after.is_empty() {
        return target.read(&sql, ());
    }
    target.read(&sql, params! { "after" => after })
}

pub(super) fn answer(
    target: &MysqlTarget<'_>,
    answers: &[(String, Option<String>)],
) -> Result<(), WorkerError> {
    in_one(target, |conn| {
        answers
            .iter()
            .try_for_each(|(original, translated)| set(target, conn, original, translated.as_deref(), true))
    })
}

pub(super) fn fresh(target: &MysqlTarget<'_>, each: &mut EachPair<'_>) -> Result<(), WorkerError> {
    let texts = union(target, "original, translated", "fresh AND translated IS NOT NULL");
    target.with(|conn| {
        let failed = |error: Error| target.failed(TEXTS, &error);
        let rows = conn.query_iter(format!("{texts} ORDER BY original")).map_err(failed)?;
        for row in rows {
            let row: Row = row.map_err(failed)?;
            let text = |index: usize| row.get::<String, _>(index).unwrap_or_default();
            each(&text(0), &text(1))?;
        }
        Ok(())
    })
}

pub(super) fn settle(target: &MysqlTarget<'_>) -> Result<(), WorkerError> {
    target.with(|conn| {
        (0..target.text_columns.get())
            .try_for_each(|field| {
                conn.query_drop(format!("UPDATE {} SET fresh = FALSE WHERE fresh", texts(field)))
            })
            .map_err(|error| target.failed(TEXTS, &error))
    })
}

pub(super) fn apply(
    target: &MysqlTarget<'_>,
    stage: &str,
    table: &str,
    columns: &[&Column],
) -> Result<Statistics, WorkerError> {
    once(target, stage, 0, table, |conn| {
        let failed = |error: Error| target.failed(table, &error);
        let rows_read: u64 = conn.query_first(target.names.count(table)).map_err(failed)?.unwrap_or_default();
        let mut untranslated = 0;
        for (field, column) in columns.iter().enumerate() {
            if let Some(unfit) = unfit(column.kind) {
                let sql = format!("UPDATE {} SET translated = NULL WHERE {unfit}", texts(field));
                conn.query_drop(sql).map_err(failed)?;
            }
            let rows: Option<u64> =
                conn.query_first(target.names.untranslated(table, field, &column.name)).map_err(failed)?;
            untranslated += rows.unwrap_or_default();
        }
        conn.query_drop(target.names.apply(table, columns)).map_err(failed)?;
        let rows_written = conn.affected_rows();
        Ok(Statistics { rows_read, rows_written, untranslated, ..Statistics::default() })
    })
}

/// The SQL condition of a translation that does not fit the column.
fn unfit(kind: ColumnType) -> Option<String> {
    match kind {
        ColumnType::Text { length } => Some(format!("CHAR_LENGTH(translated) > {length}")),
        ColumnType::Char { length } => Some(format!("CHAR_LENGTH(translated) <> {length}")),
        ColumnType::Integer
        | ColumnType::Decimal { .. }
        | ColumnType::Boolean
        | ColumnType::Date
        | ColumnType::Timestamp => None,
    }
}

/// The texts of all columns, each once.
fn union(target: &MysqlTarget<'_>, what: &str, condition: &str) -> String {
    let selects: Vec<_> = (0..target.text_columns.get())
        .map(|field| format!("SELECT {what} FROM {} WHERE {condition}", texts(field)))
        .collect();
    selects.join(" UNION ")
}

fn set(
    target: &MysqlTarget<'_>,
    conn: &mut Conn,
    original: &str,
    translated: Option<&str>,
    fresh: bool,
) -> Result<(), WorkerError> {
    (0..target.text_columns.get()).try_for_each(|field| {
        let sql =
            format!("UPDATE {} SET translated = ?, fresh = ? WHERE hash = UNHEX(SHA2(?, 256))", texts(field));
        conn.exec_drop(sql, (translated, fresh, original)).map_err(|error| target.failed(TEXTS, &error))
    })
}

/// One transaction on the temporary tables only, which no fence guards.
fn in_one(
    target: &MysqlTarget<'_>,
    work: impl FnOnce(&mut Conn) -> Result<(), WorkerError>,
) -> Result<(), WorkerError> {
    target.with(|conn| {
        conn.query_drop("START TRANSACTION").map_err(|error| target.failed(TEXTS, &error))?;
        let result = work(conn);
        let end = if result.is_ok() { "COMMIT" } else { "ROLLBACK" };
        conn.query_drop(end).map_err(|error| target.failed(TEXTS, &error))?;
        result
    })
}
