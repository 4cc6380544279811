//! Whether a published table that is there already fits its declaration, whatever the engine.

use sluice_contract::plan::{ColumnType, Table};

use super::Writer;
use crate::error::WorkerError;

/// A column that is there.
pub(super) struct Found<'a> {
    pub(super) name: &'a str,
    /// As the engine calls it: `varchar(32)`.
    pub(super) kind: &'a str,
    /// A row without it is refused.
    pub(super) must_be_given: bool,
}

/// What an engine knows of types.
pub(super) struct Types {
    /// Whether a column of the first keeps every value of the second.
    pub(super) keeps: fn(&str, ColumnType) -> bool,
    /// What a column of that type is made as.
    pub(super) name: fn(ColumnType) -> String,
}

/// What is missing or would change values, column by column.
pub(super) fn differences(table: &Table, there: &[Found<'_>], types: &Types) -> Vec<String> {
    let mut differences = Vec::new();
    for column in &table.columns {
        match there.iter().find(|it| it.name.eq_ignore_ascii_case(&column.name)) {
            None => differences.push(format!("it has no column `{}`", column.name)),
            Some(found) if !(types.keeps)(found.kind, column.kind) => differences.push(format!(
                "column `{}` is `{}`, which would change values declared `{}`",
                column.name,
                found.kind,
                (types.name)(column.kind)
            )),
            Some(_) => {}
        }
    }
    for found in there.iter().filter(|it| it.must_be_given) {
        if table.columns.iter().all(|it| !it.name.eq_ignore_ascii_case(found.name)) {
            differences.push(format!("its column `{}` must have a value and is not declared", found.name));
        }
    }
    differences
}

/// Fine, where nothing differs.
pub(super) fn fits(writer: &Writer, table: &str, differences: &[String]) -> Result<(), WorkerError> {
    if differences.is_empty() {
        return Ok(());
    }
    Err(WorkerError::TargetTable {
        connection: writer.connection.clone(),
        table: table.to_owned(),
        difference: differences.join("; "),
    })
}
