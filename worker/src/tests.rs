//! Whole stages on real SQLite and CSV files in a temporary folder.

mod array;
mod expectations;
mod harness;
mod kill;
mod parts;
mod publish;
mod rows;
mod sources;
mod stages;
mod translate;
mod trouble;
