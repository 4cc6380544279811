//! Settings that a block may give once, and that a nearer block may give instead of a farther one.

use std::collections::BTreeMap;

use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics},
    source::Span,
};

/// The settings of one block seen so far, by their word.
#[derive(Debug, Default)]
pub(super) struct Seen {
    words: BTreeMap<&'static str, Span>,
}

impl Seen {
    /// Whether it is the first of its word in this block; tells if not.
    pub(super) fn first(&mut self, word: &'static str, keyword: Span, diagnostics: &mut Diagnostics) -> bool {
        let Some(first) = self.words.get(word) else {
            let _ = self.words.insert(word, keyword);
            return true;
        };
        diagnostics.push(
            Diagnostic::new(Code::SettingTwice, format!("`{word}` is given twice"))
                .label(keyword, "given again")
                .also(*first, "first given here")
                .help("keep one of the two"),
        );
        false
    }
}

/// "This pipeline lacks a `country`".
pub(super) fn missing(whose: &str, word: &str, span: Span, example: &str) -> Diagnostic {
    Diagnostic::new(Code::SettingMissing, format!("{whose} lacks `{word}`"))
        .label(span, format!("no `{word}`"))
        .help(format!("add a line such as `{example}`"))
}
