//! `choose` and `translation`: a survey in several languages.

use super::{
    cursor::Cursor,
    statement::{Lines, statements},
};
use crate::syntax::{
    ast::{Choose, TranslatedAsk, TranslatedAskSetting, Translation, TranslationSetting},
    settings::BlockKind,
    tree::Statement,
};

/// `by key "…"`, `by attribute Language`
pub(super) fn choose(cursor: &mut Cursor<'_>) -> Option<Choose> {
    let _ = cursor.expect_word("by")?;
    let is_key = cursor.expect_one_of(&[("key", true), ("attribute", false)])?;
    if is_key.value {
        return cursor.expect_text("what is said, in quotes").map(Choose::Key);
    }
    cursor.expect_name("the name of an attribute such as `Language`").map(Choose::Attribute)
}

pub(super) fn translation(lines: &mut Lines<'_>, statement: &Statement) -> Option<Translation> {
    let header = lines.header(statement, |it| it.expect_name("a language such as `es-US`"))?;
    let (mut settings, mut asks) = (Vec::new(), Vec::new());
    let mut inside = lines.inside(BlockKind::Translation);
    for statement in statements(header.block.map_or(&[], |it| &it.nodes)) {
        let Some(word) = inside.first_word(statement) else { continue };
        if word == "ask" {
            asks.extend(ask(&mut inside, statement));
        } else if let Some(read) = reader(word) {
            settings.extend(inside.line(statement, read));
        } else {
            inside.unknown(statement);
        }
    }
    let unreadable = inside.unreadable;
    Some(Translation {
        span: header.span,
        keyword: header.keyword,
        language: header.value,
        settings,
        asks,
        unreadable,
    })
}

fn reader(word: &str) -> Option<fn(&mut Cursor<'_>) -> Option<TranslationSetting>> {
    Some(match word {
        "voice" => |it| it.expect_name("a voice such as `Lupe`").map(TranslationSetting::Voice),
        "offer" => |it| it.expect_text("what is said, in quotes").map(TranslationSetting::Offer),
        "wait" => |it| it.expect_text("what is said, in quotes").map(TranslationSetting::Wait),
        "sorry" => |it| it.expect_text("what is said, in quotes").map(TranslationSetting::Sorry),
        "thank" => |it| it.expect_text("what is said, in quotes").map(TranslationSetting::Thank),
        "goodbye" => |it| it.expect_text("what is said, in quotes").map(TranslationSetting::Goodbye),
        _ => return None,
    })
}

fn ask(lines: &mut Lines<'_>, statement: &Statement) -> Option<TranslatedAsk> {
    let header = lines.header_or_line(statement, |cursor| {
        let name = cursor.expect_name("the name of a question")?;
        Some((name, cursor.expect_text("the question in quotes")?))
    })?;
    let (name, text) = header.value;
    let mut settings = Vec::new();
    let mut inside = lines.inside(BlockKind::TranslatedAsk);
    for statement in statements(header.block.map_or(&[], |it| &it.nodes)) {
        let Some(word) = inside.first_word(statement) else { continue };
        match word {
            "retry" => settings.extend(inside.line(statement, |it| {
                it.expect_text("what is said, in quotes").map(TranslatedAskSetting::Retry)
            })),
            "silence" => settings.extend(inside.line(statement, |it| {
                it.expect_text("what is said, in quotes").map(TranslatedAskSetting::Silence)
            })),
            _ => inside.unknown(statement),
        }
    }
    let unreadable = inside.unreadable;
    Some(TranslatedAsk { name, text, settings, unreadable })
}
