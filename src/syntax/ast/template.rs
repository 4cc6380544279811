//! Templates, and their use.

use super::Name;
use crate::{source::Span, syntax::tree::Node};

/// `template registry(language) { … }`
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
    pub parameters: Vec<Name>,
    /// From its `{` to its `}`.
    pub body_span: Span,
    /// What stands between them.
    pub body: Vec<Node>,
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
