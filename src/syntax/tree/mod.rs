//! Lines and blocks, before they mean anything.
//!
//! Owns the structure: which line opens which block, and what to do about braces that are missing or too many.
//! Comments and blank lines are kept, for the formatter. Knows the words at the top of a file, since one at the
//! start of a line closes whatever was left open, and no others.

mod build;
mod chunk;
mod damage;
mod repair;
mod scan;

pub(crate) use build::build;

use super::token::{Token, TokenKind};
use crate::source::Span;

/// Blocks deeper than this are not read. The language needs four, and one more for each `when` in a `when`.
pub const DEEPEST: usize = 64;

/// A whole file.
#[derive(Debug, Clone)]
pub struct Tree {
    /// In written order.
    pub nodes: Vec<Node>,
    /// Whether its braces had to be repaired.
    pub damaged: bool,
}

/// One thing in a file or block.
#[derive(Debug, Clone)]
pub enum Node {
    /// A line that says something, with its block.
    Statement(Statement),
    /// A comment that has its line to itself.
    Comment(Token),
    /// One or more empty lines.
    Blank,
}

/// A line that says something.
///
/// ```text
/// into companies {   # a comment of the block
/// ^^^^^^^^^^^^^^ tokens
/// }                  # the statement's comment
/// ```
#[derive(Debug, Clone)]
pub struct Statement {
    /// From its first token to its last, the block left aside.
    pub line: Span,
    /// Everything but the block, blanks and comments. Empty only before a brace that nothing stands before.
    pub tokens: Vec<Token>,
    /// What it opens.
    pub block: Option<Block>,
    /// Behind it on its last line.
    pub comment: Option<Token>,
}

/// What stands between two braces.
#[derive(Debug, Clone)]
pub struct Block {
    /// The opening brace; where it should be when it is missing.
    pub open: Span,
    /// In written order.
    pub nodes: Vec<Node>,
    /// The closing brace; where it should be when it is missing.
    pub close: Span,
    /// Behind the opening brace on its line.
    pub comment: Option<Token>,
}

impl Block {
    /// From brace to brace.
    pub fn span(&self) -> Span {
        self.open.to(self.close)
    }
}

impl Statement {
    /// All of it.
    pub fn span(&self) -> Span {
        self.block.as_ref().map_or(self.line, |block| self.line.to(block.close))
    }

    /// Whether it holds a token that nothing can be made of.
    pub fn is_damaged(&self) -> bool {
        self.tokens.iter().any(|it| it.kind.is_damaged())
    }

    /// Whether it holds a template's parameter, its block left aside.
    pub fn has_parameter(&self) -> bool {
        self.tokens.iter().any(|it| it.kind == TokenKind::Parameter)
    }
}
