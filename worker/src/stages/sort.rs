//! Sort: the parts of an extract become parts that can be published. Rows that do not fit are kept with the rejects,
//! all but one of those that are duplicates are left out, the rest is put in the order of the table's key and held
//! against the expectations.
//!
//! Memory is bounded whatever the number of rows: what it does not hold goes to the task's own disk and not to the
//! object store, since it is written and read once, at once, and is of no use to another attempt. An attempt that is
//! lost leaves nothing but objects that no list names; the next one begins with the extracted parts again. The list
//! is written last, so where it stands the stage is done.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use sluice_contract::{
    object_key,
    plan::{Dedupe, Expectation, Keep, Table},
    statistics::Statistics,
};

use super::{
    BATCH,
    checked_part::{fill, part_list},
    sorted_rows::{InOrder, Output},
    verify::hold,
};
use crate::{
    column_value::ColumnValue,
    error::WorkerError,
    part_list::{Part, PartList},
    record::{self, decode},
    stage::Context,
    staged::{Merge, Sorted, SortedList, SortedWriter, Sorter, order, row_queue},
    target::{RowSink, sum},
};

/// Bytes of rows that memory holds while they are read, and again while what is left of them is ordered.
pub(super) const MEMORY: usize = if cfg!(test) { 512 * 1024 } else { 64 * 1024 * 1024 };

pub(super) fn sort(
    context: &Context<'_>,
    name: &str,
    dedupe: Option<&Dedupe>,
    expectations: &[Expectation],
) -> Result<Statistics, WorkerError> {
    let key = object_key::sorted_list(&context.plan.pipeline, context.run, name);
    if let Some(list) = SortedList::read(&context.objects, &key)? {
        return Ok(list.statistics);
    }
    let table = context.table(name)?;
    let parts = part_list(context, name)?;
    context.progress.total(&context.stage.id, parts.parts.iter().map(|it| it.rows).sum());
    let shape = Shape::new(context, table, dedupe)?;
    let scratch = context.site.state_dir.join("scratch");
    let (loaded, sorted) = read(context, name, table, &shape, &parts, &scratch)?;
    let failed = |error: io::Error| scratch_failed(&scratch, &error);
    let rows = sorted.merge(&scratch).map_err(failed)?;
    let (queue, blocks) = row_queue();
    let ((list, measured), parts) = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let key = |part| {
                object_key::sorted_part(&context.plan.pipeline, context.run, name, part, context.fence)
            };
            SortedWriter::new(&context.objects, table, key).write_all(blocks)
        });
        let passed = Output::new(context, (name, table), expectations, &shape.key, &scratch, loaded, queue)
            .and_then(|mut output| {
                in_order(context, &shape, rows, &mut output, &scratch)?;
                output.finish()
            });
        let parts = writing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        Ok((passed?, parts))
    })?;
    let written: u64 = parts.iter().map(|it| it.rows).sum();
    if written != list.statistics.rows_written || (!shape.dedupes && list.statistics.duplicates > 0) {
        return Err(failed(io::Error::other("rows that were put there did not come back")));
    }
    let list = SortedList { parts, ..list };
    hold(context, name, expectations, &measured)?;
    list.write(&context.objects, &key)?;
    Ok(list.statistics)
}

/// Hands on what is left of the rows, in the order of the table's key.
fn in_order(
    context: &Context<'_>,
    shape: &Shape<'_>,
    rows: Merge,
    output: &mut Output<'_>,
    scratch: &Path,
) -> Result<(), WorkerError> {
    let failed = |error: io::Error| scratch_failed(scratch, &error);
    if !shape.dedupes {
        return in_key_order(context, rows, output, scratch);
    }
    if shape.is_in_key_order {
        return winners(context, rows, scratch, &mut |rows| output.row(rows.payload(), InOrder::Different));
    }
    let mut by_key = Sorter::new(MEMORY, scratch);
    let mut key = Vec::new();
    winners(context, rows, scratch, &mut |rows| {
        let values = decode(rows.payload()).map_err(failed)?;
        key.clear();
        let group = shape.push(&mut key, &shape.key, &values);
        // Where it came from, as it stands at the end of the key so far.
        key.extend_from_slice(rows.key().last_chunk::<{ order::PLACE }>().map_or(&[][..], |it| it));
        by_key.push(&key, group, rows.payload()).map_err(failed)
    })?;
    let mut again = Sorted::default();
    by_key.finish(&mut again);
    in_key_order(context, again.merge(scratch).map_err(failed)?, output, scratch)
}

/// By what rows are ordered.
struct Shape<'a> {
    table: &'a Table,
    /// The places of the key's columns.
    key: Vec<usize>,
    /// The places of the columns that duplicates agree in.
    by: Vec<usize>,
    keep: Option<(&'a Keep, usize)>,
    /// Whether the rows that stay of duplicates come in the key's order: duplicates agree in the key's first columns.
    is_in_key_order: bool,
    dedupes: bool,
}

impl<'a> Shape<'a> {
    fn new(context: &Context<'_>, table: &'a Table, dedupe: Option<&'a Dedupe>) -> Result<Self, WorkerError> {
        let place = |name: &str| {
            let place = table.columns.iter().position(|it| it.name == name);
            place.ok_or_else(|| context.plan_failed(format!("its table has no column `{name}`")))
        };
        let key = table.key().map(place).collect::<Result<Vec<_>, _>>()?;
        let mut by = Vec::new();
        let mut keep = None;
        if let Some(dedupe) = dedupe {
            by = dedupe.by.iter().map(|it| place(it)).collect::<Result<Vec<_>, _>>()?;
            keep = match &dedupe.keep {
                Keep::Newest { column } | Keep::Oldest { column } => Some((&dedupe.keep, place(column)?)),
                Keep::First => None,
            };
        }
        let leading = key.iter().take_while(|it| by.contains(it)).count();
        let is_in_key_order = leading > 0 && by.iter().all(|it| key.iter().take(leading).any(|at| at == it));
        if is_in_key_order {
            by = key.iter().take(leading).copied().collect();
        }
        Ok(Self { table, key, by, keep, is_in_key_order, dedupes: dedupe.is_some() })
    }

    /// Adds the values of some columns; how long the key is then, which makes a group.
    fn push(&self, key: &mut Vec<u8>, columns: &[usize], values: &[Option<&[u8]>]) -> usize {
        for place in columns {
            if let Some(column) = self.table.columns.get(*place) {
                order::push(key, column.kind, values.get(*place).copied().flatten());
            }
        }
        key.len()
    }

    /// The first order of a row: duplicates stand together, the one that stays in front. How long the group is.
    fn first_key(&self, key: &mut Vec<u8>, values: &[Option<&[u8]>], part: u32, line: u64) -> usize {
        key.clear();
        if !self.dedupes {
            let group = self.push(key, &self.key, values);
            order::push_place(key, part, line);
            return group;
        }
        let mut group = self.push(key, &self.by, values);
        if let Some((keep, place)) = self.keep
            && let Some(column) = self.table.columns.get(place)
        {
            let value = values.get(place).copied().flatten();
            match keep {
                Keep::Newest { .. } => order::push_newest_first(key, column.kind, value),
                Keep::Oldest { .. } => order::push_oldest_first(key, column.kind, value),
                Keep::First => {}
            }
        }
        order::push_place(key, part, line);
        if self.by.iter().any(|it| values.get(*it).is_none_or(Option::is_none)) {
            // A null agrees with nothing: the row is a group of its own.
            group = key.len();
        }
        group
    }
}

/// Reads the parts, several at once.
fn read(
    context: &Context<'_>,
    name: &str,
    table: &Table,
    shape: &Shape<'_>,
    list: &PartList,
    scratch: &Path,
) -> Result<(Statistics, Sorted), WorkerError> {
    let threads = context.site.threads.clamp(1, list.parts.len().max(1));
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let all = Mutex::new(Ok((Statistics::default(), Sorted::default())));
    let work = || -> Result<(), WorkerError> {
        let sorter = Sorter::new(MEMORY / threads, scratch);
        let mut sink =
            Sink { shape, sorter, stop: &stop, scratch, part: 0, key: Vec::new(), payload: Vec::new() };
        let mut counted = Statistics::default();
        while let Some(part) = list.parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            let of_part = one_part(context, name, table, part, &mut sink)?;
            counted = sum([&counted, &of_part]);
        }
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok((figures, sorted)) = &mut *all {
            *figures = sum([&*figures, &counted]);
            sink.sorter.finish(sorted);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let _ = scope.spawn(|| {
                if let Err(error) = work() {
                    stop.store(true, Ordering::Relaxed);
                    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                    // What the others then end with is only that they were stopped.
                    if all.is_ok() {
                        *all = Err(error);
                    }
                }
            });
        }
    });
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn one_part(
    context: &Context<'_>,
    name: &str,
    table: &Table,
    part: &Part,
    sink: &mut Sink<'_>,
) -> Result<Statistics, WorkerError> {
    sink.part = part.number;
    let counted = fill(context, name, table, part, sink)?;
    context.advance(0, part.bytes)?;
    Ok(counted)
}

/// Takes the rows that fit.
struct Sink<'a> {
    shape: &'a Shape<'a>,
    sorter: Sorter,
    stop: &'a AtomicBool,
    scratch: &'a Path,
    part: u32,
    key: Vec<u8>,
    payload: Vec<u8>,
}

impl RowSink for Sink<'_> {
    fn row(&mut self, line: u64, values: &[Option<ColumnValue<'_>>]) -> Result<(), WorkerError> {
        if line.is_multiple_of(BATCH) && self.stop.load(Ordering::Relaxed) {
            return Err(WorkerError::Stopped);
        }
        let failed = |error: io::Error| scratch_failed(self.scratch, &error);
        self.payload.clear();
        for value in values {
            record::push_value(&mut self.payload, value.as_ref());
        }
        let texts = decode(&self.payload).map_err(failed)?;
        let group = self.shape.first_key(&mut self.key, &texts, self.part, line);
        self.sorter.push(&self.key, group, &self.payload).map_err(failed)
    }
}

/// Hands on the first row of each group.
fn winners(
    context: &Context<'_>,
    mut rows: Merge,
    scratch: &Path,
    each: &mut dyn FnMut(&Merge) -> Result<(), WorkerError>,
) -> Result<(), WorkerError> {
    let mut group: Option<Vec<u8>> = None;
    let mut passed = 0u64;
    while rows.advance().map_err(|error| scratch_failed(scratch, &error))? {
        passed += 1;
        if passed.is_multiple_of(BATCH) {
            context.advance(0, 0)?;
        }
        match &mut group {
            Some(last) if last == rows.group() => continue,
            Some(last) => {
                last.clear();
                last.extend_from_slice(rows.group());
            }
            none @ None => *none = Some(rows.group().to_vec()),
        }
        each(&rows)?;
    }
    Ok(())
}

/// Hands on all rows, whose groups are their keys.
fn in_key_order(
    context: &Context<'_>,
    mut rows: Merge,
    output: &mut Output<'_>,
    scratch: &Path,
) -> Result<(), WorkerError> {
    let mut key = Vec::new();
    let mut passed = 0u64;
    while rows.advance().map_err(|error| scratch_failed(scratch, &error))? {
        let like_before = passed > 0 && rows.group() == key;
        output.row(rows.payload(), if like_before { InOrder::Repeated } else { InOrder::Different })?;
        if !like_before {
            key.clear();
            key.extend_from_slice(rows.group());
        }
        passed += 1;
        if passed.is_multiple_of(BATCH) {
            context.advance(0, 0)?;
        }
    }
    Ok(())
}

/// The task's disk is full or broken, which it will be for another attempt of this job.
pub(super) fn scratch_failed(scratch: &Path, error: &io::Error) -> WorkerError {
    let place: PathBuf = scratch.to_owned();
    WorkerError::Scratch { place: place.display().to_string(), message: error.to_string() }
}
