//! Checks documents that AWS is to take: what it would refuse, and what would fail once it runs.
//!
//! Owns the reading of JSON with places, the kinds of documents and their rules. Must not know pipelines, the Plan,
//! or who wrote a document: any States Language file, and any contact flow, is checked in the same way.
//!
//! ```text
//! text -> json -> kind -> rules of the kind -> Diagnostics -> findings (with pointer and AWS's own code)
//! ```
//!
//! A kind of document is a variant of [`Kind`], a line in `kind.rs` that recognises it, and a module of rules.

mod asl;
mod aws;
mod finding;
mod flow;
mod json;
mod kind;
mod pointer;

pub use aws::aws_code;
pub use finding::{Finding, findings};
pub use kind::Kind;

use crate::{
    diagnostics::Diagnostics,
    source::{FileId, Sources},
};

/// What can't be known from a document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether state machines are to be of the type EXPRESS.
    pub express: bool,
}

/// Validates documents, and keeps what it learned about expressions from one to the next.
#[derive(Debug, Default)]
pub struct Validator {
    options: Options,
    expressions: asl::Expressions,
}

impl Validator {
    /// A validator that has seen nothing yet.
    pub fn new(options: Options) -> Self {
        Self { options, expressions: asl::Expressions::default() }
    }

    /// Tells everything that is wrong with the document. None where its kind can't be told.
    pub fn validate(
        &mut self,
        file: FileId,
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) -> Option<Kind> {
        let text = sources.text(file);
        let root = json::read(file, text, diagnostics)?;
        let kind = kind::of(&root, diagnostics)?;
        match kind {
            Kind::StateMachine => asl::check(&root, text, self.options, &mut self.expressions, diagnostics),
            Kind::ContactFlow => flow::check(&root, text, diagnostics),
        }
        Some(kind)
    }
}
