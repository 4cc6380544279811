//! Load: parts into staging, each in one transaction. Every value is checked against its declared type before it
//! gets there; a row that does not fit is kept with the rejects.
//!
//! As an array of jobs, each child loads the one part of its number. What is loaded stands in the target's ledger, in
//! the transaction of the rows themselves; a child that has loaded its part reads the ledger, and the one that finds
//! every part there ends the stage. So nothing has to be right about which child is the last.

use std::{
    io::{self, Read},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use sluice_contract::{object_key, plan::Table, statistics::Statistics};

use super::{BATCH, Worked, rejects::Rejects};
use crate::{
    column_value::{self, ColumnValue},
    csv_part::{PartReader, PartRow},
    error::WorkerError,
    objects::{HashingReader, io_failed},
    part_list::{Part, PartList},
    stage::Context,
    target::{RowSink, Target, sum},
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

fn part_list(context: &Context<'_>, name: &str) -> Result<PartList, WorkerError> {
    let key = object_key::part_list(&context.plan.pipeline, context.run, name);
    let damaged = |message: String| WorkerError::Part { key: key.clone(), message };
    let bytes =
        context.objects.get(&key)?.ok_or_else(|| damaged("the list of parts is not there".to_owned()))?;
    serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))
}

fn fill(
    context: &Context<'_>,
    name: &str,
    table: &Table,
    part: &Part,
    sink: &mut dyn RowSink,
) -> Result<Statistics, WorkerError> {
    let damaged = |message: String| WorkerError::Part { key: part.key.clone(), message };
    let broken = |error: io::Error| {
        use io::ErrorKind as Kind;
        if matches!(error.kind(), Kind::InvalidData | Kind::InvalidInput | Kind::UnexpectedEof) {
            damaged(error.to_string())
        } else {
            io_failed("read", &part.key, &error)
        }
    };
    let object = context.objects.reader(&part.key)?.ok_or_else(|| damaged("it is not there".to_owned()))?;
    let (mut reader, header) = PartReader::new(HashingReader::new(object)).map_err(broken)?;
    let fields = table
        .columns
        .iter()
        .map(|column| {
            let field = header.iter().position(|it| *it == column.name);
            field.ok_or_else(|| damaged(format!("it has no column `{}`", column.name)))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let rejects_key = object_key::rejects(&context.plan.pipeline, context.run, name, part.number);
    let mut rejects = Rejects::new(&context.objects, &rejects_key, &header);
    let mut values = Vec::with_capacity(fields.len());
    let mut counted = Statistics { parts: 1, bytes: part.bytes, ..Statistics::default() };
    while let Some(row) = reader.next_row().map_err(broken)? {
        counted.rows_read += 1;
        // The values borrow from the row; the emptied buffer is all that is kept from row to row.
        let mut checked = recycle(std::mem::take(&mut values));
        match check_row(table, &fields, row, &mut checked).map_err(broken)? {
            None => {
                sink.row(row.line(), &checked)?;
                counted.rows_written += 1;
            }
            Some(misfit) => {
                rejects.row(row, header.len(), misfit.column, &misfit.reason)?;
                counted.rows_rejected += 1;
            }
        }
        values = recycle(checked);
        if counted.rows_read.is_multiple_of(BATCH) {
            context.advance(BATCH, 0)?;
        }
    }
    check_whole(reader, part, counted.rows_read).map_err(broken)?.map_or(Ok(()), |it| Err(damaged(it)))?;
    rejects.finish()?;
    context.advance(counted.rows_read % BATCH, 0)?;
    Ok(counted)
}

/// What is wrong with the part as a whole.
fn check_whole<R: Read>(
    reader: PartReader<HashingReader<R>>,
    part: &Part,
    rows: u64,
) -> io::Result<Option<String>> {
    let (bytes, sha256) = reader.into_inner().finish()?;
    Ok(if sha256 != part.sha256 || bytes != part.bytes {
        Some(format!("its checksum is {sha256}, {} was extracted", part.sha256))
    } else if rows != part.rows {
        Some(format!("it has {rows} rows, {} were extracted", part.rows))
    } else {
        None
    })
}

/// A value that does not fit its column.
struct Misfit<'a> {
    column: &'a str,
    reason: String,
}

fn check_row<'a, 'b>(
    table: &'a Table,
    fields: &[usize],
    row: PartRow<'b>,
    values: &mut Vec<Option<ColumnValue<'b>>>,
) -> io::Result<Option<Misfit<'a>>> {
    for (column, field) in table.columns.iter().zip(fields) {
        let checked = match row.value(*field)? {
            None if column.key => Err("null in the key".to_owned()),
            None => Ok(None),
            Some(value) => column_value::check(column.kind, value).map(Some),
        };
        match checked {
            Ok(value) => values.push(value),
            Err(reason) => return Ok(Some(Misfit { column: &column.name, reason })),
        }
    }
    Ok(None)
}

/// The same buffer, empty, for values of another lifetime: collecting in place keeps the allocation.
fn recycle<'b>(mut values: Vec<Option<ColumnValue<'_>>>) -> Vec<Option<ColumnValue<'b>>> {
    values.clear();
    values.into_iter().map(|_| None).collect()
}
