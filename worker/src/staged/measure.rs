//! What expectations ask of rows, counted while they pass.

use std::{io, path::Path};

use sluice_contract::plan::Table;

use super::{Merge, Sorted, Sorter, order};
use crate::{record, target::Repeated};

/// Finds the values of some columns that stand in several rows. As in an SQL database, a null is equal to nothing.
pub(crate) struct Combinations {
    columns: Vec<usize>,
    sorter: Sorter,
    key: Vec<u8>,
    payload: Vec<u8>,
}

impl Combinations {
    /// Of the columns at those places.
    pub(crate) fn new(columns: Vec<usize>, sorter: Sorter) -> Self {
        Self { columns, sorter, key: Vec::new(), payload: Vec::new() }
    }

    /// One row more, its values in the order of declaration.
    pub(crate) fn row(&mut self, table: &Table, values: &[Option<&[u8]>]) -> io::Result<()> {
        self.key.clear();
        self.payload.clear();
        for column in &self.columns {
            let (Some(declared), Some(Some(value))) = (table.columns.get(*column), values.get(*column))
            else {
                return Ok(());
            };
            order::push(&mut self.key, declared.kind, Some(value));
            record::push(&mut self.payload, Some(value));
        }
        self.sorter.push(&self.key, self.key.len(), &self.payload)
    }

    /// What was found.
    pub(crate) fn finish(self, table: &Table, scratch: &Path) -> io::Result<Option<Repeated>> {
        let names = self.columns.iter().filter_map(|it| table.columns.get(*it)).map(|it| it.name.as_str());
        let names: Vec<&str> = names.collect();
        let mut sorted = Sorted::default();
        self.sorter.finish(&mut sorted);
        repeated(sorted.merge(scratch)?, &names)
    }
}

/// The groups of several rows; their payloads are the values of those columns.
fn repeated(mut rows: Merge, columns: &[&str]) -> io::Result<Option<Repeated>> {
    let mut found: Option<Repeated> = None;
    let mut group = Vec::new();
    let mut count = 0u64;
    while rows.advance()? {
        if count > 0 && rows.group() == group {
            count += 1;
        } else {
            group.clear();
            group.extend_from_slice(rows.group());
            count = 1;
        }
        if count == 2 {
            match &mut found {
                Some(found) => found.values += 1,
                none @ None => {
                    let values = record::decode(rows.payload())?;
                    *none = Some(Repeated { values: 1, example: shown(columns, &values) });
                }
            }
        }
    }
    Ok(found)
}

/// ``reg = `R1`, country = `GR` ``
pub(crate) fn shown(columns: &[&str], values: &[Option<&[u8]>]) -> String {
    let parts: Vec<_> = columns
        .iter()
        .zip(values)
        .map(|(column, value)| {
            format!("{column} = `{}`", value.map_or("null".into(), String::from_utf8_lossy))
        })
        .collect();
    parts.join(", ")
}
