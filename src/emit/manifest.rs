//! `manifest.json`: every file's hash, and the line of the program that each state and action comes from.

use std::collections::BTreeMap;

use serde::Serialize;
use sluice_contract::plan::Origin;

use crate::{
    source::{Sources, Span},
    targets::plan_document::origin,
};

/// What was made, and of what.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Manifest {
    format: u32,
    sluice: &'static str,
    files: BTreeMap<String, String>,
    origins: BTreeMap<String, BTreeMap<String, Origin>>,
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            format: 1,
            sluice: env!("CARGO_PKG_VERSION"),
            files: BTreeMap::new(),
            origins: BTreeMap::new(),
        }
    }
}

impl Manifest {
    /// A file and the SHA-256 of its text.
    pub(super) fn add_file(&mut self, path: &str, sha256: String) {
        drop(self.files.insert(path.to_owned(), sha256));
    }

    /// The states of a machine's file, or the actions of a flow's.
    pub(super) fn add_origins(&mut self, path: &str, names: Vec<(String, Span)>, sources: &Sources) {
        let lines = names.into_iter().map(|(name, span)| (name, origin(sources, span))).collect();
        drop(self.origins.insert(path.to_owned(), lines));
    }
}
