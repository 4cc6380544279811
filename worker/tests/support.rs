//! A small pipeline on SQLite files, and the built worker as Batch would start it on it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rusqlite::Connection;
use serde_json::{Value, json};

/// What a worker said and how it ended.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The folders of a pipeline whose source has so many companies.
#[derive(Debug)]
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

pub(crate) const PLAN: &str = "plans/greece/0a1b.json";
pub(crate) const RUN: &str = "r1";

impl Place {
    pub(crate) fn with_companies(count: u32) -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        // Names that no compression makes small.
        place
            .source()
            .execute_batch(&format!(
                "CREATE TABLE companies (id INTEGER PRIMARY KEY, reg TEXT, name TEXT);
                 INSERT INTO companies
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
                 SELECT i, 'R' || i, hex(randomblob(125)) FROM n;"
            ))
            .unwrap();
        place
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn source(&self) -> Connection {
        Connection::open(self.path("source.db")).unwrap()
    }

    /// `reg|name` of each published row.
    pub(crate) fn published(&self) -> Vec<String> {
        rows(&Connection::open(self.path("target.db")).unwrap())
    }

    /// The same of the source's.
    pub(crate) fn expected(&self) -> Vec<String> {
        rows(&self.source())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A job's process, not started yet, with nothing in its environment but what it needs.
    pub(crate) fn job(&self, stage: &str, fence: i64, part: Option<u32>) -> Command {
        self.job_of(RUN, stage, fence, part)
    }

    /// The same in a run of that name.
    pub(crate) fn job_of(&self, run: &str, stage: &str, fence: i64, part: Option<u32>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sluice-worker"));
        let _ = command
            .env_clear()
            .args(["sluice-worker", "--plan", PLAN, "--stage", stage, "--run", run])
            .args(["--fence", &fence.to_string(), "--execution", "e1"])
            .arg("--state")
            .arg(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(part) = part {
            let _ = command.env("AWS_BATCH_JOB_ARRAY_INDEX", part.to_string());
        }
        command
    }
}

pub(crate) fn told(command: &mut Command) -> Told {
    let output = command.output().unwrap();
    Told {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn rows(database: &Connection) -> Vec<String> {
    let mut query = database.prepare("SELECT reg || '|' || name FROM companies ORDER BY reg").unwrap();
    let rows = query.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// The plan of that pipeline, its extract split into so many parts.
pub(crate) fn plan(parts: Option<u32>) -> Value {
    let origin = json!({ "file": "greece.pipe", "line": 7 });
    let stage = |id: &str, work: Value| {
        json!({
            "id": id, "needs": [], "origin": origin, "work": work,
            "retry": { "times": 0, "from_seconds": 1, "factor": 2 }
        })
    };
    let place = |path: &str| json!({ "engine": "sqlite", "path": { "base": "state", "path": path } });
    let text = |name: &str, length: u32, key: bool| json!({ "name": name, "type": "text", "length": length, "key": key });
    let split = parts.map_or(Value::Null, |it| json!({ "column": "id", "parts": it }));
    json!({
        "format": sluice_contract::plan::FORMAT,
        "environment": "test",
        "pipeline": "greece",
        "title": "Greek companies",
        "country": "GR",
        "connections": { "registry": place("source.db"), "reports": place("target.db") },
        "target": "reports",
        "tables": { "companies": { "columns": [
            json!({ "name": "id", "type": "integer", "key": false }),
            text("reg", 32, true),
            text("name", 255, false)
        ] } },
        "stages": [
            stage("cleanup", json!({ "stage": "cleanup", "tables": ["companies"] })),
            stage("companies.extract", json!({
                "stage": "extract", "table": "companies", "connection": "registry", "file": "greece/companies.sql",
                "sql": "SELECT id, reg, name FROM companies", "reads": ["companies"], "split": split
            })),
            stage("companies.load", json!({ "stage": "load", "table": "companies" })),
            stage("companies.publish", json!({
                "stage": "publish", "table": "companies", "mode": { "mode": "upsert" }, "country_column": null
            }))
        ]
    })
}
