//! `sluice exec`: any JSONata machine on the local engine, its services answered by mocks.
//!
//! Owns the reading of mock files and the folder that stands for S3. Must not know pipelines, plans or the command
//! line: what it executes may come from anywhere.

mod mocks;
mod objects;
mod record;

#[cfg(test)]
mod tests;

pub use mocks::{Missing, MockFile, MockProblem, Mocked};
pub use objects::ObjectFolder;
pub use record::Record;
