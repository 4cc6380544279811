//! What the registries of two countries do not have in common: their words.

use rand::{RngExt, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

/// A country's registry.
#[derive(Debug)]
pub(crate) struct Country {
    /// The database's name.
    pub(crate) name: &'static str,
    /// Two countries with the same words would still differ.
    pub(crate) seed: u64,
    /// The registration number of the company at that place; all are different.
    pub(crate) registration_no: fn(u64) -> String,
    /// A company's name.
    pub(crate) company: fn(&mut ChaCha8Rng) -> String,
    /// The same name as another clerk writes it.
    pub(crate) respelt: fn(&str) -> String,
    /// Street and number.
    pub(crate) address: fn(&mut ChaCha8Rng) -> String,
    /// Where companies are.
    pub(crate) cities: &'static [&'static str],
    /// A person's name.
    pub(crate) person: fn(&mut ChaCha8Rng) -> String,
    /// What persons do in companies.
    pub(crate) roles: &'static [&'static str],
    /// How companies stand.
    pub(crate) statuses: &'static [&'static str],
    /// What a name that is far too long is filled up with.
    pub(crate) filler: &'static str,
}

/// One of the list.
pub(crate) fn pick(rng: &mut ChaCha8Rng, list: &[&'static str]) -> &'static str {
    list.choose(rng).copied().unwrap_or_default()
}

/// The number of a house.
pub(crate) fn house(rng: &mut ChaCha8Rng) -> u32 {
    rng.random_range(1..=240)
}

/// Nine digits that look drawn and never repeat for places below a thousand million.
pub(crate) fn scattered(place: u64) -> u64 {
    // INVARIANT: odd and no multiple of 5, so multiplying modulo 10^9 moves every place to another.
    const STEP: u64 = 387_420_489;
    (place + 1) * STEP % 1_000_000_000
}
