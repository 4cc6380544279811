//! The top of a file.

use super::{
    Place, allow, pipeline, platform,
    statement::{Lines, statements},
    survey, table, template,
};
use crate::{
    diagnostics::Diagnostics,
    source::FileId,
    syntax::{
        ast::{File, Item, Name},
        settings::BlockKind,
        token::TokenKind,
        tree::{Statement, Tree},
    },
};

/// The file as the language means it.
pub(in crate::syntax) fn file(file: FileId, tree: &Tree, diagnostics: &mut Diagnostics) -> File {
    let (mut items, mut unreadable) = (Vec::new(), Vec::new());
    let mut lines = Lines::new(BlockKind::File, Place::File, diagnostics);
    for statement in statements(&tree.nodes) {
        if first_word(statement) == Some("allow") {
            continue;
        }
        let item = match lines.first_word(statement) {
            Some("platform") => platform::platform(&mut lines, statement).map(Item::Platform),
            Some("table") => table::table(&mut lines, statement).map(Item::Table),
            Some("template") => template::template(&mut lines, statement).map(Item::Template),
            Some("pipeline") => pipeline::pipeline(&mut lines, statement).map(Item::Pipeline),
            Some("survey") => survey::survey(&mut lines, statement).map(Item::Survey),
            Some(_) => {
                lines.unknown(statement);
                None
            }
            None => None,
        };
        if item.is_none() {
            unreadable.extend(second_word(statement));
        }
        items.extend(item);
    }
    for item in &items {
        if let Item::Template(template) = item {
            template::check(template, diagnostics);
        }
    }
    let allows = allow::allows(&tree.nodes, diagnostics);
    File { file, items, unreadable, allows }
}

/// What a block whose first line could not be read is called, probably.
fn second_word(statement: &Statement) -> Option<Name> {
    let second = statement.tokens.get(1).filter(|it| it.kind == TokenKind::Word)?;
    Some(Name::new(second.text.clone(), second.span))
}

fn first_word(statement: &Statement) -> Option<&str> {
    statement.tokens.first().filter(|it| it.kind == TokenKind::Word).map(|it| it.text.as_str())
}
