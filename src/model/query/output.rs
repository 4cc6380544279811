//! The columns that a query gives, held against its table.

use sqlparser::ast::{Expr, Ident, Query as Select, SelectItem, SetExpr};

use super::{Columns, place::Reader};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, suggest::closest, words},
    source::Span,
};

/// The names of the query's columns, held against the table's; none where they can't be known.
pub(super) fn check(
    reader: Reader<'_>,
    select: &Select,
    columns: Columns<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Ident>> {
    let items = projection(&select.body)?;
    let mut output: Vec<Ident> = Vec::new();
    for item in items {
        match item {
            SelectItem::ExprWithAlias { alias, .. } => output.push(alias.clone()),
            SelectItem::UnnamedExpr(Expr::Identifier(name)) => output.push(name.clone()),
            SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => {
                output.extend(parts.last().cloned());
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
            SelectItem::Wildcard(_)
            | SelectItem::QualifiedWildcard(..)
            | SelectItem::ExprWithAliases { .. } => {
                diagnostics.push(
                    Diagnostic::new(
                        Code::QueryColumnsUnknown,
                        "the query's columns can't be known before it runs",
                    )
                    .label(start_of_select(reader, items), "`*` hides them")
                    .help("name the columns, so that a mistake is found before the run"),
                );
                return None;
            }
        }
    }
    let table = columns.table?;
    let extra: Vec<&Ident> = output.iter().filter(|it| table.column(&it.value).is_none()).collect();
    let mut missing: Vec<&str> = table
        .columns
        .iter()
        .map(|it| it.name.as_str())
        .filter(|name| !output.iter().any(|it| it.value == *name))
        .collect();
    for ident in extra {
        let message = format!("the table `{}` has no column `{}`", columns.name.value, ident.value);
        let diagnostic = Diagnostic::new(Code::QueryColumnUnknown, message);
        let place = reader.sql_span(ident.span);
        diagnostics.push(match closest(&ident.value, missing.iter().copied()) {
            Some(meant) => {
                missing.retain(|it| *it != meant);
                diagnostic.label(place, format!("did you mean `{meant}`?")).suggest(place, meant)
            }
            None => diagnostic
                .label(place, "not declared")
                .help("declare the column, or leave it out of the query"),
        });
    }
    if !missing.is_empty() {
        diagnostics.push(
            Diagnostic::new(
                Code::QueryColumnMissing,
                format!(
                    "the query lacks {} of the table `{}`",
                    words::and_ticked(&missing),
                    columns.name.value
                ),
            )
            .label(start_of_select(reader, items), "not all columns")
            .also(columns.name.span, "for this table")
            .help("select every declared column; `NULL AS name` where the source has none"),
        );
    }
    Some(output)
}

/// The first name in the list, or the query's start.
fn start_of_select(reader: Reader<'_>, items: &[SelectItem]) -> Span {
    items
        .iter()
        .find_map(|it| match it {
            SelectItem::ExprWithAlias { alias, .. } => Some(reader.sql_span(alias.span)),
            SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(reader.sql_span(name.span)),
            SelectItem::UnnamedExpr(_)
            | SelectItem::ExprWithAliases { .. }
            | SelectItem::QualifiedWildcard(..)
            | SelectItem::Wildcard(_) => None,
        })
        .unwrap_or_else(|| reader.start())
}

/// The list behind the first SELECT: its names are those of the whole query.
fn projection(body: &SetExpr) -> Option<&[SelectItem]> {
    match body {
        SetExpr::Select(select) => Some(&select.projection),
        SetExpr::Query(query) => projection(&query.body),
        SetExpr::SetOperation { left, .. } => projection(left),
        SetExpr::Values(_)
        | SetExpr::Insert(_)
        | SetExpr::Update(_)
        | SetExpr::Delete(_)
        | SetExpr::Merge(_)
        | SetExpr::Table(_) => None,
    }
}
