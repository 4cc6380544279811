//! Load: parts into staging, each in one transaction.
//!
//! As an array of jobs, each child loads the one part of its number. What is loaded stands in the target's ledger, in
//! the transaction of the rows themselves; a child that has loaded its part reads the ledger, and the one that finds
//! every part there ends the stage. So nothing has to be right about which child is the last.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use super::{
    Worked,
    checked_part::{fill, part_list},
};
use crate::{
    error::WorkerError,
    part_list::Part,
    stage::Context,
    target::{Target, sum},
};

pub(super) fn load(context: &Context<'_>, name: &str) -> Result<Worked, WorkerError> {
    let table = context.table(name)?;
    let list = part_list(context, name)?;
    let stage = &context.stage.id;
    if context.site.part.is_none() {
        context.progress.total(stage, list.parts.iter().map(|it| it.rows).sum());
    }
    let target = context.open_target()?;
    let done = target.ledger(stage)?;
    let (loaded, missing): (Vec<&Part>, Vec<&Part>) = list
        .parts
        .iter()
        .filter(|it| context.site.is_to_do(it.number))
        .partition(|part| done.iter().any(|(it, _)| *it == part.number));
    for part in loaded {
        context.advance(part.rows, part.bytes)?;
    }
    let work = |target: &dyn Target, part: &Part| {
        let table = (name, table);
        let _ = target
            .load_part(stage, part.number, table, &mut |sink| fill(context, table.0, table.1, part, sink))?;
        context.advance(0, part.bytes)
    };
    let threads = if target.loads_side_by_side() { context.site.threads.min(missing.len()) } else { 1 };
    if threads > 1 {
        in_parallel(context, threads, &missing, &work)?;
    } else {
        missing.iter().try_for_each(|part| work(&*target, part))?;
    }
    let done = target.ledger(stage)?;
    if list.parts.iter().all(|part| done.iter().any(|(it, _)| *it == part.number)) {
        return Ok(Worked::All(sum(done.iter().map(|(_, it)| it))));
    }
    let own = done.iter().filter(|(it, _)| context.site.is_to_do(*it));
    Ok(Worked::Part(sum(own.map(|(_, it)| it))))
}
/// Loads one part on one connection.
type LoadPart<'a> = dyn Fn(&dyn Target, &Part) -> Result<(), WorkerError> + Sync + 'a;

/// Loads parts on several threads, each with a connection of its own; after an error no further part is begun.
fn in_parallel(
    context: &Context<'_>,
    threads: usize,
    missing: &[&Part],
    work: &LoadPart<'_>,
) -> Result<(), WorkerError> {
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(None);
    let load = || -> Result<(), WorkerError> {
        let target = context.open_target()?;
        while let Some(part) = missing.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(&*target, part)?;
        }
        Ok(())
    };
    let load = || {
        if let Err(error) = load() {
            next.store(missing.len(), Ordering::Relaxed);
            let _ = failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let _ = scope.spawn(load);
        }
    });
    failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
}
