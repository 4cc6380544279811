//! `ask` and `when`: what is done on the telephone.

use super::{
    condition::condition,
    cursor::Cursor,
    effort,
    statement::{Lines, statements},
};
use crate::syntax::{
    ast::{Ask, AskSetting, Branch, Spanned, Step},
    settings::BlockKind,
    token::TokenKind,
    tree::Statement,
};

/// Whether a line that starts with that word is a step.
pub(super) fn is_step(word: &str) -> bool {
    matches!(word, "ask" | "when")
}

/// A step, of a line that is one.
pub(super) fn step(lines: &mut Lines<'_>, statement: &Statement, word: &str) -> Option<Step> {
    if word == "ask" { ask(lines, statement).map(Step::Ask) } else { when(lines, statement).map(Step::When) }
}

fn ask(lines: &mut Lines<'_>, statement: &Statement) -> Option<Ask> {
    let header = lines.header(statement, |cursor| {
        let name = cursor.expect_name("a name such as `rating`")?;
        Some((name, cursor.expect_text("the question in quotes")?))
    })?;
    let (name, text) = header.value;
    let mut settings = Vec::new();
    let mut inside = lines.inside(BlockKind::Ask);
    for statement in statements(header.block.map_or(&[], |it| &it.nodes)) {
        let Some(word) = inside.first_word(statement) else { continue };
        match word {
            "scale" => settings.extend(inside.line(statement, scale)),
            "choice" => settings.extend(inside.line(statement, choice)),
            "yes_no" => settings.extend(inside.line(statement, |_| Some(AskSetting::YesNo))),
            "retry" => settings.extend(inside.line(statement, retry)),
            "silence" => settings.extend(inside.line(statement, silence)),
            "decline" => settings.extend(inside.line(statement, decline)),
            _ => inside.unknown(statement),
        }
    }
    let unreadable = inside.unreadable;
    Some(Ask { span: header.span, keyword: header.keyword, name, text, settings, unreadable })
}

fn when(lines: &mut Lines<'_>, statement: &Statement) -> Option<Branch> {
    let header = lines.header(statement, condition)?;
    let mut steps = Vec::new();
    let mut inside = lines.inside(BlockKind::When);
    for statement in statements(header.block.map_or(&[], |it| &it.nodes)) {
        let Some(word) = inside.first_word(statement) else { continue };
        if is_step(word) {
            steps.extend(step(&mut inside, statement, word));
        } else {
            inside.unknown(statement);
        }
    }
    let unreadable = inside.unreadable;
    Some(Branch { span: header.span, keyword: header.keyword, condition: header.value, steps, unreadable })
}

fn scale(cursor: &mut Cursor<'_>) -> Option<AskSetting> {
    let least = cursor.expect_number("a range such as `1..5`")?;
    let _ = cursor.expect(TokenKind::Range, "`..` and the last number")?;
    let most = cursor.expect_number("the last number of the scale")?;
    Some(AskSetting::Scale { least, most })
}

fn choice(cursor: &mut Cursor<'_>) -> Option<AskSetting> {
    let key = cursor.expect_number("a key and its answer, such as `1 price`")?;
    let answer = cursor.expect_name("what the key means, such as `price`")?;
    Some(AskSetting::Choice { key, answer })
}

fn retry(cursor: &mut Cursor<'_>) -> Option<AskSetting> {
    let times = effort::times(cursor)?;
    let text = if cursor.at(TokenKind::Text) { Some(cursor.take_text()?) } else { None };
    Some(AskSetting::Retry { times, text })
}

fn silence(cursor: &mut Cursor<'_>) -> Option<AskSetting> {
    if cursor.at(TokenKind::Text) {
        return cursor.take_text().map(|it| AskSetting::Silence { times: None, text: Some(it) });
    }
    let times = effort::times(cursor)?;
    let text = if cursor.at(TokenKind::Text) { Some(cursor.take_text()?) } else { None };
    Some(AskSetting::Silence { times: Some(times), text })
}

fn decline(cursor: &mut Cursor<'_>) -> Option<AskSetting> {
    key(cursor).map(AskSetting::Decline)
}

/// A digit, or none for the star; not judged.
pub(super) fn key(cursor: &mut Cursor<'_>) -> Option<Spanned<Option<u64>>> {
    if let Some(star) = cursor.take(TokenKind::Asterisk) {
        return Some(Spanned::new(None, star.span));
    }
    let key = cursor.expect_number("a key such as `9` or `*`")?;
    Some(Spanned::new(Some(key.value), key.span))
}
