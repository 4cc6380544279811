//! Seeded randomness for `$random`, `$uuid`, `$shuffle` and retry jitter, so that a run can be repeated.
//!
//! Must not be used for secrets: whoever knows the seed knows every number.

use std::cell::Cell;

/// A stream of numbers that its seed determines (the splitmix64 generator).
#[derive(Debug)]
pub(crate) struct Random {
    state: Cell<u64>,
}

impl Random {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self { state: Cell::new(seed) }
    }

    /// A number from 0 up to, not including, 1.
    pub(crate) fn unit(&self) -> f64 {
        // 32 bits are a fraction that f64 holds exactly.
        let (high, _) = halves(self.next());
        f64::from(high) / (f64::from(u32::MAX) + 1.0)
    }

    /// A number below `bound`; 0 where `bound` is 0.
    pub(crate) fn below(&self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    /// A version 4 UUID.
    pub(crate) fn uuid(&self) -> String {
        let (low, version) = halves(self.next());
        let (variant, node) = halves(self.next());
        let version = (version & 0xffff_0fff) | 0x4000;
        let variant = (variant & 0x3fff_ffff) | 0x8000_0000;
        let (middle, version) = (version >> 16, version & 0xffff);
        let (variant, node_high) = (variant >> 16, variant & 0xffff);
        format!("{low:08x}-{middle:04x}-{version:04x}-{variant:04x}-{node_high:04x}{node:08x}")
    }

    fn next(&self) -> u64 {
        let state = self.state.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.state.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

fn halves(number: u64) -> (u32, u32) {
    let half = |bits: u64| u32::try_from(bits & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    (half(number >> 32), half(number))
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn a_seed_determines_the_stream() {
        let (one, two, other) = (Random::seeded(7), Random::seeded(7), Random::seeded(8));
        assert_eq!(one.uuid(), two.uuid());
        assert_ne!(one.uuid(), other.uuid());
        assert!((0..1_000).all(|_| (0.0..1.0).contains(&one.unit())));
        assert!((0..1_000).all(|_| one.below(3) < 3));
        assert_eq!(one.below(0), 0);
    }

    #[test]
    fn a_uuid_says_its_version_and_variant() {
        let uuid = Random::seeded(1).uuid();
        let parts: Vec<&str> = uuid.split('-').collect();
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert!(parts[2].starts_with('4'));
        assert!(parts[3].starts_with(['8', '9', 'a', 'b']));
    }
}
