//! Folders for what a source was imported into: one for each import, removed with it, and after a kill by the next.
//!
//! The parts of an extract that are worked on in one process read one import; [`Imports`] keeps it for them.

use std::{
    collections::BTreeMap,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use tempfile::TempDir;

use crate::error::WorkerError;

const LOCK: &str = "lock";
const DATABASE: &str = "source.db";

/// A folder with a database file in it, removed when it is no longer needed, also after an error.
#[derive(Debug)]
pub(crate) struct Scratch {
    path: PathBuf,
    // In this order: what is not locked is taken for left behind.
    _folder: TempDir,
    _lock: File,
}

impl Scratch {
    /// A new folder among the others; those that killed processes left behind are removed.
    pub(super) fn new(scratches: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(scratches)?;
        // Held while a folder is there that has no lock yet.
        let all = File::open(scratches)?;
        all.lock()?;
        remove_left_behind(scratches);
        let folder = tempfile::Builder::new().prefix("import.").tempdir_in(scratches)?;
        let lock = File::create(folder.path().join(LOCK))?;
        lock.lock()?;
        Ok(Self { path: folder.path().join(DATABASE), _folder: folder, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Nothing depends on it: what can't be removed now is tried again by the next import.
fn remove_left_behind(scratches: &Path) {
    let folders = std::fs::read_dir(scratches).into_iter().flatten().flatten().map(|it| it.path());
    for folder in folders.filter(|it| it.is_dir()) {
        let locked = File::open(folder.join(LOCK)).is_ok_and(|it| it.try_lock().is_err());
        if !locked {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

type Slot = Arc<Mutex<Option<Arc<Scratch>>>>;

/// The imports that the parts of an extract share, by stage and run.
#[derive(Debug, Clone, Default)]
pub struct Imports(Arc<Mutex<BTreeMap<String, Slot>>>);

impl Imports {
    /// The stage's import, made by the first part that asks for it while the others wait.
    pub(super) fn get(
        &self,
        key: &str,
        import: impl FnOnce() -> Result<Scratch, WorkerError>,
    ) -> Result<Arc<Scratch>, WorkerError> {
        let slot = {
            let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(key.to_owned()).or_default())
        };
        let mut kept = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(scratch) = &*kept {
            return Ok(Arc::clone(scratch));
        }
        let scratch = Arc::new(import()?);
        *kept = Some(Arc::clone(&scratch));
        Ok(scratch)
    }

    /// Nobody new will read it; those who do so keep it until they have ended.
    pub(crate) fn forget(&self, key: &str) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(scratches: &Path) -> usize {
        std::fs::read_dir(scratches).unwrap().count()
    }

    #[test]
    fn what_a_killed_process_left_behind_is_removed_and_nothing_else() {
        let scratches = tempfile::tempdir().unwrap();
        let own = Scratch::new(scratches.path()).unwrap();
        let left = scratches.path().join("import.abcdef");
        std::fs::create_dir(&left).unwrap();
        std::fs::write(left.join(LOCK), "").unwrap();
        std::fs::write(left.join(DATABASE), "x").unwrap();
        std::fs::write(own.path(), "own").unwrap();
        let other = Scratch::new(scratches.path()).unwrap();
        assert!(!left.exists() && own.path() != other.path());
        assert_eq!(std::fs::read(own.path()).unwrap(), b"own");
        drop((own, other));
        assert_eq!(folders(scratches.path()), 0);
    }

    #[test]
    fn parts_at_once_share_one_import() {
        let scratches = tempfile::tempdir().unwrap();
        let (imports, made) = (Imports::default(), Mutex::new(0));
        let get = || {
            imports.get("greece", || {
                *made.lock().unwrap() += 1;
                Ok(Scratch::new(scratches.path()).unwrap())
            })
        };
        let paths: Vec<_> = std::thread::scope(|scope| {
            let parts: Vec<_> = (0..8).map(|_| scope.spawn(|| get().unwrap().path().to_owned())).collect();
            parts.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert!(paths.iter().all(|it| *it == paths[0]));
        assert_eq!(*made.lock().unwrap(), 1);
        let reading = get().unwrap();
        imports.forget("greece");
        assert_eq!(folders(scratches.path()), 1);
        drop(reading);
        assert_eq!(folders(scratches.path()), 0);
    }
}
