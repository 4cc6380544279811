//! Which failures may pass.

use super::WorkerError;

impl WorkerError {
    /// Whether another attempt may succeed with nothing changed.
    pub fn transient(&self) -> bool {
        match self {
            Self::Stopped => true,
            Self::Database { transient, .. }
            | Self::Objects { transient, .. }
            | Self::Target { transient, .. }
            | Self::RunState { transient, .. }
            | Self::Secret { transient, .. }
            | Self::Translate { transient, .. } => *transient,
            Self::Server { trouble, .. } => trouble.transient(),
            Self::Query { .. }
            | Self::Statement { .. }
            | Self::QueryColumns { .. }
            | Self::Store { .. }
            | Self::SourceTable { .. }
            | Self::Fence { .. }
            | Self::Superseded { .. }
            | Self::Expectation { .. }
            | Self::Plan { .. }
            | Self::Part { .. }
            | Self::TargetTable { .. }
            | Self::DuplicateKey { .. }
            | Self::EqualKeys { .. }
            | Self::KeyExists { .. }
            | Self::Scratch { .. }
            | Self::Csv { .. }
            | Self::CsvArchive { .. }
            | Self::OtherCountry { .. }
            | Self::Engine { .. } => false,
        }
    }
}
