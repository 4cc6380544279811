//! What was planted, counted while it was planted: what a right pipeline must find.
//!
//! A row that does not fit the table is rejected when it is loaded and takes no part in the search for
//! duplicates; of the rows that fit, one stays for each registration number, the newest.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::company::{Company, Kind};

/// The counts of one country, as its `.expected.json`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Expected {
    pub(crate) companies: Companies,
    pub(crate) officers: Officers,
}

/// Of the table `companies`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Companies {
    /// In the source.
    pub(crate) rows: u64,
    /// All that do not fit.
    pub(crate) rejected: u64,
    /// The same, by what is wrong with them.
    pub(crate) rejected_by_reason: BTreeMap<&'static str, u64>,
    /// Those that fit and are hard to carry, by what is odd about them.
    pub(crate) odd_by_reason: BTreeMap<&'static str, u64>,
    /// Deleted because a newer row has the same registration number.
    pub(crate) duplicates: u64,
    /// Published rows that replaced the first row of their registration number.
    pub(crate) renewed: u64,
    /// In the target.
    pub(crate) published: u64,
}

/// Of the table `officers`, in which nothing is planted.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Officers {
    pub(crate) rows: u64,
    pub(crate) rejected: u64,
    pub(crate) duplicates: u64,
    pub(crate) published: u64,
}

/// Counts row by row.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    expected: Expected,
    renewed: BTreeSet<u64>,
}

impl Counter {
    pub(crate) fn count(&mut self, company: &Company) {
        let companies = &mut self.expected.companies;
        companies.rows += 1;
        match company.kind {
            Kind::Clean => companies.published += 1,
            Kind::Duplicate { of, newer } => {
                companies.duplicates += 1;
                if newer {
                    let _ = self.renewed.insert(of);
                }
            }
            Kind::Blemished(blemish) if blemish.unfit() => {
                companies.rejected += 1;
                *companies.rejected_by_reason.entry(blemish.word()).or_default() += 1;
            }
            Kind::Blemished(blemish) => {
                companies.published += 1;
                *companies.odd_by_reason.entry(blemish.word()).or_default() += 1;
            }
        }
        let officers = u64::try_from(company.officers.len()).unwrap_or(u64::MAX);
        self.expected.officers.rows += officers;
        self.expected.officers.published += officers;
    }

    pub(crate) fn finish(mut self) -> Expected {
        self.expected.companies.renewed = u64::try_from(self.renewed.len()).unwrap_or(u64::MAX);
        self.expected
    }
}
