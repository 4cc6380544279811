//! Sluice: a small pipeline language and its compiler.
//!
//! ```text
//! text -> syntax -> model -> Checked -> lower -> Plan -> targets -> emit -> generated/
//!                                                            \-> run (local engine)
//! ```
//!
//! Data flows one way; a module imports only what stands left of it (`tests/tidy` holds this).

pub mod calendar;
pub mod cli;
pub mod compile;
pub mod connect;
pub mod cost;
pub mod deploy;
pub mod diagnostics;
pub mod emit;
pub mod engine;
pub mod exec;
pub mod format;
pub mod graph;
pub mod lower;
pub mod model;
pub mod operate;
pub mod run;
pub mod scenario;
pub mod source;
pub mod survey_results;
pub mod syntax;
pub mod targets;
pub mod telephone;
mod twins;
pub mod validate;
