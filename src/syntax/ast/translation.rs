//! A survey in another language.

use super::{Entry, Name, Text};
use crate::source::Span;

/// How callers get to their language.
#[derive(Debug, Clone)]
pub enum Choose {
    /// `choose by key "For English, press 1. Para español, oprima 2."`
    Key(Text),
    /// `choose by attribute Language`
    Attribute(Name),
}

/// The words of a survey in another language: `translation es-US { … }`
#[derive(Debug, Clone)]
pub struct Translation {
    /// All of it.
    pub span: Span,
    /// The word `translation`.
    pub keyword: Span,
    /// Its tag.
    pub language: Name,
    /// In written order.
    pub settings: Vec<Entry<TranslationSetting>>,
    /// In written order.
    pub asks: Vec<TranslatedAsk>,
    /// The first words of lines that could not be read.
    pub unreadable: Vec<Name>,
}

/// A setting of a translation.
#[derive(Debug, Clone)]
pub enum TranslationSetting {
    /// `voice Lupe`
    Voice(Name),
    /// `offer "…"`
    Offer(Text),
    /// `wait "…"`
    Wait(Text),
    /// `sorry "…"`
    Sorry(Text),
    /// `thank "…"`
    Thank(Text),
    /// `goodbye "…"`
    Goodbye(Text),
}

/// A question in another language: `ask rating "…" { retry "…" }`
#[derive(Debug, Clone)]
pub struct TranslatedAsk {
    /// The question.
    pub name: Name,
    /// What is said.
    pub text: Text,
    /// In written order.
    pub settings: Vec<Entry<TranslatedAskSetting>>,
    /// The first words of lines that could not be read.
    pub unreadable: Vec<Name>,
}

/// A setting of a question in another language.
#[derive(Debug, Clone)]
pub enum TranslatedAskSetting {
    /// `retry "…"`
    Retry(Text),
    /// `silence "…"`
    Silence(Text),
}
