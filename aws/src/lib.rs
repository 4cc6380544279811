//! AWS behind the traits that the rest of Sluice asks through.
//!
//! Owns the SDK's clients and the translation to and from its types. Knows nothing of runs or pipelines. The
//! traits are blocking and the SDK is not: everything here waits on a runtime's handle, and so must be called
//! from a thread that may block, never from inside an async task.

mod bucket;
mod connection;
mod items;
mod secrets;
mod signer;
mod translation;
mod uploads;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};

pub use aws_config;
pub use bucket::{Bucket, LeftBehind};
pub use items::DynamoItems;
pub use secrets::{SecretError, SecretStore};
pub use translation::{TextTranslation, TranslationError};

/// Region, credentials and endpoints as the environment gives them; TLS by rustls with ring.
pub async fn configuration() -> SdkConfig {
    let tls = Provider::Rustls(CryptoMode::Ring);
    let client = Builder::new().tls_provider(tls).build_https();
    aws_config::defaults(BehaviorVersion::latest()).http_client(client).load().await
}

/// An error of the SDK with what caused it, in one line: its own words alone are often `service error`.
fn in_full(error: &(dyn std::error::Error + 'static)) -> String {
    let mut words = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push(error.to_string());
        cause = error.source();
    }
    words.dedup();
    words.join(": ")
}
