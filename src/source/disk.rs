//! The program's folder on a real disk.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::{
    FileError, Files, decoded,
    files::{is_pipe, is_scenario},
};

/// A folder on disk.
#[derive(Debug, Clone)]
pub struct DiskFiles {
    root: PathBuf,
}

impl DiskFiles {
    /// The folder `root`; it need not be there yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }
}

impl DiskFiles {
    fn find(&self, is_wanted: fn(&str) -> bool) -> Result<Vec<String>, FileError> {
        let mut found = Vec::new();
        // Links may form loops, so a folder is entered once, under its real path.
        let mut entered = BTreeSet::new();
        let mut waiting = vec![(self.root.clone(), String::new())];
        while let Some((folder, prefix)) = waiting.pop() {
            let shown = if prefix.is_empty() { self.root.display().to_string() } else { prefix.clone() };
            let real = fs::canonicalize(&folder).map_err(|it| FileError::of_folder(&shown, &it))?;
            if !entered.insert(real) {
                continue;
            }
            for entry in fs::read_dir(&folder).map_err(|it| FileError::of_folder(&shown, &it))? {
                let entry = entry.map_err(|it| FileError::of(&shown, &it))?;
                let name = entry.file_name();
                let Some(name) = name.to_str() else { continue };
                if name.starts_with('.') {
                    continue;
                }
                let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
                // A link that leads nowhere is nobody's source.
                let Ok(kind) = fs::metadata(entry.path()) else { continue };
                if kind.is_dir() {
                    waiting.push((entry.path(), path));
                } else if is_wanted(&path) {
                    found.push(path);
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    }
}

impl Files for DiskFiles {
    fn list(&self) -> Result<Vec<String>, FileError> {
        self.find(is_pipe)
    }

    fn list_scenarios(&self) -> Result<Vec<String>, FileError> {
        self.find(is_scenario)
    }

    fn read(&self, path: &str) -> Result<String, FileError> {
        let place = self.root.join(path);
        decoded(path, fs::read(place).map_err(|it| FileError::of(path, &it))?)
    }

    fn exists(&self, path: &str) -> bool {
        self.root.join(path).is_file()
    }
}
