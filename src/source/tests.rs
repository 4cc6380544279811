//! Cases of places and files.

use std::fs;

use super::{DiskFiles, FileError, Files, MemoryFiles, Sources, Span, load};
use crate::diagnostics::Diagnostics;

#[test]
fn columns_count_characters_or_code_units() {
    let mut sources = Sources::default();
    let file = sources.add("a.pipe", "\u{feff}one\né🙂x");
    let at = u32::try_from("one\né🙂".len()).unwrap();
    let span = Span::new(file, at, at + 1);
    assert_eq!(sources.slice(span), "x");
    assert_eq!((sources.line_column(span).line, sources.line_column(span).column), (2, 3));
    assert_eq!(sources.line_column_utf16(span).column, 4);
    assert_eq!(sources.end_line_column(span).column, 4);
}

#[test]
fn memory_lists_pipe_files_sorted() {
    let files = MemoryFiles::default().with("b.pipe", "").with("a/c.pipe", "").with("a/c.sql", "");
    assert_eq!(files.list().unwrap(), ["a/c.pipe", "b.pipe"]);
    assert!(files.exists("a/c.sql") && !files.exists("x.sql"));
    assert!(matches!(files.read("x.sql"), Err(FileError::NotFound { .. })));
}

#[test]
fn disk_lists_pipe_files_sorted_without_hidden_folders_and_loops() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("b/.git")).unwrap();
    for path in ["z.pipe", "b/a.pipe", "b/.git/x.pipe", "b/q.sql"] {
        fs::write(root.join(path), "").unwrap();
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(root, root.join("b/loop")).unwrap();
    let files = DiskFiles::new(root);
    assert_eq!(files.list().unwrap(), ["b/a.pipe", "z.pipe"]);
    assert!(files.exists("b/q.sql") && !files.exists("b"));
}

#[test]
fn disk_tells_why_a_file_cannot_be_had() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("d.pipe")).unwrap();
    fs::write(folder.path().join("bytes.pipe"), [b'a', 0xff]).unwrap();
    let files = DiskFiles::new(folder.path());
    assert!(matches!(files.read("none"), Err(FileError::NotFound { .. })));
    assert!(matches!(files.read("d.pipe"), Err(FileError::IsDirectory { .. })));
    assert!(matches!(files.read("bytes.pipe"), Err(FileError::NotUtf8 { line: 1, column: 2, .. })));
    assert!(matches!(DiskFiles::new("/nowhere").list(), Err(FileError::NoFolder { .. })));
}

#[test]
fn a_file_that_cannot_be_had_does_not_hide_the_others() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.pipe"), [0xff]).unwrap();
    fs::write(folder.path().join("b.pipe"), "table x {\n}\n").unwrap();
    let mut diagnostics = Diagnostics::default();
    let sources = load(&DiskFiles::new(folder.path()), &mut diagnostics);
    assert_eq!(sources.ids().map(|it| sources.path(it)).collect::<Vec<_>>(), ["b.pipe"]);
    let codes: Vec<_> = diagnostics.sorted().iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["P0902"]);
}

#[test]
fn a_program_without_files_is_told() {
    let mut diagnostics = Diagnostics::default();
    let _ = load(&MemoryFiles::default(), &mut diagnostics);
    assert_eq!(diagnostics.sorted()[0].code.as_str(), "P0903");
}
