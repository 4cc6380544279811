//! The program's texts and the places in them.
//!
//! Owns [`Sources`] (every text that a diagnostic may point into), [`Span`] and the way texts enter ([`Files`]).
//! Knows nothing of the language; only [`DiskFiles`] knows a file system.

mod disk;
mod files;
mod load;
mod span;
mod store;

#[cfg(test)]
mod tests;

pub use disk::DiskFiles;
pub use files::{FileError, Files, MemoryFiles, decoded, is_program};
pub use load::{From, load, report_file_error};
pub use span::{FileId, Span};
pub use store::{LineColumn, Sources};
