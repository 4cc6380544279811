//! AWS behind the traits that the rest of Sluice asks through.
//!
//! Owns the SDK's clients and the translation to and from its types. Knows nothing of runs or pipelines. The
//! traits are blocking and the SDK is not: everything here waits on a runtime's handle, and so must be called
//! from a thread that may block, never from inside an async task.

mod bucket;
mod call_error;
mod connection;
mod executions;
mod items;
mod logs;
mod rest;
mod secrets;
mod signed;
mod signer;
mod translation;
mod uploads;

use std::time::Duration;

use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig, timeout::TimeoutConfig};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_types::service_config::ServiceConfigKey;

pub use aws_config;
pub use bucket::{Bucket, LeftBehind};
pub use call_error::CallError;
pub use executions::{Executions, Known};
pub use items::DynamoItems;
pub use logs::{LogLine, LogPage, Logs};
pub use rest::{RestAnswer, RestError, RestService};
pub use secrets::{SecretError, SecretStore};
pub use signed::{SignedError, SignedRequest, SignedResponse, Signer};
pub use translation::{TextTranslation, TranslationError};

/// Region, credentials and endpoints as the environment gives them; TLS by rustls with ring.
pub async fn configuration() -> SdkConfig {
    loader().load().await
}

/// As [`configuration`], in that region whatever the environment says.
pub async fn configuration_in(region: &str) -> SdkConfig {
    loader().region(Region::new(region.to_owned())).load().await
}

/// The same for somebody who waits: no call takes longer than this, its repetitions included.
pub async fn configuration_within(longest: Duration) -> SdkConfig {
    let timeouts = TimeoutConfig::builder().operation_timeout(longest).operation_attempt_timeout(longest / 2);
    loader().timeout_config(timeouts.build()).load().await
}

fn loader() -> ConfigLoader {
    let tls = Provider::Rustls(CryptoMode::Ring);
    let client = Builder::new().tls_provider(tls).build_https();
    aws_config::defaults(BehaviorVersion::latest()).http_client(client)
}

/// Where a service is, as the environment has it for this service or for all; none where it is where AWS has it.
fn endpoint(configuration: &SdkConfig, service: &str) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id(service).env("AWS_ENDPOINT_URL");
    let key = key.profile("endpoint_url").build().ok()?;
    let own = configuration.service_config().and_then(|it| it.load_config(key));
    own.or_else(|| configuration.endpoint_url().map(str::to_owned))
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
