//! The stores of one machine, with nothing installed: a folder for objects, an SQLite file for items.

mod condition;
mod items;
mod number;
mod operand;
mod reserved;
mod token;
mod update;

use std::{path::Path, sync::Arc};

use object_store::{ObjectStore, local::LocalFileSystem};
use sluice_contract::dynamodb::ItemStoreError;

pub use items::{EmbeddedItems, updated};

/// The stores in a state folder.
#[derive(Debug, Clone)]
pub struct Embedded {
    /// `objects/` in the state folder.
    pub objects: Arc<dyn ObjectStore>,
    /// `items.db` in the state folder.
    pub items: Arc<EmbeddedItems>,
}

/// Why the state folder can't be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A folder can't be made or entered.
    #[error("can't use `{path}`: {message}")]
    Folder {
        /// The folder.
        path: String,
        /// The system's own words.
        message: String,
    },
    /// The item store can't be opened.
    #[error(transparent)]
    Items(#[from] ItemStoreError),
}

/// Opens the stores of a state folder, which is made where it is missing. Many processes may have it open at once.
pub fn open(state_dir: &Path) -> Result<Embedded, OpenError> {
    let objects = state_dir.join("objects");
    let folder = |message: String| OpenError::Folder { path: objects.display().to_string(), message };
    std::fs::create_dir_all(&objects).map_err(|error| folder(error.to_string()))?;
    let store = LocalFileSystem::new_with_prefix(&objects).map_err(|error| folder(error.to_string()))?;
    Ok(Embedded {
        objects: Arc::new(store),
        items: Arc::new(EmbeddedItems::open(&state_dir.join("items.db"))?),
    })
}

#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "items are easier to read as JSON")]
mod tests;
