//! The executions of this state folder: what Step Functions would know of them.
//!
//! A process that runs an execution holds the lock of its `alive` file; the system lets go of it however the
//! process ends. So whether an execution still goes on is a fact, not a guess from a time.

use std::{
    collections::BTreeSet,
    fs::{File, OpenOptions, TryLockError},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sluice_contract::{
    error_name::OVERLAP,
    event::{ExecutionDetail, ExecutionStatus},
};

use crate::diagnostics::Diagnostic;

use super::failure;

/// What is known of an execution.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) pipeline: String,
    pub(super) environment: String,
    /// The run that it works on: its own name, or that of the run it resumes.
    pub(super) run: String,
    #[serde(flatten)]
    pub(super) detail: ExecutionDetail,
}

impl Record {
    /// Whether it ended because another run went on, and did nothing.
    pub(super) fn overlapped(&self) -> bool {
        let output = self.detail.output.as_deref().and_then(|it| serde_json::from_str(it).ok());
        output.is_some_and(|it: serde_json::Value| it.get("outcome").is_some_and(|it| it == "skipped"))
            || self.detail.error.as_deref() == Some(OVERLAP)
    }

    /// The platform that the machine was made for: its name stands before the pipeline's.
    pub(super) fn platform(&self) -> &str {
        let machine = self.detail.state_machine_arn.rsplit(':').next().unwrap_or_default();
        machine.strip_suffix(self.pipeline.as_str()).map_or(machine, |it| it.trim_end_matches('-'))
    }
}

/// Every execution of a state folder.
#[derive(Debug, Clone)]
pub(super) struct Executions {
    root: PathBuf,
}

/// Held while an execution's process lives.
#[derive(Debug)]
pub(super) struct Alive {
    _lock: File,
}

const RECORD: &str = "execution.json";
const ALIVE: &str = "alive";

impl Executions {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The folder of an execution.
    pub(super) fn folder(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Takes the first free name of `wanted`, `wanted-2`, …, and marks it as alive.
    pub(super) fn claim(&self, wanted: &str) -> Result<(String, Alive), Diagnostic> {
        let mut name = wanted.to_owned();
        for number in 2_u32.. {
            let folder = self.folder(&name);
            match std::fs::create_dir(&folder) {
                Ok(()) => break,
                Err(error) if error.kind() == ErrorKind::AlreadyExists => name = format!("{wanted}-{number}"),
                Err(error) => return Err(failure::state(&folder, &error)),
            }
        }
        let path = self.folder(&name).join(ALIVE);
        let failed = |error: std::io::Error| failure::state(&path, &error);
        let file = OpenOptions::new().create(true).append(true).open(&path).map_err(failed)?;
        file.lock().map_err(failed)?;
        // For people: which process it is that runs the execution.
        write!(&file, "{}", std::process::id()).map_err(failed)?;
        Ok((name, Alive { _lock: file }))
    }

    /// Writes what is known of an execution, whole or not at all.
    pub(super) fn write(&self, record: &Record) -> Result<(), Diagnostic> {
        let folder = self.folder(&record.detail.name);
        let path = folder.join(RECORD);
        let text = serde_json::to_vec_pretty(record).map_err(failure::internal)?;
        // Several processes may settle one execution that died: each has a draft of its own.
        let draft = folder.join(format!("{RECORD}.{}", std::process::id()));
        std::fs::write(&draft, text)
            .and_then(|()| std::fs::rename(&draft, &path))
            .map_err(|error| failure::state(&path, &error))
    }

    /// What is known of the execution; none where there is none of that name.
    ///
    /// One that was going on when its process died is told as aborted.
    pub(super) fn read(&self, name: &str) -> Result<Option<Record>, Diagnostic> {
        let Some(record) = self.written(name)? else { return Ok(None) };
        if record.detail.status != ExecutionStatus::Running || self.is_alive(name)? {
            return Ok(Some(record));
        }
        // The process writes its end down before it lets go: what stands there now is the last word.
        let Some(mut record) = self.written(name)? else { return Ok(None) };
        if record.detail.status == ExecutionStatus::Running {
            record.detail.status = ExecutionStatus::Aborted;
            let path = self.folder(name).join(RECORD);
            record.detail.stop_date = Some(last_sign_of_life(&path).unwrap_or(record.detail.start_date));
            record.detail.cause = Some("the process that ran it ended before the run did".to_owned());
        }
        Ok(Some(record))
    }

    /// What was last written of the execution.
    pub(super) fn written(&self, name: &str) -> Result<Option<Record>, Diagnostic> {
        let path = self.folder(name).join(RECORD);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(failure::passed_over(&path, &error.to_string())),
        };
        let record = serde_json::from_slice(&text);
        record.map(Some).map_err(|error| failure::passed_over(&path, &error.to_string()))
    }

    /// Every execution of the pipeline whose record can be read, oldest first.
    pub(super) fn of(&self, pipeline: &str) -> Result<Vec<Record>, Diagnostic> {
        let mut records: Vec<_> = self
            .names()?
            .iter()
            .filter_map(|it| self.read(it).ok().flatten())
            .filter(|it| it.pipeline == pipeline)
            .collect();
        records.sort_by(|left, right| {
            (left.detail.start_date, &left.detail.name).cmp(&(right.detail.start_date, &right.detail.name))
        });
        Ok(records)
    }

    /// What is wrong with each record that can't be read.
    pub(super) fn unreadable(&self) -> Result<Vec<Diagnostic>, Diagnostic> {
        Ok(self.names()?.iter().filter_map(|it| self.written(it).err()).collect())
    }

    /// The pipelines that were ever started here.
    pub(super) fn pipelines(&self) -> Result<BTreeSet<String>, Diagnostic> {
        let names = self.names()?;
        let records = names.iter().filter_map(|it| self.written(it).ok().flatten());
        Ok(records.map(|it| it.pipeline).collect())
    }

    /// The file whose being there asks the execution's process to stop.
    pub(super) fn stop_request(&self, name: &str) -> PathBuf {
        self.folder(name).join("stop")
    }

    fn names(&self) -> Result<BTreeSet<String>, Diagnostic> {
        let failed = |error: std::io::Error| failure::state(&self.root, &error);
        let mut names = BTreeSet::new();
        for entry in std::fs::read_dir(&self.root).map_err(failed)? {
            names.extend(entry.map_err(failed)?.file_name().into_string().ok());
        }
        Ok(names)
    }

    /// Whether a process holds the execution's lock.
    pub(super) fn is_alive(&self, name: &str) -> Result<bool, Diagnostic> {
        let path = self.folder(name).join(ALIVE);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(failure::state(&path, &error)),
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(failure::state(&path, &error)),
        }
    }
}

/// When the execution's history was last added to, in milliseconds since 1970.
fn last_sign_of_life(record: &Path) -> Option<i64> {
    let modified = record.with_file_name(super::history::HISTORY).metadata().ok()?.modified().ok()?;
    let since = modified.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}
