//! Decides which brace is missing or needless, tells it, and says how to read on as if it were put right.

use super::scan::{Action, Open, Scan, scan};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, words},
    source::Span,
    syntax::token::{Role, Token, TokenKind},
};

/// One mistake is found with each reading; nobody makes more in one block.
const MOST_REPAIRS: usize = 16;

/// How to read a piece of a file.
#[derive(Debug)]
pub(super) struct Repaired {
    /// One for each token.
    pub(super) actions: Vec<Action>,
    /// Whether anything had to be repaired.
    pub(super) damaged: bool,
}

pub(super) fn repair(tokens: &[Token], columns: &[Option<usize>], diagnostics: &mut Diagnostics) -> Repaired {
    let mut actions = vec![Action::Keep; tokens.len()];
    let mut found = scan(tokens, columns, &actions);
    let mut damaged = false;
    for _ in 0..MOST_REPAIRS {
        let Some((at, action, diagnostic)) = next(tokens, &found, &actions) else { break };
        let mut tried = actions.clone();
        if let Some(slot) = tried.get_mut(at) {
            *slot = action;
        }
        let better = scan(tokens, columns, &tried);
        if better.strays.len() + better.unclosed.len() >= found.strays.len() + found.unclosed.len() {
            break;
        }
        (actions, found, damaged) = (tried, better, true);
        diagnostics.push(diagnostic);
    }
    damaged |= finish(tokens, &found, &mut actions, diagnostics);
    Repaired { actions, damaged }
}

/// The repair that indentation speaks for, when there is one.
fn next(tokens: &[Token], found: &Scan, actions: &[Action]) -> Option<(usize, Action, Diagnostic)> {
    if let Some(stray) = found.strays.first() {
        let before = |it: &usize| it < stray;
        let open = found.open_before.filter(|(at, _)| before(at));
        let needless = found.needless.filter(before);
        return match (open, needless) {
            (Some((at, header)), needless) if needless.is_none_or(|it| at < it) => {
                Some((at, Action::OpenBefore, missing_open(tokens, header, at)))
            }
            (_, Some(at)) => Some((at, Action::Ignore, stray_brace(tokens, at))),
            (_, None) => None,
        };
    }
    let (at, open) = found.close_before.filter(|_| !found.unclosed.is_empty())?;
    let closed = match actions.get(at) {
        Some(Action::CloseBefore(count)) => *count,
        _ => 0,
    };
    Some((at, Action::CloseBefore(closed + 1), unclosed(tokens, &[open], at)))
}

/// What no indentation explains is told where it shows.
fn finish(tokens: &[Token], found: &Scan, actions: &mut [Action], diagnostics: &mut Diagnostics) -> bool {
    let mut ignore = |at: usize| {
        if let Some(action) = actions.get_mut(at) {
            *action = Action::Ignore;
        }
    };
    let mut last = None;
    for at in &found.strays {
        ignore(*at);
        let between = last.map_or(0..0, |last| last + 1..*at);
        let alone = last.is_none() || tokens.get(between).is_none_or(|it| it.iter().any(says_something));
        if alone {
            diagnostics.push(stray_brace(tokens, *at));
        }
        last = Some(*at);
    }
    if let Some(token) = found.too_deep.first().and_then(|at| tokens.get(*at)) {
        diagnostics.push(
            Diagnostic::new(Code::TooDeep, format!("blocks are nested more than {} deep", super::DEEPEST))
                .label(token.span, "not read from here on")
                .help("nothing in the language is nested more than three deep"),
        );
    }
    found.too_deep.iter().for_each(|at| ignore(*at));
    // What is too deep is not closed either, and that is enough told.
    if !found.unclosed.is_empty() && found.too_deep.is_empty() {
        diagnostics.push(unclosed(tokens, &found.unclosed, tokens.len()));
    }
    !(found.strays.is_empty() && found.too_deep.is_empty() && found.unclosed.is_empty())
}

fn says_something(token: &Token) -> bool {
    matches!(token.kind.role(), Role::Open | Role::Close | Role::Content)
}

fn missing_open(tokens: &[Token], header: usize, at: usize) -> Diagnostic {
    let place = place_before(tokens, at);
    Diagnostic::new(Code::MissingBlock, format!("`{}` opens no block", name_of(tokens, header)))
        .label(place, "expected `{` here, probably")
        .help("the lines below stand deeper, as in a block")
        .suggest(place, " {")
}

fn stray_brace(tokens: &[Token], at: usize) -> Diagnostic {
    let span = tokens.get(at).map(|it| it.span);
    Diagnostic::new(Code::StrayBrace, "this `}` closes nothing")
        .label(span, "one too many, probably")
        .help("remove it, or open the block that it should close")
        .suggest(span, "")
}

fn unclosed(tokens: &[Token], open: &[Open], at: usize) -> Diagnostic {
    let place = place_before(tokens, at);
    let mut diagnostic = match open {
        [one] => Diagnostic::new(
            Code::UnclosedBlock,
            format!("the block of `{}` has no closing `}}`", name_of(tokens, one.header)),
        )
        .label(place, "expected `}` here, probably"),
        _ => Diagnostic::new(
            Code::UnclosedBlock,
            format!("{} have no closing `}}`", words::counted(open.len(), "block")),
        )
        .label(place, format!("expected {} here", words::counted(open.len(), "closing brace"))),
    };
    // The outermost and the innermost tell enough.
    let ends: &[usize] = if open.len() > 1 { &[0, open.len() - 1] } else { &[0] };
    for open in ends.iter().filter_map(|at| open.get(*at)) {
        if let Some(brace) = tokens.get(open.brace) {
            diagnostic = diagnostic.also(brace.span, "opened here");
        }
    }
    diagnostic.help("close each block with a `}` on a line of its own")
}

/// What a line is called in a message: its first two words.
fn name_of(tokens: &[Token], header: usize) -> String {
    let line = tokens.iter().skip(header).take_while(|it| {
        !matches!(it.kind, TokenKind::Newline | TokenKind::OpenBrace | TokenKind::OpenParenthesis)
    });
    let words: Vec<_> =
        line.filter(|it| it.kind == TokenKind::Word).map(|it| it.text.as_str()).take(2).collect();
    if words.is_empty() { "{".to_owned() } else { words.join(" ") }
}

/// Right behind the last thing that was said before that token.
fn place_before(tokens: &[Token], at: usize) -> Option<Span> {
    tokens.iter().take(at).rev().find(|it| says_something(it)).map(|it| it.span.after())
}
