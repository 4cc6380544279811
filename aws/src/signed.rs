//! Requests that are written by others, signed and sent.
//!
//! For what the SDK's clients are too heavy or too narrow: whoever asks writes the request as the service's own
//! protocol has it. Sends once; what is worth another attempt is for the asker to know.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use aws_config::SdkConfig;
use aws_credential_types::{Credentials, provider::ProvideCredentials};
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
        UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use aws_smithy_runtime_api::client::identity::Identity;
use jiff::Timestamp;
use tokio::runtime::Handle;
use ureq::{Agent, http};

use crate::{endpoint, in_full};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// The most that is read of an answer.
const LONGEST_ANSWER: u64 = 64 * 1024 * 1024;
/// Credentials are asked for again so long before they expire.
const EARLY: Duration = Duration::from_mins(5);

/// A request without host and signature.
#[derive(Debug, Clone)]
pub struct SignedRequest<'a> {
    /// What its host and its signature name: `states`.
    pub service: &'a str,
    /// `GET`, `PUT`.
    pub method: &'a str,
    /// From `/` on, encoded.
    pub path: &'a str,
    /// Not encoded.
    pub query: &'a [(String, String)],
    /// Names in lower case.
    pub headers: Vec<(&'a str, &'a str)>,
    /// May be empty.
    pub body: &'a [u8],
}

/// An answer, whatever it is.
#[derive(Debug, Clone)]
pub struct SignedResponse {
    /// 200, 400.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its text.
    pub body: String,
}

/// There was no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignedError {
    /// There is nothing to sign with.
    #[error("{0}")]
    Credentials(String),
    /// The service can't be reached.
    #[error("{0}")]
    Unreachable(String),
}

/// Signs for a region with the credentials of a configuration. Blocks.
#[derive(Debug)]
pub struct Signer {
    agent: Agent,
    configuration: SdkConfig,
    region: String,
    runtime: Handle,
    credentials: Mutex<Option<Credentials>>,
}

impl Signer {
    /// For services of that region, whatever the configuration's own is.
    pub fn new(configuration: &SdkConfig, region: &str, runtime: Handle) -> Self {
        Self {
            agent: agent(PATIENCE),
            configuration: configuration.clone(),
            region: region.to_owned(),
            runtime,
            credentials: Mutex::default(),
        }
    }

    /// Waits for an answer no longer than that.
    #[must_use]
    pub fn within(self, longest: Duration) -> Self {
        Self { agent: agent(longest), ..self }
    }

    /// Sends it once.
    pub fn send(&self, request: &SignedRequest<'_>) -> Result<SignedResponse, SignedError> {
        let unreachable =
            |error: &(dyn std::error::Error + 'static)| SignedError::Unreachable(in_full(error));
        let signature = self.signature(request)?;
        let mut builder = http::Request::builder().method(request.method).uri(self.address(request));
        for (name, value) in &request.headers {
            builder = builder.header(*name, *value);
        }
        for (name, value) in signature {
            builder = builder.header(name, value);
        }
        let answer = if request.body.is_empty() && matches!(request.method, "GET" | "HEAD" | "DELETE") {
            self.agent.run(builder.body(()).map_err(|it| unreachable(&it))?)
        } else {
            self.agent.run(builder.body(request.body.to_vec()).map_err(|it| unreachable(&it))?)
        };
        let mut answer = answer.map_err(|it| unreachable(&it))?;
        let headers = answer.headers().iter().map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let headers = headers.collect();
        let body = answer.body_mut().with_config().limit(LONGEST_ANSWER).read_to_string();
        let body = body.map_err(|it| unreachable(&it))?;
        Ok(SignedResponse { status: answer.status().as_u16(), headers, body })
    }

    /// The headers that prove who asks.
    fn signature(&self, request: &SignedRequest<'_>) -> Result<Vec<(String, String)>, SignedError> {
        let refused = |error: &(dyn std::error::Error + 'static)| SignedError::Credentials(in_full(error));
        let identity = Identity::from(self.credentials()?);
        let mut settings = SigningSettings::default();
        if request.service == "s3" {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        let region = if request.service == "iam" { "us-east-1" } else { &self.region };
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(request.service)
            .time(SystemTime::from(Timestamp::now()))
            .settings(settings)
            .build()
            .map_err(|it| refused(&it))?
            .into();
        let address = self.address(request);
        let body = SignableBody::Bytes(request.body);
        let signable = SignableRequest::new(request.method, address, request.headers.iter().copied(), body);
        let signed = sign(signable.map_err(|it| refused(&it))?, &parameters).map_err(|it| refused(&it))?;
        let (instructions, _) = signed.into_parts();
        Ok(instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    fn address(&self, request: &SignedRequest<'_>) -> String {
        let SignedRequest { service, path, query, .. } = request;
        let region = &self.region;
        let host = match endpoint(&self.configuration, service) {
            Some(endpoint) => endpoint.trim_end_matches('/').to_owned(),
            None if *service == "iam" => "https://iam.amazonaws.com".to_owned(),
            None => format!("https://{service}.{region}.amazonaws.com"),
        };
        let query: Vec<String> =
            query.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        if query.is_empty() { format!("{host}{path}") } else { format!("{host}{path}?{}", query.join("&")) }
    }

    /// Credentials that hold for a while.
    fn credentials(&self) -> Result<Credentials, SignedError> {
        let mut kept = self.credentials.lock().unwrap_or_else(PoisonError::into_inner);
        let soon = SystemTime::from(Timestamp::now()) + EARLY;
        if let Some(credentials) = kept.as_ref().filter(|it| it.expiry().is_none_or(|at| at > soon)) {
            return Ok(credentials.clone());
        }
        let Some(provider) = self.configuration.credentials_provider() else {
            return Err(SignedError::Credentials("no credentials are configured".to_owned()));
        };
        let found = self.runtime.block_on(provider.provide_credentials());
        let found = found.map_err(|it| SignedError::Credentials(in_full(&it)))?;
        *kept = Some(found.clone());
        Ok(found)
    }
}

fn agent(longest: Duration) -> Agent {
    let configuration = Agent::config_builder().timeout_global(Some(longest));
    configuration.http_status_as_error(false).max_redirects(0).build().into()
}

/// As in an address.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |text, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text + &char::from(byte).to_string()
        } else {
            text + &format!("%{byte:02X}")
        }
    })
}
