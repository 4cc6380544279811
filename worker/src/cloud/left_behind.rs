//! Which uploads an attempt at a part has left behind. A part is one job's at a time, and the greatest fence's.

use sluice_aws::LeftBehind;
use sluice_contract::object_key::part_fence;

#[derive(Debug)]
pub(super) struct LeftBehindParts;

impl LeftBehind for LeftBehindParts {
    fn prefix(&self, key: &str) -> Option<String> {
        part_fence(key).map(|(start, _)| format!("{start}-"))
    }

    fn is_left(&self, key: &str, other: &str) -> bool {
        match (part_fence(key), part_fence(other)) {
            // What carries a greater fence is the work of a job that has taken this one's place.
            (Some((part, fence)), Some((other, before))) => part == other && before <= fence,
            (None, _) | (_, None) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sluice_contract::object_key::{part, translations};

    #[test]
    fn only_attempts_at_the_same_part_that_are_over_leave_uploads() {
        let key = |number, fence| part("greece", "r", "companies", number, fence);
        let left = |other: &str| LeftBehindParts.is_left(&key(3, 7), other);
        assert!(left(&key(3, 7)) && left(&key(3, 6)));
        assert!(!left(&key(3, 8)) && !left(&key(4, 6)) && !left(&translations("el", "en")));
        assert_eq!(LeftBehindParts.prefix(&translations("el", "en")), None);
    }
}
