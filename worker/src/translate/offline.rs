//! Translation with nothing installed: known words by dictionary, everything else spelled in Latin letters.

use super::{TranslateError, Translator, greek, words};

/// Known words by dictionary, everything else spelled in Latin letters.
///
/// It knows company words of the languages in `words`; everything else is spelled out. Texts that have no letters
/// but Latin ones stay as they are.
#[derive(Debug, Clone, Copy, Default)]
pub struct OfflineTranslator;

impl Translator for OfflineTranslator {
    fn name(&self) -> &'static str {
        "offline-2"
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
    // Georgian letters count as small ones, and have no capitals in use.
    let shouted = from == "ka" || !text.chars().any(|it| it.is_lowercase() && is_foreign(it));
    let with_words = words::put_inside(from, text);
    let text = with_words.as_deref().unwrap_or(text);
    let pieces = pieces(text);
    let mut rest = pieces.as_slice();
    let mut english = String::with_capacity(text.len());
    while let Some((first, after)) = rest.split_first() {
        if let Some((words, taken)) = known_phrase(from, rest) {
            english.push_str(words);
            rest = rest.get(taken..).unwrap_or_default();
            // The dot of an abbreviation goes with it: `ул. Шипка` is `Street Shipka`.
            if let Some((between, after)) = rest.split_first()
                && between == ". "
            {
                english.push(' ');
                rest = after;
            }
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
        // `בע״מ` and `ושות׳` are words, marks and all.
        let marks = in_word && matches!(*letter, '״' | '׳' | '"') && before_is_hebrew(at, index) && {
            *letter == '׳' || at(index + 1).is_some_and(is_hebrew)
        };
        let word = letter.is_alphanumeric() || is_mark(*letter) || abbreviates || marks;
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
    let foreign = pieces.first()?.chars().any(is_foreign);
    if !foreign {
        return None;
    }
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

fn before_is_hebrew(at: impl Fn(usize) -> Option<char>, index: usize) -> bool {
    index.checked_sub(1).and_then(at).is_some_and(is_hebrew)
}

fn is_hebrew(letter: char) -> bool {
    ('\u{5d0}'..='\u{5ea}').contains(&letter)
}

/// A sign above or below a letter that is no letter itself: a tone of Thai, a virama of Devanagari.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{93c}' | '\u{94d}' | '\u{e47}'..='\u{e4e}')
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
        let mut wrong = Vec::new();
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
            ("bg", "София АД", "Sofia JSC"),
            ("bg", "Иванов и синове ЕООД", "Ivanov and Sons Single Member Ltd"),
            ("bg", "ул. Христо Ботев 12, 1000", "Street Khristo Botev 12, 1000"),
            ("sr", "Љубичић Градња ДОО Београд", "Ljubichic Construction Ltd Belgrade"),
            ("uk", "ТОВ «Мрія»", "LLC «Mriya»"),
            ("uk", "Товариство з обмеженою відповідальністю «Їжак»", "LLC «Izhak»"),
            ("ka", "შპს ივერია", "LLC Iveria"),
            ("hy", "«Արարատ» ՍՊԸ", "«Ararat» LLC"),
            ("zh", "台北大同科技股份有限公司", "Taipei Datong Technology Co., Ltd."),
            ("ja", "株式会社さくら商事", "Co., Ltd. Sakura Trading"),
            ("ja", "田中工業（株）", "Tanaka Industries Co., Ltd."),
            ("ko", "주식회사 한빛전자", "Co., Ltd. Hanbich Electronics"),
            ("ko", "한빛전자(주)", "Hanbich Electronics Co., Ltd."),
            ("th", "บริษัท สยามการค้า จำกัด", "Company Siam Trading Limited"),
            ("th", "น้ำใส", "Namais"),
            ("hi", "गंगा वस्त्र प्राइवेट लिमिटेड", "Ganga Textiles Private Limited"),
            ("hi", "वर्मा एंड संस", "Varma and Sons"),
            ("he", "כרמל מזון בע״מ", "Carmel Foods Ltd"),
            ("he", "כהן ושות׳", "Cohen and Co"),
            ("ar", "شركة النيل للتجارة ش.م.م", "Company Nile for Trade S.A.E."),
            ("ar", "حسن وأولاده شركة مساهمة مصرية", "Hassan and Sons S.A.E."),
            ("hy", "«Սարգսյան և որդիներ» ԲԲԸ", "«Sargsyan and Sons» OJSC"),
            ("ka", "გელაშვილი და კომპანია", "Gelashvili and Co"),
            ("zh", "台北市中山路239號4樓", "Taipei City Zhongshan Road 239 4 F"),
            ("ar", "ميدان رمسيس", "Square Rmsys"),
            ("el", "12-34", "12-34"),
            ("fr", "Société Générale", "Société Générale"),
        ] {
            let found = translate(foreign, from);
            if found.as_deref() != Some(english) {
                wrong.push((foreign, found));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    proptest! {
        #[test]
        fn no_greek_is_left(text in "[Α-Ωα-ωάέήίόύώϊϋΐΰ .,&a-zA-Z0-9-]{0,40}") {
            let english = translate(&text, "el").unwrap_or_default();
            prop_assert!(!english.chars().any(is_foreign), "{} -> {}", text, english);
        }
    }
}
