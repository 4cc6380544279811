//! The runs table: one DynamoDB table for locks, runs, stages and parts.
//!
//! | item  | `pk`                | `sk`                                   | written by |
//! |-------|---------------------|----------------------------------------|------------|
//! | lock  | `PIPELINE#<name>`   | `LOCK`                                 | the state machine |
//! | run   | `PIPELINE#<name>`   | `RUN#<run>`                            | worker (start), `watch` (end) |
//! | stage | `PIPELINE#<name>`   | `RUN#<run>#STAGE#<stage>`              | worker |
//! | part  | `PIPELINE#<name>`   | `RUN#<run>#STAGE#<stage>#PART#<00000>` | worker |
//! | job   | `PIPELINE#<name>`   | `JOB#<run>#<job id>`                   | `watch` |
//!
//! Every item but the lock has `expires_at`, the table's time to live; the lock's fence must never start again.
//! `docs/runs-table.md` shows it all.
//!
//! A pipeline is one partition: everything about it is one query, and a role can be held to it by its leading key.

mod array;
mod end;
mod hold;
mod job;
mod record;
mod table;

pub use hold::{Hold, Holder, TAKEN_BACK};
pub use job::JobRecord;
pub use record::{
    LockRecord, PartRecord, RunEnd, RunRecord, RunStatus, StageFailure, StageKey, StageRecord, StageStatus,
};
pub use table::{RunsTable, names};

use crate::dynamodb::{AttributeValue, Item};

/// The partition key's attribute.
pub const PK: &str = "pk";
/// The sort key's attribute.
pub const SK: &str = "sk";
/// The time to live of an item, in seconds since 1970. The lock has none.
pub const EXPIRES_AT: &str = "expires_at";
/// Longer than a year, so that a month can be held against the same month of the year before.
pub const DAYS_KEPT: i64 = 400;
/// The lock's sort key.
pub const LOCK: &str = "LOCK";

/// The table's name in one platform: `credit-reports-runs`.
pub fn table_name(platform: &str) -> String {
    format!("{platform}-runs")
}

/// The partition of a pipeline.
pub fn partition(pipeline: &str) -> String {
    format!("PIPELINE#{pipeline}")
}

/// The sort key of a run.
pub fn run_key(run: &str) -> String {
    format!("RUN#{run}")
}

/// The sort key of a stage of a run.
pub fn stage_key(run: &str, stage: &str) -> String {
    format!("RUN#{run}#STAGE#{stage}")
}

/// The sort key of a part of a stage of a run.
pub fn part_key(run: &str, stage: &str, part: u32) -> String {
    format!("RUN#{run}#STAGE#{stage}#PART#{part:05}")
}

/// When an item that is written now, in milliseconds since 1970, may be deleted.
pub fn expires_at(now: i64) -> AttributeValue {
    AttributeValue::from(now / 1000 + DAYS_KEPT * 24 * 60 * 60)
}

/// The sort key of a Batch job of a run.
pub fn job_key(run: &str, job: &str) -> String {
    format!("JOB#{run}#{job}")
}

/// The key attributes of an item.
pub fn key(pk: &str, sk: &str) -> Item {
    Item::from([(PK.to_owned(), AttributeValue::from(pk)), (SK.to_owned(), AttributeValue::from(sk))])
}
