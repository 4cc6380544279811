//! Services that speak REST and JSON, of which one call is needed: without the service's SDK.
//!
//! The SDK of Connect alone takes minutes to build.

use std::time::Duration;

use aws_config::SdkConfig;
use tokio::runtime::Handle;

use crate::signed::{SignedError, SignedRequest, Signer};

/// How long an answer may take: a function does not wait for longer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A service in an account and region.
#[derive(Debug)]
pub struct RestService {
    signer: Signer,
    name: &'static str,
}

/// An answer, whatever its status is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The service's name for an error: `LimitExceededException`.
    pub error: Option<String>,
    /// Its text.
    pub body: String,
}

/// There was no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{service} can't be asked: {reason}")]
pub struct RestError {
    /// The service.
    pub service: &'static str,
    /// Why.
    pub reason: SignedError,
}

impl RestService {
    /// Asks with that configuration, in its region, on that runtime. The name is that of the service's hosts and
    /// signatures: `connect`.
    pub fn new(configuration: &SdkConfig, runtime: Handle, name: &'static str) -> Self {
        let region = configuration.region().map(AsRef::as_ref).unwrap_or_default();
        Self { signer: Signer::new(configuration, region, runtime).within(TIMEOUT), name }
    }

    /// Puts JSON to a path, or posts it. Blocks.
    pub fn call(&self, method: &str, path: &str, json: &str) -> Result<RestAnswer, RestError> {
        let request = SignedRequest {
            service: self.name,
            method,
            path,
            query: &[],
            headers: vec![("content-type", "application/json")],
            body: json.as_bytes(),
        };
        let answer = self.signer.send(&request);
        let answer = answer.map_err(|reason| RestError { service: self.name, reason })?;
        let error = answer.headers.iter().find(|(name, _)| name == "x-amzn-errortype");
        // `Name:http://…`, says the specification of the protocol, and only the name counts.
        let error = error.and_then(|(_, it)| it.split(':').next()).map(str::to_owned);
        Ok(RestAnswer { status: answer.status, error, body: answer.body })
    }
}
