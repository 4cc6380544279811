//! Transactions that hold the fence, and the ledger of what they have done.

use std::{
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::Duration,
};

use mysql::{Conn, Error, Row, prelude::Queryable as _};
use sluice_contract::statistics::Statistics;

use super::{
    MysqlTarget, Writer,
    sql::{self, COUNTED, Names, OF_STAGE},
};
use crate::error::WorkerError;

/// Values that don't fit are errors; rows that nobody changes are not locked; a lock of tables is not waited for long,
/// since everybody behind it waits as well. A host that is lost says no goodbye: its session ends after two minutes of
/// silence, and with it the fence that it holds; whoever lives and was silent for that long connects anew. A sort
/// compares only so many bytes of a text, by default fewer than a key may have; with many more of them its memory would
/// not do.
pub(super) const SETTINGS: &[&str] = &[
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    "SET SESSION lock_wait_timeout = 50",
    "SET SESSION wait_timeout = 120",
    "SET SESSION net_read_timeout = 120",
    "SET SESSION max_sort_length = 8192",
];

/// How often a connection that holds the fence and waits lets the server know that it is there.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(10);

/// Sorts and temporary tables in memory, up to as much as the server gives its pages: one that is spilled takes several
/// times as long. A server that lacks one of the settings does as well as it can.
pub(super) fn give_memory(conn: &mut Conn) {
    for setting in [
        "SET SESSION tmp_table_size = LEAST(1073741824, @@innodb_buffer_pool_size)",
        "SET SESSION max_heap_table_size = LEAST(1073741824, @@innodb_buffer_pool_size)",
        "SET SESSION sort_buffer_size = 67108864",
        "SET SESSION max_length_for_sort_data = 8388608",
        // MariaDB's: a session in a transaction may be silent for less long.
        "SET SESSION idle_transaction_timeout = 60",
    ] {
        let _ = conn.query_drop(setting);
    }
}

/// Makes the fence's and the ledger's tables where they are missing.
pub(super) fn make_bookkeeping(conn: &mut Conn, names: &Names) -> Result<(), Error> {
    const UNKNOWN_TABLE: u16 = 1146;
    match conn.query_drop("SELECT 1 FROM sluice_ledger, sluice_fence LIMIT 0") {
        Err(Error::MySqlError(error)) if error.code == UNKNOWN_TABLE => {
            names.bookkeeping().iter().try_for_each(|it| conn.query_drop(it))
        }
        there => there,
    }
}

/// What a transaction leaves behind.
pub(super) enum End<T> {
    Commit(T),
    /// There was nothing to do after all.
    Rollback(T),
}

/// One transaction that holds the fence. Nothing is written unless `work` ends well.
pub(super) fn fenced<T>(
    target: &MysqlTarget<'_>,
    table: &str,
    work: impl FnOnce(&mut Conn) -> Result<End<T>, WorkerError>,
) -> Result<T, WorkerError> {
    target.with(|conn| {
        let failed = |error: &Error| target.failed(table, error);
        hold(target, conn, table)?;
        match work(conn) {
            Ok(End::Commit(result)) => {
                conn.query_drop("COMMIT").map_err(|it| failed(&it))?;
                Ok(result)
            }
            Ok(End::Rollback(result)) => {
                conn.query_drop("ROLLBACK").map_err(|it| failed(&it))?;
                Ok(result)
            }
            Err(error) => {
                // A connection that is gone has rolled back already.
                let _ = conn.query_drop("ROLLBACK");
                Err(error)
            }
        }
    })
}

/// Does what commits by itself, at most once for a part of a stage in this run, while a second connection holds the
/// fence, so that none can be given meanwhile. Its transaction has the row of the ledger: who comes second waits for it.
pub(super) fn guarded_once(
    target: &MysqlTarget<'_>,
    stage: &str,
    part: u32,
    table: &str,
    work: impl FnOnce(&mut Conn) -> Result<(), WorkerError>,
) -> Result<(), WorkerError> {
    let mut guard = target.server.connect(SETTINGS)?;
    hold(target, &mut guard, table)?;
    if claim(target, &mut guard, stage, part, table)?.is_some() {
        return Ok(());
    }
    let (end, ended) = channel::<()>();
    let (result, guarding) = thread::scope(|scope| {
        let guarding = scope.spawn(move || {
            // The server ends a session that is silent for long.
            while ended.recv_timeout(HEARTBEAT) == Err(RecvTimeoutError::Timeout) {
                guard.ping()?;
            }
            Ok::<_, Error>(guard)
        });
        let result = target.with(work);
        drop(end);
        (result, guarding.join())
    });
    let Ok(guard) = guarding else {
        return Err(target.refused(table, "the thread that holds the fence has ended".to_owned(), true));
    };
    // Without the commit the server takes back what is in the ledger.
    result?;
    guard.and_then(|mut it| it.query_drop("COMMIT")).map_err(|error| target.failed(table, &error))
}

/// [`fenced`], at most once for a part of a stage in this run: what it counted, now or then.
pub(super) fn once(
    target: &MysqlTarget<'_>,
    stage: &str,
    part: u32,
    table: &str,
    work: impl FnOnce(&mut Conn) -> Result<Statistics, WorkerError>,
) -> Result<Statistics, WorkerError> {
    fenced(target, table, |conn| {
        if let Some(done) = claim(target, conn, stage, part, table)? {
            return Ok(End::Rollback(done));
        }
        let counted = work(conn)?;
        record(target, conn, stage, part, &counted).map_err(|it| target.failed(table, &it))?;
        Ok(End::Commit(counted))
    })
}

/// Puts the part into the ledger before its work, so that a second worker at it waits for the first; what it counted
/// where it is there.
fn claim(
    target: &MysqlTarget<'_>,
    conn: &mut Conn,
    stage: &str,
    part: u32,
    table: &str,
) -> Result<Option<Statistics>, WorkerError> {
    const DUPLICATE: u16 = 1062;
    let failed = |error: &Error| target.failed(table, error);
    let Writer { pipeline, run, .. } = &target.writer;
    // A part that is done is looked for first: it is not waited for.
    let find = format!("SELECT {COUNTED} FROM sluice_ledger WHERE {OF_STAGE} AND part = ?");
    let found: Option<Row> =
        conn.exec_first(&find, (pipeline, run, stage, part)).map_err(|it| failed(&it))?;
    if let Some(row) = found {
        return Ok(Some(sql::counted(&row, 0)));
    }
    let insert = "INSERT INTO sluice_ledger (pipeline, run, stage, part) VALUES (?, ?, ?, ?)";
    match conn.exec_drop(insert, (pipeline, run, stage, part)) {
        Ok(()) => Ok(None),
        Err(Error::MySqlError(error)) if error.code == DUPLICATE => {
            let found: Option<Row> =
                conn.exec_first(&find, (pipeline, run, stage, part)).map_err(|it| failed(&it))?;
            Ok(Some(found.map(|row| sql::counted(&row, 0)).unwrap_or_default()))
        }
        Err(error) => Err(failed(&error)),
    }
}

/// Completes a part's row of the ledger.
fn record(
    target: &MysqlTarget<'_>,
    conn: &mut Conn,
    stage: &str,
    part: u32,
    counted: &Statistics,
) -> Result<(), Error> {
    let Writer { pipeline, run, .. } = &target.writer;
    let update = format!(
        "UPDATE sluice_ledger SET rows_read = {}, rows_written = {}, rows_rejected = {}, duplicates = {}, untranslated = {}, \
         bytes = {}, parts = {} WHERE {OF_STAGE} AND part = ?",
        counted.rows_read,
        counted.rows_written,
        counted.rows_rejected,
        counted.duplicates,
        counted.untranslated,
        counted.bytes,
        counted.parts,
    );
    conn.exec_drop(update, (pipeline, run, stage, part))
}

/// Begins a transaction that holds the fence until its end.
fn hold(target: &MysqlTarget<'_>, conn: &mut Conn, table: &str) -> Result<(), WorkerError> {
    let failed = |error: &Error| target.failed(table, error);
    let Writer { pipeline, fence, .. } = &target.writer;
    loop {
        target.site.check_cancelled()?;
        conn.query_drop("START TRANSACTION").map_err(|it| failed(&it))?;
        let known: Option<i64> = conn
            .exec_first("SELECT fence FROM sluice_fence WHERE pipeline = ? LOCK IN SHARE MODE", (pipeline,))
            .map_err(|it| failed(&it))?;
        if known == Some(*fence) {
            return Ok(());
        }
        conn.query_drop("ROLLBACK").map_err(|it| failed(&it))?;
        if let Some(known) = known.filter(|it| it > fence) {
            return Err(WorkerError::Fence { pipeline: pipeline.clone(), fence: *fence, known });
        }
        // Waits for the transactions of older fences.
        conn.exec_drop(
            "INSERT INTO sluice_fence (pipeline, fence) VALUES (?, ?)
             ON DUPLICATE KEY UPDATE fence = GREATEST(fence, VALUES(fence))",
            (pipeline, fence),
        )
        .map_err(|it| failed(&it))?;
    }
}
