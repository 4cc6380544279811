//! The tree of lines and blocks to the typed [`ast`](super::ast), one file per construct.
//!
//! A line is told of once at most; what follows a mistake on its line is not judged.

mod allow;
mod condition;
mod cursor;
mod effort;
mod file;
mod into;
mod pipeline;
mod platform;
mod question;
mod scenario;
mod schedule;
mod slip;
mod statement;
mod strings;
mod survey;
mod table;
mod template;
mod translation;

pub(super) use file::file;
pub(super) use scenario::scenarios;
pub(super) use template::{argument_at, expand};

/// Where lines are read, which decides what a parameter such as `$language` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a file: a parameter is a mistake.
    File,
    /// In a template before its arguments are known: a parameter may be anything.
    Template,
    /// In a template's expansion: what is wrong with the template itself was told before.
    Expansion,
}
