//! A text as it is drawn: very long lines are cut around the places that are told of.

use std::borrow::Cow;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::source::{FileId, Sources, Span};

/// A longer line is cut, in bytes.
const LONGEST_LINE: usize = 240;
/// What stays on both sides of a place.
const AROUND: usize = 70;
/// What stands for the rest of a line.
const REST: &str = "...";

/// One of the program's texts, with its name.
#[derive(Debug)]
pub(super) struct Excerpt<'a> {
    path: &'a str,
    text: Cow<'a, str>,
    /// What was left out, in order.
    cuts: Vec<Cut>,
}

/// Bytes of the text that `REST` stands for.
#[derive(Debug, Clone, Copy)]
struct Cut {
    start: usize,
    end: usize,
    /// How many characters they are.
    characters: usize,
}

impl<'a> Excerpt<'a> {
    /// The file's text, with what must be seen of it.
    pub(super) fn new(file: FileId, places: &[Span], sources: &'a Sources) -> Self {
        let (path, text) = (sources.path(file), sources.text(file));
        let cuts = cuts(text, places);
        if cuts.is_empty() {
            // A place behind the last character is only drawn when its line ends.
            let text = if text.ends_with('\n') { text.into() } else { format!("{text}\n").into() };
            return Self { path, text, cuts };
        }
        let mut shown = String::new();
        let mut done = 0;
        for cut in &cuts {
            shown.push_str(text.get(done..cut.start).unwrap_or_default());
            shown.push_str(REST);
            done = cut.end;
        }
        shown.push_str(text.get(done..).unwrap_or_default());
        shown.push('\n');
        Self { path, text: shown.into(), cuts }
    }

    /// Where the place is in what is shown.
    pub(super) fn place(&self, span: Span) -> SourceSpan {
        let (start, end) = (self.shown(span.start as usize), self.shown(span.end as usize));
        (start, end.saturating_sub(start)).into()
    }

    fn shown(&self, offset: usize) -> usize {
        let mut removed = 0;
        for cut in self.cuts.iter().take_while(|it| it.start < offset) {
            if offset < cut.end {
                return cut.start - removed;
            }
            removed += cut.end - cut.start - REST.len();
        }
        offset - removed
    }

    /// The characters of the line before that place of what is shown, those that are left out too.
    fn column(&self, shown: usize) -> usize {
        let before = self.text.get(..shown).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let cuts = self.cuts.iter().filter(|it| (line..shown).contains(&self.shown(it.start)));
        let hidden: usize = cuts.map(|it| it.characters - REST.len()).sum();
        before.get(line..).map_or(0, |it| it.chars().count()) + hidden
    }
}

/// What to leave out of very long lines: all that is far from every place.
fn cuts(text: &str, places: &[Span]) -> Vec<Cut> {
    let ends: Vec<usize> = places.iter().flat_map(|it| [it.start as usize, it.end as usize]).collect();
    let mut cuts = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.trim_end_matches(['\n', '\r']).len();
        if end - start > LONGEST_LINE {
            let near = ends.iter().filter(|it| (start..=end).contains(*it));
            let mut kept: Vec<_> =
                near.map(|it| (it.saturating_sub(AROUND).max(start), (it + AROUND).min(end))).collect();
            kept.sort_unstable();
            if kept.is_empty() {
                kept.push((start, start + AROUND));
            }
            let mut done = start;
            for (from, to) in kept.into_iter().chain([(end, end)]) {
                cuts.extend(cut(text, done, from));
                done = done.max(to);
            }
        }
        start += line.len();
    }
    cuts
}

/// A cut between whole characters, unless it is not worth one.
fn cut(text: &str, start: usize, end: usize) -> Option<Cut> {
    let (start, end) = (text.ceil_char_boundary(start), text.floor_char_boundary(end));
    let characters = text.get(start..end)?.chars().count();
    (characters > AROUND).then_some(Cut { start, end, characters })
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let contents = self.text.read_span(span, lines_before, lines_after)?;
        // A place is named as it is in the file, in characters, not as it is in what is shown of it.
        let column = self.column(contents.span().offset());
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.to_owned(),
            contents.data(),
            *contents.span(),
            contents.line(),
            column,
            contents.line_count(),
        )))
    }
}
