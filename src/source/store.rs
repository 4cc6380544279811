//! Every text of the program, by [`FileId`].

use std::collections::HashMap;

use super::{FileId, Span};

/// Every text that a diagnostic may point into. Texts are only ever added.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<File>,
    by_path: HashMap<String, FileId>,
}

#[derive(Debug, Clone)]
struct File {
    path: String,
    text: String,
    /// The byte that each line starts at; the first is 0.
    lines: Vec<u32>,
}

/// A place as people count: both start at 1; a column is a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

impl Sources {
    /// Takes in a text. `path` is relative to the program's folder, with `/` between its parts.
    ///
    /// A byte order mark is dropped. Text behind the first 4 GiB is dropped too; [`super::load`] refuses such
    /// files long before.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            drop(text.drain(..'\u{feff}'.len_utf8()));
        }
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let lines = line_starts(&text);
        let path = path.into();
        // The first of two files with one path is the one that is found.
        let _ = self.by_path.entry(path.clone()).or_insert(id);
        self.files.push(File { path, text, lines });
        id
    }

    /// The files, in the order in which they were added.
    pub fn ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..u32::try_from(self.files.len()).unwrap_or(u32::MAX)).map(FileId)
    }

    /// The file with that path, when it has been added.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    /// Relative to the program's folder, with `/` between its parts.
    pub fn path(&self, file: FileId) -> &str {
        self.file(file).map_or("", |it| it.path.as_str())
    }

    /// The whole text, without a byte order mark.
    pub fn text(&self, file: FileId) -> &str {
        self.file(file).map_or("", |it| it.text.as_str())
    }

    /// The text of that place; empty when the place is not in the file.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.file).get(span.range()).unwrap_or("")
    }

    /// Where the span starts.
    pub fn line_column(&self, span: Span) -> LineColumn {
        self.place(span.file, span.start, |it| it.chars().count())
    }

    /// Where the span ends: the place behind its last character.
    pub fn end_line_column(&self, span: Span) -> LineColumn {
        self.place(span.file, span.end, |it| it.chars().count())
    }

    /// Where the span starts, the column in UTF-16 code units, as editors count.
    pub fn line_column_utf16(&self, span: Span) -> LineColumn {
        self.place(span.file, span.start, |it| it.encode_utf16().count())
    }

    fn place(&self, file: FileId, offset: u32, width: impl Fn(&str) -> usize) -> LineColumn {
        let Some(it) = self.file(file) else { return LineColumn { line: 1, column: 1 } };
        let line = it.lines.partition_point(|start| *start <= offset).max(1);
        let start = it.lines.get(line - 1).copied().unwrap_or(0);
        let before = it.text.get(start as usize..offset as usize).unwrap_or("");
        let counted = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        LineColumn { line: counted(line), column: counted(width(before) + 1) }
    }

    fn file(&self, id: FileId) -> Option<&File> {
        self.files.get(id.0 as usize)
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(ends).map(|it| u32::try_from(it).unwrap_or(u32::MAX)).collect()
}
