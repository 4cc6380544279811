//! Why a call to AWS failed.

// The same for every client.
use aws_sdk_sfn::error::{ProvideErrorMetadata, SdkError};

use crate::in_full;

/// A call that AWS refused, or that never got there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CallError {
    /// AWS's own name for it, such as `ExpiredTokenException`; none where no answer came.
    pub code: Option<String>,
    /// In AWS's words, or in those of what lies between.
    pub message: String,
}

impl CallError {
    /// Of an SDK's error: the service's own words where it answered.
    pub(crate) fn of<E, R>(error: &SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        R: std::fmt::Debug + 'static,
    {
        Self {
            code: error.code().map(str::to_owned),
            message: error.message().map_or_else(|| in_full(error), str::to_owned),
        }
    }
}
