//! Whole stages on real SQLite and CSV files in a temporary folder.

mod harness;
mod kill;
mod publish;
mod sources;
mod stages;
mod translate;
