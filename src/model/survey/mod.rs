//! Surveys: what is asked on the telephone, on which ways, and how people are called for it.
//!
//! Passes over one survey: its settings ([`calls`], [`voice`]); its [`questions`], each by itself; its steps in
//! their order, where a [`scope`] knows which answers there are ([`prompt`], [`conditions`], and [`outcomes`] on
//! what can be true at all). Knows no flow and no action: what becomes of a survey is another's part.

mod calls;
mod conditions;
mod outcomes;
mod prompt;
mod questions;
mod scope;
mod shape;
mod steps;
mod voice;

pub use shape::{
    Alert, Answers, Branch, CallLimit, Calls, Choice, Condition, Key, Machine, Mode, Prompt, PromptPart,
    Question, Relation, Step, Survey, Voice, Window,
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
    syntax::ast::{self, Name, SurveySetting, Text},
};
use scope::{Scope, Use};

/// A flow has at most 250 actions, and a question takes up to ten of them.
const MOST_QUESTIONS: usize = 20;
/// What an item of the results holds beside the answers.
const KEPT: [&str; 2] = ["ContactID", "Date"];

/// What the survey's settings say.
#[derive(Debug, Default)]
struct Said<'a> {
    mode: Option<&'a ast::Spanned<Mode>>,
    offer: Option<&'a Text>,
    thank: Option<&'a Text>,
    queue: Option<&'a Name>,
    hours: Option<&'a Name>,
    voice: Option<&'a Name>,
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
    let voice = voice::check(said.voice, said.language, ctx.diagnostics);
    let mut all = BTreeMap::new();
    questions::collect(&ast.steps, &mut all, ctx.diagnostics);
    check_count(ctx, ast, &all);
    let mut scope = Scope::new(&all, steps::may_hide_a_question(ast));
    let mode = said.mode.map_or(Mode::InCall, |it| it.value);
    let offer = said.offer.map(|it| prompt::check(ctx, it, &scope));
    let calls = calls::check(ctx, &said.calls, &scope);
    let steps = steps::check(ctx, &ast.steps, &mut scope);
    let thank = said.thank.map(|it| prompt::check(ctx, it, &scope));
    Survey {
        name: ast.name.value.clone(),
        span: ast.name.span,
        title: ast.title.as_ref().map_or_else(|| ast.name.value.clone(), |it| it.value.clone()),
        mode,
        offer,
        queue: said.queue.map(|it| it.value.clone()).unwrap_or_default(),
        hours: said.hours.map(|it| it.value.clone()),
        calls: (mode != Mode::PostCall).then_some(calls),
        voice,
        steps,
        thank: thank.unwrap_or_default(),
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
            said.take(&entry.value);
        }
    }
    said
}

impl<'a> Said<'a> {
    fn take(&mut self, setting: &'a SurveySetting) {
        match setting {
            SurveySetting::Mode(it) => self.mode = Some(it),
            SurveySetting::Offer(it) => self.offer = Some(it),
            SurveySetting::Queue(it) => self.queue = Some(it),
            SurveySetting::Hours(it) => self.hours = Some(it),
            SurveySetting::Window(it) => self.calls.window = Some(it),
            SurveySetting::Limit(it) => self.calls.limit = Some(it),
            SurveySetting::Delay(it) => self.calls.delay = Some(it),
            SurveySetting::Attempts(it) => self.calls.attempts = Some(it),
            SurveySetting::Ring(it) => self.calls.ring = Some(it),
            SurveySetting::Machine(it) => self.calls.machine = Some(it),
            SurveySetting::Voice(it) => self.voice = Some(it),
            SurveySetting::Language(it) => self.language = Some(it),
            SurveySetting::Thank(it) => self.thank = Some(it),
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
        Mode::External => ("external", &["offer", "hours"], "nothing is offered during the call"),
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

fn check_count(ctx: &mut Context<'_>, ast: &ast::Survey, all: &BTreeMap<&str, questions::Asked<'_>>) {
    if all.is_empty() && !steps::may_hide_a_question(ast) {
        let whose = format!("the survey `{}`", ast.name.value);
        ctx.diagnostics.push(missing(&whose, "ask", ast.name.span, "ask rating \"…\" { … }"));
    }
    let mut places: Vec<&Name> = all.values().map(|it| it.name).collect();
    places.sort_by_key(|it| it.span.start);
    if let Some(first) = places.get(MOST_QUESTIONS) {
        ctx.diagnostics.push(
            Diagnostic::new(
                Code::OverLimit,
                format!("the survey `{}` has {} questions", ast.name.value, places.len()),
            )
            .label(first.span, "one too many")
            .help(format!("a contact flow has room for {MOST_QUESTIONS}: make two surveys of it")),
        );
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
