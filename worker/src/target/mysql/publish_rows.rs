//! Rows in the key's order into the published table: those that are staged outside of the database, and those of an
//! upsert from staging.
//!
//! ```text
//! rows -> batches, cut by this thread -> lanes: a connection each, a transaction and a row of the ledger a batch
//!                                     \-> one lane, one transaction for all of them (append, replace)
//! ```
//!
//! The rows always come in one order and are always cut at the same places, so that a batch is known by its number: who
//! resumes leaves out those that the ledger has.

use std::sync::{
    Mutex, PoisonError,
    mpsc::{Receiver, RecvTimeoutError, SyncSender, channel, sync_channel},
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
    let done = target.ledger(stage)?;
    after_batch(sum(done.iter().map(|(_, it)| it)).rows_written)?;
    let done = |number: u32| done.iter().find(|(it, _)| *it == number).map(|(_, it)| it.rows_written);
    let batch_in_lane = |lane: &MysqlTarget<'_>, batch: &Batch| {
        once(lane, stage, batch.number, name, |conn| {
            batch.publish(lane, conn, &RowsWay::Upsert, (name, table), collations)?;
            Ok(counted(batch.rows))
        })
    };
    in_lanes(target, &batch_in_lane, &mut |batches, published| {
        let mut number = 0;
        loop {
            target.site.check_cancelled()?;
            if let Some(rows_done) = done(number) {
                rows.skip(rows_done)?;
            } else if let Some(batch) = Batch::read(number, table, rows)? {
                if batches.send(batch).is_err() {
                    // Every lane has ended, one of them with the error.
                    return Ok(());
                }
            } else {
                return Ok(());
            }
            number += 1;
            published.try_iter().try_for_each(&mut *after_batch)?;
        }
    })?;
    let all = target.ledger(stage)?;
    Ok(sum(all.iter().map(|(_, it)| it)))
}

/// Publishes one batch on one connection; what it counted.
type InLane<'a> = dyn Fn(&MysqlTarget<'_>, &Batch) -> Result<Statistics, WorkerError> + Sync + 'a;
/// Cuts the batches and hands them over; is told how many rows each had that is published.
type Cut<'a> = dyn FnMut(&SyncSender<Batch>, &Receiver<u64>) -> Result<(), WorkerError> + 'a;

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
        let cut = cut_all(target, table, rows, &sender);
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
    table: &Table,
    rows: &mut dyn StagedRows,
    batches: &SyncSender<Option<Batch>>,
) -> Result<(), WorkerError> {
    for number in 0.. {
        target.site.check_cancelled()?;
        let batch = Batch::read(number, table, rows)?;
        let is_last = batch.is_none();
        // Where nobody takes it, why is what the thread that publishes tells.
        if batches.send(batch).is_err() || is_last {
            break;
        }
    }
    Ok(())
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
