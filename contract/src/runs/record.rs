//! The items of the runs table as plain data, to and from their attributes.

use serde::{Deserialize, Serialize};

use crate::{
    dynamodb::{AttributeValue, Item},
    plan::Origin,
    statistics::Statistics,
};

/// Who may work on a pipeline, and the fence that its writes carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LockRecord {
    /// The ARN of the execution that holds it; none when free.
    pub owner: Option<String>,
    /// That execution's run.
    pub run: Option<String>,
    /// When it took it: `2026-11-22T02:30:01.123Z`.
    pub since: Option<String>,
    /// Grows with every taking.
    pub fence: i64,
}

impl LockRecord {
    /// From the item's attributes.
    pub fn from_item(item: &Item) -> Self {
        Self {
            owner: text(item, "owner"),
            run: text(item, "run"),
            since: text(item, "since"),
            fence: number(item, "fence").unwrap_or_default(),
        }
    }
}

/// One run of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunRecord {
    /// The pipeline.
    pub pipeline: String,
    /// The run's name.
    pub run: String,
    /// Where it stands.
    pub status: RunStatus,
    /// The execution that works on it now, or did last.
    pub execution: Option<String>,
    /// The fence of the last attempt that started a stage.
    pub fence: i64,
    /// Milliseconds since 1970.
    pub started_at: i64,
    /// Milliseconds since 1970; none while it runs.
    pub ended_at: Option<i64>,
    /// Why it did not succeed.
    pub cause: Option<String>,
}

impl RunRecord {
    /// From the item's attributes; none where it is not a run's item.
    pub fn from_item(item: &Item) -> Option<Self> {
        let pipeline = text(item, super::PK)?.strip_prefix("PIPELINE#")?.to_owned();
        let run = text(item, super::SK)?.strip_prefix("RUN#").filter(|it| !it.contains('#'))?.to_owned();
        Some(Self {
            pipeline,
            run,
            status: RunStatus::parse(&text(item, "status")?)?,
            execution: text(item, "execution"),
            fence: number(item, "fence").unwrap_or_default(),
            started_at: number(item, "started_at").unwrap_or_default(),
            ended_at: number(item, "ended_at"),
            cause: text(item, "cause"),
        })
    }
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// It goes on.
    Running,
    /// Everything is published.
    Succeeded,
    /// A stage failed.
    Failed,
    /// It ran longer than it may.
    TimedOut,
    /// Somebody stopped it, or its machine died.
    Aborted,
    /// Another run of its pipeline was still going, or its scheduled time had been started before.
    Skipped,
}

impl RunStatus {
    /// The word in the item and in JSON output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::Aborted => "aborted",
            Self::Skipped => "skipped",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Running, Self::Succeeded, Self::Failed, Self::TimedOut, Self::Aborted, Self::Skipped]
            .into_iter()
            .find(|it| it.word() == word)
    }
}

/// One stage of one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StageRecord {
    /// The stage's id in the plan.
    pub stage: String,
    /// Where it stands.
    pub status: StageStatus,
    /// Milliseconds since 1970, of the last attempt.
    pub started_at: i64,
    /// Milliseconds since 1970.
    pub ended_at: Option<i64>,
    /// What it counted; zeros until it is done.
    pub statistics: Statistics,
    /// Why it failed.
    pub cause: Option<String>,
    /// The code of the failure.
    pub code: Option<String>,
    /// What to do about the failure.
    pub help: Option<String>,
    /// The line that asked for it.
    pub origin: Option<Origin>,
}

impl StageRecord {
    /// From the item's attributes; none where it is not a stage's item.
    pub fn from_item(item: &Item) -> Option<Self> {
        let sk = text(item, super::SK)?;
        let (_, stage) = sk.split_once("#STAGE#")?;
        if stage.contains("#PART#") {
            return None;
        }
        let count = |name: &str| number(item, name).and_then(|it| u64::try_from(it).ok()).unwrap_or_default();
        Some(Self {
            stage: stage.to_owned(),
            status: StageStatus::parse(&text(item, "status")?)?,
            started_at: number(item, "started_at").unwrap_or_default(),
            ended_at: number(item, "ended_at"),
            statistics: Statistics {
                rows_read: count("rows_read"),
                rows_written: count("rows_written"),
                rows_rejected: count("rows_rejected"),
                duplicates: count("duplicates"),
                untranslated: count("untranslated"),
                bytes: count("bytes"),
                parts: count("parts"),
                milliseconds: count("milliseconds"),
                attempts: count("attempts"),
            },
            cause: text(item, "cause"),
            code: text(item, "code"),
            help: text(item, "help"),
            origin: origin(item),
        })
    }
}

/// One part of an extract that is there, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRecord {
    /// From 0.
    pub part: u32,
    /// Of the job that wrote it: part of the object's key.
    pub fence: i64,
    /// How many.
    pub rows: u64,
    /// Compressed.
    pub bytes: u64,
    /// Of the compressed bytes, in hexadecimal.
    pub sha256: String,
}

/// Where a stage of a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageStatus {
    /// A worker is at it, or was when it was killed.
    Running,
    /// It will not be done again in this run.
    Done,
    /// Its last attempt failed.
    Failed,
}

impl StageStatus {
    /// The word in the item and in JSON output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Running, Self::Done, Self::Failed].into_iter().find(|it| it.word() == word)
    }
}

/// A stage of a run of a pipeline.
#[derive(Debug, Clone, Copy)]
pub struct StageKey<'a> {
    /// The pipeline's name.
    pub pipeline: &'a str,
    /// The run's name.
    pub run: &'a str,
    /// The stage's id.
    pub stage: &'a str,
}

/// Why an attempt at a stage failed.
#[derive(Debug, Clone, Copy)]
pub struct StageFailure<'a> {
    /// `P0601`.
    pub code: &'a str,
    /// One sentence.
    pub cause: &'a str,
    /// What to do about it.
    pub help: &'a str,
}

/// How a run ended.
#[derive(Debug, Clone, Copy)]
pub struct RunEnd<'a> {
    /// The run's name.
    pub run: &'a str,
    /// How.
    pub status: RunStatus,
    /// The execution that ended.
    pub execution: &'a str,
    /// Milliseconds since 1970.
    pub started_at: i64,
    /// Milliseconds since 1970.
    pub ended_at: i64,
    /// Why, where it did not succeed.
    pub cause: Option<&'a str>,
}

fn origin(item: &Item) -> Option<Origin> {
    Some(Origin { file: text(item, "file")?, line: u32::try_from(number(item, "line")?).ok()? })
}

pub(super) fn text(item: &Item, name: &str) -> Option<String> {
    item.get(name).and_then(AttributeValue::text).map(str::to_owned)
}

pub(super) fn number(item: &Item, name: &str) -> Option<i64> {
    item.get(name).and_then(AttributeValue::number)
}
