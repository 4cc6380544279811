//! Words of company registers that are translated, not spelled out: legal forms, kinds of street, lines of business,
//! cities.

mod alphabets;
mod greek;
mod unspaced;

use std::{collections::HashMap, sync::LazyLock};

/// Phrases, and their English.
type Dictionary = &'static [(&'static str, &'static str)];

/// Languages whose words stand apart.
const SPACED: [(&str, Dictionary); 9] = [
    ("ar", alphabets::ARABIC),
    ("bg", alphabets::BULGARIAN),
    ("el", greek::GREEK),
    ("he", alphabets::HEBREW),
    ("hi", alphabets::HINDI),
    ("hy", alphabets::ARMENIAN),
    ("ka", alphabets::GEORGIAN),
    ("sr", alphabets::SERBIAN),
    ("uk", alphabets::UKRAINIAN),
];

/// Languages whose words are found inside a run of letters.
const UNSPACED: [(&str, Dictionary); 4] =
    [("ja", unspaced::JAPANESE), ("ko", unspaced::KOREAN), ("th", unspaced::THAI), ("zh", unspaced::CHINESE)];

/// The most words that a phrase has.
pub(super) const LONGEST: usize = 4;

/// The English of a phrase in its folded form.
pub(super) fn english(from: &str, folded: &str) -> Option<&'static str> {
    type ByPhrase = HashMap<String, &'static str>;
    static BY_LANGUAGE: LazyLock<HashMap<&str, ByPhrase>> = LazyLock::new(|| {
        let by_phrase =
            |all: Dictionary| all.iter().map(|(phrase, it)| (super::greek::folded(phrase), *it)).collect();
        SPACED.iter().map(|(from, all)| (*from, by_phrase(all))).collect()
    });
    BY_LANGUAGE.get(from)?.get(folded).copied()
}

/// Puts the English of words in place of those that stand in a run of letters, the longest first, with spaces around.
/// None where the language's words stand apart anyway.
pub(super) fn put_inside(from: &str, text: &str) -> Option<String> {
    let (_, dictionary) = UNSPACED.iter().find(|(language, _)| *language == from)?;
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let known =
            dictionary.iter().filter(|(word, _)| rest.starts_with(word)).max_by_key(|(word, _)| word.len());
        let (piece, after) = match known {
            Some((word, english)) => (format!(" {english} "), rest.strip_prefix(word)),
            None => (letter.to_string(), rest.strip_prefix(letter)),
        };
        done.push_str(&piece);
        rest = after.unwrap_or_default();
    }
    Some(done.split_whitespace().collect::<Vec<_>>().join(" "))
}
