//! Lines and blocks, before they mean anything.

use crate::source::Span;

/// One line of a file, with its block.
#[derive(Debug, Clone)]
pub struct Node {
    /// All of it.
    pub span: Span,
}
