//! The rows of one extracted part: every value is checked against its declared type before it goes anywhere; a row that
//! does not fit is kept with the rejects, with line, column and reason.

use std::io::{self, Read};

use sluice_contract::{object_key, plan::Table, statistics::Statistics};

use super::{BATCH, rejects::Rejects};
use crate::{
    column_value::{self, ColumnValue},
    csv_part::{PartReader, PartRow},
    error::WorkerError,
    objects::{HashingReader, io_failed},
    part_list::{Part, PartList},
    stage::Context,
    target::RowSink,
};

/// The parts of the table's extract.
pub(super) fn part_list(context: &Context<'_>, name: &str) -> Result<PartList, WorkerError> {
    let key = object_key::part_list(&context.plan.pipeline, context.run, name);
    let damaged = |message: String| WorkerError::Part { key: key.clone(), message };
    let bytes =
        context.objects.get(&key)?.ok_or_else(|| damaged("the list of parts is not there".to_owned()))?;
    serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))
}

/// Hands the rows of one part that fit to a sink; what it counted.
pub(super) fn fill(
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
    let mut values: Vec<Option<ColumnValue<'_>>> = Vec::with_capacity(fields.len());
    let mut counted = Statistics { parts: 1, bytes: part.bytes, ..Statistics::default() };
    while let Some(row) = reader.next_row().map_err(broken)? {
        counted.rows_read += 1;
        // The values borrow from the row; the emptied buffer is all that is kept from row to row.
        let mut checked = column_value::recycle(std::mem::take(&mut values));
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
        values = column_value::recycle(checked);
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
        let checked = match row.text(*field)? {
            None if column.key => Err("null in the key".to_owned()),
            None => Ok(None),
            Some(text) => text.and_then(|it| column_value::check(column.kind, it)).map(Some),
        };
        match checked {
            Ok(value) => values.push(value),
            Err(reason) => return Ok(Some(Misfit { column: &column.name, reason })),
        }
    }
    Ok(None)
}
