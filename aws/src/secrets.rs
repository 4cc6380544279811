//! Secrets Manager.

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::{Client, error::ProvideErrorMetadata as _};
use tokio::runtime::Handle;

use crate::in_full;

/// What the service will answer again.
const FOR_GOOD: [&str; 6] = [
    "ResourceNotFoundException",
    "AccessDeniedException",
    "InvalidRequestException",
    "InvalidParameterException",
    "UnrecognizedClientException",
    "InvalidSignatureException",
];

/// The secrets of an account and region.
#[derive(Debug, Clone)]
pub struct SecretStore {
    client: Client,
    runtime: Handle,
}

/// A secret can't be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct SecretError {
    /// Why; never the secret itself.
    pub reason: String,
    /// Whether asking again may help.
    pub transient: bool,
}

impl SecretStore {
    /// Asks with that configuration, on that runtime.
    pub fn new(configuration: &SdkConfig, runtime: Handle) -> Self {
        Self { client: Client::new(configuration), runtime }
    }

    /// The text of the secret of that name. Blocks.
    pub fn read(&self, name: &str) -> Result<String, SecretError> {
        let request = self.client.get_secret_value().secret_id(name).send();
        let answer = self.runtime.block_on(request).map_err(|error| SecretError {
            transient: !error.code().is_some_and(|it| FOR_GOOD.contains(&it)),
            reason: in_full(&error),
        })?;
        let text = answer.secret_string().map(str::to_owned);
        text.ok_or_else(|| SecretError { reason: "it holds bytes, not text".to_owned(), transient: false })
    }
}
