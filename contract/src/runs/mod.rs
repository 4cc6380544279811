//! The runs table: one DynamoDB table for locks, runs, stages and parts.
//!
//! | item  | `pk`                | `sk`                                   | written by |
//! |-------|---------------------|----------------------------------------|------------|
//! | lock  | `PIPELINE#<name>`   | `LOCK`                                 | the state machine |
//! | run   | `PIPELINE#<name>`   | `RUN#<run>`                            | worker (start), `watch` (end) |
//! | stage | `PIPELINE#<name>`   | `RUN#<run>#STAGE#<stage>`              | worker |
//! | part  | `PIPELINE#<name>`   | `RUN#<run>#STAGE#<stage>#PART#<00000>` | worker |
//!
//! A pipeline is one partition: everything about it is one query, and a role can be held to it by its leading key.

mod array;
mod hold;
mod record;
mod table;

pub use hold::{Hold, Holder, TAKEN_BACK};
pub use record::{LockRecord, PartRecord, RunRecord, RunStatus, StageRecord, StageStatus};
pub use table::{RunEnd, RunsTable, StageFailure, StageKey, names};

use crate::dynamodb::{AttributeValue, Item};

/// The partition key's attribute.
pub const PK: &str = "pk";
/// The sort key's attribute.
pub const SK: &str = "sk";
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

/// The key attributes of an item.
pub fn key(pk: &str, sk: &str) -> Item {
    Item::from([(PK.to_owned(), AttributeValue::from(pk)), (SK.to_owned(), AttributeValue::from(sk))])
}
