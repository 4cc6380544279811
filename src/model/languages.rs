//! The languages that columns can be translated from and to.
//!
//! Source: "Supported languages and language codes", Amazon Translate developer guide. What works with nothing
//! installed takes the same ones, so that a pipeline that runs here runs there.

use super::names::unknown_value;
use crate::{diagnostics::Diagnostics, syntax::ast::Name};

/// Those whose codes are letters only; a variant such as `zh-TW` is written as its language, `zh`.
const LANGUAGES: &[&str] = &[
    "af", "am", "ar", "az", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "fa",
    "fi", "fr", "ga", "gu", "ha", "he", "hi", "hr", "ht", "hu", "hy", "id", "is", "it", "ja", "ka", "kk",
    "kn", "ko", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "mt", "nl", "no", "pa", "pl", "ps", "pt", "ro",
    "ru", "si", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "uz",
    "vi", "zh",
];

/// Codes and names that people write for others, and the code that is meant.
const MEANT: &[(&str, &str)] = &[
    ("gr", "el"),
    ("greek", "el"),
    ("english", "en"),
    ("gb", "en"),
    ("us", "en"),
    ("jp", "ja"),
    ("kr", "ko"),
    ("cn", "zh"),
    ("ua", "uk"),
    ("iw", "he"),
    ("ge", "ka"),
    ("cz", "cs"),
    ("dk", "da"),
    ("se", "sv"),
    ("rs", "sr"),
    ("nb", "no"),
    ("nn", "no"),
    ("fil", "tl"),
];

/// Tells where it is none.
pub(super) fn check(language: &Name, diagnostics: &mut Diagnostics) {
    if LANGUAGES.contains(&language.value.as_str()) {
        return;
    }
    let help = "write the code that Amazon Translate has for it, such as `el`: two letters of ISO 639";
    diagnostics.push(match MEANT.iter().find(|(written, _)| *written == language.value) {
        Some((_, meant)) => unknown_value("language", language, [], &format!("did you mean `{meant}`?"))
            .suggest(language.span, *meant),
        None => unknown_value("language", language, [], help),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_is_a_language_and_what_is_written_for_it_is_none() {
        assert!(LANGUAGES.is_sorted());
        for (written, meant) in MEANT {
            assert!(LANGUAGES.contains(meant) && !LANGUAGES.contains(written), "{written}");
        }
    }
}
