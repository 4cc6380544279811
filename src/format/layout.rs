//! Writes the tree: four spaces a level, first words and columns aligned, at most one blank line.

use unicode_width::UnicodeWidthStr;

use crate::syntax::{
    settings::BlockKind,
    token::{Token, TokenKind},
    tree::{Block, Node, Statement, Tree},
};

const INDENT: &str = "    ";

/// How far the parts of lines in one section are padded.
type Widths = Vec<usize>;

/// The whole text, ending with a line break unless it is empty.
pub(super) fn layout(tree: &Tree, text: &str) -> String {
    let mut writer = Writer { text, out: String::new() };
    writer.nodes(&tree.nodes, 0, None);
    writer.out
}

#[derive(Debug)]
struct Writer<'a> {
    text: &'a str,
    out: String,
}

impl Writer<'_> {
    fn nodes(&mut self, nodes: &[Node], depth: usize, parent: Option<&str>) {
        let mut widths = Widths::new();
        let mut in_section = false;
        let mut blank_is_due = false;
        let mut is_first = true;
        for (at, node) in nodes.iter().enumerate() {
            match node {
                Node::Blank => {
                    blank_is_due = !is_first;
                    in_section = false;
                    continue;
                }
                Node::Comment(comment) => {
                    self.blank_line(blank_is_due || (depth == 0 && follows_block(nodes, at)));
                    self.line(depth, comment.text.trim_end());
                    blank_is_due = false;
                }
                Node::Statement(statement) => {
                    self.blank_line(blank_is_due || (depth == 0 && follows_block(nodes, at)));
                    if is_aligned(statement, parent) {
                        if !in_section {
                            widths = section_widths(nodes.get(at..).unwrap_or_default(), parent);
                        }
                        in_section = true;
                        self.statement(statement, depth, &widths, parent);
                    } else {
                        in_section = false;
                        self.statement(statement, depth, &[], parent);
                    }
                    blank_is_due = false;
                }
            }
            is_first = false;
        }
    }

    fn statement(&mut self, statement: &Statement, depth: usize, widths: &[usize], parent: Option<&str>) {
        let mut line = if statement.is_damaged() {
            // An unclosed string holds what stands at its line's end, a carriage return for one.
            let line = self.text.get(statement.line.range()).unwrap_or_default();
            line.trim_end_matches([' ', '\t', '\r']).to_owned()
        } else {
            padded(&parts(statement, parent), widths, parent)
        };
        let Some(block) = &statement.block else {
            self.line_with_comment(depth, &line, statement.comment.as_ref());
            return;
        };
        if statement.tokens.is_empty() {
            line.clear();
        } else {
            line.push(' ');
        }
        line.push('{');
        self.block(&line, statement, block, depth);
    }

    fn block(&mut self, header: &str, statement: &Statement, block: &Block, depth: usize) {
        // Behind a string without its end a comment would be part of the string.
        let is_open = statement.tokens.last().is_some_and(|it| it.kind == TokenKind::UnclosedText);
        let (beside, below) =
            if is_open { (None, block.comment.as_ref()) } else { (block.comment.as_ref(), None) };
        self.line_with_comment(depth, header, beside);
        if let Some(comment) = below {
            self.line(depth + 1, comment.text.trim_end());
        }
        self.nodes(&block.nodes, depth + 1, statement.tokens.first().map(|it| it.text.as_str()));
        self.line_with_comment(depth, "}", statement.comment.as_ref());
    }

    fn line_with_comment(&mut self, depth: usize, line: &str, comment: Option<&Token>) {
        match comment {
            Some(comment) => self.line(depth, &format!("{line}  {}", comment.text.trim_end())),
            None => self.line(depth, line),
        }
    }

    fn line(&mut self, depth: usize, line: &str) {
        self.out.push_str(&INDENT.repeat(depth));
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn blank_line(&mut self, is_due: bool) {
        if is_due {
            self.out.push('\n');
        }
    }
}

/// Whether the node before is a block, so that something new begins.
fn follows_block(nodes: &[Node], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|it| nodes.get(it));
    matches!(before, Some(Node::Statement(statement)) if statement.block.is_some())
}

/// Whether its parts stand under those of its neighbours: settings do, what names a block does not.
fn is_aligned(statement: &Statement, parent: Option<&str>) -> bool {
    let opens = |word: &str| {
        let mut settings = BlockKind::ALL.into_iter().flat_map(BlockKind::settings);
        settings.any(|it| it.word == word && it.block.is_some())
    };
    let is_name = aligned_parts(parent) > 1;
    // In a scenario every line is a sentence; elsewhere `when` opens a block.
    let is_sentence = parent == Some("scenario");
    let is_setting = |it: &Token| is_name || is_sentence || !opens(&it.text);
    statement.block.is_none() && !statement.is_damaged() && statement.tokens.first().is_some_and(is_setting)
}

/// The widths of a section: the lines up to the next blank line or block. One line alone is not padded.
fn section_widths(nodes: &[Node], parent: Option<&str>) -> Widths {
    let section = nodes.iter().take_while(|it| match it {
        Node::Statement(statement) => is_aligned(statement, parent),
        Node::Comment(_) => true,
        Node::Blank => false,
    });
    let lines: Vec<_> = section
        .filter_map(|it| match it {
            Node::Statement(statement) => Some(parts(statement, parent)),
            Node::Comment(_) | Node::Blank => None,
        })
        .collect();
    if lines.len() < 2 && aligned_parts(parent) < 2 {
        return Widths::new();
    }
    let mut widths = Widths::new();
    for line in &lines {
        // The last part of a line needs no room behind it.
        for (at, part) in line.iter().enumerate().take(line.len().saturating_sub(1)) {
            let width = part.width();
            match widths.get_mut(at) {
                Some(widest) => *widest = width.max(*widest),
                None => widths.push(width),
            }
        }
    }
    widths
}

/// How many parts of a line are padded, by the block it stands in.
fn aligned_parts(parent: Option<&str>) -> usize {
    match parent {
        Some("table" | "connection") => 2,
        _ => 1,
    }
}

/// A line's padded parts and the rest of it.
fn parts(statement: &Statement, parent: Option<&str>) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut rest = statement.tokens.as_slice();
    for _ in 0..aligned_parts(parent) {
        let length = part_length(rest);
        let (part, behind) = rest.split_at(length);
        if part.is_empty() || behind.is_empty() {
            break;
        }
        parts.push(joined(part));
        rest = behind;
    }
    parts.push(joined(rest));
    parts
}

/// One token, with the parentheses that belong to it: `text(32)`.
fn part_length(tokens: &[Token]) -> usize {
    if !matches!(tokens, [first, second, ..] if is_call(first, second)) {
        return tokens.len().min(1);
    }
    let end = tokens.iter().position(|it| it.kind == TokenKind::CloseParenthesis);
    end.map_or(1, |it| it + 1)
}

fn padded(parts: &[String], widths: &[usize], parent: Option<&str>) -> String {
    let mut line = String::new();
    for (at, part) in parts.iter().enumerate() {
        line.push_str(part);
        if at + 1 == parts.len() {
            break;
        }
        // An engine and what it takes belong together more closely than columns do.
        let gap = if widths.is_empty() || (parent == Some("connection") && at == 1) { 1 } else { 2 };
        let width = widths.get(at).copied().unwrap_or_default().max(part.width());
        line.push_str(&" ".repeat(width - part.width() + gap));
    }
    line
}

fn joined(tokens: &[Token]) -> String {
    let mut line = String::new();
    let mut before: Option<&Token> = None;
    for token in tokens {
        if before.is_some_and(|before| has_space_between(before, token)) {
            line.push(' ');
        }
        line.push_str(&token.text);
        before = Some(token);
    }
    line
}

fn has_space_between(before: &Token, after: &Token) -> bool {
    let tight_before = matches!(before.kind, TokenKind::OpenParenthesis | TokenKind::Range);
    let tight_after = matches!(
        after.kind,
        TokenKind::CloseParenthesis
            | TokenKind::Comma
            | TokenKind::Colon
            | TokenKind::Range
            | TokenKind::Percent
    );
    !(tight_before || tight_after || is_call(before, after))
}

/// Whether the parenthesis belongs to the word before it: `text(32)`, and not that of `when (a = 1 or b = 2)`.
fn is_call(before: &Token, after: &Token) -> bool {
    let takes_conditions = ["when", "and", "or"].iter().any(|it| before.is_word(it));
    before.kind == TokenKind::Word && after.kind == TokenKind::OpenParenthesis && !takes_conditions
}
