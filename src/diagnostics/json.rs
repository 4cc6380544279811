//! Diagnostics for programs: one object each, of a shape that only ever grows.
//!
//! ```json
//! {"code":"P0102","severity":"error","message":"…","file":"greece.pipe","line":3,"column":5,"end_line":3,
//!  "end_column":11,"help":"did you mean `extract`?","labels":[…],"suggestion":{…}}
//! ```
//!
//! Lines and columns start at 1; columns count characters; an end is the place behind the last character. `file`
//! and the four numbers are null when no text is at fault.

use serde::Serialize;

use super::{Diagnostic, Diagnostics, Severity};
use crate::source::{Sources, Span};

/// One diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// `P0102`
    pub code: String,
    /// `error`, `warning`
    pub severity: String,
    /// One sentence.
    pub message: String,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// How to put it right.
    pub help: Option<String>,
    /// Every place that has to do with it.
    pub labels: Vec<Label>,
    /// What an editor may write for the user.
    pub suggestion: Option<Suggestion>,
}

/// A place in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Relative to the program's folder.
    pub file: Option<String>,
    /// From 1.
    pub line: Option<u32>,
    /// From 1, in characters.
    pub column: Option<u32>,
    /// From 1.
    pub end_line: Option<u32>,
    /// From 1, in characters; the place behind the last.
    pub end_column: Option<u32>,
}

/// A place and what is to say about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Whether the mistake is here.
    pub primary: bool,
    /// What is to say about it.
    pub text: String,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// A replacement that would put it right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// What to write there.
    pub replacement: String,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
}

/// Every diagnostic, by place.
pub fn reports(diagnostics: &Diagnostics, sources: &Sources) -> Vec<Report> {
    diagnostics.sorted().into_iter().map(|it| report(it, sources)).collect()
}

/// One diagnostic.
pub fn report(diagnostic: &Diagnostic, sources: &Sources) -> Report {
    let label = |it: &super::Label| Label {
        primary: it.primary,
        text: it.text.clone(),
        place: place(it.span, sources),
    };
    let suggestion = |it: &super::Suggestion| Suggestion {
        replacement: it.replacement.clone(),
        place: place(it.span, sources),
    };
    Report {
        code: diagnostic.code.to_string(),
        severity: Severity::as_str(diagnostic.severity()).to_owned(),
        message: diagnostic.message.clone(),
        place: diagnostic.span().map(|it| place(it, sources)).unwrap_or_default(),
        help: diagnostic.help.clone(),
        labels: diagnostic.labels.iter().map(label).collect(),
        suggestion: diagnostic.suggestion.as_ref().map(suggestion),
    }
}

fn place(span: Span, sources: &Sources) -> Place {
    let (start, end) = (sources.line_column(span), sources.end_line_column(span));
    Place {
        file: Some(sources.path(span.file).to_owned()),
        line: Some(start.line),
        column: Some(start.column),
        end_line: Some(end.line),
        end_column: Some(end.column),
    }
}
