//! Telephone numbers as Connect has them: E.164.

/// Whether it is a whole number with its country: `+` and up to 15 digits, of which the first is no zero.
///
/// Who hides the own number is `anonymous` or has an address of another kind, and can be neither called nor found.
pub fn is_phone_number(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    // The shortest numbers that are in use, with their country, have seven digits.
    (7..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|it| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_whole_or_it_is_none() {
        for (text, expected) in [
            ("+302101234567", true),
            ("+2907123", true),
            ("302101234567", false),
            ("+0302101234567", false),
            ("+30 210 1234567", false),
            ("+1234567890123456", false),
            ("anonymous", false),
            ("sip:me@example.com", false),
            ("+", false),
            ("", false),
        ] {
            assert_eq!(is_phone_number(text), expected, "{text}");
        }
    }
}
