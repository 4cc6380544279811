//! Columns that a stage names must be columns of its table.

use sluice_contract::plan::Table;

use super::names::unknown;
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics},
    syntax::ast::Name,
};

/// The declared table of an `into` block, as far as it could be read.
#[derive(Clone, Copy)]
pub(super) struct Columns<'a> {
    /// As written after `into`.
    pub(super) name: &'a Name,
    /// None where the table is not declared: then no column is unknown.
    pub(super) table: Option<&'a Table>,
}

impl Columns<'_> {
    /// Tells if the table has no such column.
    pub(super) fn check(&self, column: &Name, diagnostics: &mut Diagnostics) {
        let Some(table) = self.table else { return };
        if table.column(&column.value).is_none() {
            let candidates = table.columns.iter().map(|it| it.name.as_str());
            let message = format!("the table `{}` has no column `{}`", self.name.value, column.value);
            diagnostics.push(unknown(Code::UnknownColumn, message, "column", column, candidates));
        }
    }

    /// Checks each, tells of those that are named twice, and returns their names.
    pub(super) fn check_all(&self, columns: &[Name], diagnostics: &mut Diagnostics) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for column in columns {
            self.check(column, diagnostics);
            if names.contains(&column.value) {
                diagnostics.push(
                    Diagnostic::new(
                        Code::SettingTwice,
                        format!("the column `{}` is named twice", column.value),
                    )
                    .label(column.span, "named again")
                    .help("name it once"),
                );
            } else {
                names.push(column.value.clone());
            }
        }
        names
    }
}
