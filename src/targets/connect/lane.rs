//! One language of a survey: its voice and its words. A flow has the same actions once for each.

use crate::model::survey::{Prompt, PromptPart, Question, QuestionWords, Survey, Words};

/// How many seconds are waited for the first key.
pub(super) const WAIT_SECONDS: &str = "5";

/// One language of a survey.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lane<'a> {
    pub(super) survey: &'a Survey,
    pub(super) words: &'a Words,
    /// Which of the survey's translations; none is its own language.
    translation: Option<usize>,
}

impl<'a> Lane<'a> {
    /// Every one, the survey's own first.
    pub(super) fn all(survey: &'a Survey) -> Vec<Self> {
        let own = Self { survey, words: &survey.words, translation: None };
        let others = survey.translations.iter().enumerate();
        let others = others.map(|(index, it)| Self { survey, words: it, translation: Some(index) });
        std::iter::once(own).chain(others).collect()
    }

    /// What identifiers end with: nothing where there is one language.
    pub(super) fn suffix(&self) -> &'a str {
        if self.survey.translations.is_empty() { "" } else { self.language() }
    }

    /// `en-US`.
    pub(super) fn language(&self) -> &'a str {
        &self.words.voice.language
    }

    /// The question's words.
    pub(super) fn question(&self, question: &'a Question) -> &'a QuestionWords {
        let translated = self.translation.and_then(|it| question.translations.get(it));
        translated.unwrap_or(&question.words)
    }
}

/// The prompt in the Flow language: an answer is the attribute that it was kept in.
pub(super) fn text(prompt: &Prompt) -> String {
    let mut text = String::new();
    let mut parts = prompt.parts.iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            PromptPart::Text(it) => text.push_str(it),
            PromptPart::Answer(question) => {
                text.push_str(&attribute(question));
                // What could belong to a reference must not stand right behind it.
                let joins = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.' | '[');
                let next = parts.peek().and_then(|it| match it {
                    PromptPart::Text(it) => it.chars().next(),
                    PromptPart::Answer(_) => Some('.'),
                });
                if next.is_some_and(joins) {
                    text.push(' ');
                }
            }
        }
    }
    text
}

/// The reference to an attribute.
pub(super) fn attribute(name: &str) -> String {
    format!("$.Attributes.{name}")
}
