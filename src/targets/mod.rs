//! The files of the target world as typed models: States Language, Batch, EventBridge
//! Scheduler, IAM, Connect's Flow language, `plan.json` and `survey.json`.
//!
//! Each target is one function from the Plan to its model. Names of the target world are types of their own, so
//! that a source name can't stand where a target name belongs.

pub mod arn;
pub mod asl;
pub mod batch;
pub mod connect;
pub mod iam;
pub mod plan_document;
pub mod platform;
pub mod policy;
pub mod resources;
pub mod schedule;
pub mod start;
