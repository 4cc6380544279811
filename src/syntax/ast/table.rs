//! A table's declared shape.

use super::{Name, Spanned};
use crate::source::Span;

/// `table companies { … }`
#[derive(Debug, Clone)]
pub struct Table {
    /// All of it.
    pub span: Span,
    /// The word `table`.
    pub keyword: Span,
    /// Its name.
    pub name: Name,
    /// In written order.
    pub columns: Vec<Column>,
    /// The first words of lines that could not be read: columns that are not missing.
    pub unreadable: Vec<Name>,
}

/// One column.
///
/// ```text
/// registration_no  text(32)  key
/// ^^^^^^^^^^^^^^^ name       ^^^ key
///                  ^^^^^^^^ kind
/// ```
#[derive(Debug, Clone)]
pub struct Column {
    /// All of it.
    pub span: Span,
    /// Its name.
    pub name: Name,
    /// What its values must be.
    pub kind: Spanned<ColumnType>,
    /// The word `key`, when it is part of the key.
    pub key: Option<Span>,
}

/// What a column's values must be. Numbers are as written, not judged.
#[derive(Debug, Clone)]
pub enum ColumnType {
    /// `text(32)`
    Text {
        /// At most so many characters.
        length: Spanned<u64>,
    },
    /// `char(2)`
    Char {
        /// Exactly so many characters.
        length: Spanned<u64>,
    },
    /// `integer`
    Integer,
    /// `decimal(12, 2)`
    Decimal {
        /// All digits.
        precision: Spanned<u64>,
        /// Digits after the point.
        scale: Spanned<u64>,
    },
    /// `boolean`
    Boolean,
    /// `date`
    Date,
    /// `timestamp`
    Timestamp,
}
