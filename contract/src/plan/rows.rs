//! What is said of a table's rows: how they are cut, which stay, what must be true of them, how they are published.

use serde::{Deserialize, Serialize};

use super::Origin;

/// `split by id into 16`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// An output column of the query.
    pub column: String,
    /// At least 2.
    pub parts: u32,
}

/// `dedupe by registration_no keep newest updated_at`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dedupe {
    /// The columns that make rows duplicates of each other. A null agrees with nothing.
    pub by: Vec<String>,
    /// Which one stays.
    pub keep: Keep,
}

/// Which of several duplicates stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "keep", rename_all = "snake_case", deny_unknown_fields)]
pub enum Keep {
    /// The one with the largest value; of equals the one extracted first.
    Newest {
        /// The column compared. A null is older than any value.
        column: String,
    },
    /// The one with the smallest value; of equals the one extracted first.
    Oldest {
        /// The column compared. A null is newer than any value.
        column: String,
    },
    /// The one extracted first.
    First,
}

/// A quality gate over the staging rows after dedupe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "expect", rename_all = "snake_case", deny_unknown_fields)]
pub enum Expectation {
    /// Both ends count as fitting.
    Rows {
        /// At least.
        least: u64,
        /// At most.
        most: u64,
        /// The line that asks for it.
        origin: Origin,
    },
    /// No row has a null in any of the columns.
    NoNulls {
        /// The columns.
        columns: Vec<String>,
        /// The line that asks for it.
        origin: Origin,
    },
    /// No two rows agree in all of the columns. A null agrees with nothing.
    Unique {
        /// The columns.
        columns: Vec<String>,
        /// The line that asks for it.
        origin: Origin,
    },
    /// Less than this share of the extracted rows was rejected by the load.
    Rejected {
        /// In percent, from 1.
        below_percent: u32,
        /// The line that asks for it.
        origin: Origin,
    },
    /// The number of rows is about that of the last run that succeeded; holds where there was none.
    Change {
        /// At most so many percent of the last run's number more or less.
        within_percent: u32,
        /// The line that asks for it.
        origin: Origin,
    },
}

/// How rows reach the target table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
pub enum PublishMode {
    /// Insert, or update by key; rows that staging does not have stay.
    Upsert,
    /// The table shows the new rows and no others; with a column that tells the country, in that country.
    Replace,
    /// Insert; a row whose key the table has already fails the stage, and nothing is published.
    Append,
}

/// Where rows wait between their extract and their publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Staging {
    /// In the object store, as parts: the worker itself has removed duplicates and put the rows in the key's order.
    Parts,
    /// In a table of the target's database.
    Database,
}
