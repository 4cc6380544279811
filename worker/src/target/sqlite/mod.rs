//! An SQLite file as the target: write-ahead log, one writer at a time, everybody else waits their turn.

mod dedupe;
mod keys;
mod load;
mod publish;
mod publish_rows;
mod schema;
pub(super) mod sql;
mod statements;
mod texts;

use std::{path::PathBuf, time::Duration};

use rusqlite::{Connection, OptionalExtension as _, Params, Row, Transaction, TransactionBehavior, params};
use sluice_contract::{
    plan::{Column, Keep, Table},
    statistics::Statistics,
};

pub(super) use publish_rows::insert_row;
pub(super) use schema::recreate;

use super::{AfterBatch, EachPair, FillPart, MeasuredRows, NextPair, Repeated, RowsWay, Target, Writer};
use crate::{
    error::WorkerError,
    site::Site,
    source::{Query, names_only},
    sqlite_busy::{is_busy, retry_busy},
};

/// How long one try at the write lock waits; between tries a stop from outside is looked for.
const TRY: Duration = Duration::from_secs(1);
/// Tries before the target counts as locked: as long as another country's largest part may take.
const TRIES: u32 = 600;

/// A connection to the target.
#[derive(Debug)]
pub(crate) struct SqliteTarget<'a> {
    site: &'a Site,
    connection: Connection,
    path: PathBuf,
    writer: Writer,
}

impl<'a> SqliteTarget<'a> {
    pub(crate) fn open(site: &'a Site, path: PathBuf, writer: Writer) -> Result<Self, WorkerError> {
        let open = || -> rusqlite::Result<Connection> {
            let connection = Connection::open(&path)?;
            connection.busy_timeout(TRY)?;
            names_only(&connection)?;
            // Two processes that both switch a new file to WAL may collide; the timeout does not cover that.
            retry_busy(|| connection.pragma_update(None, "journal_mode", "WAL"))?;
            // 32 MB of cache, and the log folded in each 32 MB: all the memory and few of the syncs.
            connection.execute_batch(
                "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 8000; PRAGMA temp_store = FILE",
            )?;
            retry_busy(|| connection.execute_batch(schema::BOOKKEEPING))?;
            Ok(connection)
        };
        let parent = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        let opened = parent.map_err(|error| (error.to_string(), false));
        let opened = opened.and_then(|()| open().map_err(|error| (error.to_string(), is_busy(&error))));
        match opened {
            Ok(connection) => Ok(Self { site, connection, path, writer }),
            Err((message, transient)) => Err(WorkerError::Target {
                connection: writer.connection,
                place: path.display().to_string(),
                table: "sluice_fence".to_owned(),
                message,
                transient,
            }),
        }
    }

    /// One transaction that holds the fence. Nothing is written unless `work` ends well.
    fn fenced<T>(
        &self,
        table: &str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, WorkerError>,
    ) -> Result<T, WorkerError> {
        let failed = |error: rusqlite::Error| self.failed(table, &error);
        let transaction = self.begin(table)?;
        let advanced = transaction
            .execute(
                "INSERT INTO sluice_fence (pipeline, fence) VALUES (?1, ?2)
                 ON CONFLICT (pipeline) DO UPDATE SET fence = excluded.fence
                 WHERE excluded.fence >= sluice_fence.fence",
                params![self.writer.pipeline, self.writer.fence],
            )
            .map_err(failed)?;
        if advanced == 0 {
            let known = transaction
                .query_row(
                    "SELECT fence FROM sluice_fence WHERE pipeline = ?1",
                    [&self.writer.pipeline],
                    |row| row.get(0),
                )
                .map_err(failed)?;
            let (pipeline, fence) = (self.writer.pipeline.clone(), self.writer.fence);
            return Err(WorkerError::Fence { pipeline, fence, known });
        }
        let result = work(&transaction)?;
        transaction.commit().map_err(failed)?;
        Ok(result)
    }

    /// [`Self::fenced`], at most once for a part of a stage in this run: what it counted, now or then.
    fn once(
        &self,
        stage: &str,
        part: u32,
        table: &str,
        work: impl FnOnce(&Transaction<'_>) -> Result<Statistics, WorkerError>,
    ) -> Result<Statistics, WorkerError> {
        self.fenced(table, |transaction| {
            let failed = |error: rusqlite::Error| self.failed(table, &error);
            let Writer { pipeline, run, .. } = &self.writer;
            let found = transaction
                .query_row(
                    &format!("SELECT {COUNTED} FROM sluice_ledger WHERE {OF_STAGE} AND part = ?4"),
                    params![pipeline, run, stage, part],
                    |row| counted(row, 0),
                )
                .optional()
                .map_err(failed)?;
            if let Some(done) = found {
                return Ok(done);
            }
            let counted = work(transaction)?;
            self.record(transaction, stage, part, &counted, None).map_err(failed)?;
            Ok(counted)
        })
    }

    fn record(
        &self,
        transaction: &Transaction<'_>,
        stage: &str,
        part: u32,
        counted: &Statistics,
        mark: Option<i64>,
    ) -> rusqlite::Result<()> {
        let Writer { pipeline, run, .. } = &self.writer;
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let sql = format!(
            "INSERT INTO sluice_ledger (pipeline, run, stage, part, mark, {COUNTED})
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
        );
        let values = params![
            pipeline,
            run,
            stage,
            part,
            mark,
            number(counted.rows_read),
            number(counted.rows_written),
            number(counted.rows_rejected),
            number(counted.duplicates),
            number(counted.untranslated),
            number(counted.bytes),
            number(counted.parts),
        ];
        transaction.execute(&sql, values).map(drop)
    }

    fn begin(&self, table: &str) -> Result<Transaction<'_>, WorkerError> {
        let mut tries = 0;
        loop {
            self.site.check_cancelled()?;
            match Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate) {
                Ok(transaction) => return Ok(transaction),
                Err(error) if is_busy(&error) && tries < TRIES => tries += 1,
                Err(error) => return Err(self.failed(table, &error)),
            }
        }
    }

    fn read<T>(
        &self,
        sql: &str,
        values: impl Params,
        each: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, WorkerError> {
        let read = || -> rusqlite::Result<Vec<T>> {
            self.connection.prepare(sql)?.query_map(values, each)?.collect()
        };
        read().map_err(|error| WorkerError::Database {
            connection: self.writer.connection.clone(),
            place: self.path.display().to_string(),
            message: error.to_string(),
            transient: is_busy(&error),
        })
    }

    fn count_rows(&self, sql: &str, values: impl Params) -> Result<u64, WorkerError> {
        let counts = self.read(sql, values, |row| row.get::<_, i64>(0))?;
        Ok(counts.first().and_then(|it| u64::try_from(*it).ok()).unwrap_or_default())
    }

    fn failed(&self, table: &str, error: &rusqlite::Error) -> WorkerError {
        WorkerError::Target {
            connection: self.writer.connection.clone(),
            place: self.path.display().to_string(),
            table: table.to_owned(),
            message: error.to_string(),
            transient: is_busy(error),
        }
    }

    /// Staging's name in SQL.
    fn staging(&self, table: &str) -> String {
        sql::staging(&self.writer.pipeline, table)
    }
}

impl Target for SqliteTarget<'_> {
    fn cleanup(&self, stage: &str, tables: &[(&str, &Table)]) -> Result<Statistics, WorkerError> {
        schema::cleanup(self, stage, tables)
    }

    fn ledger(&self, stage: &str) -> Result<Vec<(u32, Statistics)>, WorkerError> {
        let sql = format!("SELECT part, {COUNTED} FROM sluice_ledger WHERE {OF_STAGE} ORDER BY part");
        let Writer { pipeline, run, .. } = &self.writer;
        self.read(&sql, params![pipeline, run, stage], |row| Ok((row.get(0)?, counted(row, 1)?)))
    }

    fn loads_side_by_side(&self) -> bool {
        false
    }

    fn load_part(
        &self,
        stage: &str,
        part: u32,
        table: (&str, &Table),
        fill: &mut FillPart<'_>,
    ) -> Result<Statistics, WorkerError> {
        load::load_part(self, stage, part, table, fill)
    }

    fn count(&self, table: &str) -> Result<u64, WorkerError> {
        self.count_rows(&sql::count(&self.staging(table)), [])
    }

    fn count_nulls(&self, table: &str, column: &str) -> Result<u64, WorkerError> {
        self.count_rows(&sql::count_nulls(&self.staging(table), column), [])
    }

    fn count_others(&self, table: &str, column: &str, value: &str) -> Result<u64, WorkerError> {
        let sql = format!("SELECT count(*) FROM {} WHERE {} IS NOT ?1", self.staging(table), quoted(column));
        self.count_rows(&sql, [value])
    }

    fn repeated(&self, table: &str, columns: &[String]) -> Result<Option<Repeated>, WorkerError> {
        keys::repeated(self, table, columns)
    }

    fn dedupe(
        &self,
        stage: &str,
        table: (&str, &Table),
        by: &[String],
        keep: &Keep,
    ) -> Result<Statistics, WorkerError> {
        dedupe::dedupe(self, stage, table, by, keep)
    }

    fn collect_texts(&self, table: &str, columns: &[&Column]) -> Result<u64, WorkerError> {
        texts::collect(self, table, columns)
    }

    fn known_texts(&self, next: &mut NextPair<'_>) -> Result<(), WorkerError> {
        texts::known(self, next)
    }

    fn pending_texts(&self, after: &str, limit: usize) -> Result<Vec<String>, WorkerError> {
        texts::pending(self, after, limit)
    }

    fn answer_texts(&self, answers: &[(String, Option<String>)]) -> Result<(), WorkerError> {
        texts::answer(self, answers)
    }

    fn fresh_texts(&self, each: &mut EachPair<'_>) -> Result<(), WorkerError> {
        texts::fresh(self, each)
    }

    fn settle_texts(&self) -> Result<(), WorkerError> {
        texts::settle(self)
    }

    fn apply_texts(&self, stage: &str, table: &str, columns: &[&Column]) -> Result<Statistics, WorkerError> {
        texts::apply(self, stage, table, columns)
    }

    fn upsert(
        &self,
        stage: &str,
        table: (&str, &Table),
        after_batch: &mut AfterBatch<'_>,
    ) -> Result<Statistics, WorkerError> {
        publish::upsert(self, stage, table, after_batch)
    }

    fn append(&self, stage: &str, table: (&str, &Table)) -> Result<Statistics, WorkerError> {
        publish::append(self, stage, table)
    }

    fn run(&self, stage: &str, table: &str, query: &Query<'_>) -> Result<Statistics, WorkerError> {
        statements::run(self, stage, table, query)
    }

    fn replace(
        &self,
        stage: &str,
        table: (&str, &Table),
        country: Option<(&str, &str)>,
    ) -> Result<Statistics, WorkerError> {
        publish::replace(self, stage, table, country)
    }

    fn publish_rows(
        &self,
        stage: &str,
        table: (&str, &Table),
        way: &RowsWay<'_>,
        rows: &mut dyn MeasuredRows,
        after_batch: &mut AfterBatch<'_>,
    ) -> Result<Statistics, WorkerError> {
        publish_rows::publish_rows(self, stage, table, way, rows, after_batch)
    }
}

const COUNTED: &str = "rows_read, rows_written, rows_rejected, duplicates, untranslated, bytes, parts";
const OF_STAGE: &str = "pipeline = ?1 AND run = ?2 AND stage = ?3";

fn counted(row: &Row<'_>, from: usize) -> rusqlite::Result<Statistics> {
    let number =
        |index: usize| row.get::<_, i64>(from + index).map(|it| u64::try_from(it).unwrap_or_default());
    Ok(Statistics {
        rows_read: number(0)?,
        rows_written: number(1)?,
        rows_rejected: number(2)?,
        duplicates: number(3)?,
        untranslated: number(4)?,
        bytes: number(5)?,
        parts: number(6)?,
        ..Statistics::default()
    })
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Column names for SQL, with commas between them.
fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}
