//! Scenario files: a block each, one sentence a line.

use super::{Place, cursor::Cursor, effort, statement::statements};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, suggest},
    source::FileId,
    syntax::{
        ast::{Ending, Fault, Happening, LockState, Outcome, Scenario, ScenarioFile, ScenarioStep, Spanned},
        token::TokenKind,
        tree::{Statement, Tree},
    },
};

/// What a sentence about a stage goes on with.
const VERBS: [&str; 5] = ["fails", "takes", "runs", "does", "is"];

/// The file's scenarios. Whatever can't be read is reported and left out.
pub(in crate::syntax) fn scenarios(file: FileId, tree: &Tree, diagnostics: &mut Diagnostics) -> ScenarioFile {
    let scenarios =
        statements(&tree.nodes).filter_map(|statement| scenario(statement, diagnostics)).collect();
    ScenarioFile { file, scenarios }
}

fn scenario(statement: &Statement, diagnostics: &mut Diagnostics) -> Option<Scenario> {
    let _ = first_word(statement, &["scenario"], diagnostics)?;
    let mut cursor = Cursor::new(statement, Place::File, diagnostics);
    cursor.pass_first_word();
    let title = cursor.expect_text("a title such as `\"a lost host\"`")?;
    let _ = cursor.expect_word("of")?;
    let pipeline = cursor.expect_name("a pipeline's name")?;
    cursor.finish();
    let Some(block) = &statement.block else {
        diagnostics.push(
            Diagnostic::new(Code::MissingBlock, "a `scenario` has a block")
                .label(statement.line.after(), "`{` is missing here")
                .help("scenario \"a lost host\" of greece { … }"),
        );
        return None;
    };
    let mut steps: Vec<Spanned<ScenarioStep>> = Vec::new();
    let mut says_when = None;
    let mut complete = true;
    for line in statements(&block.nodes) {
        let read = step(line, &mut says_when, diagnostics);
        complete &= read.is_some();
        steps.extend(read.map(|it| Spanned::new(it, line.line)));
    }
    if complete && !matches!(steps.last(), Some(Spanned { value: ScenarioStep::Then(_), .. })) {
        let span = steps.last().map_or(statement.line, |it| it.span);
        diagnostics.push(
            Diagnostic::new(Code::NothingExpected, "nothing is expected of what happens here")
                .label(span, "no `then` follows")
                .help("say what is to come of it: `then  the run succeeds`"),
        );
        return None;
    }
    complete.then(|| Scenario { span: statement.span(), title, pipeline, steps })
}

/// A line; `says_when` is what `and` goes on with.
fn step(
    statement: &Statement,
    says_when: &mut Option<bool>,
    diagnostics: &mut Diagnostics,
) -> Option<ScenarioStep> {
    if let Some(block) = &statement.block {
        diagnostics.push(
            Diagnostic::new(Code::UnexpectedBlock, "a line of a scenario has no block")
                .label(block.open, "not expected"),
        );
        return None;
    }
    let word = first_word(statement, &["when", "then", "and"], diagnostics)?;
    let mut cursor = Cursor::new(statement, Place::File, diagnostics);
    cursor.pass_first_word();
    let is_when = match (word, *says_when) {
        ("when", _) => true,
        ("then", _) => false,
        (_, Some(before)) => before,
        (_, None) => {
            let message = "`and` goes on with nothing: no `when` or `then` stands before it";
            return cursor
                .tell(Diagnostic::new(Code::Expected, message).label(statement.line, "the first line"));
        }
    };
    *says_when = Some(is_when);
    let step = if is_when {
        ScenarioStep::When(happening(&mut cursor)?)
    } else {
        ScenarioStep::Then(outcome(&mut cursor)?)
    };
    cursor.finish();
    Some(step)
}

fn first_word<'a>(
    statement: &'a Statement,
    words: &[&'static str],
    diagnostics: &mut Diagnostics,
) -> Option<&'a str> {
    let first = statement.tokens.first();
    if let Some(first) = first
        && words.iter().any(|it| first.is_word(it))
    {
        return Some(&first.text);
    }
    let (text, span) = first.map_or(("{", statement.line), |it| (it.text.as_str(), it.span));
    let expected = crate::diagnostics::words::or_ticked(words);
    let diagnostic =
        Diagnostic::new(Code::UnknownWord, format!("`{text}` has no meaning in a scenario file"))
            .label(span, format!("expected {expected}"));
    diagnostics.push(match suggest::closest(text, words.iter().copied()) {
        Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")).suggest(span, meant),
        None => diagnostic,
    });
    None
}

fn happening(cursor: &mut Cursor<'_>) -> Option<Happening> {
    if cursor.take_word("nobody").is_some() {
        let _ = cursor.expect_word("watches")?;
        return Some(Happening::Unwatched);
    }
    if cursor.take_word("the").is_some() {
        let what =
            cursor.expect_one_of(&[("run", About::Run), ("lock", About::Lock), ("next", About::Next)])?;
        return match what.value {
            About::Next => {
                let _ = cursor.expect_word("run")?;
                let _ = cursor.expect_word("starts")?;
                Some(Happening::NextRun)
            }
            About::Run => {
                let _ = cursor.expect_word("is")?;
                if cursor.expect_one_of(&[("stopped", true), ("resumed", false)])?.value {
                    let _ = cursor.expect_word("after")?;
                    return effort::duration(cursor).map(Happening::Stopped);
                }
                Some(Happening::Resumed)
            }
            About::Lock => {
                for word in ["is", "held", "by", "a", "run", "that"] {
                    let _ = cursor.expect_word(word)?;
                }
                let goes_on = cursor.expect_one_of(&[("goes", true), ("has", false)])?.value;
                let _ = cursor.expect_word(if goes_on { "on" } else { "ended" })?;
                Some(Happening::Held { goes_on })
            }
        };
    }
    let stage = cursor.expect_words_until(&VERBS, "a stage such as `extract companies`")?;
    if cursor.expect_one_of(&[("fails", true), ("takes", false)])?.value {
        let Times(times) = times(cursor)?;
        return Some(Happening::Fails { stage, times, why: fault(cursor)? });
    }
    effort::duration(cursor).map(|duration| Happening::Takes { stage, duration })
}

/// What a sentence that begins with `the` is about.
#[derive(Debug, Clone, Copy)]
enum About {
    Run,
    Lock,
    Next,
}

/// How often, where a line says it.
#[derive(Debug, Clone, Copy)]
struct Times(Option<Spanned<u64>>);

/// `once`, `twice`, `3 times`, or nothing.
fn times(cursor: &mut Cursor<'_>) -> Option<Times> {
    for (word, number) in [("once", 1), ("twice", 2)] {
        if let Some(span) = cursor.take_word(word) {
            return Some(Times(Some(Spanned::new(number, span))));
        }
    }
    if cursor.at(TokenKind::Number) {
        return effort::times(cursor).map(|it| Times(Some(it)));
    }
    Some(Times(None))
}

fn fault(cursor: &mut Cursor<'_>) -> Option<Fault> {
    if cursor.take_word("with").is_none() {
        return Some(Fault::Failure("it failed, as the scenario says".to_owned()));
    }
    if let Some(text) = cursor.take_text() {
        return Some(Fault::Failure(text.value));
    }
    let words = [
        ("host", Fault::HostLoss),
        ("spot", Fault::SpotLoss),
        ("connection", Fault::ConnectionLoss),
        ("throttling", Fault::Throttling),
    ];
    let choices: Vec<(&str, usize)> = words.iter().enumerate().map(|(at, (word, _))| (*word, at)).collect();
    let chosen = cursor.expect_one_of(&choices)?.value;
    let fault = words.into_iter().nth(chosen).map(|(_, fault)| fault)?;
    if fault != Fault::Throttling {
        let _ = cursor.expect_word("loss")?;
    }
    Some(fault)
}

fn outcome(cursor: &mut Cursor<'_>) -> Option<Outcome> {
    if cursor.take_word("the").is_some() {
        let is_run = cursor.expect_one_of(&[("run", true), ("lock", false)])?.value;
        return if is_run { run(cursor) } else { lock(cursor) };
    }
    let subject = cursor.expect_words_until(&VERBS, "a stage, a channel, `the run` or `the lock`")?;
    if cursor.take_word("is").is_some() {
        let is_told = cursor.take_word("not").is_none();
        let _ = cursor.expect_word("told")?;
        let occasion = match cursor.take_word("of") {
            Some(_) => Some(cursor.expect_name("an occasion such as `failure`")?),
            None => None,
        };
        return Some(Outcome::Told { channel: subject, occasion, is_told });
    }
    let runs = cursor.expect_one_of(&[("runs", true), ("does", false)])?.value;
    if !runs {
        let _ = cursor.expect_word("not")?;
        let _ = cursor.expect_word("run")?;
        return Some(Outcome::Runs { stage: subject, times: Some(0) });
    }
    for (word, is_after) in [("after", true), ("beside", false)] {
        if cursor.take_word(word).is_some() {
            let stage = subject;
            let other = cursor.expect_words_until(&VERBS, "a stage such as `publish companies`")?;
            return Some(if is_after {
                Outcome::After { stage, other }
            } else {
                Outcome::Beside { stage, other }
            });
        }
    }
    let times = times(cursor)?.0.map(|it| it.value);
    Some(Outcome::Runs { stage: subject, times })
}

fn run(cursor: &mut Cursor<'_>) -> Option<Outcome> {
    let verbs = [("succeeds", 0), ("fails", 1), ("times", 2), ("is", 3), ("takes", 4)];
    let ending = match cursor.expect_one_of(&verbs)?.value {
        0 => Ending::Succeeds,
        1 => Ending::Fails,
        2 => {
            let _ = cursor.expect_word("out")?;
            Ending::TimesOut
        }
        3 => cursor.expect_one_of(&[("skipped", Ending::IsSkipped), ("stopped", Ending::IsStopped)])?.value,
        _ => {
            let _ = cursor.expect_word("at")?;
            let _ = cursor.expect_word("most")?;
            return effort::duration(cursor).map(Outcome::Within);
        }
    };
    Some(Outcome::Run(ending))
}

fn lock(cursor: &mut Cursor<'_>) -> Option<Outcome> {
    let _ = cursor.expect_word("is")?;
    let states = [("free", LockState::Free), ("held", LockState::Held), ("taken", LockState::TakenOver)];
    let state = cursor.expect_one_of(&states)?.value;
    if state == LockState::TakenOver {
        let _ = cursor.expect_word("over")?;
    }
    Some(Outcome::Lock(state))
}
