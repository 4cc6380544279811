//! What a stage finds where it runs: stores, folders, clock, threads. Nothing of it is read from the environment.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use object_store::ObjectStore;
use sluice_contract::{
    dynamodb::ItemStore,
    plan::{Base, Location},
    statistics::Statistics,
};

use crate::{error::WorkerError, servers::Servers, source::Imports, translate::Translator};

/// Everything that differs between a laptop and a container.
#[derive(Debug, Clone)]
pub struct Site {
    /// Plans, parts, rejects and translations.
    pub objects: Arc<dyn ObjectStore>,
    /// Drives the object store.
    pub runtime: tokio::runtime::Handle,
    /// Holds the runs table.
    pub items: Arc<dyn ItemStore>,
    /// The runs table's name.
    pub runs_table: String,
    /// The folder of the `.pipe` files.
    pub program_dir: PathBuf,
    /// The state folder: embedded databases and scratch files.
    pub state_dir: PathBuf,
    /// Renders texts in another language.
    pub translator: Arc<dyn Translator>,
    /// Database servers: who connects, and how privately.
    pub servers: Servers,
    /// Tells the time and waits.
    pub clock: Arc<dyn Clock>,
    /// How many parts are extracted at once.
    pub threads: usize,
    /// The one part to work on, for a child of an array of jobs; all of them for a job of its own.
    pub part: Option<u32>,
    /// What parts of one extract share, where they are worked on in one process.
    pub imports: Imports,
    /// Set from outside; the stage ends at the next batch.
    pub cancelled: Arc<AtomicBool>,
}

impl Site {
    /// The place of a plan's path on this machine.
    pub fn locate(&self, location: &Location) -> PathBuf {
        let base: &Path = match location.base {
            Base::Program => &self.program_dir,
            Base::State => &self.state_dir,
        };
        location.path.split('/').fold(base.to_path_buf(), |path, part| path.join(part))
    }

    /// Whether this job is to work on the part.
    pub(crate) fn is_to_do(&self, part: u32) -> bool {
        self.part.is_none_or(|it| it == part)
    }

    /// An error once the stage has been stopped from outside.
    pub(crate) fn check_cancelled(&self) -> Result<(), WorkerError> {
        if self.cancelled.load(Ordering::Relaxed) { Err(WorkerError::Stopped) } else { Ok(()) }
    }

    /// Waits, and ends early with an error when the stage is stopped from outside.
    pub(crate) fn wait(&self, seconds: u64) -> Result<(), WorkerError> {
        for _ in 0..seconds {
            self.check_cancelled()?;
            self.clock.sleep(Duration::from_secs(1));
        }
        self.check_cancelled()
    }
}

/// Tells the time and waits.
pub trait Clock: std::fmt::Debug + Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
    /// Returns after that time.
    fn sleep(&self, duration: Duration);
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
}

/// Told how far a stage is, from any of its threads.
pub trait Progress: Send + Sync {
    /// So many rows and compressed bytes more.
    fn advance(&self, stage: &str, rows: u64, bytes: u64);
    /// How many rows there will be, once that is known.
    fn total(&self, stage: &str, rows: u64);
    /// Something that a reader of the stage's figures should know.
    fn note(&self, stage: &str, note: &str) {
        let _ = (stage, note);
    }
    /// The stage is done and recorded as such, by this very attempt.
    fn finished(&self, stage: &str, statistics: &Statistics) {
        let _ = (stage, statistics);
    }
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn advance(&self, _stage: &str, _rows: u64, _bytes: u64) {}
    fn total(&self, _stage: &str, _rows: u64) {}
}
