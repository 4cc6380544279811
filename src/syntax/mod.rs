//! The language as written: text to tokens, tokens to a tree of lines and blocks, the tree to the typed [`ast`].
//!
//! Owns the grammar and every message about form. Knows no names: whether `companies` is declared is not asked
//! here. Reading never fails; what can't be read is reported and left out.

pub mod ast;
pub mod tree;

use crate::{
    diagnostics::Diagnostics,
    source::{FileId, Sources},
};

/// The file as the language means it. Whatever can't be read is reported and left out.
pub fn parse(_sources: &Sources, file: FileId, _diagnostics: &mut Diagnostics) -> ast::File {
    ast::File { file, items: Vec::new(), unreadable: Vec::new() }
}

/// The template's body with the call's arguments put in; places stay those of the template.
///
/// Lines with a parameter that the call has no argument for are left out and their first words are kept in
/// [`ast::Body::unreadable`]; telling of the missing argument is the caller's part.
pub fn expand(template: &ast::Template, _call: &ast::Use, _diagnostics: &mut Diagnostics) -> ast::Body {
    ast::Body {
        span: template.body_span,
        settings: Vec::new(),
        uses: Vec::new(),
        intos: Vec::new(),
        unreadable: Vec::new(),
    }
}
