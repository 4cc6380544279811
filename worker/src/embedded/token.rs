//! The words of condition and update expressions.

use sluice_contract::dynamodb::ItemStoreError;

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// `owner`, `SET`, `attribute_exists`.
    Word(String),
    /// `#owner`, with the `#`.
    Name(String),
    /// `:owner`, with the `:`.
    Value(String),
    /// `=`, `<>`, `(`, `,`, …
    Sign(&'static str),
}

/// Longer ones first.
const SIGNS: [&str; 11] = ["<>", "<=", ">=", "=", "<", ">", "(", ")", ",", "+", "-"];

/// DynamoDB's own limit; it also bounds how deep parentheses can go.
const LONGEST: usize = 4096;

pub(super) fn invalid(what: impl Into<String>) -> ItemStoreError {
    ItemStoreError::Invalid(what.into())
}

/// The words in order; everything that is none is refused.
pub(super) fn tokens(expression: &str) -> Result<Vec<Token>, ItemStoreError> {
    if expression.len() > LONGEST {
        return Err(invalid(format!("the expression is longer than {LONGEST} bytes")));
    }
    let mut tokens = Vec::new();
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some((sign, after)) = SIGNS.iter().find_map(|it| Some((*it, rest.strip_prefix(it)?))) {
            tokens.push(Token::Sign(sign));
            rest = after.trim_start();
            continue;
        }
        let start = usize::from(matches!(first, '#' | ':'));
        let length = rest
            .char_indices()
            .skip(start)
            .find(|(_, it)| !it.is_ascii_alphanumeric() && *it != '_')
            .map_or(rest.len(), |(at, _)| at);
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let digit_first = start == 0 && first.is_ascii_digit();
        if length == start || digit_first {
            return Err(invalid(format!("unexpected `{first}` in `{expression}`")));
        }
        let word = word.to_owned();
        tokens.push(match first {
            '#' => Token::Name(word),
            ':' => Token::Value(word),
            _ => Token::Word(word),
        });
        rest = after.trim_start();
    }
    if tokens.is_empty() { Err(invalid("the expression can not be empty")) } else { Ok(tokens) }
}

/// Reads words from the front.
#[derive(Debug)]
pub(super) struct Cursor {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
}

impl Cursor {
    pub(super) fn new(expression: &str) -> Result<Self, ItemStoreError> {
        Ok(Self { tokens: tokens(expression)?.into_iter().peekable() })
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        self.tokens.next()
    }

    pub(super) fn at_end(&mut self) -> bool {
        self.tokens.peek().is_none()
    }

    /// Takes the sign if it comes next.
    pub(super) fn takes(&mut self, sign: &str) -> bool {
        self.tokens.next_if(|it| matches!(it, Token::Sign(found) if *found == sign)).is_some()
    }

    /// Takes the keyword if it comes next, in capitals or not.
    pub(super) fn takes_word(&mut self, word: &str) -> bool {
        self.tokens
            .next_if(|it| matches!(it, Token::Word(found) if found.eq_ignore_ascii_case(word)))
            .is_some()
    }

    /// Takes the sign, which must come next.
    pub(super) fn expect(&mut self, sign: &str) -> Result<(), ItemStoreError> {
        if self.takes(sign) { Ok(()) } else { Err(self.unexpected(&format!("`{sign}`"))) }
    }

    /// The refusal of whatever comes next.
    pub(super) fn unexpected(&mut self, wanted: &str) -> ItemStoreError {
        let found = match self.tokens.next() {
            None => "the end of the expression".to_owned(),
            Some(Token::Sign(sign)) => format!("`{sign}`"),
            Some(Token::Word(word) | Token::Name(word) | Token::Value(word)) => format!("`{word}`"),
        };
        invalid(format!("expected {wanted}, found {found}"))
    }
}
