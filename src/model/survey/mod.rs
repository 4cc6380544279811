//! Surveys: what is asked on the telephone, on which ways, and how people are called for it.
//!
//! Passes over one survey: its settings ([`calls`], [`voice`]); its [`questions`], each by itself; its steps in
//! [`words`] beside them, in each language, with the keys that they offer ([`offered`]); its steps in
//! their order, where a [`scope`] knows which answers there are ([`prompt`], [`conditions`], and [`outcomes`] on
//! what can be true at all). Knows no flow and no action: what becomes of a survey is another's part.

mod calls;
mod conditions;
mod offered;
mod outcomes;
mod prompt;
mod questions;
mod said;
mod scope;
mod shape;
mod steps;
mod voice;
mod words;

pub use shape::{
    Alert, Answers, Branch, CallLimit, Calls, Choice, Choose, Chosen, Condition, Engine, Key, Machine, Mode,
    Named, Prompt, PromptPart, Question, QuestionWords, Relation, Step, Survey, Voice, Window, Words,
};

use std::collections::BTreeMap;

use super::{
    Context,
    names::Kind,
    settings::{Seen, missing},
};
use crate::{
    diagnostics::{Code, Diagnostic},
    source::Span,
    syntax::ast::{self, Name, SurveySetting},
};
use scope::{Scope, Use};
use words::Written;

/// What an item of the results holds beside the answers.
const KEPT: [&str; 2] = ["ContactID", "Date"];

/// What the survey's settings say.
#[derive(Debug, Default)]
struct Said<'a> {
    mode: Option<&'a ast::Spanned<Mode>>,
    written: Written<'a>,
    offer_decline: Option<&'a ast::Spanned<Option<u64>>>,
    choose: Option<(&'a ast::Choose, Span)>,
    queue: Option<&'a Name>,
    hours: Option<&'a Name>,
    language: Option<&'a Name>,
    calls: calls::Said<'a>,
    alerts: Vec<&'a ast::Alert>,
    stores: Vec<&'a ast::Store>,
    /// The first word of each that may stand once.
    keywords: BTreeMap<&'static str, Span>,
}

/// The survey with every name resolved.
pub(super) fn check(ctx: &mut Context<'_>, ast: &ast::Survey) -> Survey {
    let said = said(ctx, ast);
    check_mode(ctx, ast, &said);
    let voice = voice::check(said.written.voice, said.language, ctx.diagnostics);
    let mut all = BTreeMap::new();
    questions::collect(&ast.steps, &mut all, ctx.diagnostics);
    check_asked(ctx, ast, &all);
    let mut scope = Scope::new(&all, steps::may_hide_a_question(ast), &ast.translations);
    let mode = said.mode.map_or(Mode::InCall, |it| it.value);
    let offer_decline = said.offer_decline.and_then(|it| questions::key(it, ctx.diagnostics));
    let choose = words::choose(ctx, said.choose, ast, &scope);
    let translated: Vec<_> =
        ast.translations.iter().map(|it| (it, words::translated(ctx, it, &said.written, &scope))).collect();
    let spoken = said.language.or(said.written.voice).map_or(ast.name.span, |it| it.span);
    let voices = words::voices(ctx, (&voice, spoken), &translated);
    let mut words = words::before(ctx, &said.written, (ast.name.span, voice), offer_decline, &scope);
    let mut translations: Vec<Words> = translated
        .iter()
        .zip(voices)
        .map(|((it, written), voice)| {
            words::before(ctx, written, (it.language.span, voice), offer_decline, &scope)
        })
        .collect();
    let calls = calls::check(ctx, &said.calls, &scope);
    let steps = steps::check(ctx, &ast.steps, &mut scope);
    words.thank = words::thank(ctx, &said.written, &scope);
    for (words, (_, written)) in translations.iter_mut().zip(&translated) {
        words.thank = words::thank(ctx, written, &scope);
    }
    let named = |it: &Name| Named { name: it.value.clone(), span: it.span };
    Survey {
        name: ast.name.value.clone(),
        span: ast.name.span,
        title: ast.title.as_ref().map_or_else(|| ast.name.value.clone(), |it| it.value.clone()),
        mode,
        words,
        translations,
        choose,
        offer_decline,
        queue: said.queue.map_or_else(|| Named { name: String::new(), span: ast.name.span }, named),
        hours: said.hours.map(named),
        calls: (mode != Mode::PostCall).then_some(calls),
        steps,
        alerts: said.alerts.iter().filter_map(|it| alert(ctx, it, &scope)).collect(),
        stored_as: stored_as(ctx, &said.stores, &scope),
    }
}

fn said<'a>(ctx: &mut Context<'_>, ast: &'a ast::Survey) -> Said<'a> {
    let mut seen = Seen::default();
    let mut said = Said::default();
    for entry in &ast.settings {
        let word = match &entry.value {
            SurveySetting::Mode(_) => "mode",
            SurveySetting::Offer(_) => "offer",
            SurveySetting::Queue(_) => "queue",
            SurveySetting::Hours(_) => "hours",
            SurveySetting::Window(_) => "window",
            SurveySetting::Limit(_) => "limit",
            SurveySetting::Delay(_) => "delay",
            SurveySetting::Attempts(_) => "attempts",
            SurveySetting::Ring(_) => "ring",
            SurveySetting::Machine(_) => "machine",
            SurveySetting::Voice(_) => "voice",
            SurveySetting::Language(_) => "language",
            SurveySetting::Choose(_) => "choose",
            SurveySetting::Wait(_) => "wait",
            SurveySetting::Sorry(_) => "sorry",
            SurveySetting::Goodbye(_) => "goodbye",
            SurveySetting::Thank(_) => "thank",
            SurveySetting::Alert(it) => {
                said.alerts.push(it);
                continue;
            }
            SurveySetting::Store(it) => {
                said.stores.push(it);
                continue;
            }
        };
        if seen.first(word, entry.keyword, ctx.diagnostics) {
            let _ = said.keywords.insert(word, entry.keyword);
            said.take(&entry.value, entry.keyword);
        }
    }
    said
}

impl<'a> Said<'a> {
    fn take(&mut self, setting: &'a SurveySetting, keyword: Span) {
        let mut say = |word, text| {
            let _ = self.written.texts.insert(word, text);
        };
        match setting {
            SurveySetting::Mode(it) => self.mode = Some(it),
            SurveySetting::Offer(it) => {
                say("offer", &it.text);
                self.offer_decline = it.decline.as_ref();
            }
            SurveySetting::Queue(it) => self.queue = Some(it),
            SurveySetting::Hours(it) => self.hours = Some(it),
            SurveySetting::Window(it) => self.calls.window = Some(it),
            SurveySetting::Limit(it) => self.calls.limit = Some(it),
            SurveySetting::Delay(it) => self.calls.delay = Some(it),
            SurveySetting::Attempts(it) => self.calls.attempts = Some(it),
            SurveySetting::Ring(it) => self.calls.ring = Some(it),
            SurveySetting::Machine(it) => self.calls.machine = Some(it),
            SurveySetting::Voice(it) => self.written.voice = Some(it),
            SurveySetting::Language(it) => self.language = Some(it),
            SurveySetting::Choose(it) => self.choose = Some((it, keyword)),
            SurveySetting::Wait(it) => say("wait", it),
            SurveySetting::Sorry(it) => say("sorry", it),
            SurveySetting::Goodbye(it) => say("goodbye", it),
            SurveySetting::Thank(it) => say("thank", it),
            SurveySetting::Alert(_) | SurveySetting::Store(_) => {}
        }
    }
}

/// What a mode asks for, and what means nothing in it.
fn check_mode(ctx: &mut Context<'_>, ast: &ast::Survey, said: &Said<'_>) {
    let whose = format!("the survey `{}`", ast.name.value);
    let unreadable = |word: &str| ast.unreadable.iter().any(|it| it.value == word);
    let mut require = |word: &str, example: &str| {
        if !said.keywords.contains_key(word) && !unreadable(word) {
            ctx.diagnostics.push(missing(&whose, word, ast.name.span, example));
        }
    };
    require("mode", "mode in_call");
    require("thank", "thank \"Thank you. Goodbye.\"");
    let Some(mode) = said.mode else { return };
    require("queue", "queue BasicQueue");
    let (word, needless, why): (_, &[&str], _) = match mode.value {
        Mode::InCall => ("in_call", &[], ""),
        Mode::External => {
            ("external", &["offer", "hours", "wait", "sorry"], "callers come in through somebody else's flow")
        }
        Mode::PostCall => (
            "post_call",
            &["window", "limit", "delay", "attempts", "ring", "machine"],
            "nobody is called, the caller stays on the line",
        ),
    };
    if mode.value != Mode::External {
        require("offer", "offer \"We will call you for a one question survey.\"");
    }
    if mode.value != Mode::PostCall {
        require("window", "window 09:00..20:00 caller time");
    }
    for needless in needless {
        if let Some(keyword) = said.keywords.get(needless) {
            ctx.diagnostics.push(
                Diagnostic::new(Code::NotInMode, format!("`{needless}` has no meaning in the mode `{word}`"))
                    .label(*keyword, why)
                    .also(mode.span, "the mode")
                    .help("delete the line, or choose another mode"),
            );
        }
    }
}

fn check_asked(ctx: &mut Context<'_>, ast: &ast::Survey, all: &BTreeMap<&str, questions::Asked<'_>>) {
    if all.is_empty() && !steps::may_hide_a_question(ast) {
        let whose = format!("the survey `{}`", ast.name.value);
        ctx.diagnostics.push(missing(&whose, "ask", ast.name.span, "ask rating \"…\" { … }"));
    }
}

fn alert(ctx: &mut Context<'_>, ast: &ast::Alert, scope: &Scope<'_>) -> Option<Alert> {
    let known = ctx.names.known(Kind::Channel, &ast.channel, ctx.diagnostics);
    let condition = conditions::check(&ast.condition, Use::AtTheEnd, scope, ctx.diagnostics)?;
    known.then(|| Alert { channel: ast.channel.value.clone(), condition })
}

fn stored_as(ctx: &mut Context<'_>, stores: &[&ast::Store], scope: &Scope<'_>) -> BTreeMap<String, String> {
    let mut by_question: BTreeMap<String, (&ast::Store, String)> = BTreeMap::new();
    for store in stores {
        if scope.question(&store.question, ctx.diagnostics).is_none() {
            continue;
        }
        let usable = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '-';
        if !store.key.value.chars().all(usable) || KEPT.contains(&store.key.value.as_str()) {
            ctx.diagnostics.push(
                Diagnostic::new(
                    Code::UnusableName,
                    format!("an answer can't be kept under `{}`", store.key.value),
                )
                .label(store.key.span, "not usable")
                .help("write letters, digits, `-` and `_`, and neither `ContactID` nor `Date`"),
            );
        }
        let twice = |first: Span, message: String| {
            Diagnostic::new(Code::SettingTwice, message)
                .label(store.question.span.to(store.key.span), "given again")
                .also(first, "first given here")
                .help("keep one of the two")
        };
        if let Some((first, _)) = by_question.get(&store.question.value) {
            ctx.diagnostics
                .push(twice(first.question.span, format!("`{}` is kept twice", store.question.value)));
            continue;
        }
        if let Some((first, _)) = by_question.values().find(|(_, key)| *key == store.key.value) {
            ctx.diagnostics
                .push(twice(first.key.span, format!("two answers are kept under `{}`", store.key.value)));
        }
        let _ = by_question.insert(store.question.value.clone(), (*store, store.key.value.clone()));
    }
    by_question.into_iter().map(|(question, (_, key))| (question, key)).collect()
}
