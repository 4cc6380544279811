//! Text to tokens, by the grammar in `grammar/sluice.pest`.

use pest::Parser;

use super::token::{Token, TokenKind};
use crate::source::{FileId, Span};

/// The tokens of `text`; laid end to end they are the text.
pub(crate) fn tokens(file: FileId, text: &str) -> Vec<Token> {
    let Ok(pairs) = grammar::Grammar::parse(grammar::Rule::file, text) else {
        // INVARIANT: the grammar accepts every text (the property test `parse is total`).
        return vec![Token {
            kind: TokenKind::Unknown,
            text: text.to_owned(),
            span: span(file, 0, text.len()),
        }];
    };
    let mut tokens = Vec::new();
    for pair in pairs {
        let Some(kind) = kind(pair.as_rule()) else { continue };
        let (start, text) = (pair.as_span().start(), pair.as_str());
        if kind == TokenKind::UnclosedText {
            push_unclosed(&mut tokens, file, start, text);
        } else {
            push(&mut tokens, kind, file, start, text);
        }
    }
    tokens
}

/// A line that ends in `{` opens a block, even when the quote before it was forgotten.
fn push_unclosed(tokens: &mut Vec<Token>, file: FileId, start: usize, text: &str) {
    let trimmed = text.trim_end_matches([' ', '\t', '\r']);
    let Some(string) = trimmed.strip_suffix('{').map(|it| it.trim_end_matches([' ', '\t', '\r'])) else {
        push(tokens, TokenKind::UnclosedText, file, start, text);
        return;
    };
    let (string, rest) = text.split_at(string.len());
    let (blank, rest) = rest.split_at(trimmed.len() - string.len() - 1);
    let (brace, end) = rest.split_at(1);
    let mut start = start;
    for (kind, text) in [
        (TokenKind::UnclosedText, string),
        (TokenKind::Blank, blank),
        (TokenKind::OpenBrace, brace),
        (TokenKind::Blank, end),
    ] {
        if !text.is_empty() {
            push(tokens, kind, file, start, text);
        }
        start += text.len();
    }
}

fn push(tokens: &mut Vec<Token>, kind: TokenKind, file: FileId, start: usize, text: &str) {
    tokens.push(Token { kind, text: text.to_owned(), span: span(file, start, start + text.len()) });
}

fn span(file: FileId, start: usize, end: usize) -> Span {
    let offset = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    Span::new(file, offset(start), offset(end))
}

fn kind(rule: grammar::Rule) -> Option<TokenKind> {
    use grammar::Rule;
    match rule {
        Rule::newline => Some(TokenKind::Newline),
        Rule::blank => Some(TokenKind::Blank),
        Rule::comment => Some(TokenKind::Comment),
        Rule::text => Some(TokenKind::Text),
        Rule::unclosed_text => Some(TokenKind::UnclosedText),
        Rule::time => Some(TokenKind::Time),
        Rule::number => Some(TokenKind::Number),
        Rule::word => Some(TokenKind::Word),
        Rule::foreign_word => Some(TokenKind::ForeignWord),
        Rule::parameter => Some(TokenKind::Parameter),
        Rule::open_brace => Some(TokenKind::OpenBrace),
        Rule::close_brace => Some(TokenKind::CloseBrace),
        Rule::open_parenthesis => Some(TokenKind::OpenParenthesis),
        Rule::close_parenthesis => Some(TokenKind::CloseParenthesis),
        Rule::comma => Some(TokenKind::Comma),
        Rule::colon => Some(TokenKind::Colon),
        Rule::range => Some(TokenKind::Range),
        Rule::not_equal => Some(TokenKind::NotEqual),
        Rule::less_or_equal => Some(TokenKind::LessOrEqual),
        Rule::greater_or_equal => Some(TokenKind::GreaterOrEqual),
        Rule::less => Some(TokenKind::Less),
        Rule::greater => Some(TokenKind::Greater),
        Rule::equal => Some(TokenKind::Equal),
        Rule::asterisk => Some(TokenKind::Asterisk),
        Rule::percent => Some(TokenKind::Percent),
        Rule::unknown => Some(TokenKind::Unknown),
        Rule::EOI
        | Rule::file
        | Rule::token
        | Rule::token_start
        | Rule::escape
        | Rule::word_start
        | Rule::letter_or_digit => None,
    }
}

/// What pest derives.
mod grammar {
    /// Reads by `grammar/sluice.pest`.
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/sluice.pest"]
    pub(super) struct Grammar;
}
