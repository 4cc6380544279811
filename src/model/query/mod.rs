//! Query files: part of the program, read in the dialect of their connection and held against their table.

mod output;
mod place;
mod star;
mod statements;

use std::{collections::BTreeSet, ops::ControlFlow};

use sqlparser::{
    ast::{Expr, Query as Select, Statement, Value, Visit, visit_expressions, visit_relations},
    dialect::{Dialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect},
    parser::{Parser, ParserError},
};

use super::{Context, columns::Columns, program::Query};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, Severity, suggest::closest, words},
    source::{self, FileError, FileId, report_file_error},
    syntax::ast::{self, Name},
};
use place::Reader;
pub(super) use statements::check as check_statements;

/// What the worker binds.
const PARAMETERS: [&str; 3] = [":country", ":run_date", ":since"];

/// The query of an `extract`; none where it can't be read.
pub(super) fn check(
    ctx: &mut Context<'_>,
    extract: &ast::Extract,
    connection: Option<&Name>,
    columns: Columns<'_>,
) -> Option<Query> {
    let path = &extract.query.value;
    let file = match ctx.sources.find(path) {
        Some(file) => file,
        None => read(ctx, &extract.query)?,
    };
    let text = ctx.sources.text(file).to_owned();
    let statement = connection.map_or_else(Vec::new, |it| dialects(ctx, it));
    let mut parsed = None;
    for dialect in statement {
        parsed = Some(parse(&*dialect, file, &text, ctx.diagnostics)?);
    }
    let mut reads = Vec::new();
    if let Some(select) = &parsed {
        reads = relations(select);
        let reader = Reader { file, text: &text };
        check_parameters(reader, select, ctx.diagnostics);
        let mut found = Diagnostics::default();
        if let Some(output) = output::check(reader, select, columns, &ctx.names, &mut found) {
            check_split(extract, &output, columns, &mut found);
        }
        for diagnostic in found.into_vec() {
            // A warning can be allowed where the query is asked for.
            ctx.diagnostics.push(match diagnostic.severity() {
                Severity::Warning => diagnostic.also(extract.query.span, "asked for here"),
                Severity::Error => diagnostic,
            });
        }
    }
    let sql = text.trim().trim_end_matches(';').trim_end().to_owned();
    Some(Query { file: path.clone(), sql, reads })
}

fn read(ctx: &mut Context<'_>, path: &ast::Text) -> Option<FileId> {
    match ctx.files.read(&path.value) {
        Ok(text) => Some(ctx.sources.add(path.value.clone(), text)),
        Err(FileError::NotFound { .. }) => {
            ctx.diagnostics.push(
                Diagnostic::new(Code::QueryFileMissing, format!("there is no query file `{}`", path.value))
                    .label(path.span, "not found")
                    .help("write the path relative to the program's folder, or write the file"),
            );
            None
        }
        Err(error) => {
            report_file_error(&error, source::From::Program, ctx.diagnostics);
            None
        }
    }
}

/// The dialects that the connection's places speak, each once: a query must be right in all of them.
fn dialects(ctx: &Context<'_>, connection: &Name) -> Vec<Box<dyn Dialect>> {
    dialects_of(&ctx.names.engines(&connection.value))
}

fn dialects_of(engines: &BTreeSet<ast::Engine>) -> Vec<Box<dyn Dialect>> {
    let mut dialects: Vec<Box<dyn Dialect>> = Vec::new();
    // What Sluice brings itself comes first, so that a mistake is told in its words.
    if engines.iter().any(|it| matches!(it, ast::Engine::Sqlite | ast::Engine::Csv)) {
        dialects.push(Box::new(SQLiteDialect {}));
    }
    if engines.contains(&ast::Engine::Mysql) {
        dialects.push(Box::new(MySqlDialect {}));
    }
    if engines.contains(&ast::Engine::Postgres) {
        dialects.push(Box::new(PostgreSqlDialect {}));
    }
    dialects
}

fn parse(dialect: &dyn Dialect, file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Option<Select> {
    let reader = Reader { file, text };
    let statements = match Parser::parse_sql(dialect, text) {
        Ok(statements) => statements,
        Err(error) => {
            diagnostics.push(syntax_error(reader, &error));
            return None;
        }
    };
    let not_one = |message: &str| {
        Diagnostic::new(Code::NotOneSelect, message)
            .label(reader.start(), "not a single SELECT")
            .help("an extract reads: write one `SELECT`, or `WITH … SELECT`, and nothing else")
    };
    let mut statements = statements.into_iter();
    match (statements.next(), statements.next()) {
        (None, _) => diagnostics.push(not_one("the query file has no query")),
        (Some(_), Some(_)) => diagnostics.push(not_one("the query file has more than one statement")),
        (Some(Statement::Query(query)), None) => match star::reading(&query) {
            star::Reading::Select => return Some(*query),
            star::Reading::Unnamed => {
                diagnostics.push(not_one("the query file gives rows without naming their columns"));
            }
            star::Reading::Change => diagnostics.push(not_one("the query file does not read rows")),
        },
        (Some(_), None) => diagnostics.push(not_one("the query file does not read rows")),
    }
    None
}

/// The tables that the query reads, without those that it defines itself.
fn relations(select: &Select) -> Vec<String> {
    let defined: BTreeSet<String> = select
        .with
        .iter()
        .flat_map(|it| &it.cte_tables)
        .map(|it| it.alias.name.value.to_lowercase())
        .collect();
    let mut reads = BTreeSet::new();
    let _ = visit_relations(select, |it| {
        let name =
            it.0.last().and_then(|it| it.as_ident()).map_or_else(|| it.to_string(), |it| it.value.clone());
        if !defined.contains(&name.to_lowercase()) {
            let _ = reads.insert(name);
        }
        ControlFlow::<()>::Continue(())
    });
    reads.into_iter().collect()
}

fn check_split(
    extract: &ast::Extract,
    output: &[output::Given],
    columns: Columns<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(split) = &extract.split else { return };
    let names: Vec<&str> = output.iter().map(|it| it.name.as_str()).collect();
    // A column of the table that the query lacks was told already.
    let is_declared = columns.table.is_some_and(|it| it.column(&split.column.value).is_some());
    if is_declared || names.contains(&split.column.value.as_str()) {
        return;
    }
    let message = format!("the query has no column `{}` to split by", split.column.value);
    let diagnostic = Diagnostic::new(Code::SplitColumnMissing, message);
    diagnostics.push(match closest(&split.column.value, names.iter().copied()) {
        Some(meant) => diagnostic
            .label(split.column.span, "not in the query")
            .help(format!("did you mean `{meant}`?"))
            .suggest(split.column.span, meant),
        None => diagnostic
            .label(split.column.span, "not in the query")
            .help(format!("the query has {}", words::and_ticked(&names))),
    });
}

/// sqlparser tells the place in words: "… at Line: 3, Column: 5".
fn syntax_error(reader: Reader<'_>, error: &ParserError) -> Diagnostic {
    let (words, place) = match error {
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => {
            match text.rsplit_once(" at Line: ") {
                Some((words, place)) => (words.to_owned(), reader.place(place)),
                None => (text.clone(), None),
            }
        }
        ParserError::RecursionLimitExceeded => ("it is nested too deep".to_owned(), None),
    };
    let place = place.unwrap_or_else(|| reader.end());
    let diagnostic = Diagnostic::new(Code::SqlSyntax, "the query's SQL can't be read");
    if let Some((slip, keyword)) = reader.misspelt_keyword(place) {
        return diagnostic
            .label(slip, "not understood")
            .help(format!("did you mean `{keyword}`?"))
            .suggest(slip, keyword);
    }
    diagnostic
        .label(place, lower_first(words.trim_end_matches('.')))
        .help("it must be right for every engine that its connection names")
}

fn check_parameters(reader: Reader<'_>, within: &impl Visit, diagnostics: &mut Diagnostics) {
    let _ = visit_expressions(within, |it| {
        if let Expr::Value(value) = it
            && let Value::Placeholder(name) = &value.value
            && !PARAMETERS.contains(&name.as_str())
        {
            let diagnostic =
                Diagnostic::new(Code::UnknownQueryParameter, format!("there is no query parameter `{name}`"));
            let span = reader.sql_span(value.span);
            diagnostics.push(match closest(&name.to_lowercase(), PARAMETERS) {
                Some(meant) => diagnostic
                    .label(span, "not known")
                    .help(format!("did you mean `{meant}`?"))
                    .suggest(span, meant),
                None => diagnostic
                    .label(span, "not known")
                    .help(format!("a query can have {}", words::and_ticked(PARAMETERS))),
            });
        }
        ControlFlow::<()>::Continue(())
    });
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}
