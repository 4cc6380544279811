//! `survey`, and its settings.

use super::{
    condition::condition,
    cursor::Cursor,
    effort::duration,
    question,
    statement::{Lines, statements},
    translation,
};
use crate::syntax::{
    ast::{
        Alert, Attempts, CallLimit, Machine, Mode, Name, Offer, Store, Survey, SurveySetting, Text, Window,
        WindowZone,
    },
    settings::BlockKind,
    token::TokenKind,
    tree::Statement,
};

pub(super) fn survey(lines: &mut Lines<'_>, statement: &Statement) -> Option<Survey> {
    let header = lines.header(statement, |cursor| {
        let name = cursor.expect_name("a name such as `satisfaction`")?;
        Some((name, cursor.take_text()))
    })?;
    let (name, title) = header.value;
    let (mut settings, mut steps, mut translations) = (Vec::new(), Vec::new(), Vec::new());
    let mut inside = lines.inside(BlockKind::Survey);
    for statement in statements(header.block.map_or(&[], |it| &it.nodes)) {
        let Some(word) = inside.first_word(statement) else { continue };
        if question::is_step(word) {
            steps.extend(question::step(&mut inside, statement, word));
        } else if word == "translation" {
            translations.extend(translation::translation(&mut inside, statement));
        } else if let Some(read) = reader(word) {
            settings.extend(inside.line(statement, read));
        } else {
            inside.unknown(statement);
        }
    }
    let unreadable = inside.unreadable;
    Some(Survey {
        span: header.span,
        keyword: header.keyword,
        name,
        title,
        settings,
        steps,
        translations,
        unreadable,
    })
}

/// What reads a setting that starts with that word.
fn reader(word: &str) -> Option<fn(&mut Cursor<'_>) -> Option<SurveySetting>> {
    Some(match word {
        "mode" => mode,
        "offer" => offer,
        "queue" => |it| resource(it, "a queue such as `BasicQueue`").map(SurveySetting::Queue),
        "hours" => {
            |it| resource(it, "hours of operation such as `\"Office hours\"`").map(SurveySetting::Hours)
        }
        "window" => window,
        "limit" => limit,
        "delay" => |it| duration(it).map(SurveySetting::Delay),
        "attempts" => attempts,
        "ring" => |it| duration(it).map(SurveySetting::Ring),
        "machine" => machine,
        "voice" => |it| it.expect_name("a voice such as `Joanna`").map(SurveySetting::Voice),
        "language" => |it| it.expect_name("a language such as `en-GB`").map(SurveySetting::Language),
        "choose" => |it| translation::choose(it).map(SurveySetting::Choose),
        "wait" => |it| spoken(it).map(SurveySetting::Wait),
        "sorry" => |it| spoken(it).map(SurveySetting::Sorry),
        "goodbye" => |it| spoken(it).map(SurveySetting::Goodbye),
        "thank" => |it| spoken(it).map(SurveySetting::Thank),
        "alert" => alert,
        "store" => store,
        _ => return None,
    })
}

fn mode(cursor: &mut Cursor<'_>) -> Option<SurveySetting> {
    let modes = [("in_call", Mode::InCall), ("external", Mode::External), ("post_call", Mode::PostCall)];
    cursor.expect_one_of(&modes).map(SurveySetting::Mode)
}

fn spoken(cursor: &mut Cursor<'_>) -> Option<Text> {
    cursor.expect_text("what is said, in quotes")
}

fn offer(cursor: &mut Cursor<'_>) -> Option<SurveySetting> {
    let text = spoken(cursor)?;
    let declines = cursor.take_word("decline").is_some();
    let decline = if declines { Some(question::key(cursor)?) } else { None };
    Some(SurveySetting::Offer(Offer { text, decline }))
}

/// The name of something that exists in the telephone system, where names may have spaces.
pub(super) fn resource(cursor: &mut Cursor<'_>, what: &str) -> Option<Name> {
    if cursor.at(TokenKind::Text) { cursor.take_text() } else { cursor.expect_name(what) }
}

fn window(cursor: &mut Cursor<'_>) -> Option<SurveySetting> {
    let from = cursor.expect_time()?;
    let _ = cursor.expect(TokenKind::Range, "`..` and the time of the last calls")?;
    let to = cursor.expect_time()?;
    let zone = if cursor.take_word("in").is_some() {
        WindowZone::Named(cursor.expect_name("a time zone such as `Europe/Athens`")?)
    } else if cursor.take_word("caller").is_some() {
        let _ = cursor.expect_word("time")?;
        WindowZone::Caller
    } else {
        return cursor.fail_expecting("`caller time`, or `in` and a time zone,");
    };
    Some(SurveySetting::Window(Window { from, to, zone }))
}

fn limit(cursor: &mut Cursor<'_>) -> Option<SurveySetting> {
    let calls = cursor.expect_number("how many calls, such as `1 call`")?;
    if cursor.take_word("call").is_none() {
        let _ = cursor.expect_word("calls")?;
    }
    let _ = cursor.expect_word("each")?;
    Some(SurveySetting::Limit(CallLimit { calls, each: duration(cursor)? }))
}

fn attempts(cursor: &mut Cursor<'_>) -> Option<SurveySetting> {
    let most = cursor.expect_number("how many attempts, such as `2`")?;
    let _ = cursor.expect_word("each")?;
    Some(SurveySetting::Attempts(Attempts { most, each: duration(cursor)? }))
}

fn machine(cursor: &mut Cursor<'_>) -> Option<SurveySetting> {
    let leaves = cursor.expect_one_of(&[("hang_up", false), ("leave", true)])?;
    let machine = if leaves.value { Machine::Leave(spoken(cursor)?) } else { Machine::HangUp };
    Some(SurveySetting::Machine(machine))
}

fn alert(cursor: &mut Cursor<'_>) -> Option<SurveySetting> {
    let channel = cursor.expect_name("the name of a channel")?;
    let _ = cursor.expect_word("when")?;
    Some(SurveySetting::Alert(Alert { channel, condition: condition(cursor)? }))
}

fn store(cursor: &mut Cursor<'_>) -> Option<SurveySetting> {
    let question = cursor.expect_name("the name of a question")?;
    let _ = cursor.expect_word("as")?;
    let key = cursor.expect_name("the name it is kept under, such as `NPS_Rating`,")?;
    Some(SurveySetting::Store(Store { question, key }))
}
