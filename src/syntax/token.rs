//! Tokens: the smallest pieces of a text that mean something.

use crate::source::Span;

/// One piece of a text.
#[derive(Debug, Clone)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// As written, quotes included.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// The end of a line.
    Newline,
    /// Spaces and tabs.
    Blank,
    /// `# why`
    Comment,
    /// `"greece/companies.sql"`
    Text,
    /// A string that its line ends before its closing quote.
    UnclosedText,
    /// `02:30`
    Time,
    /// `10_000`
    Number,
    /// `greece`, `Europe/Athens`
    Word,
    /// A word with letters that names can't have.
    ForeignWord,
    /// `$language`
    Parameter,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `(`
    OpenParenthesis,
    /// `)`
    CloseParenthesis,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `..`
    Range,
    /// `<>`
    NotEqual,
    /// `<=`
    LessOrEqual,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `=`
    Equal,
    /// `*`
    Asterisk,
    /// `%`
    Percent,
    /// Characters that mean nothing.
    Unknown,
}

/// What a token does to lines and blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Nothing.
    Blank,
    /// It ends a line.
    Newline,
    /// It stands beside them.
    Comment,
    /// It opens a block.
    Open,
    /// It closes a block.
    Close,
    /// It is part of a line.
    Content,
}

impl TokenKind {
    /// What it does to lines and blocks.
    pub fn role(self) -> Role {
        match self {
            Self::Blank => Role::Blank,
            Self::Newline => Role::Newline,
            Self::Comment => Role::Comment,
            Self::OpenBrace => Role::Open,
            Self::CloseBrace => Role::Close,
            Self::Text
            | Self::UnclosedText
            | Self::Time
            | Self::Number
            | Self::Word
            | Self::ForeignWord
            | Self::Parameter
            | Self::OpenParenthesis
            | Self::CloseParenthesis
            | Self::Comma
            | Self::Colon
            | Self::Range
            | Self::NotEqual
            | Self::LessOrEqual
            | Self::GreaterOrEqual
            | Self::Less
            | Self::Greater
            | Self::Equal
            | Self::Asterisk
            | Self::Percent
            | Self::Unknown => Role::Content,
        }
    }

    /// Whether nothing can be made of it, wherever it stands.
    pub fn is_damaged(self) -> bool {
        matches!(self, Self::UnclosedText | Self::ForeignWord | Self::Unknown)
    }
}

impl Token {
    /// Whether it is that word.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text == word
    }
}
