//! Follows the braces of a piece of a file and gathers what speaks for a missing or needless one.
//!
//! Braces say what is wrong, indentation says where: a line that stands no deeper than the block it is in was
//! probably meant to stand behind it; one that stands deeper than the line before was probably meant for a block.

use super::DEEPEST;
use crate::syntax::token::{Role, Token};

/// What is done with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// It is taken as it is.
    Keep,
    /// It is left out.
    Ignore,
    /// A block is opened before it, for the line above.
    OpenBefore,
    /// So many blocks are closed before it.
    CloseBefore(usize),
}

/// A block that is open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    /// The first token of the line that opens it.
    pub(super) header: usize,
    /// The brace, or the token before which it should stand.
    pub(super) brace: usize,
    indent: usize,
}

/// What the braces of a piece come to.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Never closed, the outermost first.
    pub(super) unclosed: Vec<Open>,
    /// Closing braces that close nothing.
    pub(super) strays: Vec<usize>,
    /// The first brace of those that go too deep, and every token in them.
    pub(super) too_deep: Vec<usize>,
    /// Before this token that block was probably meant to be closed.
    pub(super) close_before: Option<(usize, Open)>,
    /// Before this token a block was probably meant to be opened, by the line that starts at the other.
    pub(super) open_before: Option<(usize, usize)>,
    /// A closing brace that stands deeper than what it closes.
    pub(super) needless: Option<usize>,
}

/// A line that opened no block yet.
#[derive(Debug, Clone, Copy)]
struct Line {
    header: usize,
    indent: usize,
}

#[derive(Debug, Default)]
struct Scanner {
    scan: Scan,
    stack: Vec<Open>,
    /// The last line of each level, the innermost last.
    lines: Vec<Option<Line>>,
    /// Braces open beyond the deepest that is read.
    beyond: usize,
    in_line: bool,
}

pub(super) fn scan(tokens: &[Token], columns: &[Option<usize>], actions: &[Action]) -> Scan {
    let mut scanner = Scanner { lines: vec![None], ..Scanner::default() };
    for (at, ((token, column), action)) in tokens.iter().zip(columns).zip(actions).enumerate() {
        match action {
            Action::Ignore => continue,
            Action::OpenBefore => scanner.open(at),
            Action::CloseBefore(count) => {
                for _ in 0..*count {
                    let _ = scanner.close();
                }
            }
            Action::Keep => {}
        }
        scanner.token(at, token, *column);
    }
    scanner.scan.unclosed = scanner.stack;
    scanner.scan
}

impl Scanner {
    fn token(&mut self, at: usize, token: &Token, column: Option<usize>) {
        if self.beyond > 0 {
            self.scan.too_deep.push(at);
        }
        match token.kind.role() {
            Role::Blank | Role::Comment => {}
            Role::Newline => self.in_line = false,
            Role::Open if self.beyond > 0 => self.beyond += 1,
            Role::Close if self.beyond > 0 => self.beyond -= 1,
            Role::Content if self.beyond > 0 || self.in_line => {}
            Role::Open if self.stack.len() >= DEEPEST => {
                self.scan.too_deep.push(at);
                self.beyond = 1;
            }
            Role::Open => {
                self.open(at);
                self.in_line = false;
            }
            Role::Close => {
                self.close_brace(at, column);
                self.in_line = false;
            }
            Role::Content => self.line(at, column),
        }
    }

    fn line(&mut self, at: usize, column: Option<usize>) {
        self.in_line = true;
        let previous = self.lines.last().copied().flatten();
        if let Some(column) = column {
            if let Some(open) = self.stack.last().filter(|it| column <= it.indent) {
                self.scan.close_before = self.scan.close_before.or(Some((at, *open)));
            }
            if let Some(previous) = previous.filter(|it| column > it.indent) {
                self.scan.open_before = self.scan.open_before.or(Some((at, previous.header)));
            }
        }
        let indent = column.or(previous.map(|it| it.indent)).unwrap_or_default();
        if let Some(line) = self.lines.last_mut() {
            *line = Some(Line { header: at, indent });
        }
    }

    fn open(&mut self, at: usize) {
        let header = self.lines.last_mut().and_then(Option::take).unwrap_or(Line { header: at, indent: 0 });
        self.stack.push(Open { header: header.header, brace: at, indent: header.indent });
        self.lines.push(None);
    }

    fn close_brace(&mut self, at: usize, column: Option<usize>) {
        let shallower = self.stack.last().filter(|open| column.is_some_and(|it| it < open.indent));
        self.scan.close_before = self.scan.close_before.or(shallower.map(|open| (at, *open)));
        match self.close() {
            None => self.scan.strays.push(at),
            Some(open) => {
                if column.is_some_and(|it| it > open.indent) {
                    self.scan.needless = self.scan.needless.or(Some(at));
                }
            }
        }
    }

    fn close(&mut self) -> Option<Open> {
        let closed = self.stack.pop()?;
        let _ = self.lines.pop();
        if let Some(line) = self.lines.last_mut() {
            *line = None;
        }
        if self.stack.is_empty() {
            // What came before is balanced, so nothing in it is missing.
            self.scan.close_before = None;
        }
        Some(closed)
    }
}
