//! Templates, and their use.

use super::{Name, Spanned};
use crate::{source::Span, syntax::tree::Node};

/// `template registry(language) { … }`
///
/// What a pipeline says itself counts more than what its templates say:
///
/// * a setting, all schedules together, and all `start after` together replace the template's;
/// * in an `into` of the same table, `extract`, `dedupe` and `publish` replace the template's, as do `source`,
///   `retry`, `timeout` and `compute`;
/// * `translate`, `expect`, `run`, `task`, `after` and `into` of other tables add to the template's.
///
/// The body stays as it was written: what it means depends on the arguments, see
/// [`expand`](crate::syntax::expand).
#[derive(Debug, Clone)]
pub struct Template {
    /// All of it.
    pub span: Span,
    /// The word `template`.
    pub keyword: Span,
    /// Its name.
    pub name: Name,
    /// In written order.
    pub parameters: Vec<Parameter>,
    /// From its `{` to its `}`.
    pub body_span: Span,
    /// What stands between them.
    pub body: Vec<Node>,
}

/// What a template leaves to its users.
///
/// ```text
/// parts: number = 4
/// ^^^^^ name
///        ^^^^^^ kind
///                 ^ default
/// ```
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// What it must be; anything where nothing is said.
    pub kind: Option<Spanned<ValueKind>>,
    /// What it is where a user does not say.
    pub default: Option<Value>,
}

/// `use registry(language: el)`
#[derive(Debug, Clone)]
pub struct Use {
    /// All of it.
    pub span: Span,
    /// The word `use`.
    pub keyword: Span,
    /// The template.
    pub template: Name,
    /// In written order.
    pub arguments: Vec<Argument>,
}

/// `language: el`
#[derive(Debug, Clone)]
pub struct Argument {
    /// The parameter.
    pub name: Name,
    /// What it stands for.
    pub value: Value,
}

/// What a parameter stands for.
#[derive(Debug, Clone)]
pub struct Value {
    /// What was written.
    pub kind: ValueKind,
    /// A string's content; anything else as written.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// What was written as a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// `el`
    Word,
    /// `"greece/companies.sql"`
    Text,
    /// `16`
    Number,
    /// `02:30`
    Time,
}

impl ValueKind {
    /// Every kind, by the word that a parameter is declared with.
    pub const ALL: [(&'static str, Self); 4] =
        [("word", Self::Word), ("text", Self::Text), ("number", Self::Number), ("time", Self::Time)];

    /// As a message calls it: `a word such as el`.
    pub fn description(self) -> &'static str {
        match self {
            Self::Word => "a word such as `el`",
            Self::Text => "a text such as `\"greece\"`",
            Self::Number => "a number such as `16`",
            Self::Time => "a time such as `02:30`",
        }
    }

    /// With its article.
    pub fn name(self) -> &'static str {
        match self {
            Self::Word => "a word",
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Time => "a time",
        }
    }
}
