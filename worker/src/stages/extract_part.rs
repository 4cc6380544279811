//! One part of an extract: rows from the source straight into the object store, in bounded memory.

use std::{
    io::{self, Write as _},
    sync::atomic::{AtomicBool, Ordering},
};

use super::BATCH;
use crate::{
    csv_part::PartWriter,
    error::WorkerError,
    objects::{ObjectWriter, io_failed},
    source::{Query, Range, Source, Value},
    stage::Context,
};

/// What was written.
#[derive(Debug)]
pub(super) struct Extracted {
    pub(super) rows: u64,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

pub(super) fn write_part(
    context: &Context<'_>,
    source: &dyn Source,
    query: &Query<'_>,
    range: Option<&Range>,
    header: &[String],
    key: &str,
    stop: &AtomicBool,
) -> Result<Extracted, WorkerError> {
    let failed = |error: io::Error| io_failed("write", key, &error);
    let object = context.objects.writer(key)?;
    let mut part = PartWriter::new(object, header.iter().map(String::as_str)).map_err(failed)?;
    let mut rows = 0;
    let mut text = Vec::new();
    source.rows(query, range, &mut |values| {
        write_row(&mut part, values, &mut text).map_err(failed)?;
        rows += 1;
        if rows % BATCH == 0 {
            if stop.load(Ordering::Relaxed) {
                return Err(WorkerError::Stopped);
            }
            context.advance(BATCH, 0)?;
        }
        Ok(())
    })?;
    let (bytes, sha256) = part.finish().map_err(failed)?.finish()?;
    context.advance(rows % BATCH, bytes)?;
    Ok(Extracted { rows, bytes, sha256 })
}

fn write_row(
    part: &mut PartWriter<ObjectWriter>,
    values: &[Value<'_>],
    text: &mut Vec<u8>,
) -> io::Result<()> {
    for value in values {
        text.clear();
        match value {
            Value::Null => part.field(None)?,
            Value::Bytes(bytes) => part.field(Some(bytes))?,
            Value::Integer(number) => {
                write!(text, "{number}")?;
                part.field(Some(text))?;
            }
            Value::Real(number) => {
                write!(text, "{number}")?;
                part.field(Some(text))?;
            }
        }
    }
    part.end_row()
}
