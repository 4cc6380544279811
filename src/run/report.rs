//! What a run came to, for people and for programs.

use std::time::Duration;

use serde::Serialize;
use sluice_contract::{
    event::ExecutionStatus,
    notification::Notification,
    runs::{RunRecord, StageRecord},
};

use super::{notes::Note, rejects::Rejects};

/// One execution of `sluice run` or `sluice resume`. The JSON form is stable: fields are only ever added.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The pipeline.
    pub pipeline: String,
    /// The environment.
    pub environment: String,
    /// The run that was worked on.
    pub run: String,
    /// The execution's ARN.
    pub execution: String,
    /// How the execution ended.
    pub status: ExecutionStatus,
    /// `published`, or `skipped` because another run went on; none where it failed.
    pub outcome: Option<String>,
    /// State transitions, as AWS would bill them.
    pub transitions: u64,
    /// Milliseconds since 1970.
    pub started_at: i64,
    /// Milliseconds since 1970.
    pub ended_at: i64,
    /// The run's stages in the plan's order, those of earlier executions too.
    pub stages: Vec<StageRecord>,
    /// The rows that did not fit their tables.
    pub rejects: Vec<Rejects>,
    /// What its stages noted.
    pub notes: Vec<Note>,
    /// What was told of it, and of runs before it whose process had died.
    pub notifications: Vec<Notification>,
    /// Where the execution's files are.
    pub folder: String,
    /// Whether the program has changed since the run was started: a resumed run goes on with what it began with.
    pub outdated: bool,
    /// The pipelines that this success would start; on one machine nothing starts by itself.
    pub starts_next: Vec<String>,
}

impl Report {
    /// Whether everything is as it should be.
    pub fn succeeded(&self) -> bool {
        self.status == ExecutionStatus::Succeeded
    }

    /// Whether it has published, and was not skipped because another run went on.
    pub fn published(&self) -> bool {
        self.succeeded() && self.outcome.as_deref() == Some("published")
    }

    /// From its start to its end.
    pub fn elapsed(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.ended_at - self.started_at).unwrap_or(0))
    }

    /// The figures of all tables.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for stage in &self.stages {
            let counted = &stage.statistics;
            match stage.stage.rsplit('.').next() {
                Some("extract") => totals.extracted += counted.rows_written,
                Some("publish") => totals.published += counted.rows_written,
                Some(_) | None => {}
            }
            totals.rejected += counted.rows_rejected;
            totals.duplicates += counted.duplicates;
        }
        totals
    }
}

/// What all stages of a run counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Rows read from sources.
    pub extracted: u64,
    /// Rows that did not fit their table.
    pub rejected: u64,
    /// Rows that gave way to another of the same key.
    pub duplicates: u64,
    /// Rows written to the target.
    pub published: u64,
}

/// A run with its stages, as `sluice runs` tells it. The JSON form is stable: fields are only ever added.
#[derive(Debug, Clone, Serialize)]
pub struct RunSummary {
    /// The run.
    #[serde(flatten)]
    pub run: RunRecord,
    /// Its stages, by id.
    pub stages: Vec<StageRecord>,
}
