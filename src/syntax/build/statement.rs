//! What all lines have in common: a first word, a value, and a block or none.

use super::{Place, cursor::Cursor};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, suggest, words},
    source::Span,
    syntax::{
        ast::{Entry, Name, Spanned},
        settings::{self, BlockKind},
        token::TokenKind,
        tree::{Block, Node, Statement},
    },
};

/// Reads the lines of one block.
#[derive(Debug)]
pub(super) struct Lines<'d> {
    kind: BlockKind,
    place: Place,
    diagnostics: &'d mut Diagnostics,
    /// The first words of lines that could not be read.
    pub(super) unreadable: Vec<Name>,
}

/// A block's first line, read.
#[derive(Debug)]
pub(super) struct Header<'a, T> {
    /// With the block.
    pub(super) span: Span,
    /// Its first word.
    pub(super) keyword: Span,
    /// What else it says.
    pub(super) value: T,
    /// What it opens.
    pub(super) block: Option<&'a Block>,
}

/// The lines among the nodes.
pub(super) fn statements(nodes: &[Node]) -> impl Iterator<Item = &Statement> {
    nodes.iter().filter_map(|it| match it {
        Node::Statement(statement) => Some(statement),
        Node::Comment(_) | Node::Blank => None,
    })
}

impl<'d> Lines<'d> {
    pub(super) fn new(kind: BlockKind, place: Place, diagnostics: &'d mut Diagnostics) -> Self {
        Self { kind, place, diagnostics, unreadable: Vec::new() }
    }

    /// For the lines of a block in this one.
    pub(super) fn inside(&mut self, kind: BlockKind) -> Lines<'_> {
        Lines::new(kind, self.place, self.diagnostics)
    }

    /// The word that a line starts with; told when it is something else.
    pub(super) fn first_word<'a>(&mut self, statement: &'a Statement) -> Option<&'a str> {
        let Some(first) = statement.tokens.first() else {
            self.diagnostics.push(
                Diagnostic::new(Code::Expected, "expected a word before `{`")
                    .label(statement.line, "this block belongs to nothing")
                    .help("write what the block is for before it: `into companies {`"),
            );
            return None;
        };
        if first.kind == TokenKind::Word {
            return Some(&first.text);
        }
        // A name that a template takes from its caller.
        if self.kind.settings().is_empty() && first.kind == TokenKind::Parameter {
            return Some(&first.text);
        }
        let expected = match self.kind {
            BlockKind::Table => "the name of a column",
            BlockKind::Connection => "the name of an environment",
            BlockKind::File
            | BlockKind::Platform
            | BlockKind::Environment
            | BlockKind::Defaults
            | BlockKind::Pipeline
            | BlockKind::Into
            | BlockKind::Survey
            | BlockKind::Ask
            | BlockKind::When
            | BlockKind::Translation
            | BlockKind::TranslatedAsk => "a setting",
        };
        self.keep_unreadable(statement);
        Cursor::new(statement, self.place, self.diagnostics)
            .fail_expecting(&format!("{expected} at the start of the line"))
    }

    /// A line without a block.
    pub(super) fn line<T>(
        &mut self,
        statement: &Statement,
        read: impl FnOnce(&mut Cursor<'_>) -> Option<T>,
    ) -> Option<Entry<T>> {
        let keyword = first_span(statement);
        let value = self.read(statement, |cursor| {
            if let Some(block) = &statement.block {
                let _: Option<()> = cursor.tell(unexpected_block(statement, block));
            }
            read(cursor)
        })?;
        Some(Entry { span: statement.line, keyword, value })
    }

    /// The first line of a block.
    pub(super) fn header<'a, T>(
        &mut self,
        statement: &'a Statement,
        read: impl FnOnce(&mut Cursor<'_>) -> Option<T>,
    ) -> Option<Header<'a, T>> {
        self.header_or_line(statement, |cursor| {
            let value = read(cursor)?;
            cursor.finish();
            if statement.block.is_none() {
                let _: Option<()> = cursor.tell(missing_block(statement));
            }
            Some(value)
        })
    }

    /// The first line of a block that need not be there.
    pub(super) fn header_or_line<'a, T>(
        &mut self,
        statement: &'a Statement,
        read: impl FnOnce(&mut Cursor<'_>) -> Option<T>,
    ) -> Option<Header<'a, T>> {
        let value = self.read(statement, read)?;
        let keyword = first_span(statement);
        Some(Header { span: statement.span(), keyword, value, block: statement.block.as_ref() })
    }

    /// A line whose first word means nothing here.
    pub(super) fn unknown(&mut self, statement: &Statement) {
        self.keep_unreadable(statement);
        let Some(first) = statement.tokens.first() else { return };
        let (word, span) = (first.text.as_str(), first.span);
        let message = if self.kind == BlockKind::File {
            format!("`{word}` can't stand at the top of a file")
        } else {
            format!("`{word}` is not known in {}", self.kind.name())
        };
        let mut diagnostic = Diagnostic::new(Code::UnknownWord, message).label(span, "not known here");
        if let Some(other) = settings::blocks_that_know(word).next() {
            let place = if other == BlockKind::File { "at" } else { "in" };
            diagnostic = diagnostic.help(format!("`{word}` belongs {place} {}", other.name()));
        } else if let Some(meant) = suggest::closest(word, settings::words(self.kind)) {
            diagnostic = diagnostic.help(format!("did you mean `{meant}`?")).suggest(span, meant);
        } else {
            let known = words::or_ticked(settings::words(self.kind));
            diagnostic = diagnostic.help(format!("a line here starts with {known}"));
        }
        let _: Option<()> = Cursor::new(statement, self.place, self.diagnostics).tell(diagnostic);
    }

    /// Keeps the first word of a line that could not be read.
    pub(super) fn keep_unreadable(&mut self, statement: &Statement) {
        if let Some(first) = statement.tokens.first() {
            self.unreadable.push(Spanned::new(first.text.clone(), first.span));
        }
    }

    fn read<T>(
        &mut self,
        statement: &Statement,
        read: impl FnOnce(&mut Cursor<'_>) -> Option<T>,
    ) -> Option<T> {
        let mut cursor = Cursor::new(statement, self.place, self.diagnostics);
        cursor.pass_first_word();
        let value = read(&mut cursor);
        if value.is_some() {
            cursor.finish();
        } else {
            self.keep_unreadable(statement);
        }
        value
    }
}

fn first_span(statement: &Statement) -> Span {
    statement.tokens.first().map_or(statement.line, |it| it.span)
}

fn first_text(statement: &Statement) -> &str {
    statement.tokens.first().map_or("", |it| it.text.as_str())
}

fn unexpected_block(statement: &Statement, block: &Block) -> Diagnostic {
    Diagnostic::new(Code::UnexpectedBlock, format!("`{}` has no block", first_text(statement)))
        .label(block.open, "not expected")
        .help("it is a setting of one line")
}

fn missing_block(statement: &Statement) -> Diagnostic {
    Diagnostic::new(Code::MissingBlock, format!("`{}` opens no block", first_text(statement)))
        .label(statement.line.after(), "expected `{` here")
        .help("what it says stands between `{` and `}` on the lines below")
        .suggest(statement.line.after(), " {\n}")
}
