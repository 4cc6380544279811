//! What is known at a place in a survey: which questions were asked on every way there, and after which answers.

use std::collections::BTreeMap;

use super::{
    outcomes::{Outcomes, outcomes},
    questions::Asked,
    shape::{Answers, Condition},
};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, suggest::closest},
    source::Span,
    syntax::ast::{Name, Translation},
};

/// A `when` that is passed through.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    /// The word `when`.
    pub(super) keyword: Span,
    /// None where it could not be made out, which is told.
    pub(super) condition: Option<Condition>,
}

/// What an answer is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// It is spoken.
    Spoken,
    /// It decides what comes next.
    Compared,
    /// It is looked at when the call is over.
    AtTheEnd,
}

/// What is known at a place.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    all: &'a BTreeMap<&'a str, Asked<'a>>,
    /// What can be pressed, of the questions of which that is known.
    answers: BTreeMap<String, Answers>,
    /// Whether a question may stand in what could not be read.
    may_be_unreadable: bool,
    /// The questions asked so far, and the guards in front of each.
    asked: BTreeMap<&'a str, Vec<Guard>>,
    /// Those around the place.
    guards: Vec<Guard>,
    /// The survey in other languages.
    translations: &'a [Translation],
}

impl<'a> Scope<'a> {
    pub(super) fn new(
        all: &'a BTreeMap<&'a str, Asked<'a>>,
        may_be_unreadable: bool,
        translations: &'a [Translation],
    ) -> Self {
        let answers = all.iter().filter_map(|(name, it)| Some(((*name).to_owned(), it.answers.clone()?)));
        Self {
            all,
            answers: answers.collect(),
            may_be_unreadable,
            asked: BTreeMap::new(),
            guards: Vec::new(),
            translations,
        }
    }

    /// The survey in other languages.
    pub(super) fn translations(&self) -> &'a [Translation] {
        self.translations
    }

    /// Behind the question.
    pub(super) fn ask(&mut self, name: &'a str) {
        let _ = self.asked.entry(name).or_insert_with(|| self.guards.clone());
    }

    /// Into a `when`.
    pub(super) fn enter(&mut self, guard: Guard) {
        self.guards.push(guard);
    }

    /// Behind the innermost `when`.
    pub(super) fn leave(&mut self) {
        drop(self.guards.pop());
    }

    /// What the block of the question says.
    pub(super) fn declared(&self, name: &Name) -> Option<&'a Asked<'a>> {
        self.all.get(name.value.as_str())
    }

    /// The question of that name; tells if there is none.
    pub(super) fn question(&self, name: &Name, diagnostics: &mut Diagnostics) -> Option<&'a Asked<'a>> {
        let found = self.all.get(name.value.as_str());
        if found.is_none() && !self.may_be_unreadable {
            let message = format!("there is no question `{}`", name.value);
            let diagnostic = Diagnostic::new(Code::UnknownQuestion, message);
            let braced = name.span.len() as usize == name.value.len() + 2;
            diagnostics.push(match closest(&name.value, self.all.keys().copied()) {
                Some(meant) => {
                    let written = if braced { format!("{{{meant}}}") } else { meant.to_owned() };
                    diagnostic
                        .label(name.span, format!("did you mean `{meant}`?"))
                        .help(format!("write `{written}`"))
                        .suggest(name.span, written)
                }
                None => diagnostic
                    .label(name.span, "not asked")
                    .help(format!("ask it: `ask {} \"…\" {{ … }}`", name.value)),
            });
        }
        found
    }

    /// Whether the question was asked on every way here; tells if not.
    pub(super) fn is_answered(&self, name: &Name, used: Use, diagnostics: &mut Diagnostics) -> bool {
        let Some(question) = self.question(name, diagnostics) else { return false };
        if used == Use::AtTheEnd {
            return true;
        }
        let Some(guards) = self.asked.get(name.value.as_str()) else {
            let help = match used {
                Use::Spoken => "an answer is spoken in what is said behind its question",
                Use::Compared | Use::AtTheEnd => "move the `when` behind its question",
            };
            diagnostics.push(
                Diagnostic::new(Code::AskedLater, format!("`{}` is not asked yet", name.value))
                    .label(name.span, "no answer yet")
                    .also(question.name.span, "asked here")
                    .help(help),
            );
            return false;
        };
        let Some(guard) = guards.iter().find(|it| !self.passed(it)) else { return true };
        let help = match used {
            Use::Spoken => "leave it out, or say it inside that `when`",
            Use::Compared | Use::AtTheEnd => "move this `when` into that one",
        };
        diagnostics.push(
            Diagnostic::new(Code::MayBeUnasked, format!("`{}` may not have been asked here", name.value))
                .label(name.span, "not always an answer")
                .also(guard.keyword, "asked only inside this `when`")
                .help(help),
        );
        false
    }

    /// How many characters the longest answer has when it is spoken.
    pub(super) fn longest_answer(&self, name: &str) -> usize {
        let Some(answers) = self.answers.get(name) else { return 0 };
        answers.words().iter().map(|(word, _)| word.len()).max().unwrap_or_else(|| answers.digits())
    }

    /// What becomes of the condition here; none where that can't be known.
    pub(super) fn outcomes(&self, condition: &Condition) -> Option<Outcomes> {
        let given: Vec<&Condition> = self.guards.iter().filter_map(|it| it.condition.as_ref()).collect();
        outcomes(&self.answers, &given, condition)
    }

    /// What becomes of the condition by itself.
    pub(super) fn outcomes_alone(&self, condition: &Condition) -> Option<Outcomes> {
        outcomes(&self.answers, &[], condition)
    }

    /// Whether whoever is here has passed through the guard, or through one that asks for as much.
    fn passed(&self, guard: &Guard) -> bool {
        self.guards.iter().any(|it| it.keyword == guard.keyword)
            // What could not be made out is not held against anybody.
            || guard.condition.as_ref().is_none_or(|it| self.outcomes(it).is_some_and(|it| !it.fails))
    }
}
