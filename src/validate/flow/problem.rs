//! What `CreateContactFlow` answers: its own words, and findings that carry them.
//!
//! The words are the label of the place, so that people and programs find them there.

use super::{super::json::Node, Check};
use crate::{
    diagnostics::{Code, Diagnostic},
    source::Span,
};

/// Codes whose label is what the service answers.
const ANSWERED: [Code; 9] = [
    Code::ActionTypeNotReal,
    Code::PropertyMissing,
    Code::PropertyUnknown,
    Code::PropertyUnfit,
    Code::PropertiesExclude,
    Code::ErrorBranchMissing,
    Code::ErrorBranchRefused,
    Code::TransitionsRefused,
    Code::ConditionUnfit,
];

/// What the service would answer, where that is known.
pub(in crate::validate) fn problem(diagnostic: &Diagnostic) -> Option<&str> {
    let label = diagnostic.labels.iter().find(|it| it.primary)?;
    ANSWERED.contains(&diagnostic.code).then_some(label.text.as_str())
}

impl Check<'_> {
    /// A property that must be there is not.
    pub(super) fn missing(&mut self, at: Span, path: &str, message: String, help: &str) {
        self.has_gaps = true;
        self.tell(
            Diagnostic::new(Code::PropertyMissing, message)
                .label(at, format!("Action is missing required property. Path: {path}"))
                .help(help),
        );
    }

    /// A property has a value that it can't have.
    pub(super) fn unfit(&mut self, value: &Node<'_>, path: &str, message: &str, help: &str) {
        self.tell(
            Diagnostic::new(Code::PropertyUnfit, message)
                .label(value.span, format!("Invalid Action property value. Path: {path}"))
                .help(help),
        );
    }

    /// A property that is refused.
    pub(super) fn refused(&mut self, at: Span, path: &str, message: String, help: String) {
        self.tell(
            Diagnostic::new(Code::PropertyUnknown, message)
                .label(at, format!("Invalid Action property name. Path: {path}"))
                .help(help),
        );
    }
}
