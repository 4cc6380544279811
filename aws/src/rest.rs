//! Services that speak REST and JSON, of which one call is needed: signed here, without the service's SDK.
//!
//! The SDK of Connect alone takes minutes to build.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4::SigningParams,
};
use aws_types::service_config::ServiceConfigKey;
use tokio::runtime::Handle;

use crate::in_full;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A service in an account and region.
#[derive(Debug, Clone)]
pub struct RestService {
    configuration: SdkConfig,
    runtime: Handle,
    agent: ureq::Agent,
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
    pub reason: String,
}

impl RestService {
    /// Asks with that configuration, on that runtime. The name is that of the service's hosts and signatures:
    /// `connect`.
    pub fn new(configuration: &SdkConfig, runtime: Handle, name: &'static str) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(TIMEOUT))
            .build();
        Self { configuration: configuration.clone(), runtime, agent: agent.into(), name }
    }

    /// Puts JSON to a path, or posts it. Blocks.
    pub fn call(&self, method: &str, path: &str, json: &str) -> Result<RestAnswer, RestError> {
        let url = format!("{}{path}", self.endpoint()?);
        let mut request = ureq::http::Request::builder().method(method).uri(&url);
        let content_type = ("content-type", "application/json");
        request = request.header(content_type.0, content_type.1);
        for (name, value) in self.signature(method, &url, content_type, json)? {
            request = request.header(name, value);
        }
        let request = request.body(json.to_owned()).map_err(|it| self.error(it.to_string()))?;
        let mut answer = self.agent.run(request).map_err(|it| self.error(it.to_string()))?;
        let error = answer.headers().get("x-amzn-errortype").and_then(|it| it.to_str().ok());
        // `Name:http://…`, says the specification of the protocol, and only the name counts.
        let error = error.and_then(|it| it.split(':').next()).map(str::to_owned);
        let status = answer.status().as_u16();
        let body = answer.body_mut().read_to_string().map_err(|it| self.error(it.to_string()))?;
        Ok(RestAnswer { status, error, body })
    }

    fn signature(
        &self,
        method: &str,
        url: &str,
        content_type: (&str, &str),
        json: &str,
    ) -> Result<Vec<(String, String)>, RestError> {
        let provider = self.configuration.credentials_provider();
        let provider = provider.ok_or_else(|| self.error("there are no credentials".to_owned()))?;
        let credentials = self.runtime.block_on(provider.provide_credentials());
        let identity = credentials.map_err(|it| self.error(in_full(&it)))?.into();
        let clock = self.configuration.time_source();
        let clock = clock.ok_or_else(|| self.error("there is no clock".to_owned()))?;
        let parameters = SigningParams::builder()
            .identity(&identity)
            .region(self.region()?)
            .name(self.name)
            .time(clock.now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|it| self.error(it.to_string()))?;
        let body = SignableBody::Bytes(json.as_bytes());
        let request = SignableRequest::new(method, url, std::iter::once(content_type), body);
        let request = request.map_err(|it| self.error(it.to_string()))?;
        let signed = sign(request, &parameters.into()).map_err(|it| self.error(it.to_string()))?;
        let (instructions, _) = signed.into_parts();
        Ok(instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// The environment's, where it has one for this service or for all.
    fn endpoint(&self) -> Result<String, RestError> {
        let key =
            ServiceConfigKey::builder().service_id(self.name).env("AWS_ENDPOINT_URL").profile("endpoint_url");
        let key = key.build().map_err(|it| self.error(it.to_string()))?;
        let own = self.configuration.service_config().and_then(|it| it.load_config(key));
        if let Some(endpoint) = own.or_else(|| self.configuration.endpoint_url().map(str::to_owned)) {
            return Ok(endpoint.trim_end_matches('/').to_owned());
        }
        let region = self.region()?;
        let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        Ok(format!("https://{}.{region}.{domain}", self.name))
    }

    fn region(&self) -> Result<&str, RestError> {
        let region = self.configuration.region().map(AsRef::as_ref);
        region.ok_or_else(|| self.error("there is no region".to_owned()))
    }

    fn error(&self, reason: String) -> RestError {
        RestError { service: self.name, reason }
    }
}
