//! Places in one query file.

use sqlparser::tokenizer::Span as SqlSpan;

use crate::{
    diagnostics::suggest::closest,
    source::{FileId, Span},
};

/// The words that hold a query together: a misspelt one is taken for a name, and what follows it is told.
const KEYWORDS: [&str; 24] = [
    "select", "distinct", "from", "where", "group", "order", "having", "limit", "join", "inner", "left",
    "right", "outer", "union", "with", "and", "or", "not", "between", "case", "when", "then", "else", "end",
];

/// Places in one query file.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
}

impl Reader<'_> {
    /// `3, Column: 5`
    pub(super) fn place(&self, words: &str) -> Option<Span> {
        let (line, column) = words.split_once(", Column: ")?;
        let at = self.offset(line.trim().parse().ok()?, column.trim().parse().ok()?);
        let length = self
            .text
            .get(at..)?
            .chars()
            .take_while(|it| !it.is_whitespace())
            .map(char::len_utf8)
            .sum::<usize>();
        Some(self.span(at, at + length.max(1)))
    }

    /// The misspelt keyword at the place or right before it, and how it is written.
    pub(super) fn misspelt_keyword(&self, place: Span) -> Option<(Span, String)> {
        let is_letter = |it: char| it.is_ascii_alphanumeric() || it == '_';
        let at = usize::try_from(place.start).ok()?;
        let before = self.text.get(..at)?.trim_end();
        let start = before.trim_end_matches(is_letter).len();
        let here = self.text.get(at..)?;
        let end = at + here.find(|it| !is_letter(it)).unwrap_or(here.len());
        [(start, before.len()), (at, end)].into_iter().find_map(|(start, end)| {
            let word = self.text.get(start..end)?;
            let lower = word.to_lowercase();
            // A shorter word is near to everything.
            if word.len() < 4 || KEYWORDS.contains(&lower.as_str()) {
                return None;
            }
            let keyword = closest(&lower, KEYWORDS)?;
            let is_upper = word.chars().all(|it| it.is_ascii_uppercase());
            let written = if is_upper { keyword.to_uppercase() } else { keyword.to_owned() };
            (keyword.len().abs_diff(word.len()) <= 1).then(|| (self.span(start, end), written))
        })
    }

    /// The query's first word.
    pub(super) fn start(&self) -> Span {
        let at = self.text.len() - self.text.trim_start().len();
        let rest = self.text.get(at..).unwrap_or("");
        self.span(at, at + rest.chars().take_while(char::is_ascii_alphanumeric).count())
    }

    pub(super) fn end(&self) -> Span {
        let at = self.text.trim_end().len();
        self.span(at, at)
    }

    pub(super) fn sql_span(&self, span: SqlSpan) -> Span {
        if span.start.line == 0 {
            return self.start();
        }
        self.span(
            self.offset(span.start.line, span.start.column),
            self.offset(span.end.line, span.end.column),
        )
    }

    /// sqlparser counts lines and columns from 1, columns in characters.
    fn offset(&self, line: u64, column: u64) -> usize {
        let skipped: usize = self
            .text
            .split_inclusive('\n')
            .take(usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX))
            .map(str::len)
            .sum();
        let rest = self.text.get(skipped..).unwrap_or("");
        let before = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
        skipped + rest.chars().take(before).map(char::len_utf8).sum::<usize>()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let small = |it: usize| u32::try_from(it.min(self.text.len())).unwrap_or(u32::MAX);
        Span::new(self.file, small(start), small(end))
    }
}
