//! Reads the whole program: every `.pipe` file below its folder.

use super::{FileError, Files, Sources};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};

/// Positions are 32 bits wide, and nobody writes a `.pipe` file of this size by hand.
const LARGEST_FILE: usize = 64 * 1024 * 1024;

/// Every `.pipe` file below the folder. A file that can't be had is reported and left out.
pub fn load(files: &dyn Files, diagnostics: &mut Diagnostics) -> Sources {
    let mut sources = Sources::default();
    let paths = match files.list() {
        Ok(paths) => paths,
        Err(error) => {
            diagnostics.push(
                Diagnostic::new(Code::ProgramMissing, format!("the program's folder can't be read: {error}"))
                    .help("name the folder of the `.pipe` files with `--program DIR`"),
            );
            return sources;
        }
    };
    if paths.is_empty() {
        diagnostics.push(
            Diagnostic::new(Code::ProgramMissing, "there is no `.pipe` file in the program's folder")
                .help("name the folder of the `.pipe` files with `--program DIR`"),
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
            Err(error) => report_file_error(&error, diagnostics),
        }
    }
    sources
}

/// Tells that a file can't be had; the file itself is all there is to point at.
pub fn report_file_error(error: &FileError, diagnostics: &mut Diagnostics) {
    let (code, help) = match error {
        FileError::NotFound { .. } => {
            (Code::FileUnreadable, "check the path; it starts at the program's folder")
        }
        FileError::NotReadable { .. } => (Code::FileUnreadable, "check the file's permissions"),
        FileError::IsDirectory { .. } => (Code::FileUnreadable, "name a file in it"),
        FileError::NotUtf8 { .. } => (Code::NotUtf8, "save the file as UTF-8"),
    };
    diagnostics.push(Diagnostic::new(code, error.to_string()).help(help));
}
