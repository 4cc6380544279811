//! What a checked survey says: its words, each language's, and the voices that speak them.

use crate::source::Span;

/// What is said beside the questions, in one language.
#[derive(Debug, Clone)]
pub struct Words {
    /// The survey's name, or the translation's language.
    pub span: Span,
    /// Who speaks.
    pub voice: Voice,
    /// What callers hear before they are put through.
    pub offer: Option<Prompt>,
    /// Where it is written.
    pub offer_span: Span,
    /// What they hear in the queue.
    pub wait: Option<Prompt>,
    /// What they hear who can't be put into the queue.
    pub sorry: Option<Prompt>,
    /// What they hear who do not answer every question.
    pub goodbye: Option<Prompt>,
    /// What is said at the end.
    pub thank: Prompt,
    /// Where it is written.
    pub thank_span: Span,
}

/// How callers get to their language.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The word `choose`.
    pub span: Span,
    /// By what.
    pub by: Choose,
}

/// How callers get to their language.
#[derive(Debug, Clone)]
pub enum Choose {
    /// They are asked, and press 1 for the survey's own language, 2 for the first translation.
    Key(Prompt),
    /// An attribute of the contact is its tag.
    Attribute(String),
}

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// `Joanna`: one of Amazon Polly's.
    pub name: String,
    /// `en-US`: one that the voice speaks.
    pub language: String,
    /// How it is made.
    pub engine: Engine,
}

/// How a voice is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// What is taken where nothing is said.
    Standard,
    /// Voices that have no other.
    Neural,
}

/// What is said: text, and answers spoken back.
#[derive(Debug, Clone, Default)]
pub struct Prompt {
    /// In order.
    pub parts: Vec<PromptPart>,
}

/// A part of what is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromptPart {
    /// As written.
    Text(String),
    /// The answer to that question, which was asked on every way here.
    Answer(String),
}

/// What is said of a question, in one language.
#[derive(Debug, Clone, Default)]
pub struct QuestionWords {
    /// The question.
    pub prompt: Prompt,
    /// What is said to a key that is no answer.
    pub invalid: Option<Prompt>,
    /// What is said when no key is pressed.
    pub silence: Option<Prompt>,
}
