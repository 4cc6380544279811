//! A country's way into one table.

use super::{Argument, Effort, Entry, Name, Spanned, Text};
use crate::source::Span;

/// `into officers after companies { … }`
#[derive(Debug, Clone)]
pub struct Into {
    /// All of it.
    pub span: Span,
    /// The word `into`.
    pub keyword: Span,
    /// The table.
    pub table: Name,
    /// The tables that must be done first.
    pub after: Vec<Name>,
    /// In written order.
    pub settings: Vec<Entry<IntoSetting>>,
    /// In written order.
    pub stages: Vec<Entry<Stage>>,
    /// The first words of settings and stages that could not be read.
    pub unreadable: Vec<Name>,
}

/// A setting of an `into` block.
#[derive(Debug, Clone)]
pub enum IntoSetting {
    /// `source athens_registry`
    Source(Name),
    /// `staging parts`
    Staging(Spanned<Staging>),
    /// `retry …`, `timeout …`, `compute …`
    Effort(Effort),
}

/// Where rows wait between their extract and their publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Staging {
    /// In the object store.
    Parts,
    /// In a table of the target's database.
    Database,
}

/// One thing that is done to the rows.
#[derive(Debug, Clone)]
pub enum Stage {
    /// `extract "greece/companies.sql" from athens_registry split by id into 16`
    Extract(Extract),
    /// `translate name, address from el to en`
    Translate(Translate),
    /// `dedupe by registration_no keep newest updated_at`
    Dedupe(Dedupe),
    /// `expect rows between 10_000 and 5_000_000`
    Expect(Expectation),
    /// `publish upsert`
    Publish(Spanned<PublishMode>),
    /// `run "post_checks.sql"`
    Run(Text),
    /// `task refresh_search(country: gr)`
    Task(Task),
}

/// `task refresh_search(country: gr)`
#[derive(Debug, Clone)]
pub struct Task {
    /// The function, without the platform's prefix.
    pub name: Name,
    /// In written order.
    pub arguments: Vec<Argument>,
}

/// Where the rows come from.
///
/// ```text
/// extract  "greece/companies.sql" from athens_registry split by id into 16
///          ^^^^^^^^^^^^^^^^^^^^^^ query                ^^^^^^^^^^^^^^^^^^^ split
///                                      ^^^^^^^^^^^^^^^ connection
/// ```
#[derive(Debug, Clone)]
pub struct Extract {
    /// The query's file, relative to the program's folder.
    pub query: Text,
    /// The connection, when it isn't the `source`.
    pub connection: Option<Name>,
    /// How the query is cut into parts.
    pub split: Option<Split>,
}

/// `split by id into 16`
#[derive(Debug, Clone)]
pub struct Split {
    /// From `split` to the number.
    pub span: Span,
    /// The column whose values are cut into ranges.
    pub column: Name,
    /// How many.
    pub parts: Spanned<u64>,
}

/// `translate name, address from el to en`
#[derive(Debug, Clone)]
pub struct Translate {
    /// At least one.
    pub columns: Vec<Name>,
    /// A language tag, not judged.
    pub from: Name,
    /// A language tag, not judged.
    pub to: Name,
}

/// `dedupe by registration_no keep newest updated_at`
#[derive(Debug, Clone)]
pub struct Dedupe {
    /// At least one: rows that agree in all of them are duplicates.
    pub by: Vec<Name>,
    /// Which of them stays.
    pub keep: Spanned<Keep>,
}

/// Which of several duplicates stays.
#[derive(Debug, Clone)]
pub enum Keep {
    /// `newest updated_at`: the one with the greatest value.
    Newest(Name),
    /// `oldest updated_at`: the one with the least value.
    Oldest(Name),
    /// `first`: the one that was read first.
    First,
}

/// What must be true of the rows before they are published.
#[derive(Debug, Clone)]
pub enum Expectation {
    /// `rows between 10_000 and 5_000_000`
    Rows {
        /// Not fewer.
        least: Spanned<u64>,
        /// Not more.
        most: Spanned<u64>,
    },
    /// `no nulls in registration_no, name`
    NoNulls {
        /// At least one.
        columns: Vec<Name>,
    },
    /// `unique in registration_no, country`
    Unique {
        /// At least one: no two rows agree in all of them.
        columns: Vec<Name>,
    },
    /// `rejected below 2%`
    Rejected {
        /// Less than this share, in percent.
        below: Spanned<u64>,
    },
    /// `rows within 20% of last run`
    Change {
        /// At most this far from it, in percent.
        within: Spanned<u64>,
    },
}

/// How the rows reach the target table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishMode {
    /// New rows are added, known ones brought up to date, none removed.
    Upsert,
    /// The table holds these rows and no others.
    Replace,
    /// Rows are added, and none may be known already.
    Append,
}
