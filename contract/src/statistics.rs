//! What a stage counts.

use serde::{Deserialize, Serialize};

/// Figures of one stage over all its attempts in one run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Statistics {
    /// Rows taken in.
    pub rows_read: u64,
    /// Rows given on: extracted, loaded, changed by translation, kept by dedupe, published.
    pub rows_written: u64,
    /// Rows kept apart with a reason.
    pub rows_rejected: u64,
    /// Rows deleted as duplicates.
    pub duplicates: u64,
    /// Values that could not be translated and keep the original.
    pub untranslated: u64,
    /// Compressed bytes written to or read from the object store.
    pub bytes: u64,
    /// Parts worked on.
    pub parts: u64,
    /// Wall time of the attempt that ended the stage, in milliseconds.
    pub milliseconds: u64,
    /// Attempts, the successful one included.
    pub attempts: u64,
}
