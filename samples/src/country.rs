//! What the registries of two countries do not have in common: their words and their columns.
//!
//! A pattern is a text in which `{street}` stands for a word of the list `street`, `{house}` for a number and `#`
//! for a digit.

use rand::{RngExt, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

use crate::schema::Schema;

/// A country's registry.
#[derive(Debug)]
pub(crate) struct Country {
    /// The database's name.
    pub(crate) name: &'static str,
    /// Two countries with the same words would still differ.
    pub(crate) seed: u64,
    /// Companies, unless another number is asked for.
    pub(crate) rows: u64,
    /// Its tables.
    pub(crate) schema: Schema,
    /// A pattern of nine digits: no two companies have the same.
    pub(crate) registration_no: &'static str,
    /// Patterns of companies' names.
    pub(crate) companies: &'static [&'static str],
    /// What another clerk writes for what.
    pub(crate) respellings: &'static [(&'static str, &'static str)],
    /// Patterns of addresses.
    pub(crate) addresses: &'static [&'static str],
    /// Patterns of persons' names.
    pub(crate) persons: &'static [&'static str],
    /// The words that patterns name.
    pub(crate) lists: &'static [(&'static str, &'static [&'static str])],
    /// Where companies are.
    pub(crate) cities: &'static [&'static str],
    /// What persons do in companies.
    pub(crate) roles: &'static [&'static str],
    /// How companies stand.
    pub(crate) statuses: &'static [&'static str],
    /// What a name that is far too long is filled up with.
    pub(crate) filler: &'static str,
}

impl Country {
    /// The registration number of the company at that place; all are different.
    pub(crate) fn registration_no_at(&self, place: u64) -> String {
        let digits = format!("{:09}", scattered(place));
        let mut digits = digits.chars();
        let digit = |it| if it == '#' { digits.next().unwrap_or('0') } else { it };
        self.registration_no.chars().map(digit).collect()
    }

    /// A company's name.
    pub(crate) fn company(&self, rng: &mut ChaCha8Rng) -> String {
        self.filled(rng, self.companies)
    }

    /// The same name as another clerk writes it.
    pub(crate) fn respelt(&self, name: &str) -> String {
        let changed =
            self.respellings.iter().fold(name.to_owned(), |name, (from, to)| name.replace(from, to));
        if changed != name {
            return changed;
        }
        let shouted = name.to_uppercase();
        if shouted == name { format!("{name}.") } else { shouted }
    }

    /// Street and number.
    pub(crate) fn address(&self, rng: &mut ChaCha8Rng) -> String {
        self.filled(rng, self.addresses)
    }

    /// A person's name.
    pub(crate) fn person(&self, rng: &mut ChaCha8Rng) -> String {
        self.filled(rng, self.persons)
    }

    /// One of the patterns, with words in it.
    fn filled(&self, rng: &mut ChaCha8Rng, patterns: &[&'static str]) -> String {
        let mut text = String::new();
        for piece in pick(rng, patterns).split(['{', '}']).enumerate() {
            match piece {
                (place, name) if place % 2 == 1 => text.push_str(&self.word(rng, name)),
                (_, between) => text.extend(between.chars().map(|it| match it {
                    '#' => char::from_digit(rng.random_range(0..10), 10).unwrap_or('0'),
                    other => other,
                })),
            }
        }
        text
    }

    fn word(&self, rng: &mut ChaCha8Rng, list: &str) -> String {
        if list == "house" {
            return rng.random_range(1..=240_u32).to_string();
        }
        let found = self.lists.iter().find(|(name, _)| *name == list);
        found.map_or_else(String::new, |(_, words)| pick(rng, words).to_owned())
    }
}

/// One of the list.
pub(crate) fn pick(rng: &mut ChaCha8Rng, list: &[&'static str]) -> &'static str {
    list.choose(rng).copied().unwrap_or_default()
}

/// Nine digits that look drawn and never repeat for places below a thousand million.
fn scattered(place: u64) -> u64 {
    // INVARIANT: odd and no multiple of 5, so multiplying modulo 10^9 moves every place to another.
    const STEP: u64 = 387_420_489;
    (place + 1) * STEP % 1_000_000_000
}
