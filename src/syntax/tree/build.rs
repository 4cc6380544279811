//! A whole file: cut at the words that start a line at the top, each piece repaired and built by itself.

use super::{Tree, chunk, damage, repair};
use crate::{
    diagnostics::{Diagnostics, suggest},
    syntax::{
        settings::{self, BlockKind},
        token::{Role, Token, TokenKind},
    },
};

/// The lines and blocks of a file; whatever is wrong with their form is reported.
pub(crate) fn build(tokens: &[Token], diagnostics: &mut Diagnostics) -> Tree {
    damage::report(tokens, diagnostics);
    let columns = columns(tokens);
    let mut tree = Tree { nodes: Vec::new(), damaged: false };
    let mut starts = boundaries(tokens, &columns);
    starts.push(tokens.len());
    let mut start = 0;
    for end in starts {
        let (Some(tokens), Some(columns)) = (tokens.get(start..end), columns.get(start..end)) else {
            continue;
        };
        let repaired = repair::repair(tokens, columns, diagnostics);
        tree.damaged |= repaired.damaged;
        tree.nodes.extend(chunk::build(tokens, &repaired.actions));
        start = end;
    }
    tree
}

/// For each token that is the first on its line: how far it is indented.
fn columns(tokens: &[Token]) -> Vec<Option<usize>> {
    let (mut column, mut at_start) = (0, true);
    tokens
        .iter()
        .map(|token| match token.kind.role() {
            Role::Newline => {
                (column, at_start) = (0, true);
                None
            }
            Role::Blank => {
                column += token.text.chars().map(|it| if it == '\t' { 4 } else { 1 }).sum::<usize>();
                None
            }
            Role::Comment | Role::Open | Role::Close | Role::Content => {
                let first = at_start.then_some(column);
                at_start = false;
                first
            }
        })
        .collect()
}

/// The tokens that start a block at the top of the file, whatever braces are still open.
fn boundaries(tokens: &[Token], columns: &[Option<usize>]) -> Vec<usize> {
    let starts = tokens.iter().zip(columns).enumerate();
    let starts = starts.filter(|(_, (token, column))| **column == Some(0) && token.kind == TokenKind::Word);
    starts.filter(|(at, _)| tokens.get(*at..).is_some_and(is_header)).map(|(at, _)| at).collect()
}

fn is_header(tokens: &[Token]) -> bool {
    let line = tokens.iter().take_while(|it| !matches!(it.kind, TokenKind::Newline | TokenKind::Comment));
    let line: Vec<_> = line.filter(|it| it.kind != TokenKind::Blank).collect();
    let (Some(first), Some(second)) = (line.first(), line.get(1)) else { return false };
    // What may also stand inside a block tells nothing about where one ends.
    let opens = |it: &&settings::Setting| it.block.is_some();
    let words = || BlockKind::File.settings().iter().filter(opens).map(|it| it.word);
    if first.is_word("scenario") {
        return second.kind == TokenKind::Text;
    }
    if words().any(|it| first.is_word(it)) {
        return second.kind == TokenKind::Word;
    }
    // A misspelt one, when the rest of its line leaves no doubt.
    line.last().is_some_and(|it| it.kind == TokenKind::OpenBrace)
        && suggest::closest(&first.text, words()).is_some()
}
