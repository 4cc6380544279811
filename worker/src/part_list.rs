//! `parts.json`: what an extract left in the object store, written when all of it is there.

use serde::{Deserialize, Serialize};

/// Every part of an extract, by number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartList {
    pub(crate) parts: Vec<Part>,
}

/// One part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    /// From 0.
    pub(crate) number: u32,
    /// In the object store.
    pub(crate) key: String,
    pub(crate) rows: u64,
    /// Compressed.
    pub(crate) bytes: u64,
    /// Of the compressed bytes, in hexadecimal.
    pub(crate) sha256: String,
}
