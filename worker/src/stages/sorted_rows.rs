//! The rows that a sort has put in order: written as parts, and counted for the expectations as they pass.

use std::{io, path::Path};

use sluice_contract::{
    plan::{ColumnType, Expectation, Table, Work},
    statistics::Statistics,
};

use super::{
    sort::{MEMORY, scratch_failed},
    verify::Measures,
};
use crate::{
    error::WorkerError,
    record::decode,
    stage::Context,
    staged::{Combinations, RepeatedKey, RowQueue, SortedList, Sorter, shown},
    target::Repeated,
};

/// Whether a row's key is that of the row before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InOrder {
    Different,
    Repeated,
}

/// What is known of the rows once all have passed: the list, in which the parts are still missing, and what
/// expectations ask for.
pub(super) type Passed<'a> = (SortedList, Measured<'a>);

/// Takes the rows in their order.
pub(super) struct Output<'a> {
    table: &'a Table,
    key: &'a [usize],
    scratch: &'a Path,
    queue: RowQueue,
    /// Of the rows as they were read.
    loaded: Statistics,
    rows: u64,
    /// For each column.
    nulls: Vec<u64>,
    combinations: Vec<(&'a [String], Combinations)>,
    country: Option<(usize, &'a [u8])>,
    of_other_countries: u64,
    /// For each column: rows whose moment needs one, two … six digits of a second.
    fractions: Vec<[u64; 6]>,
    padded_keys: u64,
    repeated: Option<RepeatedKey>,
    /// Whether the rows of the first repeated key are still passing.
    is_in_repeated: bool,
}

impl<'a> Output<'a> {
    pub(super) fn new(
        context: &'a Context<'a>,
        (name, table): (&'a str, &'a Table),
        expectations: &'a [Expectation],
        key: &'a [usize],
        scratch: &'a Path,
        loaded: Statistics,
        queue: RowQueue,
    ) -> Result<Self, WorkerError> {
        let place = |column: &str| table.columns.iter().position(|it| it.name == column);
        let unique: Vec<&[String]> = expectations
            .iter()
            .filter_map(|it| match it {
                Expectation::Unique { columns, .. } => Some(columns.as_slice()),
                Expectation::Rows { .. }
                | Expectation::NoNulls { .. }
                | Expectation::Rejected { .. }
                | Expectation::Change { .. } => None,
            })
            .collect();
        let memory = MEMORY / unique.len().max(1);
        let mut combinations = Vec::new();
        for columns in unique {
            let places = columns.iter().map(|it| {
                place(it).ok_or_else(|| context.plan_failed(format!("its table has no column `{it}`")))
            });
            let places = places.collect::<Result<Vec<_>, _>>()?;
            combinations.push((columns, Combinations::new(places, Sorter::new(memory, scratch))));
        }
        Ok(Self {
            table,
            key,
            scratch,
            queue,
            loaded,
            rows: 0,
            nulls: vec![0; table.columns.len()],
            combinations,
            country: country_column(context, name)
                .and_then(place)
                .map(|it| (it, context.plan.country.as_bytes())),
            of_other_countries: 0,
            fractions: vec![[0; 6]; table.columns.len()],
            padded_keys: 0,
            repeated: None,
            is_in_repeated: false,
        })
    }

    /// The next row.
    pub(super) fn row(&mut self, row: &[u8], order: InOrder) -> Result<(), WorkerError> {
        let scratch = self.scratch;
        let failed = |error: io::Error| scratch_failed(scratch, &error);
        let values = decode(row).map_err(failed)?;
        self.rows += 1;
        for (nulls, value) in self.nulls.iter_mut().zip(&values) {
            *nulls += u64::from(value.is_none());
        }
        if let Some((place, country)) = self.country {
            self.of_other_countries += u64::from(values.get(place).copied().flatten() != Some(country));
        }
        for (_, combinations) in &mut self.combinations {
            combinations.row(self.table, &values).map_err(failed)?;
        }
        self.note_fractions(&values);
        let of_key = |place: &usize| values.get(*place).copied().flatten();
        self.padded_keys += u64::from(self.key.iter().filter_map(of_key).any(|it| it.ends_with(b" ")));
        if !self.key.is_empty() {
            self.note_repeated(order, &values);
        }
        self.queue.push(row)
    }

    /// No more rows come.
    pub(super) fn finish(self) -> Result<Passed<'a>, WorkerError> {
        self.queue.finish()?;
        let failed = |error: io::Error| scratch_failed(self.scratch, &error);
        let mut repeated = Vec::new();
        for (columns, combinations) in self.combinations {
            repeated.push((columns, combinations.finish(self.table, self.scratch).map_err(failed)?));
        }
        let fitting = self.loaded.rows_written;
        let statistics = Statistics {
            rows_written: self.rows,
            duplicates: fitting.saturating_sub(self.rows),
            ..self.loaded
        };
        let columns = self.table.columns.iter().map(|it| it.name.clone());
        let fractions = columns.zip(self.fractions).filter(|(_, rows)| *rows != [0; 6]).collect();
        let list = SortedList {
            parts: Vec::new(),
            statistics,
            repeated_key: self.repeated,
            of_other_countries: self.of_other_countries,
            fractions,
            padded_keys: self.padded_keys,
        };
        Ok((list, Measured { table: self.table, statistics, nulls: self.nulls, repeated }))
    }

    /// How exact the row's moments are: of digits behind the second the canonical form has none or all six.
    fn note_fractions(&mut self, values: &[Option<&[u8]>]) {
        for ((column, value), counts) in self.table.columns.iter().zip(values).zip(&mut self.fractions) {
            if column.kind != ColumnType::Timestamp {
                continue;
            }
            let Some(digits) = value.and_then(|it| it.split(|it| *it == b'.').nth(1)) else { continue };
            let zeros = digits.iter().rev().take_while(|it| **it == b'0').count();
            if let Some(rows) = counts.get_mut((digits.len() - zeros).saturating_sub(1)) {
                *rows += 1;
            }
        }
    }

    /// The least key that comes twice is the one that is told.
    fn note_repeated(&mut self, order: InOrder, values: &[Option<&[u8]>]) {
        match (&mut self.repeated, order) {
            (Some(found), InOrder::Repeated) if self.is_in_repeated => found.rows += 1,
            (None, InOrder::Repeated) => {
                let columns: Vec<&str> = self.table.key().collect();
                let key: Vec<_> = self.key.iter().map(|it| values.get(*it).copied().flatten()).collect();
                self.repeated = Some(RepeatedKey { key: shown(&columns, &key), rows: 2 });
                self.is_in_repeated = true;
            }
            (Some(_), InOrder::Repeated) => {}
            (_, InOrder::Different) => self.is_in_repeated = false,
        }
    }
}

/// The column that tells the country, where the table's publishing asks for it.
fn country_column<'a>(context: &Context<'a>, name: &str) -> Option<&'a str> {
    context.plan.stages.iter().find_map(|it| match &it.work {
        Work::Publish { table, country_column, .. } if table == name => country_column.as_deref(),
        Work::Publish { .. }
        | Work::Cleanup { .. }
        | Work::Extract { .. }
        | Work::Load { .. }
        | Work::Translate { .. }
        | Work::Dedupe { .. }
        | Work::Verify { .. }
        | Work::Sort { .. }
        | Work::Run { .. }
        | Work::Task { .. } => None,
    })
}

/// What was counted while the rows passed.
pub(super) struct Measured<'a> {
    table: &'a Table,
    statistics: Statistics,
    nulls: Vec<u64>,
    repeated: Vec<(&'a [String], Option<Repeated>)>,
}

impl Measures for Measured<'_> {
    fn rows(&self) -> Result<u64, WorkerError> {
        Ok(self.statistics.rows_written)
    }

    fn nulls(&self, column: &str) -> Result<u64, WorkerError> {
        let mut counts = self.table.columns.iter().zip(&self.nulls);
        Ok(counts.find(|(it, _)| it.name == column).map_or(0, |(_, nulls)| *nulls))
    }

    fn repeated(&self, columns: &[String]) -> Result<Option<Repeated>, WorkerError> {
        Ok(self.repeated.iter().find(|(it, _)| *it == columns).and_then(|(_, found)| found.clone()))
    }

    fn loaded(&self) -> Result<Statistics, WorkerError> {
        Ok(self.statistics)
    }
}
