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

use sluice_worker::embedded::{self, Embedded, OpenError};

use crate::diagnostics::Diagnostic;

use super::{executions::Executions, failure};

/// The state folder, opened.
#[derive(Debug, Clone)]
pub struct StateDir {
    root: PathBuf,
    stores: Embedded,
    warnings: Vec<Diagnostic>,
}

impl StateDir {
    /// Opens the folder, which is made where it is missing.
    pub fn open(root: &Path) -> Result<Self, Diagnostic> {
        let executions = root.join("executions");
        std::fs::create_dir_all(&executions).map_err(|error| failure::no_state(root, &error))?;
        let items = root.join("items.db");
        let is_new = items.metadata().is_ok_and(|it| it.len() == 0) || !items.exists();
        let stores = embedded::open(root).map_err(|error| match &error {
            OpenError::Items(error) => failure::items(error),
            OpenError::Folder { .. } => failure::state(root, &std::io::Error::other(error.to_string())),
        })?;
        let mut warnings = Executions::new(executions).unreadable()?;
        if is_new && root.join("objects/plans").exists() {
            warnings.push(failure::runs_table_lost(&items));
        }
        Ok(Self { root: root.to_owned(), stores, warnings })
    }

    /// What of the folder is lost, and passed over.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
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
