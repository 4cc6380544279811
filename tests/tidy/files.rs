//! The repository's files, and which of their lines are tests.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A text file of the repository.
pub(super) struct TextFile {
    /// Relative to the repository's root, with `/`.
    pub(super) path: String,
    /// The whole of it.
    pub(super) text: String,
}

/// Every text file with one of the extensions; all of them where none is named.
pub(super) fn with_extensions(extensions: &[&str]) -> Vec<TextFile> {
    let root = root();
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter_map(|it| {
            let relative = it.strip_prefix(&root).unwrap().components();
            let path = relative.map(|it| it.as_os_str().to_str().unwrap()).collect::<Vec<_>>().join("/");
            fs::read_to_string(&it).ok().map(|text| TextFile { path, text })
        })
        .filter(|it| extensions.is_empty() || extensions.iter().any(|one| it.has_extension(one)))
        .collect()
}

/// Every Rust file.
pub(super) fn rust() -> Vec<TextFile> {
    with_extensions(&["rs"])
}

/// The repository's root.
pub(super) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

impl TextFile {
    /// The lines that are no tests, with their numbers.
    pub(super) fn code(&self) -> Vec<(usize, &str)> {
        if self.is_test() {
            return Vec::new();
        }
        let lines: Vec<_> = (1..).zip(self.text.lines()).collect();
        lines[..self.first_test_line()].to_vec()
    }

    /// The lines that are tests.
    pub(super) fn tests(&self) -> Vec<&str> {
        let first = if self.is_test() { 0 } else { self.first_test_line() };
        self.text.lines().skip(first).collect()
    }

    pub(super) fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|it| it == extension)
    }

    fn is_test(&self) -> bool {
        let mut parts = self.path.split('/');
        parts.any(|it| it == "tests" || it == "tests.rs")
    }

    /// The place of the `#[cfg(test)]` that opens the tests; one that only names a file of tests does not.
    fn first_test_line(&self) -> usize {
        let lines: Vec<_> = self.text.lines().collect();
        let opens = |place: usize| {
            lines[place].trim() == "#[cfg(test)]" && !lines.get(place + 1).is_some_and(|it| it.ends_with(';'))
        };
        (0..lines.len()).find(|it| opens(*it)).unwrap_or(lines.len())
    }
}

/// Neither hidden, nor built, nor fetched, nor generated.
fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let skipped = name.starts_with('.') || ["target", "node_modules", "venv"].contains(&name.as_str());
        match path.is_dir() {
            true if !skipped || name == ".ci" => collect(&path, paths),
            true => {}
            false => paths.push(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> TextFile {
        TextFile { path: path.into(), text: text.into() }
    }

    #[test]
    fn tests_begin_at_their_module() {
        let inline = file("src/a.rs", "//! A.\nfn a() {}\n#[cfg(test)]\nmod tests {\n}\n");
        assert_eq!(inline.code(), [(1, "//! A."), (2, "fn a() {}")]);
        assert_eq!(inline.tests(), ["#[cfg(test)]", "mod tests {", "}"]);
    }

    #[test]
    fn a_file_of_tests_named_in_passing_ends_nothing() {
        let named = file("src/a/mod.rs", "//! A.\n#[cfg(test)]\nmod tests;\nfn a() {}\n");
        assert_eq!(named.code().len(), 4);
        assert_eq!(file("src/a/tests.rs", "//! T.\n").code(), []);
    }
}
