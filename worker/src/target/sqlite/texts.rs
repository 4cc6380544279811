//! Texts for translation, in a temporary table of the connection: SQLite keeps it in a file, not in memory.

use rusqlite::{Transaction, TransactionBehavior, params};
use sluice_contract::{plan::Column, statistics::Statistics};

use super::{SqliteTarget, quoted, sql};
use crate::{
    error::WorkerError,
    target::{EachPair, NextPair, Target as _},
};

/// `field` is the column's place in the stage; `fresh` tells translations of this attempt from known ones.
const TABLE: &str = "
    PRAGMA temp.cache_size = -32000;
    DROP TABLE IF EXISTS temp.sluice_texts;
    CREATE TEMP TABLE sluice_texts (
        original TEXT NOT NULL, field INTEGER NOT NULL, translated TEXT, fresh INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (original, field)
    ) WITHOUT ROWID;
";

pub(super) fn collect(
    target: &SqliteTarget<'_>,
    table: &str,
    columns: &[&Column],
) -> Result<u64, WorkerError> {
    let failed = |error: rusqlite::Error| target.failed("sluice_texts", &error);
    target.connection.execute_batch(TABLE).map_err(failed)?;
    let staging = target.staging(table);
    for (field, column) in columns.iter().enumerate() {
        let column = quoted(&column.name);
        let sql = format!(
            "INSERT INTO temp.sluice_texts (original, field)
             SELECT DISTINCT {column}, {field} FROM {staging} WHERE {column} <> '' ORDER BY 1"
        );
        let _ = target.connection.execute(&sql, []).map_err(failed)?;
    }
    target.count_rows("SELECT count(DISTINCT original) FROM temp.sluice_texts", [])
}

pub(super) fn known(target: &SqliteTarget<'_>, next: &mut NextPair<'_>) -> Result<(), WorkerError> {
    in_one(target, |transaction| {
        let mut statement = transaction
            .prepare("UPDATE temp.sluice_texts SET translated = ?2 WHERE original = ?1")
            .map_err(|error| target.failed("sluice_texts", &error))?;
        while let Some((original, translated)) = next()? {
            let _ = statement
                .execute([&original, &translated])
                .map_err(|error| target.failed("sluice_texts", &error))?;
        }
        Ok(())
    })
}

pub(super) fn pending(
    target: &SqliteTarget<'_>,
    after: &str,
    limit: usize,
) -> Result<Vec<String>, WorkerError> {
    target.read(
        "SELECT DISTINCT original FROM temp.sluice_texts WHERE original > ?1 AND translated IS NULL
         ORDER BY original LIMIT ?2",
        params![after, i64::try_from(limit).unwrap_or(i64::MAX)],
        |row| row.get(0),
    )
}

pub(super) fn answer(
    target: &SqliteTarget<'_>,
    answers: &[(String, Option<String>)],
) -> Result<(), WorkerError> {
    in_one(target, |transaction| {
        let write = || {
            let mut statement = transaction.prepare_cached(
                "UPDATE temp.sluice_texts SET translated = ?2, fresh = 1 WHERE original = ?1",
            )?;
            answers.iter().try_for_each(|(original, translated)| {
                statement.execute(params![original, translated]).map(drop)
            })
        };
        write().map_err(|error| target.failed("sluice_texts", &error))
    })
}

pub(super) fn fresh(target: &SqliteTarget<'_>, each: &mut EachPair<'_>) -> Result<(), WorkerError> {
    let failed = |error: rusqlite::Error| target.failed("sluice_texts", &error);
    let sql = "SELECT original, max(translated) FROM temp.sluice_texts
               WHERE fresh AND translated IS NOT NULL GROUP BY original ORDER BY original";
    let mut statement = target.connection.prepare(sql).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let text = |index: usize| row.get_ref(index).and_then(|it| Ok(it.as_str()?));
        each(text(0).map_err(failed)?, text(1).map_err(failed)?)?;
    }
    Ok(())
}

pub(super) fn settle(target: &SqliteTarget<'_>) -> Result<(), WorkerError> {
    let settled = target.connection.execute("UPDATE temp.sluice_texts SET fresh = 0 WHERE fresh", []);
    settled.map(drop).map_err(|error| target.failed("sluice_texts", &error))
}

pub(super) fn apply(
    target: &SqliteTarget<'_>,
    stage: &str,
    table: &str,
    columns: &[&Column],
) -> Result<Statistics, WorkerError> {
    let staging = target.staging(table);
    let update = sql::apply(&staging, columns);
    target.once(stage, 0, table, |transaction| {
        let failed = |error: rusqlite::Error| target.failed(table, &error);
        let rows_read = target.count(table)?;
        let mut untranslated = 0;
        for (field, column) in columns.iter().enumerate() {
            if let Some(unfit) = sql::unfit(column.kind) {
                let sql = format!(
                    "UPDATE temp.sluice_texts SET translated = NULL WHERE field = {field} AND {unfit}"
                );
                let _ = transaction.execute(&sql, []).map_err(failed)?;
            }
            untranslated += target.count_rows(
                &format!(
                    "SELECT count(*) FROM {staging} WHERE {} IN
                     (SELECT original FROM temp.sluice_texts WHERE field = {field} AND translated IS NULL)",
                    quoted(&column.name)
                ),
                [],
            )?;
        }
        let rows_written = transaction.execute(&update, []).map_err(failed)? as u64;
        Ok(Statistics { rows_read, rows_written, untranslated, ..Statistics::default() })
    })
}

/// One transaction on the temporary table only, which no fence guards.
fn in_one(
    target: &SqliteTarget<'_>,
    work: impl FnOnce(&Transaction<'_>) -> Result<(), WorkerError>,
) -> Result<(), WorkerError> {
    let failed = |error: rusqlite::Error| target.failed("sluice_texts", &error);
    let transaction =
        Transaction::new_unchecked(&target.connection, TransactionBehavior::Deferred).map_err(failed)?;
    work(&transaction)?;
    transaction.commit().map_err(failed)
}
