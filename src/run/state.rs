//! The state folder: what survives the process.
//!
//! ```text
//! .sluice/
//!     items.db                    the runs table
//!     objects/                    plans, extracts, rejects, translations
//!     executions/<execution>/     what ran: the generated files, the history, where it stands
//!     <target>.db                 the embedded target
//! ```

use std::path::{Path, PathBuf};

use sluice_worker::embedded::{self, Embedded};

use crate::diagnostics::Diagnostic;

use super::failure;

/// The state folder, opened.
#[derive(Debug, Clone)]
pub struct StateDir {
    root: PathBuf,
    stores: Embedded,
}

impl StateDir {
    /// Opens the folder, which is made where it is missing.
    pub fn open(root: &Path) -> Result<Self, Diagnostic> {
        make_folder(&root.join("executions"))?;
        let stores = embedded::open(root)
            .map_err(|error| failure::state(root, &std::io::Error::other(error.to_string())))?;
        Ok(Self { root: root.to_owned(), stores })
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Item store and object store.
    pub(super) fn stores(&self) -> &Embedded {
        &self.stores
    }

    /// Where executions are.
    pub(super) fn executions(&self) -> PathBuf {
        self.root.join("executions")
    }
}

fn make_folder(path: &Path) -> Result<(), Diagnostic> {
    std::fs::create_dir_all(path).map_err(|error| failure::state(path, &error))
}
