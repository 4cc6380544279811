//! Keys that a prompt offers in words: "press 9" says that something handles the key.
//!
//! Words of a few languages are known; what is offered in other words is not seen, and nothing is told of it.

use super::shape::Key;
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, words},
    syntax::ast::Text,
};

const PRESS: [&str; 12] = [
    "press",
    "pressing",
    "oprima",
    "pulse",
    "presione",
    "marque",
    "drücken",
    "appuyez",
    "prema",
    "premere",
    "pressione",
    "druk",
];
/// What may stand between two keys, or before one.
const BETWEEN: [&str; 16] =
    ["or", "and", "key", "o", "y", "u", "oder", "und", "ou", "et", "sie", "sur", "el", "la", "le", "die"];

/// Tells of the keys that are offered and not handled.
pub(super) fn check(text: &Text, handled: &[Key], diagnostics: &mut Diagnostics) {
    for key in offered(&text.value) {
        if handled.contains(&key) {
            continue;
        }
        let written = match key {
            Key::Digit(digit) => digit.to_string(),
            Key::Star => "*".to_owned(),
        };
        let diagnostic = Diagnostic::new(
            Code::KeyNotHandled,
            format!("the prompt offers the key `{written}`, and nothing handles it"),
        )
        .label(text.span, format!("offers `{written}`"));
        let handled = handled.iter().map(|it| match it {
            Key::Digit(digit) => digit.to_string(),
            Key::Star => "*".to_owned(),
        });
        let handled: Vec<String> = handled.collect();
        diagnostics.push(if handled.is_empty() || handled.len() > 12 {
            diagnostic.help("offer a key that means something here, or none")
        } else {
            diagnostic.help(format!("what can be pressed here is {}", words::or_ticked(&handled)))
        });
    }
}

/// The numbers and stars that stand behind "press", up to the end of the sentence.
fn offered(text: &str) -> Vec<Key> {
    let mut offered = Vec::new();
    let mut is_pressing = false;
    // Whether a key may stand here: right behind "press", a comma or "or".
    let mut may_follow = false;
    for word in text.split_whitespace() {
        let bare = word.trim_matches(|it: char| !it.is_alphanumeric() && it != '*').to_lowercase();
        if PRESS.contains(&bare.as_str()) {
            (is_pressing, may_follow) = (true, true);
        } else if is_pressing {
            let key = match bare.parse::<u32>() {
                Ok(digit) => Some(Key::Digit(digit)),
                Err(_) if bare == "*" || bare == "star" => Some(Key::Star),
                Err(_) => None,
            };
            offered.extend(key.filter(|it| may_follow && !offered.contains(it)));
            may_follow = word.ends_with([',', ';', ':']) || BETWEEN.contains(&bare.as_str());
        }
        if word.ends_with(['.', '?', '!']) {
            is_pressing = false;
        }
    }
    offered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_behind_press() {
        let digits = |text: &str| -> Vec<u32> {
            let keys = offered(text).into_iter();
            keys.map(|it| match it {
                Key::Digit(digit) => digit,
                Key::Star => 99,
            })
            .collect()
        };
        assert_eq!(digits("Press 1 for the price, 2 for the service, or 3 for anything else."), [1, 2, 3]);
        assert_eq!(digits("To decline, press star. In 2026 we had 3 calls."), [99]);
        assert_eq!(digits("Press 1 or 2."), [1, 2]);
        assert_eq!(digits("For English, press 1. Para español, oprima 2."), [1, 2]);
        assert!(digits("Sorry, please press a key from 1 to 5.").is_empty());
        assert!(digits("How likely are you, on a scale of 1 to 5?").is_empty());
    }
}
