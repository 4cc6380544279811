//! Greek in Latin letters by ELOT 743, as Greek passports and registers have it.

/// One word. Its capitals stay capitals.
pub(super) fn transliterate(word: &str) -> String {
    let letters: Vec<Letter> = word.chars().map(Letter::new).collect();
    let mut latin = String::with_capacity(word.len());
    let mut rest = letters.as_slice();
    let mut previous: Option<Letter> = None;
    while let [first, after @ ..] = rest {
        let next = after.first().copied();
        let (text, taken) = next
            .and_then(|next| pair(previous, *first, next, after.get(1).copied()))
            .map_or_else(|| (single(*first).to_owned(), 1), |text| (text.to_owned(), 2));
        push_cased(&mut latin, &text, *first, next.or(previous));
        previous = rest.get(taken - 1).copied();
        rest = rest.get(taken..).unwrap_or_default();
    }
    latin
}

/// Greek in capitals without accents, as the words are looked up.
pub(super) fn folded(word: &str) -> String {
    word.chars()
        .filter(|it| *it != '.')
        .flat_map(|it| Letter::new(it).base.to_uppercase())
        .collect::<String>()
        .replace('ς', "Σ")
}

/// A letter without its accent, in small form.
#[derive(Debug, Clone, Copy)]
struct Letter {
    /// `ς` for a final sigma is `σ`.
    base: char,
    original: char,
    capital: bool,
    accent: bool,
    /// A diaeresis: the vowel is spoken by itself.
    apart: bool,
}

impl Letter {
    fn new(original: char) -> Self {
        let small = original.to_lowercase().next().unwrap_or(original);
        let (base, accent, apart) = match small {
            'ά' | '\u{1f71}' => ('α', true, false),
            'έ' | '\u{1f73}' => ('ε', true, false),
            'ή' | '\u{1f75}' => ('η', true, false),
            'ί' | '\u{1f77}' => ('ι', true, false),
            'ό' | '\u{1f79}' => ('ο', true, false),
            'ύ' | '\u{1f7b}' => ('υ', true, false),
            'ώ' | '\u{1f7d}' => ('ω', true, false),
            'ϊ' => ('ι', false, true),
            'ϋ' => ('υ', false, true),
            'ΐ' => ('ι', true, true),
            'ΰ' => ('υ', true, true),
            'ς' => ('σ', false, false),
            other => (other, false, false),
        };
        Self { base, original, capital: original.is_uppercase(), accent, apart }
    }

    fn is_voiced(self) -> bool {
        matches!(
            self.base,
            'α' | 'ε' | 'η' | 'ι' | 'ο' | 'υ' | 'ω' | 'β' | 'γ' | 'δ' | 'ζ' | 'λ' | 'μ' | 'ν' | 'ρ'
        )
    }
}

/// Two letters that are written together.
fn pair(
    previous: Option<Letter>,
    first: Letter,
    second: Letter,
    third: Option<Letter>,
) -> Option<&'static str> {
    // An accent on the first vowel or a diaeresis on the second keeps the two apart.
    let together = !first.accent && !second.apart;
    let voiced = third.is_some_and(Letter::is_voiced);
    match (first.base, second.base) {
        ('ο', 'υ') if together => Some("ou"),
        ('α', 'υ') if together => Some(if voiced { "av" } else { "af" }),
        ('ε', 'υ') if together => Some(if voiced { "ev" } else { "ef" }),
        ('η', 'υ') if together => Some(if voiced { "iv" } else { "if" }),
        ('γ', 'γ') => Some("ng"),
        ('γ', 'ξ') => Some("nx"),
        ('γ', 'χ') => Some("nch"),
        ('μ', 'π') if previous.is_none() || third.is_none() => Some("b"),
        ('μ', 'π') => Some("mp"),
        _ => None,
    }
}

fn single(letter: Letter) -> &'static str {
    match letter.base {
        'α' => "a",
        'β' => "v",
        'γ' => "g",
        'δ' => "d",
        'ε' => "e",
        'ζ' => "z",
        'η' | 'ι' => "i",
        'θ' => "th",
        'κ' => "k",
        'λ' => "l",
        'μ' => "m",
        'ν' => "n",
        'ξ' => "x",
        'ο' | 'ω' => "o",
        'π' => "p",
        'ρ' => "r",
        'σ' => "s",
        'τ' => "t",
        'υ' => "y",
        'φ' => "f",
        'χ' => "ch",
        'ψ' => "ps",
        _ => any_ascii::any_ascii_char(letter.original),
    }
}

/// `Θ` is `Th` in `Θεός` and `TH` in `ΘΕΟΣ`.
fn push_cased(latin: &mut String, text: &str, first: Letter, neighbour: Option<Letter>) {
    if !first.capital {
        latin.push_str(text);
        return;
    }
    let all = neighbour.is_some_and(|it| it.capital);
    for (index, letter) in text.chars().enumerate() {
        latin.push(if index == 0 || all { letter.to_ascii_uppercase() } else { letter });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_the_standard() {
        for (greek, latin) in [
            ("Παπαδόπουλος", "Papadopoulos"),
            ("ΘΕΟΔΩΡΟΥ", "THEODOROU"),
            ("Θεοδώρου", "Theodorou"),
            ("Ευάγγελος", "Evangelos"),
            ("Ευθυμίου", "Efthymiou"),
            ("Αυγή", "Avgi"),
            ("Ναύπλιο", "Nafplio"),
            ("Παύλος", "Pavlos"),
            ("άυλος", "aylos"),
            ("Ταΰγετος", "Taygetos"),
            ("προϋπόθεση", "proypothesi"),
            ("Μπάμπης", "Bampis"),
            ("Σφίγξ", "Sfinx"),
            ("Αγχίαλος", "Anchialos"),
            ("Γκίκας", "Gkikas"),
            ("Ντίνος", "Ntinos"),
            ("Ψυχικό", "Psychiko"),
            ("Χίος", "Chios"),
            ("Ηυξημένος", "Ifximenos"),
            ("Σου", "Sou"),
        ] {
            assert_eq!(transliterate(greek), latin, "{greek}");
        }
    }

    #[test]
    fn words_are_looked_up_without_accents_and_dots() {
        assert_eq!(folded("Α.Ε."), "ΑΕ");
        assert_eq!(folded("Οδός"), "ΟΔΟΣ");
        assert_eq!(folded("λεωφόρος"), "ΛΕΩΦΟΡΟΣ");
    }
}
