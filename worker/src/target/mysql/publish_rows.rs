//! Rows in the key's order into the published table: those that are staged outside of the database, and those of an
//! upsert from staging.
//!
//! ```text
//! rows -> batches, cut by this thread -> lanes: a connection each, a transaction and a row of the ledger a batch
//!                                     \-> one lane, one transaction for all of them (append, replace)
//! ```
//!
//! The rows always come in one order, and the ledger knows a batch by the number of its first row: who resumes leaves
//! out just the rows that are published, wherever others have cut ([`Done`]).

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, channel, sync_channel},
    },
};

use mysql::{Conn, Error, prelude::Queryable as _};
use sluice_contract::{plan::Table, statistics::Statistics};

use super::{
    MysqlTarget,
    batch::Batch,
    collated_keys::check_collated_keys,
    schema::{Collations, check_fractions, check_unique},
    session::{HEARTBEAT, once},
    sql::Names,
};
use crate::{
    error::WorkerError,
    target::{AfterBatch, MeasuredRows, RowsWay, StagedRows, Target as _, sum},
};

/// A declared table and its name.
type Named<'a> = (&'a str, &'a Table);

pub(super) fn publish_rows(
    target: &MysqlTarget<'_>,
    stage: &str,
    (name, table): Named<'_>,
    way: &RowsWay<'_>,
    rows: &mut dyn MeasuredRows,
    after_batch: &mut AfterBatch<'_>,
) -> Result<Statistics, WorkerError> {
    check_fractions(target, name, table, &|column, digits| Ok(rows.finer_than(column, digits)))?;
    let collations = Collations::of_table(target, name)?;
    check_collated_keys(target, (name, table), &collations, rows)?;
    match way {
        RowsWay::Upsert => {
            check_unique(target, name, table)?;
            upsert(target, stage, (name, table), &collations, rows, after_batch)
        }
        RowsWay::Append | RowsWay::Replace(_) => {
            let counted = at_once(target, stage, (name, table), way, &collations, rows)?;
            after_batch(counted.rows_written)?;
            Ok(counted)
        }
    }
}

/// In batches of a transaction each, side by side. No two of the rows have the same key for the published table.
pub(super) fn upsert(
    target: &MysqlTarget<'_>,
    stage: &str,
    (name, table): Named<'_>,
    collations: &Collations,
    rows: &mut dyn StagedRows,
    after_batch: &mut AfterBatch<'_>,
) -> Result<Statistics, WorkerError> {
    let all = rows.left();
    let ledger = target.ledger(stage)?;
    let unlike = || unlike_ledger(target, name);
    let done = Done::of(&ledger).filter(|it| it.end() <= all).ok_or_else(unlike)?;
    after_batch(sum(ledger.iter().map(|(_, it)| it)).rows_written)?;
    let batch_in_lane = |lane: &MysqlTarget<'_>, (first, batch): &Numbered| {
        let published = once(lane, stage, *first, name, |conn| {
            batch.publish(lane, conn, &RowsWay::Upsert, (name, table), collations)?;
            Ok(counted(batch.rows))
        })?;
        // A worker that was taken for lost may have published it, and cut elsewhere.
        if published.rows_written == batch.rows { Ok(published) } else { Err(unlike_ledger(lane, name)) }
    };
    in_lanes(target, &batch_in_lane, &mut |batches, published| {
        let mut next = 0;
        loop {
            target.site.check_cancelled()?;
            if let Some(rows_done) = done.at(next) {
                rows.skip(rows_done)?;
                next += rows_done;
            } else if let Some(batch) = Batch::read(target, (name, table), rows, done.room(next))? {
                let first = u32::try_from(next).map_err(|_| too_many(target, name))?;
                next += batch.rows;
                if batches.send((first, batch)).is_err() {
                    // Every lane has ended, one of them with the error.
                    return Ok(());
                }
            } else {
                return Ok(());
            }
            published.try_iter().try_for_each(&mut *after_batch)?;
        }
    })?;
    let ledger = target.ledger(stage)?;
    let published = sum(ledger.iter().map(|(_, it)| it));
    let is_whole = Done::of(&ledger).is_some() && published.rows_written == all;
    if is_whole { Ok(published) } else { Err(unlike()) }
}

/// What the ledger has of an upsert: how many rows each batch has, by the number of its first row.
struct Done(BTreeMap<u64, u64>);

impl Done {
    /// None where two batches share a row: some other program has written them, and nothing says which rows they are.
    fn of(ledger: &[(u32, Statistics)]) -> Option<Self> {
        let mut end = 0;
        let mut batches = BTreeMap::new();
        for (first, counted) in ledger {
            let first = u64::from(*first);
            if first < end || counted.rows_written == 0 {
                return None;
            }
            end = first + counted.rows_written;
            let _ = batches.insert(first, counted.rows_written);
        }
        Some(Self(batches))
    }

    /// The rows of the batch that begins there.
    fn at(&self, row: u64) -> Option<u64> {
        self.0.get(&row).copied()
    }

    /// How many rows there are up to the next batch.
    fn room(&self, row: u64) -> u64 {
        self.0.range(row..).next().map_or(u64::MAX, |(first, _)| first - row)
    }

    /// The number of the row behind the last batch.
    fn end(&self) -> u64 {
        self.0.last_key_value().map_or(0, |(first, rows)| first + rows)
    }
}

fn unlike_ledger(target: &MysqlTarget<'_>, name: &str) -> WorkerError {
    let message =
        "what `sluice_ledger` has of this publish are not batches of these rows; start a new run".to_owned();
    target.refused(name, message, false)
}

fn too_many(target: &MysqlTarget<'_>, name: &str) -> WorkerError {
    target.refused(name, format!("a publish has at most {} rows", u32::MAX), false)
}

/// A batch, and the number of its first row.
type Numbered = (u32, Batch);
/// Publishes one batch on one connection; what it counted.
type InLane<'a> = dyn Fn(&MysqlTarget<'_>, &Numbered) -> Result<Statistics, WorkerError> + Sync + 'a;
/// Cuts the batches and hands them over; is told how many rows each had that is published.
type Cut<'a> = dyn FnMut(&SyncSender<Numbered>, &Receiver<u64>) -> Result<(), WorkerError> + 'a;

/// Publishes batches side by side. After an error no further one is begun.
fn in_lanes(target: &MysqlTarget<'_>, publish: &InLane<'_>, cut: &mut Cut<'_>) -> Result<(), WorkerError> {
    // One more than there are vCPUs: a lane does nothing while the server works.
    let lanes = (0..=target.site.threads.max(1)).map(|_| target.another()).collect::<Result<Vec<_>, _>>()?;
    let (batches, waiting) = sync_channel(1);
    let waiting = Mutex::new(Some(waiting));
    let (published, counts) = channel();
    let failed = Mutex::new(None);
    let next = || {
        let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.as_ref().and_then(|it| it.recv().ok())
    };
    let (next, failed_at, waiting_at) = (&next, &failed, &waiting);
    let cut = std::thread::scope(|scope| {
        for lane in lanes {
            let published = published.clone();
            let _ = scope.spawn(move || {
                while let Some(batch) = next() {
                    match lane.revive().and_then(|()| publish(&lane, &batch)) {
                        Ok(counted) => drop(published.send(counted.rows_written)),
                        Err(error) => {
                            let mut failed = failed_at.lock().unwrap_or_else(PoisonError::into_inner);
                            let _ = failed.get_or_insert(error);
                            // Lets whoever cuts know that nobody takes any more.
                            drop(waiting_at.lock().unwrap_or_else(PoisonError::into_inner).take());
                            return;
                        }
                    }
                }
            });
        }
        let cut = cut(&batches, &counts);
        drop(batches);
        cut
    });
    match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => cut,
    }
}

/// All rows in one transaction, while the next batch is cut.
fn at_once(
    target: &MysqlTarget<'_>,
    stage: &str,
    (name, table): Named<'_>,
    way: &RowsWay<'_>,
    collations: &Collations,
    rows: &mut dyn StagedRows,
) -> Result<Statistics, WorkerError> {
    // None comes behind the last one: without it nothing is committed.
    let (sender, receiver) = sync_channel::<Option<Batch>>(1);
    let lane = target.another()?;
    std::thread::scope(|scope| {
        let publishing = scope.spawn(move || {
            once(&lane, stage, 0, name, |conn| {
                if let RowsWay::Replace(country) = way {
                    delete(conn, name, *country).map_err(|error| lane.failed(name, &error))?;
                }
                let (mut written, mut known) = (0, None);
                while let Some(batch) =
                    heard(&receiver, || conn.ping().map_err(|error| lane.failed(name, &error)))?
                {
                    match batch.publish(&lane, conn, way, (name, table), collations) {
                        Ok(()) => written += batch.rows,
                        Err(WorkerError::KeyExists { key, rows, .. }) => {
                            let (_, all) = known.get_or_insert((key, 0));
                            *all += rows;
                        }
                        Err(error) => return Err(error),
                    }
                }
                match known {
                    None => Ok(counted(written)),
                    Some((key, rows)) => Err(WorkerError::KeyExists { table: name.to_owned(), key, rows }),
                }
            })
        });
        let cut = cut_all(target, (name, table), rows, &sender);
        drop(sender);
        let ended = || target.refused(name, "the thread that publishes has ended".to_owned(), false);
        let published = publishing.join().unwrap_or_else(|_| Err(ended()));
        cut.and(published)
    })
}

/// The next batch, however long it takes to come: the server hears meanwhile that somebody is there.
fn heard(
    batches: &Receiver<Option<Batch>>,
    mut waiting: impl FnMut() -> Result<(), WorkerError>,
) -> Result<Option<Batch>, WorkerError> {
    loop {
        match batches.recv_timeout(HEARTBEAT) {
            Ok(batch) => return Ok(batch),
            Err(RecvTimeoutError::Timeout) => waiting()?,
            Err(RecvTimeoutError::Disconnected) => return Err(WorkerError::Stopped),
        }
    }
}

fn cut_all(
    target: &MysqlTarget<'_>,
    table: Named<'_>,
    rows: &mut dyn StagedRows,
    batches: &SyncSender<Option<Batch>>,
) -> Result<(), WorkerError> {
    loop {
        target.site.check_cancelled()?;
        let batch = Batch::read(target, table, rows, u64::MAX)?;
        let is_last = batch.is_none();
        // Where nobody takes it, why is what the thread that publishes tells.
        if batches.send(batch).is_err() || is_last {
            return Ok(());
        }
    }
}

/// Deletes what the rows come in the place of.
pub(super) fn delete(conn: &mut Conn, name: &str, country: Option<(&str, &str)>) -> Result<(), Error> {
    let delete = Names::delete(name, country.map(|(column, _)| column));
    match country {
        Some((_, country)) => conn.exec_drop(delete, (country,)),
        None => conn.query_drop(delete),
    }
}

fn counted(rows: u64) -> Statistics {
    Statistics { rows_read: rows, rows_written: rows, ..Statistics::default() }
}
