//! The language as written: text to tokens, tokens to a tree of lines and blocks, the tree to the typed [`ast`].
//!
//! Owns the grammar and every message about form. Knows no names: whether `companies` is declared is not asked
//! here. Reading never fails; what can't be read is reported and left out.

pub mod ast;
mod build;
mod lexer;
pub mod settings;
pub mod token;
pub mod tree;

#[cfg(test)]
mod tests;

use crate::{
    diagnostics::Diagnostics,
    source::{FileId, Sources, Span},
};

/// The file as the language means it. Whatever can't be read is reported and left out.
pub fn parse(sources: &Sources, file: FileId, diagnostics: &mut Diagnostics) -> ast::File {
    build::file(file, &tree(sources, file, diagnostics), diagnostics)
}

/// A scenario file as the language means it. Whatever can't be read is reported and left out.
pub fn scenarios(sources: &Sources, file: FileId, diagnostics: &mut Diagnostics) -> ast::ScenarioFile {
    build::scenarios(file, &tree(sources, file, diagnostics), diagnostics)
}

/// The file's lines and blocks, comments and blank lines included, before they mean anything.
pub fn tree(sources: &Sources, file: FileId, diagnostics: &mut Diagnostics) -> tree::Tree {
    tree::build(&tokens(sources, file), diagnostics)
}

/// The file's tokens; laid end to end they are its text.
pub fn tokens(sources: &Sources, file: FileId) -> Vec<token::Token> {
    lexer::tokens(file, sources.text(file))
}

/// The one argument of the call that the template's body takes at that place, in place of a word or in a string.
pub fn argument_at(template: &ast::Template, call: &ast::Use, place: Span) -> Option<Span> {
    build::argument_at(template, call, place)
}

/// The template's body with the call's arguments put in; places stay those of the template.
///
/// Lines with a parameter that the call has no argument for are left out and their first words are kept in
/// `unreadable`; telling of the missing argument, and of an argument too many, is the caller's part. A `use` in the
/// template comes out as a `use` in the body.
pub fn expand(template: &ast::Template, call: &ast::Use, diagnostics: &mut Diagnostics) -> ast::Body {
    build::expand(template, call, diagnostics)
}
