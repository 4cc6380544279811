//! Files that a command names, and what to say of those that can't be had.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use flate2::read::MultiGzDecoder;

use crate::{
    diagnostics::{Code, Diagnostic},
    source::{FileError, decoded},
};

/// What gzip begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The text of a file; `help` is what to do where there is no such file.
pub(super) fn text(path: &Path, help: &str) -> Result<String, Diagnostic> {
    text_of(path, help, fs::read(path))
}

/// The same, of a file that may be packed with gzip, as DynamoDB's exports are.
pub(super) fn unpacked_text(path: &Path, help: &str) -> Result<String, Diagnostic> {
    text_of(path, help, fs::read(path).and_then(unpacked))
}

fn text_of(path: &Path, help: &str, bytes: io::Result<Vec<u8>>) -> Result<String, Diagnostic> {
    let shown = path.display().to_string();
    let text = bytes.map_err(|error| FileError::of(&shown, &error)).and_then(|it| decoded(&shown, it));
    text.map_err(|error| match &error {
        FileError::NotFound { .. } | FileError::IsDirectory { .. } => {
            Diagnostic::new(Code::FileUnreadable, error.to_string()).help(help)
        }
        FileError::NotReadable { .. } | FileError::NoFolder { .. } | FileError::NotAFolder { .. } => {
            Diagnostic::new(Code::FileUnreadable, error.to_string()).help("check the file's permissions")
        }
        FileError::NotUtf8 { .. } => {
            Diagnostic::new(Code::NotUtf8, error.to_string()).help("save the file as UTF-8")
        }
    })
}

fn unpacked(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    let _ = MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}
