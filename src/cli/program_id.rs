//! What accounts know a program by: a text beside its files.
//!
//! Whatever else a program says may change, or be the same in two programs: its names, its folder, its repository, its
//! accounts. So it gets a text of its own with its first build, which is kept with its sources and never made again.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::{
    diagnostics::{Code, Diagnostic},
    emit::sha256,
    source::Sources,
};

/// The file beside the `.pipe` files.
const FILE: &str = "program.id";
/// As many digits as keep two programs of one account apart.
const LENGTH: usize = 16;
/// The longest text that is taken: a tag's value.
const LONGEST: usize = 64;

/// Writes the file where there is none; whether it did.
pub(super) fn keep(program: &Path, sources: &Sources) -> Result<bool, Diagnostic> {
    let path = program.join(FILE);
    if path.exists() {
        return read(program).map(|_| false);
    }
    let folder = std::fs::canonicalize(program).unwrap_or_else(|_| program.to_owned());
    // Two programs may start from one text: when and where they did is not the same.
    let texts = sources.ids().fold(String::new(), |text, it| text + sources.text(it));
    let seed = format!("{}\n{}\n{texts}", folder.display(), Timestamp::now());
    let id: String = sha256(&seed).chars().take(LENGTH).collect();
    std::fs::write(&path, id + "\n").map(|()| true).map_err(|error| {
        Diagnostic::new(Code::FileUnwritable, format!("`{}` can't be written: {error}", path.display()))
            .help("make room or give rights there: accounts know the program by it")
    })
}

/// What the file says.
pub(super) fn read(program: &Path) -> Result<String, Diagnostic> {
    let path = program.join(FILE);
    let unusable = |path: &PathBuf, why: &str| {
        Diagnostic::new(Code::GeneratedStale, format!("`{}` {why}", path.display()))
            .help("put back the one that the program was deployed with; for a program that was never deployed, delete \
                   it, run `sluice build`, and commit it with the program")
    };
    let Ok(text) = std::fs::read_to_string(&path) else {
        return Err(unusable(&path, "is not there, and accounts know the program by it"));
    };
    let id = text.trim();
    let is_plain = |it: char| it.is_ascii_alphanumeric() || it == '-';
    if id.is_empty() || id.len() > LONGEST || !id.chars().all(is_plain) {
        return Err(unusable(&path, "is not one word of letters, digits and `-`"));
    }
    Ok(id.to_owned())
}
