//! Translation with nothing installed: known words by dictionary, everything else spelled in Latin letters.

use super::{TranslateError, Translator, greek, words};

/// Known words by dictionary, everything else spelled in Latin letters.
///
/// It knows company words of Greek; the letters of every other language are spelled out. Texts that have no letters
/// but Latin ones stay as they are.
#[derive(Debug, Clone, Copy, Default)]
pub struct OfflineTranslator;

impl Translator for OfflineTranslator {
    fn name(&self) -> &'static str {
        "offline-1"
    }

    fn translate(
        &self,
        texts: &[String],
        from: &str,
        _to: &str,
    ) -> Result<Vec<Option<String>>, TranslateError> {
        Ok(texts.iter().map(|text| translate(text, from)).collect())
    }
}

fn translate(text: &str, from: &str) -> Option<String> {
    if !text.chars().any(is_foreign) {
        return Some(text.to_owned());
    }
    let pieces = pieces(text);
    let mut rest = pieces.as_slice();
    let shouted = !text.chars().any(|it| it.is_lowercase() && is_foreign(it));
    let mut english = String::with_capacity(text.len());
    while let Some((first, after)) = rest.split_first() {
        if let Some((words, taken)) = known_phrase(from, rest) {
            english.push_str(words);
            rest = rest.get(taken..).unwrap_or_default();
        } else {
            english.push_str(&spell(first, from, shouted));
            rest = after;
        }
    }
    // A script that can't be spelled leaves nothing to read.
    english.chars().any(char::is_alphanumeric).then_some(english)
}

/// Words and what stands between them. A dot belongs to the word when single letters stand around it: `Α.Ε.`.
fn pieces(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut pieces: Vec<String> = Vec::new();
    let mut in_word = false;
    for (index, letter) in letters.iter().enumerate() {
        let at = |offset: usize| letters.get(offset).copied();
        let abbreviates = *letter == '.' && in_word && {
            let before = index.checked_sub(2).and_then(at).is_none_or(|it| !it.is_alphanumeric());
            let dotted = pieces.last().is_some_and(|it| it.contains('.'));
            let letter_follows = at(index + 1).is_some_and(char::is_alphabetic)
                && at(index + 2).is_none_or(|it| !it.is_alphanumeric());
            (before && letter_follows) || dotted
        };
        let word = letter.is_alphanumeric() || abbreviates;
        match pieces.last_mut() {
            Some(last) if word == in_word => last.push(*letter),
            Some(_) | None => pieces.push(letter.to_string()),
        }
        in_word = word;
    }
    pieces
}

/// The longest phrase of the dictionary that the pieces start with, and how many pieces it takes.
fn known_phrase(from: &str, pieces: &[String]) -> Option<(&'static str, usize)> {
    (1..=words::LONGEST).rev().find_map(|count| {
        let taken = count * 2 - 1;
        let mut folded = String::new();
        for (index, piece) in pieces.get(..taken)?.iter().enumerate() {
            if index % 2 == 1 && piece != " " {
                return None;
            }
            folded.push_str(&greek::folded(piece));
        }
        words::english(from, &folded).map(|english| (english, taken))
    })
}

/// A word in Latin letters. A text all in capitals is a register's habit and comes out with capital initials.
fn spell(word: &str, from: &str, shouted: bool) -> String {
    if !word.chars().any(is_foreign) {
        return word.to_owned();
    }
    let latin = if from == "el" { greek::transliterate(word) } else { any_ascii::any_ascii(word) };
    if !shouted || word.chars().count() < 2 || word.contains('.') {
        return latin;
    }
    let mut letters = latin.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect()
    })
}

/// A letter that English is not written with, accents aside.
fn is_foreign(letter: char) -> bool {
    const LATIN_ENDS: char = '\u{24f}';
    const LATIN_ADDITIONAL: std::ops::RangeInclusive<char> = '\u{1e00}'..='\u{1eff}';
    letter.is_alphabetic() && letter > LATIN_ENDS && !LATIN_ADDITIONAL.contains(&letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_and_addresses_of_a_register() {
        for (from, foreign, english) in [
            ("el", "ΠΑΠΑΔΟΠΟΥΛΟΣ Α.Ε.", "Papadopoulos S.A."),
            ("el", "Παπαδόπουλος ΑΕ", "Papadopoulos S.A."),
            ("el", "ΑΦΟΙ ΘΕΟΔΩΡΟΥ Ο.Ε.", "Bros Theodorou G.P."),
            ("el", "ΓΕΩΡΓΙΟΥ ΚΑΙ ΥΙΟΙ Ε.Π.Ε.", "Georgiou and Sons Ltd"),
            ("el", "Ελληνική Τεχνική Ανώνυμη Εταιρεία", "Hellenic Technical S.A."),
            ("el", "Λεωφόρος Κηφισίας 12, Αθήνα 115 26", "Avenue Kifisias 12, Athens 115 26"),
            ("el", "ΟΔΟΣ ΕΡΜΟΥ 5, ΘΕΣΣΑΛΟΝΙΚΗ", "Street Ermou 5, Thessaloniki"),
            ("el", "Μονοπρόσωπη Ι.Κ.Ε.", "Single Member P.C."),
            ("el", "Vodafone Ελλάς", "Vodafone Hellas"),
            ("el", "Acme Ltd", "Acme Ltd"),
            ("el", "Ν. Γεωργίου", "N. Georgiou"),
            ("bg", "София АД", "Sofiya AD"),
            ("el", "12-34", "12-34"),
            ("fr", "Société Générale", "Société Générale"),
        ] {
            assert_eq!(translate(foreign, from).as_deref(), Some(english), "{foreign}");
        }
    }

    proptest! {
        #[test]
        fn no_greek_is_left(text in "[Α-Ωα-ωάέήίόύώϊϋΐΰ .,&a-zA-Z0-9-]{0,40}") {
            let english = translate(&text, "el").unwrap_or_default();
            prop_assert!(!english.chars().any(is_foreign), "{} -> {}", text, english);
        }
    }
}
