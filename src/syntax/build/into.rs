//! `into`, and what is done to the rows.

use super::{
    cursor::Cursor,
    effort,
    statement::{Lines, statements},
    template,
};
use crate::syntax::{
    ast::{
        Dedupe, Expectation, Extract, Into, IntoSetting, Keep, PublishMode, Spanned, Split, Stage, Task,
        Translate,
    },
    settings::BlockKind,
    token::TokenKind,
    tree::Statement,
};

const COLUMN: &str = "the name of a column";

pub(super) fn into(lines: &mut Lines<'_>, statement: &Statement) -> Option<Into> {
    let header = lines.header(statement, |cursor| {
        let table = cursor.expect_name("the name of a table")?;
        let after = match cursor.take_word("after") {
            Some(_) => cursor.expect_names("the name of a table")?,
            None => Vec::new(),
        };
        Some((table, after))
    })?;
    let (table, after) = header.value;
    let (mut settings, mut stages) = (Vec::new(), Vec::new());
    let mut inside = lines.inside(BlockKind::Into);
    for statement in statements(header.block.map_or(&[], |it| &it.nodes)) {
        let Some(word) = inside.first_word(statement) else { continue };
        if let Some(effort) = effort::reader(word) {
            settings.extend(inside.line(statement, |it| effort(it).map(IntoSetting::Effort)));
            continue;
        }
        match word {
            "source" => settings.extend(inside.line(statement, source)),
            "staging" => settings.extend(inside.line(statement, staging)),
            "extract" => stages.extend(inside.line(statement, extract)),
            "translate" => stages.extend(inside.line(statement, translate)),
            "dedupe" => stages.extend(inside.line(statement, dedupe)),
            "expect" => stages.extend(inside.line(statement, expectation)),
            "publish" => stages.extend(inside.line(statement, publish)),
            "run" => stages.extend(inside.line(statement, run)),
            "task" => stages.extend(inside.line(statement, task)),
            // Read for all blocks at once.
            "allow" => {}
            _ => inside.unknown(statement),
        }
    }
    let unreadable = inside.unreadable;
    Some(Into { span: header.span, keyword: header.keyword, table, after, settings, stages, unreadable })
}

fn source(cursor: &mut Cursor<'_>) -> Option<IntoSetting> {
    cursor.expect_name("the name of a connection").map(IntoSetting::Source)
}

fn staging(cursor: &mut Cursor<'_>) -> Option<IntoSetting> {
    effort::staging(cursor).map(IntoSetting::Staging)
}

fn extract(cursor: &mut Cursor<'_>) -> Option<Stage> {
    let query = cursor.expect_text("a query's file such as `\"greece/companies.sql\"`")?;
    let connection = match cursor.take_word("from") {
        Some(_) => Some(cursor.expect_name("the name of a connection")?),
        None => None,
    };
    let split = match cursor.take_word("split") {
        Some(word) => {
            let _ = cursor.expect_word("by")?;
            let column = cursor.expect_name(COLUMN)?;
            let _ = cursor.expect_word("into")?;
            let parts = cursor.expect_number("a number of parts")?;
            Some(Split { span: word.to(parts.span), column, parts })
        }
        None => None,
    };
    Some(Stage::Extract(Extract { query, connection, split }))
}

fn translate(cursor: &mut Cursor<'_>) -> Option<Stage> {
    let columns = cursor.expect_names(COLUMN)?;
    let _ = cursor.expect_word("from")?;
    let from = cursor.expect_name("a language such as `el`")?;
    let _ = cursor.expect_word("to")?;
    let to = cursor.expect_name("a language such as `en`")?;
    Some(Stage::Translate(Translate { columns, from, to }))
}

fn dedupe(cursor: &mut Cursor<'_>) -> Option<Stage> {
    #[derive(Clone, Copy)]
    enum Word {
        Newest,
        Oldest,
        First,
    }
    let _ = cursor.expect_word("by")?;
    let by = cursor.expect_names(COLUMN)?;
    let _ = cursor.expect_word("keep")?;
    let words = [("newest", Word::Newest), ("oldest", Word::Oldest), ("first", Word::First)];
    let word = cursor.expect_one_of(&words)?;
    let keep = match word.value {
        Word::First => Spanned::new(Keep::First, word.span),
        Word::Newest => {
            let column = cursor.expect_name(COLUMN)?;
            let span = word.span.to(column.span);
            Spanned::new(Keep::Newest(column), span)
        }
        Word::Oldest => {
            let column = cursor.expect_name(COLUMN)?;
            let span = word.span.to(column.span);
            Spanned::new(Keep::Oldest(column), span)
        }
    };
    Some(Stage::Dedupe(Dedupe { by, keep }))
}

fn expectation(cursor: &mut Cursor<'_>) -> Option<Stage> {
    #[derive(Clone, Copy)]
    enum Word {
        Rows,
        No,
        Unique,
        Rejected,
    }
    let words =
        [("rows", Word::Rows), ("no", Word::No), ("unique", Word::Unique), ("rejected", Word::Rejected)];
    let expectation = match cursor.expect_one_of(&words)?.value {
        Word::Rows => rows(cursor)?,
        Word::No => {
            let _ = cursor.expect_word("nulls")?;
            let _ = cursor.expect_word("in")?;
            Expectation::NoNulls { columns: cursor.expect_names(COLUMN)? }
        }
        Word::Unique => {
            let _ = cursor.expect_word("in")?;
            Expectation::Unique { columns: cursor.expect_names(COLUMN)? }
        }
        Word::Rejected => {
            let _ = cursor.expect_word("below")?;
            Expectation::Rejected { below: percent(cursor)? }
        }
    };
    Some(Stage::Expect(expectation))
}

fn rows(cursor: &mut Cursor<'_>) -> Option<Expectation> {
    #[derive(Clone, Copy)]
    enum Word {
        Between,
        Within,
    }
    Some(match cursor.expect_one_of(&[("between", Word::Between), ("within", Word::Within)])?.value {
        Word::Between => {
            let least = cursor.expect_number("a number of rows")?;
            let _ = cursor.expect_word("and")?;
            Expectation::Rows { least, most: cursor.expect_number("a number of rows")? }
        }
        Word::Within => {
            let within = percent(cursor)?;
            for word in ["of", "last", "run"] {
                let _ = cursor.expect_word(word)?;
            }
            Expectation::Change { within }
        }
    })
}

/// `20%`
fn percent(cursor: &mut Cursor<'_>) -> Option<Spanned<u64>> {
    let number = cursor.expect_number("a share such as `2%`")?;
    let sign = cursor.expect(TokenKind::Percent, "`%`")?;
    Some(Spanned::new(number.value, number.span.to(sign.span)))
}

fn publish(cursor: &mut Cursor<'_>) -> Option<Stage> {
    let modes =
        [("upsert", PublishMode::Upsert), ("replace", PublishMode::Replace), ("append", PublishMode::Append)];
    cursor.expect_one_of(&modes).map(Stage::Publish)
}

fn run(cursor: &mut Cursor<'_>) -> Option<Stage> {
    cursor.expect_text("a file of statements such as `\"greece/post_checks.sql\"`").map(Stage::Run)
}

fn task(cursor: &mut Cursor<'_>) -> Option<Stage> {
    let name = cursor.expect_name("the name of a function")?;
    Some(Stage::Task(Task { name, arguments: template::arguments(cursor)? }))
}
