//! The columns that a query gives, held against its table.

use std::collections::BTreeMap;

use sluice_contract::plan::Table;
use sqlparser::ast::{Expr, Query as Select, SelectItem};

use super::{Columns, place::Reader, star::Scope};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, suggest::closest, words},
    model::names::Names,
    source::Span,
};

/// A column that a query gives.
pub(super) struct Given {
    pub(super) name: String,
    place: Span,
}

/// The query's columns, held against the table's; none where they can't be known.
pub(super) fn check(
    reader: Reader<'_>,
    select: &Select,
    columns: Columns<'_>,
    names: &Names<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Given>> {
    let scope = Scope::of(select, names)?;
    let items = &scope.select.projection;
    let mut output: Vec<Given> = Vec::new();
    for item in items {
        match item {
            SelectItem::ExprWithAlias { alias: name, .. }
            | SelectItem::UnnamedExpr(Expr::Identifier(name)) => {
                output.push(Given { name: name.value.clone(), place: reader.sql_span(name.span) });
            }
            SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => {
                let last = parts.last();
                output
                    .extend(last.map(|it| Given { name: it.value.clone(), place: reader.sql_span(it.span) }));
            }
            SelectItem::UnnamedExpr(it) => {
                diagnostics.push(
                    Diagnostic::new(Code::QueryColumnUnknown, "a column of the query has no name")
                        .label(start_of_select(reader, items), format!("`{it}` needs a name"))
                        .help(format!(
                            "write `{it} AS` and the name of a column of `{}`",
                            columns.name.value
                        )),
                );
                return None;
            }
            SelectItem::Wildcard(options) => {
                let place = reader.sql_span(options.wildcard_token.0.span);
                output.extend(known(scope.all(options), place, diagnostics)?);
            }
            SelectItem::QualifiedWildcard(kind, options) => {
                let place = reader.sql_span(options.wildcard_token.0.span);
                output.extend(known(scope.all_of(kind, options), place, diagnostics)?);
            }
            SelectItem::ExprWithAliases { .. } => {
                output.extend(known(None, start_of_select(reader, items), diagnostics)?);
            }
        }
    }
    check_twice(&output, diagnostics);
    check_against(columns.table?, &output, columns, start_of_select(reader, items), diagnostics);
    Some(output)
}

/// The columns that a `*` stands for; tells where they can't be known.
fn known(
    columns: Option<Vec<String>>,
    place: Span,
    diagnostics: &mut Diagnostics,
) -> Option<impl Iterator<Item = Given>> {
    if columns.is_none() {
        diagnostics.push(
            Diagnostic::new(Code::QueryColumnsUnknown, "the query's columns can't be known before it runs")
                .label(place, "`*` hides them")
                .help(
                    "name the columns, or declare the table that they come from, under the name it has there",
                ),
        );
    }
    Some(columns?.into_iter().map(move |name| Given { name, place }))
}

/// Two columns of one name would be one in the extract. Databases don't mind their case.
fn check_twice(output: &[Given], diagnostics: &mut Diagnostics) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for given in output {
        let Some(first) = seen.insert(given.name.to_lowercase(), given.place) else { continue };
        diagnostics.push(
            Diagnostic::new(
                Code::QueryColumnTwice,
                format!("the query has two columns with the name `{}`", given.name),
            )
            .label(given.place, "again")
            .also((first != given.place).then_some(first), "first")
            .help("leave one of them out, or give it another name with `AS`"),
        );
        let _ = seen.insert(given.name.to_lowercase(), first);
    }
}

/// Every column is declared, and every declared one is there.
fn check_against(
    table: &Table,
    output: &[Given],
    columns: Columns<'_>,
    start: Span,
    diagnostics: &mut Diagnostics,
) {
    let whose = &columns.name.value;
    let mut missing: Vec<&str> = table
        .columns
        .iter()
        .map(|it| it.name.as_str())
        .filter(|name| !output.iter().any(|it| it.name == *name))
        .collect();
    // One that differs from a column of the query by case alone was told as given twice.
    let is_again = |given: &Given| {
        let is_same = |it: &&Given| it.name.eq_ignore_ascii_case(&given.name);
        output.iter().filter(is_same).any(|it| table.column(&it.name).is_some())
    };
    for given in output.iter().filter(|it| table.column(&it.name).is_none() && !is_again(it)) {
        let meant = closest(&given.name, missing.iter().copied());
        missing.retain(|it| Some(*it) != meant);
        let told = |message: String| Diagnostic::new(Code::QueryColumnUnknown, message);
        diagnostics.push(match meant {
            Some(meant) if meant.eq_ignore_ascii_case(&given.name) => {
                told(format!("the column `{meant}` of the table `{whose}` is called `{}` here", given.name))
                    .label(given.place, "differs by case alone")
                    .help(format!("names must agree in case: write `{meant}`, or `… AS {meant}`"))
                    .suggest(given.place, meant)
            }
            Some(meant) => told(format!("the table `{whose}` has no column `{}`", given.name))
                .label(given.place, "not declared")
                .help(format!("did you mean `{meant}`?"))
                .suggest(given.place, meant),
            None => told(format!("the table `{whose}` has no column `{}`", given.name))
                .label(given.place, "not declared")
                .help("declare the column, or leave it out of the query"),
        });
    }
    if !missing.is_empty() {
        diagnostics.push(
            Diagnostic::new(
                Code::QueryColumnMissing,
                format!("the query lacks {} of the table `{whose}`", words::and_ticked(&missing)),
            )
            .label(start, "not all columns")
            .also(columns.name.span, "for this table")
            .help("select every declared column; `NULL AS name` where the source has none"),
        );
    }
}

/// The first name in the list, or the query's start.
fn start_of_select(reader: Reader<'_>, items: &[SelectItem]) -> Span {
    items
        .iter()
        .find_map(|it| match it {
            SelectItem::ExprWithAlias { alias, .. } => Some(reader.sql_span(alias.span)),
            SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(reader.sql_span(name.span)),
            SelectItem::Wildcard(options) | SelectItem::QualifiedWildcard(_, options) => {
                Some(reader.sql_span(options.wildcard_token.0.span))
            }
            SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAliases { .. } => None,
        })
        .unwrap_or_else(|| reader.start())
}
