//! Rows of a part into staging.

use rusqlite::Statement;
use sluice_contract::{plan::Table, statistics::Statistics};

use super::{SqliteTarget, sql};
use crate::{
    column_value::ColumnValue,
    error::WorkerError,
    target::{FillPart, RowSink},
};

pub(super) fn load_part(
    target: &SqliteTarget<'_>,
    stage: &str,
    part: u32,
    (name, table): (&str, &Table),
    fill: &mut FillPart<'_>,
) -> Result<Statistics, WorkerError> {
    target.once(stage, part, name, |transaction| {
        let statement = transaction
            .prepare(&sql::load(&target.staging(name), table))
            .map_err(|error| target.failed(name, &error))?;
        fill(&mut Sink { target, name, part, statement })
    })
}

struct Sink<'a> {
    target: &'a SqliteTarget<'a>,
    name: &'a str,
    part: u32,
    statement: Statement<'a>,
}

impl Sink<'_> {
    fn insert(&mut self, line: u64, values: &[Option<ColumnValue<'_>>]) -> rusqlite::Result<usize> {
        let statement = &mut self.statement;
        statement.raw_bind_parameter(1, self.part)?;
        statement.raw_bind_parameter(2, i64::try_from(line).unwrap_or(i64::MAX))?;
        bind(statement, 3, values)?;
        statement.raw_execute()
    }
}

/// Binds a row's values to the places from `first` on.
pub(super) fn bind(
    statement: &mut Statement<'_>,
    first: usize,
    values: &[Option<ColumnValue<'_>>],
) -> rusqlite::Result<()> {
    for (index, value) in (first..).zip(values) {
        match value {
            None => statement.raw_bind_parameter(index, rusqlite::types::Null),
            Some(ColumnValue::Integer(number)) => statement.raw_bind_parameter(index, number),
            Some(ColumnValue::Text(text)) => statement.raw_bind_parameter(index, text),
            Some(ColumnValue::Canonical(text)) => statement.raw_bind_parameter(index, text),
        }?;
    }
    Ok(())
}

impl RowSink for Sink<'_> {
    fn row(&mut self, line: u64, values: &[Option<ColumnValue<'_>>]) -> Result<(), WorkerError> {
        self.insert(line, values).map(drop).map_err(|error| self.target.failed(self.name, &error))
    }
}
