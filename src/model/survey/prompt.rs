//! What is said: text with the names of questions in braces, whose answers are spoken there.

use super::{
    scope::{Scope, Use},
    shape::{Prompt, PromptPart},
};
use crate::{
    diagnostics::{Code, Diagnostic},
    model::Context,
    source::Span,
    syntax::ast::{Name, Text},
};

/// A prompt is spoken up to so many characters [Amazon Polly, `SynthesizeSpeech`].
const LONGEST: usize = 3_000;

/// The prompt, of answers that are known where it is said.
pub(super) fn check(ctx: &mut Context<'_>, text: &Text, scope: &Scope<'_>) -> Prompt {
    let mut prompt = Prompt::default();
    if text.value.trim().is_empty() {
        ctx.diagnostics.push(
            Diagnostic::new(Code::UnusableValue, "nothing is said")
                .label(text.span, "empty")
                .help("write what callers hear"),
        );
        return prompt;
    }
    if text.value.contains("$.") {
        ctx.diagnostics.push(
            Diagnostic::new(Code::UnusableValue, "`$.` is read as a reference by the telephone system")
                .label(text.span, "not only words")
                .help("put another character between the two; an answer is spoken by `{rating}`"),
        );
    }
    // The places of names are those in the file, where quotes are escaped; braces are in the same order there.
    let written = ctx.sources.slice(text.span).to_owned();
    let mut places = braces(&written).into_iter();
    let mut length = 0;
    let mut done = 0;
    for brace in braces(&text.value) {
        let place = places.next().map_or(text.span, |it| part(text.span, it.start, it.end));
        let before = text.value.get(done..brace.start).unwrap_or_default();
        push_text(&mut prompt, before);
        done = brace.end;
        let whole = text.value.get(brace.start..brace.end).unwrap_or_default();
        let inside = whole.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
        let Some(inside) = inside.filter(|it| is_name(it)) else {
            ctx.diagnostics.push(
                Diagnostic::new(
                    Code::UnusableValue,
                    "braces stand around the name of a question, and only there",
                )
                .label(place, "no name")
                .help("write `{rating}` for the answer to `rating`"),
            );
            continue;
        };
        let name = Name::new(inside.to_owned(), place);
        if scope.is_answered(&name, Use::Spoken, ctx.diagnostics) {
            length += scope.longest_answer(inside);
            prompt.parts.push(PromptPart::Answer(name.value));
        }
    }
    push_text(&mut prompt, text.value.get(done..).unwrap_or_default());
    length += prompt.parts.iter().map(PromptPart::length).sum::<usize>();
    if length > LONGEST {
        ctx.diagnostics.push(
            Diagnostic::new(Code::OverLimit, "a prompt is too long to be spoken")
                .label(text.span, format!("{length} characters"))
                .help(format!("it can have {LONGEST}, its longest answers counted")),
        );
    }
    prompt
}

impl PromptPart {
    /// An answer's is counted by its question.
    fn length(&self) -> usize {
        match self {
            Self::Text(text) => text.chars().count(),
            Self::Answer(_) => 0,
        }
    }
}

fn push_text(prompt: &mut Prompt, text: &str) {
    if !text.is_empty() {
        prompt.parts.push(PromptPart::Text(text.to_owned()));
    }
}

/// From each `{` to its `}`; a brace without its other is there alone.
fn braces(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for (at, character) in text.char_indices() {
        match character {
            '{' => found.extend(open.replace(at).map(|it| it..it + 1)),
            '}' => found.push(open.take().unwrap_or(at)..at + 1),
            _ => {}
        }
    }
    found.extend(open.map(|it| it..it + 1));
    found
}

fn is_name(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && text.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
}

fn part(text: Span, start: usize, end: usize) -> Span {
    let offset = |it: usize| text.start.saturating_add(u32::try_from(it).unwrap_or(u32::MAX)).min(text.end);
    Span::new(text.file, offset(start), offset(end))
}
