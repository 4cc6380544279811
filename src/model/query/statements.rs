//! Files of statements that run in the target: part of the program too, and nothing in them may end a transaction or
//! write to what Sluice keeps its promises with.

use std::ops::ControlFlow;

use sqlparser::{
    ast::{Ident, ObjectName, Statement, TableObject, Visit, visit_relations},
    dialect::Dialect,
    parser::Parser,
};

use super::{Reader, check_parameters, dialects_of, read, syntax_error};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics},
    model::{Context, program::Query},
    source::FileId,
    syntax::ast::{Engine, EnvironmentSetting, Text},
};

/// The statements of a `run`; none where they can't be read.
pub(in crate::model) fn check(ctx: &mut Context<'_>, path: &Text) -> Option<Query> {
    let file = match ctx.sources.find(&path.value) {
        Some(file) => file,
        None => read(ctx, path)?,
    };
    let text = ctx.sources.text(file).to_owned();
    let staging: Vec<_> =
        ctx.names.pipelines().iter().map(|it| format!("staging_{}_", it.name.value.to_lowercase())).collect();
    for dialect in dialects(ctx) {
        parse(&*dialect, file, &text, &staging, ctx.diagnostics)?;
    }
    Some(Query { file: path.value.clone(), sql: text.trim().to_owned(), reads: Vec::new() })
}

/// Those of the target. Where nothing is on AWS, it may be an SQLite file without saying so.
fn dialects(ctx: &Context<'_>) -> Vec<Box<dyn Dialect>> {
    let Some(platform) = ctx.names.platform() else { return Vec::new() };
    let target = platform.targets.first().map_or("", |it| it.value.value.as_str());
    let mut engines = ctx.names.engines(target);
    let is_account = |it: &EnvironmentSetting| matches!(it, EnvironmentSetting::Account(_));
    if platform.environments.iter().any(|it| !it.settings.iter().any(|it| is_account(&it.value))) {
        let _ = engines.insert(Engine::Sqlite);
    }
    dialects_of(&engines)
}

fn parse(
    dialect: &dyn Dialect,
    file: FileId,
    text: &str,
    staging: &[String],
    diagnostics: &mut Diagnostics,
) -> Option<()> {
    let reader = Reader { file, text };
    let statements = match Parser::parse_sql(dialect, text) {
        Ok(statements) => statements,
        Err(error) => {
            diagnostics.push(syntax_error(reader, &error));
            return None;
        }
    };
    let not_statements = |message: String| {
        Diagnostic::new(Code::NotStatements, message)
            .label(reader.start(), "in this file")
            .help("write `INSERT`, `UPDATE` and `DELETE`, which all happen or none of them")
    };
    let other = statements
        .iter()
        .find(|it| !matches!(it, Statement::Insert(_) | Statement::Update { .. } | Statement::Delete(_)));
    if let Some(other) = other {
        let shown = other.to_string();
        let word = shown.split_whitespace().next().unwrap_or_default();
        diagnostics.push(not_statements(format!("`{word}` can't be run after publishing")));
        return None;
    }
    if statements.is_empty() {
        diagnostics.push(not_statements("the file has no statements".to_owned()));
        return None;
    }
    let is_own = |it: &Ident| {
        let name = it.value.to_lowercase();
        name.starts_with("sluice_") || staging.iter().any(|it| name.starts_with(it))
    };
    if let Some(own) = statements.iter().flat_map(written).find(is_own) {
        let message = format!("table `{}` is Sluice's own and can't be written to", own.value);
        diagnostics.push(
            Diagnostic::new(Code::OwnTableWritten, message)
                .label(reader.sql_span(own.span), "written to")
                .help("statements may read it, and write to tables of yours"),
        );
        return None;
    }
    check_parameters(reader, &statements, diagnostics);
    Some(())
}

/// The names of the tables that a statement writes to, and of those that it joins them with.
fn written(statement: &Statement) -> Vec<Ident> {
    let mut names = Vec::new();
    if let Statement::Insert(insert) = statement
        && let TableObject::TableName(name) = &insert.table
    {
        names.extend(last(name));
    } else if let Statement::Update(update) = statement {
        collect(&update.table, &mut names);
    } else if let Statement::Delete(delete) = statement {
        names.extend(delete.tables.iter().filter_map(last));
        collect(&delete.from, &mut names);
    }
    names
}

fn collect(within: &impl Visit, names: &mut Vec<Ident>) {
    let _ = visit_relations(within, |it| {
        names.extend(last(it));
        ControlFlow::<()>::Continue(())
    });
}

/// The table's own name, without its database.
fn last(name: &ObjectName) -> Option<Ident> {
    name.0.last().and_then(|it| it.as_ident()).cloned()
}
