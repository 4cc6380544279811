//! Moments as Connect writes them: `2026-11-23T09:30:00Z`.

use jiff::Timestamp;

/// Milliseconds since 1970; none where the text is no moment.
pub fn moment(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

/// The moment of so many milliseconds since 1970, to the second.
pub fn text(milliseconds: i64) -> String {
    let moment = Timestamp::from_millisecond(milliseconds).unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_it_is_written() {
        assert_eq!(moment("2026-11-23T09:30:00Z"), Some(1_795_426_200_000));
        assert_eq!(text(1_795_426_200_999), "2026-11-23T09:30:00Z");
        assert_eq!(moment("yesterday"), None);
    }
}
