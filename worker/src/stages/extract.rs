//! Extract: the rows of a query become parts in the object store, several at once, each recorded when it is there.
//!
//! A query that is split is cut at values of one of its columns. They are chosen once for a run and kept in the runs
//! table, so that a resumed extract cuts where the first attempt did.
//!
//! # As an array of jobs
//!
//! Each child writes the one part of its number. What must be the same for all, and what must be said when all is
//! there, is nobody's task in particular, since whoever had it could be the one that is lost:
//!
//! * Where to cut: a child that finds no cuts chooses them, and the first write of them is what every child uses.
//!   Children that begin at the same moment may each ask the source; none waits for another, of which Batch may not
//!   even have found a host. The data may give fewer parts than there are children; the last ones find nothing to do.
//! * The list of parts: a child that has recorded its part reads all records, and the one that finds every part
//!   there writes the list and ends the stage ([`sluice_contract::runs`] says why there is always one). The list says
//!   what the records say, so it may be written twice.
//! * A part is done once its record is there. An attempt that comes after it, of a child or of a resumed run, goes
//!   straight to the question whether all are there.
//! * The records and the keys of the objects carry the fence. A child that was taken over and lives on can't take the
//!   place of a part that was recorded after it, nor change the object of one.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use jiff::{Timestamp, tz::TimeZone};
use sluice_contract::{
    dynamodb::{AttributeValue, GetItem, Item, ItemStoreError, PutItem},
    object_key,
    plan::{Split, Table},
    runs::{self, PartRecord, partition, stage_key},
    statistics::Statistics,
};

use super::{
    Worked,
    extract_part::{Extracted, write_part},
};
use crate::{
    error::WorkerError,
    part_list::{Part, PartList},
    source::{Bound, Query, Range, Source, SourcePlace},
    stage::Context,
};

/// The plan's words for an extract.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extract<'a> {
    pub(super) table: &'a str,
    pub(super) connection: &'a str,
    pub(super) file: &'a str,
    pub(super) sql: &'a str,
    pub(super) reads: &'a [String],
    pub(super) split: Option<&'a Split>,
}

pub(super) fn extract(context: &Context<'_>, extract: &Extract<'_>) -> Result<Worked, WorkerError> {
    let key = format!("{}/{}/{}", context.plan.pipeline, context.run, context.stage.id);
    let worked = extract_from(context, extract, &key);
    // Other parts go on with what this one has read, and a failed stage reads its source anew.
    if !matches!(worked, Ok(Worked::Part(_))) {
        context.site.imports.forget(&key);
    }
    worked
}

fn extract_from(
    context: &Context<'_>,
    extract: &Extract<'_>,
    import_key: &str,
) -> Result<Worked, WorkerError> {
    let table = context.table(extract.table)?;
    let connection = context
        .plan
        .connections
        .get(extract.connection)
        .ok_or_else(|| context.plan_failed(format!("it has no connection `{}`", extract.connection)))?;
    let place = SourcePlace::find(context.site, extract.connection, connection, extract.reads, import_key)?;
    let run_date = run_date(context.run_started_at);
    let since = since(context.last_success()?.map(|it| it.started_at));
    let query = Query {
        file: extract.file,
        sql: extract.sql,
        country: &context.plan.country,
        run_date: &run_date,
        since: &since,
    };
    let source = place.open()?;
    let columns = source.columns(&query)?;
    let header = match_columns(extract, table, &columns)?;
    let ranges = match extract.split {
        None => vec![None],
        Some(split) => ranges(context, &*source, &query, split, &columns)?.into_iter().map(Some).collect(),
    };
    drop(source);
    let mut parts = recorded(context, extract.table)?;
    for part in parts.values().filter(|it| context.site.is_to_do(it.number)) {
        context.advance(part.rows, part.bytes)?;
    }
    let missing: Vec<_> = (0u32..)
        .zip(&ranges)
        .filter(|(part, _)| context.site.is_to_do(*part) && !parts.contains_key(part))
        .collect();
    let write = |part: u32, range: Option<&Range>, stop: &AtomicBool| {
        let key = object_key::part(&context.plan.pipeline, context.run, extract.table, part, context.fence);
        let source = place.open()?;
        let extracted = write_part(context, &*source, &query, range, &header, &key, stop)?;
        record(context, part, &extracted)?;
        let Extracted { rows, bytes, sha256 } = extracted;
        Ok(Part { number: part, key, rows, bytes, sha256 })
    };
    parts.extend(in_parallel(context.site.threads, &missing, &write)?);
    if let Some(own) = context.site.part {
        let own = parts.remove(&own);
        parts = recorded(context, extract.table)?;
        if parts.len() < ranges.len() {
            return Ok(Worked::Part(figures(own.iter())));
        }
    }
    let list = PartList { parts: parts.into_values().collect() };
    let text = serde_json::to_vec_pretty(&list)
        .map_err(|error| context.plan_failed(format!("its list of parts can't be written: {error}")))?;
    context.objects.put(&object_key::part_list(&context.plan.pipeline, context.run, extract.table), text)?;
    Ok(Worked::All(figures(list.parts.iter())))
}

fn figures<'a>(parts: impl Iterator<Item = &'a Part>) -> Statistics {
    parts.fold(Statistics::default(), |sum, part| Statistics {
        rows_read: sum.rows_read + part.rows,
        rows_written: sum.rows_written + part.rows,
        bytes: sum.bytes + part.bytes,
        parts: sum.parts + 1,
        ..sum
    })
}

/// Writes one part, unless it is told to stop.
type WritePart<'a> = dyn Fn(u32, Option<&Range>, &AtomicBool) -> Result<Part, WorkerError> + Sync + 'a;

/// Writes the parts on several threads; the first error stops the others.
fn in_parallel(
    threads: usize,
    missing: &[(u32, &Option<Range>)],
    write: &WritePart<'_>,
) -> Result<BTreeMap<u32, Part>, WorkerError> {
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let done = Mutex::new(Ok(BTreeMap::new()));
    let work = || {
        while let Some((part, range)) = missing.get(next.fetch_add(1, Ordering::Relaxed)) {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            let result = write(*part, range.as_ref(), &stop);
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            match (&mut *done, result) {
                (Ok(parts), Ok(written)) => {
                    let _ = parts.insert(*part, written);
                }
                (Ok(_), Err(error)) => {
                    stop.store(true, Ordering::Relaxed);
                    *done = Err(error);
                }
                (Err(_), _) => {}
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, missing.len().max(1)) {
            let _ = scope.spawn(work);
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// `2026-11-22`, the day that the run first started, in UTC.
pub(super) fn run_date(started_at: i64) -> String {
    let started_at = Timestamp::from_millisecond(started_at).unwrap_or_default();
    started_at.to_zoned(TimeZone::UTC).date().to_string()
}

/// `2026-11-21 02:30:00`, when the last run that succeeded had started, in UTC; long ago where there was none.
pub(super) fn since(started_at: Option<i64>) -> String {
    let started_at = Timestamp::from_millisecond(started_at.unwrap_or_default()).unwrap_or_default();
    started_at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The declared name of each of the query's columns; an error with all names where they differ.
fn match_columns(
    extract: &Extract<'_>,
    table: &Table,
    columns: &[String],
) -> Result<Vec<String>, WorkerError> {
    let same = |left: &str, right: &str| left.eq_ignore_ascii_case(right);
    let listed = |word: &str, names: Vec<&str>| {
        let names: Vec<_> = names.into_iter().map(|it| format!("`{it}`")).collect();
        (!names.is_empty()).then(|| format!("{word} {}", names.join(", ")))
    };
    let declared = table.columns.iter().map(|it| it.name.as_str());
    let missing = declared.filter(|name| !columns.iter().any(|it| same(it, name))).collect();
    let extra = columns
        .iter()
        .map(String::as_str)
        .filter(|name| !table.columns.iter().any(|it| same(&it.name, name)))
        .collect();
    let twice = columns
        .iter()
        .enumerate()
        .filter(|(index, name)| columns.iter().take(*index).any(|it| same(it, name)))
        .map(|(_, name)| name.as_str())
        .collect();
    let differences = [listed("missing", missing), listed("not declared", extra), listed("twice", twice)];
    let difference = differences.into_iter().flatten().collect::<Vec<_>>().join("; ");
    if !difference.is_empty() {
        let (file, table) = (extract.file.to_owned(), extract.table.to_owned());
        return Err(WorkerError::QueryColumns { file, table, difference });
    }
    Ok(columns
        .iter()
        .filter_map(|name| table.columns.iter().find(|it| same(&it.name, name)))
        .map(|it| it.name.clone())
        .collect())
}

/// The ranges of the parts, chosen by the first attempt of the run that gets here.
fn ranges(
    context: &Context<'_>,
    source: &dyn Source,
    query: &Query<'_>,
    split: &Split,
    columns: &[String],
) -> Result<Vec<Range>, WorkerError> {
    let Some(column) = columns.iter().find(|it| it.eq_ignore_ascii_case(&split.column)) else {
        return Err(WorkerError::Query {
            file: query.file.to_owned(),
            at: None,
            message: format!("it has no column `{}` to split by", split.column),
            help: None,
        });
    };
    let failed = |error: &ItemStoreError| context.run_state_failed(error);
    let pk = partition(&context.plan.pipeline);
    // Among the stage's parts, so that it is found and removed with them.
    let sk = format!("{}#PART#bounds", stage_key(context.run, &context.stage.id));
    let table_name = || context.site.runs_table.clone();
    let get = GetItem { table_name: table_name(), key: runs::key(&pk, &sk), consistent_read: Some(true) };
    let mut kept = context.site.items.get_item(&get).map_err(|it| failed(&it))?;
    if kept.is_none() {
        let bounds = source.bounds(query, column, split.parts)?;
        let mut item = runs::key(&pk, &sk);
        let values = bounds.iter().map(Bound::to_attribute).collect();
        let _ = item.insert("bounds".to_owned(), AttributeValue::L(values));
        let now = context.site.clock.now().as_millisecond();
        let _ = item.insert(runs::EXPIRES_AT.to_owned(), runs::expires_at(now));
        let put = PutItem {
            table_name: table_name(),
            item: item.clone(),
            condition_expression: Some("attribute_not_exists(#pk)".to_owned()),
            expression_attribute_names: runs::names(&[runs::PK]),
            expression_attribute_values: Item::new(),
        };
        kept = match context.site.items.put_item(&put) {
            Ok(()) => Some(item),
            Err(ItemStoreError::ConditionFailed) => {
                context.site.items.get_item(&get).map_err(|it| failed(&it))?
            }
            Err(
                error @ (ItemStoreError::Invalid(_)
                | ItemStoreError::Unavailable(_)
                | ItemStoreError::Damaged(_)),
            ) => return Err(failed(&error)),
        };
    }
    let bounds = match kept.and_then(|mut it| it.remove("bounds")) {
        Some(AttributeValue::L(values)) => {
            values.iter().map(Bound::from_attribute).collect::<Option<Vec<_>>>()
        }
        Some(_) | None => None,
    };
    let bounds = bounds.ok_or_else(|| failed(&ItemStoreError::Invalid(format!("item `{sk}` is damaged"))))?;
    Ok(Range::between(column, &bounds))
}

/// The parts that are there, whoever has written them.
fn recorded(context: &Context<'_>, table: &str) -> Result<BTreeMap<u32, Part>, WorkerError> {
    let parts = context.runs().parts(&context.key()).map_err(|it| context.run_state_failed(&it))?;
    let part = |it: PartRecord| {
        let PartRecord { part: number, fence, rows, bytes, sha256 } = it;
        let key = object_key::part(&context.plan.pipeline, context.run, table, number, fence);
        (number, Part { number, key, rows, bytes, sha256 })
    };
    Ok(parts.into_iter().map(part).collect())
}

fn record(context: &Context<'_>, part: u32, extracted: &Extracted) -> Result<(), WorkerError> {
    let Extracted { rows, bytes, sha256 } = extracted;
    let part = PartRecord { part, fence: context.fence, rows: *rows, bytes: *bytes, sha256: sha256.clone() };
    let failed = |it: ItemStoreError| context.run_state_failed(&it);
    let now = context.site.clock.now().as_millisecond();
    let accepted = context.runs().part_done(&context.key(), &part, now).map_err(failed)?;
    context.held(accepted)
}
