//! What keys become: one key of a menu, or what is typed and kept.

use serde_json::Value;

use super::flow::{Action, plain};

/// What an action waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// How many keys.
    pub takes: Takes,
    /// How long the first key is waited for.
    pub seconds: u64,
    /// How long each further key is waited for.
    pub between_seconds: u64,
}

/// How many keys an action takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Takes {
    /// One, and decides by it.
    One,
    /// Up to so many, and keeps them.
    Many {
        /// So many.
        most: usize,
        /// These keys end the input.
        end: String,
        /// Whether `*` forgets what was typed.
        cancels: bool,
        /// Whether it is to be a telephone number.
        number: bool,
    },
}

/// What is stored when nothing is typed.
pub(super) const NOTHING_TYPED: &str = "Timeout";
/// How long each further key is waited for, where the flow does not say.
const BETWEEN_SECONDS: u64 = 5;
/// How long the first key is waited for, where the flow does not say.
const FIRST_SECONDS: u64 = 5;
/// The longest that a telephone number is.
const LONGEST_NUMBER: usize = 20;

impl Input {
    pub(super) fn of(action: &Action) -> Self {
        let keys = action.parameters.get("DTMFConfiguration");
        let of_keys = |name: &str| keys.and_then(|it| it.get(name)).and_then(plain);
        let seconds = action.text("InputTimeLimitSeconds").and_then(|it| it.parse().ok());
        let between = of_keys("InterdigitTimeLimitSeconds").and_then(|it| it.parse().ok());
        let takes = if action.text("StoreInput").as_deref() == Some("True") {
            let validation = action.parameters.get("InputValidation");
            let most = validation.and_then(|it| it.get("CustomValidation")?.get("MaximumLength"));
            let is_number =
                validation.and_then(|it| it.get("PhoneNumberValidation")).is_some_and(Value::is_object);
            Takes::Many {
                most: most.and_then(plain).and_then(|it| it.parse().ok()).unwrap_or(LONGEST_NUMBER),
                end: of_keys("InputTerminationSequence").unwrap_or_else(|| "#".to_owned()),
                cancels: of_keys("DisableCancelKey").as_deref() != Some("True"),
                number: is_number,
            }
        } else {
            Takes::One
        };
        Self {
            takes,
            seconds: seconds.unwrap_or(FIRST_SECONDS),
            between_seconds: between.unwrap_or(BETWEEN_SECONDS),
        }
    }

    /// Whether nothing more is waited for once these keys are pressed.
    pub fn is_complete(&self, keys: &str) -> bool {
        match &self.takes {
            Takes::One => !keys.is_empty(),
            Takes::Many { .. } => self.typed(keys).1,
        }
    }

    /// What is kept of the keys, and whether they ended the input by themselves.
    pub(super) fn typed(&self, keys: &str) -> (String, bool) {
        let Takes::Many { most, end, cancels, .. } = &self.takes else {
            return (keys.chars().take(1).collect(), !keys.is_empty());
        };
        let mut typed = String::new();
        for key in keys.chars() {
            if key == '*' && *cancels {
                typed.clear();
                continue;
            }
            typed.push(key);
            if let Some(before) = typed.strip_suffix(end.as_str()).filter(|_| !end.is_empty()) {
                return (before.to_owned(), true);
            }
            if typed.chars().count() >= *most {
                return (typed, true);
            }
        }
        (typed, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(most: usize, end: &str, cancels: bool) -> Input {
        let takes = Takes::Many { most, end: end.to_owned(), cancels, number: false };
        Input { takes, seconds: 5, between_seconds: 5 }
    }

    #[test]
    fn typing_ends_at_its_length_or_its_last_key_and_can_begin_again() {
        let two = many(2, "#", true);
        for (keys, typed, ended) in [
            ("7", "7", false),
            ("10", "10", true),
            ("7#", "7", true),
            ("1*9#", "9", true),
            ("105", "10", true),
            ("5*", "", false),
        ] {
            assert_eq!(two.typed(keys), (typed.to_owned(), ended), "{keys}");
        }
        assert_eq!(many(2, "#", false).typed("*"), ("*".to_owned(), false));
        assert_eq!(many(5, "##", true).typed("1#2##"), ("1#2".to_owned(), true));
    }
}
