//! What a survey says beside its questions, in its own language and in others.

use std::collections::BTreeMap;

use super::{
    offered, prompt,
    scope::Scope,
    shape::{Choose, Chosen, Key, Prompt, QuestionWords, Voice, Words},
    voice,
};
use crate::{
    diagnostics::{Code, Diagnostic},
    model::{
        Context,
        settings::{Seen, missing},
    },
    source::Span,
    syntax::ast::{self, Name, Text, TranslatedAskSetting, TranslationSetting},
};

/// What is written, by the word that it stands behind.
#[derive(Debug, Default)]
pub(super) struct Written<'a> {
    pub(super) texts: BTreeMap<&'static str, &'a Text>,
    pub(super) voice: Option<&'a Name>,
}

impl<'a> Written<'a> {
    fn get(&self, word: &str) -> Option<&'a Text> {
        self.texts.get(word).copied()
    }
}

/// One language's words, but for those behind the last question.
pub(super) fn before(
    ctx: &mut Context<'_>,
    written: &Written<'_>,
    (span, voice): (Span, Voice),
    decline: Option<Key>,
    scope: &Scope<'_>,
) -> Words {
    let declines: Vec<Key> = decline.into_iter().collect();
    let mut say = |word: &str, handled: &[Key]| {
        let text = written.get(word)?;
        offered::check(text, handled, ctx.diagnostics);
        Some(prompt::check(ctx, text, scope))
    };
    Words {
        span,
        voice,
        offer: say("offer", &declines),
        offer_span: written.get("offer").map_or(span, |it| it.span),
        wait: say("wait", &[]),
        sorry: say("sorry", &[]),
        goodbye: say("goodbye", &[]),
        thank: Prompt::default(),
        thank_span: written.get("thank").map_or(span, |it| it.span),
    }
}

/// Those behind the last question.
pub(super) fn thank(ctx: &mut Context<'_>, written: &Written<'_>, scope: &Scope<'_>) -> Prompt {
    let Some(text) = written.get("thank") else { return Prompt::default() };
    offered::check(text, &[], ctx.diagnostics);
    prompt::check(ctx, text, scope)
}

/// What a translation says; each that the survey says too, and no other.
pub(super) fn translated<'a>(
    ctx: &mut Context<'_>,
    ast: &'a ast::Translation,
    own: &Written<'_>,
    scope: &Scope<'_>,
) -> Written<'a> {
    let mut written = Written::default();
    let mut seen = Seen::default();
    for entry in &ast.settings {
        let (word, text) = match &entry.value {
            TranslationSetting::Voice(voice) => {
                if seen.first("voice", entry.keyword, ctx.diagnostics) {
                    written.voice = Some(voice);
                }
                continue;
            }
            TranslationSetting::Offer(text) => ("offer", text),
            TranslationSetting::Wait(text) => ("wait", text),
            TranslationSetting::Sorry(text) => ("sorry", text),
            TranslationSetting::Thank(text) => ("thank", text),
            TranslationSetting::Goodbye(text) => ("goodbye", text),
        };
        if !own.texts.contains_key(word) {
            ctx.diagnostics.push(
                Diagnostic::new(Code::UnusableValue, format!("the survey itself says no `{word}`"))
                    .label(entry.keyword, "translates nothing")
                    .help(format!("delete the line, or add `{word}` to the survey")),
            );
        }
        if seen.first(word, entry.keyword, ctx.diagnostics) {
            let _ = written.texts.insert(word, text);
        }
    }
    let whose = whose(ast);
    for (word, text) in &own.texts {
        let is_unreadable = ast.unreadable.iter().any(|it| it.value == *word);
        if !written.texts.contains_key(word) && !is_unreadable {
            let example = format!("{word} \"…\"");
            ctx.diagnostics
                .push(missing(&whose, word, ast.language.span, &example).also(text.span, "said here"));
        }
    }
    let mut asked: BTreeMap<&str, Span> = BTreeMap::new();
    for ask in &ast.asks {
        let _ = scope.question(&ask.name, ctx.diagnostics);
        if let Some(first) = asked.insert(&ask.name.value, ask.name.span) {
            ctx.diagnostics.push(
                Diagnostic::new(
                    Code::DefinedTwice,
                    format!("the question `{}` is translated twice", ask.name.value),
                )
                .label(ask.name.span, "translated again")
                .also(first, "first translated here")
                .help("keep one of the two"),
            );
        }
    }
    written
}

fn whose(ast: &ast::Translation) -> String {
    format!("the translation `{}`", ast.language.value)
}

/// The question's words in another language.
pub(super) fn question(
    ctx: &mut Context<'_>,
    translation: &ast::Translation,
    name: &Name,
    own: &QuestionWords,
    handled: Option<&[Key]>,
    scope: &Scope<'_>,
) -> QuestionWords {
    let Some(ask) = translation.asks.iter().find(|it| it.name.value == name.value) else {
        if translation.unreadable.is_empty() {
            let lack = format!("ask {}", name.value);
            let example = format!("ask {} \"…\"", name.value);
            ctx.diagnostics.push(
                missing(&whose(translation), &lack, translation.language.span, &example)
                    .also(name.span, "asked here"),
            );
        }
        return QuestionWords::default();
    };
    if let Some(handled) = handled {
        offered::check(&ask.text, handled, ctx.diagnostics);
    }
    let mut words =
        QuestionWords { prompt: prompt::check(ctx, &ask.text, scope), ..QuestionWords::default() };
    let mut seen = Seen::default();
    for entry in &ask.settings {
        let (word, text) = match &entry.value {
            TranslatedAskSetting::Retry(text) => ("retry", text),
            TranslatedAskSetting::Silence(text) => ("silence", text),
        };
        if !seen.first(word, entry.keyword, ctx.diagnostics) {
            continue;
        }
        let said = Some(prompt::check(ctx, text, scope));
        if word == "retry" { words.invalid = said } else { words.silence = said }
    }
    for (word, own, other) in
        [("retry", &own.invalid, &words.invalid), ("silence", &own.silence, &words.silence)]
    {
        if own.is_some() && other.is_none() && ask.unreadable.is_empty() {
            let whose = format!("the question `{}` in `{}`", name.value, translation.language.value);
            ctx.diagnostics.push(missing(&whose, word, ask.name.span, &format!("{word} \"…\"")));
        }
    }
    words
}

/// The voice of each translation; a language is spoken once.
pub(super) fn voices(
    ctx: &mut Context<'_>,
    own: (&Voice, Span),
    translations: &[(&ast::Translation, Written<'_>)],
) -> Vec<Voice> {
    let mut spoken: BTreeMap<String, Span> = BTreeMap::from([(own.0.language.clone(), own.1)]);
    let mut voices = Vec::new();
    for (ast, written) in translations {
        let voice = voice::check(written.voice, Some(&ast.language), ctx.diagnostics);
        if let Some(first) = spoken.insert(ast.language.value.clone(), ast.language.span) {
            ctx.diagnostics.push(
                Diagnostic::new(Code::DefinedTwice, format!("`{}` is spoken twice", ast.language.value))
                    .label(ast.language.span, "spoken again")
                    .also(first, "spoken here already")
                    .help("keep one of the two, or choose another language"),
            );
        }
        voices.push(voice);
    }
    voices
}

/// How callers get to their language.
pub(super) fn choose(
    ctx: &mut Context<'_>,
    ast: Option<(&ast::Choose, Span)>,
    survey: &ast::Survey,
    scope: &Scope<'_>,
) -> Option<Chosen> {
    let whose = format!("the survey `{}`", survey.name.value);
    let Some((ast, span)) = ast else {
        let is_unreadable = survey.unreadable.iter().any(|it| it.value == "choose");
        if let Some(first) = survey.translations.first().filter(|_| !is_unreadable) {
            let example = "choose by attribute Language";
            ctx.diagnostics.push(missing(&whose, "choose", first.language.span, example));
        }
        return None;
    };
    if survey.translations.is_empty() && !survey.unreadable.iter().any(|it| it.value == "translation") {
        ctx.diagnostics.push(missing(&whose, "translation", span, "translation es-US { … }"));
    }
    let by = match ast {
        ast::Choose::Key(text) => {
            let count = u32::try_from(survey.translations.len()).unwrap_or(u32::MAX).saturating_add(1);
            let keys: Vec<Key> = (1..=count.min(9)).map(Key::Digit).collect();
            if count > 9 {
                ctx.diagnostics.push(
                    Diagnostic::new(Code::OverLimit, "there are more languages than keys")
                        .label(span, format!("{count} languages"))
                        .help("write `choose by attribute Language`, or keep up to nine"),
                );
            }
            offered::check(text, &keys, ctx.diagnostics);
            Choose::Key(prompt::check(ctx, text, scope))
        }
        ast::Choose::Attribute(name) => {
            let usable = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '-';
            if !name.value.chars().all(usable) {
                ctx.diagnostics.push(
                    Diagnostic::new(Code::UnusableName, format!("`{}` can't be an attribute", name.value))
                        .label(name.span, "not usable")
                        .help("write letters, digits, `-` and `_`"),
                );
            }
            Choose::Attribute(name.value.clone())
        }
    };
    Some(Chosen { span, by })
}
