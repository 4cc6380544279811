//! Reads the whole program: every `.pipe` file below its folder.

use super::{FileError, Files, Sources};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};

/// Positions are 32 bits wide, and nobody writes a `.pipe` file of this size by hand.
const LARGEST_FILE: usize = 64 * 1024 * 1024;

const NAME_FOLDER: &str = "name the folder of the `.pipe` files with `--program DIR`, or begin a program with \
                           `sluice new country NAME`";

/// Where a relative path starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// At the program's folder.
    Program,
    /// At the folder that the command runs in.
    Here,
}

/// Every `.pipe` file below the folder. A file that can't be had is reported and left out.
pub fn load(files: &dyn Files, diagnostics: &mut Diagnostics) -> Sources {
    let mut sources = Sources::default();
    let paths = match files.list() {
        Ok(paths) => paths,
        Err(error) => {
            diagnostics.push(
                Diagnostic::new(Code::ProgramMissing, format!("the program's folder can't be read: {error}"))
                    .help(NAME_FOLDER),
            );
            return sources;
        }
    };
    if paths.is_empty() {
        diagnostics.push(
            Diagnostic::new(Code::ProgramMissing, "there is no `.pipe` file in the program's folder")
                .help(NAME_FOLDER),
        );
    }
    for path in paths {
        match files.read(&path) {
            Ok(text) if text.len() > LARGEST_FILE => diagnostics.push(
                Diagnostic::new(Code::FileUnreadable, format!("`{path}` is larger than 64 MiB"))
                    .help("split it: all `.pipe` files of a folder are one program"),
            ),
            Ok(text) => {
                let _ = sources.add(path, text);
            }
            Err(error) => report_file_error(&error, From::Program, diagnostics),
        }
    }
    sources
}

/// Tells that a file can't be had; the file itself is all there is to point at.
pub fn report_file_error(error: &FileError, from: From, diagnostics: &mut Diagnostics) {
    let start = match from {
        From::Program => "check the path; it starts at the program's folder",
        From::Here => "check the path; it starts at the folder that the command runs in",
    };
    let (code, help) = match error {
        FileError::NotFound { .. } | FileError::NoFolder { .. } | FileError::NotAFolder { .. } => {
            (Code::FileUnreadable, start)
        }
        FileError::NotReadable { .. } => (Code::FileUnreadable, "check the file's permissions"),
        FileError::IsDirectory { .. } => (Code::FileUnreadable, "name a file in it"),
        FileError::NotUtf8 { .. } => (Code::NotUtf8, "save the file as UTF-8"),
    };
    diagnostics.push(Diagnostic::new(code, error.to_string()).help(help));
}
