//! The one canonical layout of a `.pipe` file.
//!
//! Owns how lines look, not what they mean: it works on the tree of lines and blocks. A line with a mistake in it
//! is left as it was written; a file whose braces don't fit is refused. It proves itself: what it wrote is read again
//! and must hold the same tokens.

mod layout;

#[cfg(test)]
mod tests;

use crate::{
    diagnostics::Diagnostics,
    source::Sources,
    syntax::{
        self,
        token::{Role, Token, TokenKind},
    },
};

/// Why a text was not laid out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Its braces don't fit, so nobody knows what stands in which block.
    #[error("the file's braces don't fit; it is left as it is")]
    Damaged,
    /// The layout would have changed what the text says. It is a mistake in Sluice.
    #[error("laying out the file would change it at `{at}`; it is left as it is")]
    Unfaithful {
        /// The first token that would differ.
        at: String,
    },
}

/// The text in canonical layout. Whatever it says, comments included, it says afterwards.
pub fn format(text: &str) -> Result<String, FormatError> {
    let mut sources = Sources::default();
    let before = sources.add("before.pipe", text);
    let tree = syntax::tree(&sources, before, &mut Diagnostics::default());
    if tree.damaged {
        return Err(FormatError::Damaged);
    }
    let formatted = layout::layout(&tree, sources.text(before));
    let after = sources.add("after.pipe", formatted.as_str());
    faithful(&syntax::tokens(&sources, before), &syntax::tokens(&sources, after))?;
    Ok(formatted)
}

fn faithful(before: &[Token], after: &[Token]) -> Result<(), FormatError> {
    // A brace moves to the end of the line above it, past that line's comment; so the two are compared apart.
    let content = |role: Role| matches!(role, Role::Open | Role::Close | Role::Content);
    let comment = |role: Role| role == Role::Comment;
    same(&said(before, content), &said(after, content))?;
    same(&said(before, comment), &said(after, comment))
}

fn said(tokens: &[Token], is_meant: impl Fn(Role) -> bool) -> Vec<(TokenKind, &str)> {
    tokens.iter().filter(|it| is_meant(it.kind.role())).map(|it| (it.kind, it.text.trim_end())).collect()
}

fn same(before: &[(TokenKind, &str)], after: &[(TokenKind, &str)]) -> Result<(), FormatError> {
    let differs = before.iter().zip(after).find(|(before, after)| before != after).map(|(before, _)| before);
    let first = differs.or_else(|| before.get(after.len())).or_else(|| after.get(before.len()));
    match first {
        Some((_, at)) => Err(FormatError::Unfaithful { at: (*at).to_owned() }),
        None => Ok(()),
    }
}
