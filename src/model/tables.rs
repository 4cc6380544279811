//! Declared tables: column names, types and keys.

use std::collections::BTreeMap;

use sluice_contract::plan::{Column, ColumnType, Table};

use super::{Context, effort::within};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics},
    syntax::ast,
};

/// The longest text: MySQL counts a row's columns against 65,535 bytes, four to a character.
const LONGEST_TEXT: u64 = 16_383;
/// MySQL's DECIMAL.
const MOST_DIGITS: u64 = 65;
const MOST_SCALE: u64 = 30;

/// Every declared table.
pub(super) fn check(ctx: &mut Context<'_>) -> BTreeMap<String, Table> {
    ctx.names.tables().into_iter().map(|it| (it.name.value.clone(), table(it, ctx.diagnostics))).collect()
}

fn table(ast: &ast::Table, diagnostics: &mut Diagnostics) -> Table {
    let mut columns: Vec<Column> = Vec::new();
    let mut seen: BTreeMap<String, &ast::Name> = BTreeMap::new();
    for column in &ast.columns {
        if let Some(first) = seen.get(&column.name.value.to_lowercase()) {
            diagnostics.push(
                Diagnostic::new(
                    Code::DefinedTwice,
                    format!("the column `{}` is declared twice", column.name.value),
                )
                .label(column.name.span, "declared again")
                .also(first.span, "first declared here")
                .help("rename one of them, or delete it"),
            );
            continue;
        }
        let _ = seen.insert(column.name.value.to_lowercase(), &column.name);
        columns.push(Column {
            name: column.name.value.clone(),
            kind: kind(&column.kind.value, diagnostics),
            key: column.key.is_some(),
        });
    }
    // A column whose type could not be read is a column all the same, and may be of the key. Nothing is built from it.
    for column in &ast.unreadable {
        if !seen.contains_key(&column.value.to_lowercase()) {
            let kind = ColumnType::Text { length: 1 };
            columns.push(Column { name: column.value.clone(), kind, key: true });
        }
    }
    if columns.is_empty() {
        diagnostics.push(
            Diagnostic::new(Code::SettingMissing, format!("the table `{}` has no columns", ast.name.value))
                .label(ast.name.span, "no columns")
                .help("give it a line for each column, such as `registration_no text(32) key`"),
        );
    }
    Table { columns }
}

fn kind(kind: &ast::ColumnType, diagnostics: &mut Diagnostics) -> ColumnType {
    match kind {
        ast::ColumnType::Text { length } => {
            ColumnType::Text { length: within(length, 1, LONGEST_TEXT, "a text's length", diagnostics) }
        }
        ast::ColumnType::Char { length } => {
            ColumnType::Char { length: within(length, 1, 255, "a char's length", diagnostics) }
        }
        ast::ColumnType::Decimal { precision, scale } => {
            let digits = within(precision, 1, MOST_DIGITS, "the number of digits", diagnostics);
            let most = MOST_SCALE.min(u64::from(digits));
            let after = within(scale, 0, most, "the number of digits after the point", diagnostics);
            ColumnType::Decimal { precision: digits, scale: after }
        }
        ast::ColumnType::Integer => ColumnType::Integer,
        ast::ColumnType::Boolean => ColumnType::Boolean,
        ast::ColumnType::Date => ColumnType::Date,
        ast::ColumnType::Timestamp => ColumnType::Timestamp,
    }
}
