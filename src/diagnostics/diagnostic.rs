//! One thing to tell.

use super::{Code, Severity};
use crate::source::Span;

/// One mistake, or one doubt: a code, a message that stands alone, places, and a way out.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// What kind of mistake; decides the severity.
    pub code: Code,
    /// One sentence: lower case, no full stop, the user's words in backticks.
    pub message: String,
    /// The places, primary ones first. Empty when no text is at fault.
    pub labels: Vec<Label>,
    /// How to put it right.
    pub help: Option<String>,
    /// What an editor may write for the user.
    pub suggestion: Option<Suggestion>,
}

/// A place and what is to say about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// Shorter than the message; may be empty.
    pub text: String,
    /// Whether the mistake is here; else it is only connected with it.
    pub primary: bool,
}

/// A replacement that would put it right.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Suggestion {
    /// What to replace.
    pub span: Span,
    /// By what.
    pub replacement: String,
}

impl Diagnostic {
    /// A diagnostic without a place.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), labels: Vec::new(), help: None, suggestion: None }
    }

    /// The place of the mistake, when there is one.
    #[must_use]
    pub fn label(self, span: impl Into<Option<Span>>, text: impl Into<String>) -> Self {
        self.labelled(span.into().map(|span| Label { span, text: text.into(), primary: true }))
    }

    /// A place that has to do with it, when there is one.
    #[must_use]
    pub fn also(self, span: impl Into<Option<Span>>, text: impl Into<String>) -> Self {
        self.labelled(span.into().map(|span| Label { span, text: text.into(), primary: false }))
    }

    /// The mistake is at `span` instead; the place that it was told at has to do with it.
    #[must_use]
    pub fn moved(mut self, span: Span, before: impl Into<String>) -> Self {
        let Some(label) = self.labels.iter_mut().find(|it| it.primary) else { return self };
        let from = std::mem::replace(&mut label.span, span);
        if let Some(suggestion) = self.suggestion.as_mut().filter(|it| it.span == from) {
            suggestion.span = span;
        }
        // The line that it stands on was named because nothing nearer was known.
        self.labels.retain(|it| it.primary || !it.span.contains(span));
        self.also(from, before)
    }

    /// How to put it right.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Replacing `span` by `replacement` would put it right.
    #[must_use]
    pub fn suggest(mut self, span: impl Into<Option<Span>>, replacement: impl Into<String>) -> Self {
        self.suggestion = span.into().map(|span| Suggestion { span, replacement: replacement.into() });
        self
    }

    /// Decided by the code.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// The first primary place, else the first place.
    pub fn span(&self) -> Option<Span> {
        self.labels.iter().find(|it| it.primary).or_else(|| self.labels.first()).map(|it| it.span)
    }

    fn labelled(mut self, label: Option<Label>) -> Self {
        self.labels.extend(label);
        self
    }
}
