//! How texts enter: a trait, and its twin in memory for tests.

use std::{
    collections::BTreeMap,
    io::{Error, ErrorKind},
};

/// The program's folder. Paths are relative to it, with `/` between their parts.
pub trait Files {
    /// Every `.pipe` file below the folder, sorted; scenario files are not part of the program.
    fn list(&self) -> Result<Vec<String>, FileError>;

    /// Every `.test.pipe` file below the folder, sorted.
    fn list_scenarios(&self) -> Result<Vec<String>, FileError>;

    /// The whole file.
    fn read(&self, path: &str) -> Result<String, FileError>;

    /// Whether there is such a file.
    fn exists(&self, path: &str) -> bool;
}

/// Why a file can't be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Nothing has that path.
    #[error("there is no file `{path}`")]
    NotFound {
        /// As it was asked for.
        path: String,
    },
    /// It is there, and the system refuses.
    #[error("`{path}` can't be read: {reason}")]
    NotReadable {
        /// As it was asked for.
        path: String,
        /// The system's words.
        reason: String,
    },
    /// Its bytes are not UTF-8.
    #[error("`{path}` is not UTF-8 text (line {line}, column {column})")]
    NotUtf8 {
        /// As it was asked for.
        path: String,
        /// Where the first byte is that doesn't fit, from 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
    },
    /// A folder is asked for, and nothing has that path.
    #[error("there is no folder `{path}`")]
    NoFolder {
        /// As it was asked for.
        path: String,
    },
    /// A folder is asked for, and it is something else.
    #[error("`{path}` is a file, not a folder")]
    NotAFolder {
        /// As it was asked for.
        path: String,
    },
    /// It is a folder.
    #[error("`{path}` is a folder, not a file")]
    IsDirectory {
        /// As it was asked for.
        path: String,
    },
}

impl FileError {
    /// What the system says, as far as it tells kinds of errors apart.
    pub fn of(path: impl Into<String>, error: &Error) -> Self {
        let path = path.into();
        if error.kind() == ErrorKind::NotFound {
            Self::NotFound { path }
        } else if error.kind() == ErrorKind::IsADirectory {
            Self::IsDirectory { path }
        } else {
            Self::NotReadable { path, reason: words(error) }
        }
    }

    /// The same, where a folder is asked for.
    pub fn of_folder(path: impl Into<String>, error: &Error) -> Self {
        let path = path.into();
        if error.kind() == ErrorKind::NotFound {
            Self::NoFolder { path }
        } else if matches!(error.kind(), ErrorKind::NotADirectory | ErrorKind::AlreadyExists) {
            Self::NotAFolder { path }
        } else {
            Self::NotReadable { path, reason: words(error) }
        }
    }
}

/// The system's words without its number.
fn words(error: &Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or_default();
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

/// The bytes of a file as its text.
pub fn decoded(path: impl Into<String>, bytes: Vec<u8>) -> Result<String, FileError> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let before = String::from_utf8_lossy(valid);
        let (lines, last) = (before.split('\n').count(), before.rsplit('\n').next().unwrap_or_default());
        FileError::NotUtf8 { path: path.into(), line: lines, column: last.chars().count() + 1 }
    })
}

/// Files in memory, for tests and editors.
#[derive(Debug, Clone, Default)]
pub struct MemoryFiles {
    texts: BTreeMap<String, String>,
}

impl MemoryFiles {
    /// The same files and one more.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, text: impl Into<String>) -> Self {
        let _ = self.texts.insert(path.into(), text.into());
        self
    }
}

impl Files for MemoryFiles {
    fn list(&self) -> Result<Vec<String>, FileError> {
        Ok(self.texts.keys().filter(|it| is_pipe(it)).cloned().collect())
    }

    fn list_scenarios(&self) -> Result<Vec<String>, FileError> {
        Ok(self.texts.keys().filter(|it| is_scenario(it)).cloned().collect())
    }

    fn read(&self, path: &str) -> Result<String, FileError> {
        self.texts.get(path).cloned().ok_or_else(|| FileError::NotFound { path: path.to_owned() })
    }

    fn exists(&self, path: &str) -> bool {
        self.texts.contains_key(path)
    }
}

/// Whether a file of that name is part of the program.
pub fn is_program(path: &str) -> bool {
    is_pipe(path)
}

pub(super) fn is_pipe(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|it| it == "pipe") && !is_scenario(path)
}

pub(super) fn is_scenario(path: &str) -> bool {
    path.ends_with(".test.pipe")
}
