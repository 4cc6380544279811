//! `manifest.json`: every file's hash, and the line of the program that each state comes from.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Serialize;
use sluice_contract::plan::Origin;

use crate::{
    source::{Sources, Span},
    targets::{asl::StateName, plan_document::origin},
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

    /// The states of a machine's file.
    pub(super) fn add_origins(&mut self, path: &str, states: &IndexMap<StateName, Span>, sources: &Sources) {
        let lines =
            states.iter().map(|(name, span)| (name.as_str().to_owned(), origin(sources, *span))).collect();
        drop(self.origins.insert(path.to_owned(), lines));
    }
}
