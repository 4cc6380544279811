//! What compiler, worker and Lambdas share: the plan document, the job's arguments, the runs table's keys and
//! items, error names, events and notifications.
//!
//! Owns shapes and the few rules that must be the same on both sides of a wire. Knows no database, no network,
//! no file system; `serde` is its only dependency.

pub mod dynamodb;
pub mod error_name;
pub mod event;
pub mod job;
pub mod metric;
pub mod notification;
pub mod object_key;
pub mod plan;
pub mod runs;
pub mod statistics;
pub mod survey;
