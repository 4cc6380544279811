//! The program as a user has it: the built binary, in a scratch copy of the shipped program.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use rusqlite::Connection;
use tempfile::TempDir;

/// A scratch folder with a program, its sample data and its state.
pub(crate) struct Scene {
    folder: TempDir,
}

impl Scene {
    /// The shipped program, without sample data.
    pub(crate) fn program_only() -> Self {
        let scene = Self::empty();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines"), &scene.path("pipelines"));
        scene
    }

    /// The shipped program with samples for Greece.
    pub(crate) fn shipped(rows: u32) -> Self {
        let scene = Self::program_only();
        let samples = Path::new(env!("CARGO_BIN_EXE_sluice")).with_file_name("sluice-samples");
        let made = Command::new(&samples)
            .arg(scene.path("pipelines/samples"))
            .args(["--rows", &rows.to_string(), "--only", "greece"])
            .output();
        let made = made
            .unwrap_or_else(|error| panic!("{}: {error}; build it with `cargo build`", samples.display()));
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        scene
    }

    /// Nothing at all.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    pub(crate) fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap()
    }

    /// Replaces the first occurrence of `from` in a file.
    pub(crate) fn edit(&self, relative: &str, from: &str, to: &str) {
        let text = self.read(relative);
        assert!(text.contains(from), "{relative} has no {from:?}");
        self.write(relative, &text.replacen(from, to, 1));
    }

    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sluice"));
        let _ = command
            .args(arguments.split_whitespace())
            .current_dir(self.folder.path())
            .env_remove("NO_COLOR")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn sluice(&self, arguments: &str) -> Told {
        Told::of(self.command(arguments).output().unwrap(), self.folder.path())
    }

    /// The names of all executions, the oldest first.
    pub(crate) fn executions(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path(".sluice/executions")).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries.filter_map(|it| it.file_name().into_string().ok()).collect();
        names.sort_by_key(|it| (it.len(), it.clone()));
        names
    }

    /// The lines of an execution's history that there are by now.
    pub(crate) fn history(&self, execution: &str) -> Vec<String> {
        let path = self.path(".sluice/executions").join(execution).join("history.jsonl");
        fs::read_to_string(path).unwrap_or_default().lines().map(str::to_owned).collect()
    }

    /// One number from the published tables.
    pub(crate) fn published(&self, sql: &str) -> i64 {
        let database = Connection::open(self.path(".sluice/reports.db")).unwrap();
        database.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Every row of a published table, as text.
    pub(crate) fn rows(&self, table: &str) -> Vec<String> {
        let database = Connection::open(self.path(".sluice/reports.db")).unwrap();
        let mut statement = database.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2, 3")).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            let values: Vec<String> =
                (0..columns).map(|it| format!("{:?}", row.get_ref(it).unwrap())).collect();
            Ok(values.join("|"))
        });
        rows.unwrap().map(Result::unwrap).collect()
    }
}

/// What a command said.
pub(crate) struct Told {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Told {
    pub(crate) fn of(output: Output, folder: &Path) -> Self {
        // What differs from one scratch folder to the next is not what a case is about.
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes).unwrap().replace(&folder.display().to_string(), "SCRATCH")
        };
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    #[track_caller]
    pub(crate) fn fine(self) -> Self {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        self
    }

    /// It failed in an orderly way: exit 1, that code, something to do about it, and no panic.
    #[track_caller]
    pub(crate) fn problem(self, code: &str) -> Self {
        assert_eq!(self.code, Some(1), "{}{}", self.out, self.err);
        assert!(self.err.contains(&format!("[{code}]")), "not {code}: {}", self.err);
        assert!(self.err.contains("help:"), "no way out: {}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// It has these words.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        let all = format!("{}{}", self.out, self.err);
        let flat = all.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(words), "does not say {words:?}: {all}");
        self
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_file() {
            let _ = fs::copy(entry.path(), target).unwrap();
        } else if entry.file_name() != "samples" {
            copy(&entry.path(), &target);
        }
    }
}
