//! HTTP for the object store by the connections of the SDK, so that there is one TLS in a program.

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_smithy_http_client::{
    Connector,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector as _, HttpConnectorSettings, SharedHttpConnector},
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt as _;
use object_store::{
    ClientOptions,
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody,
        HttpService,
    },
};
use std::time::Duration;

/// Until a host must have taken the connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Until an answer must have begun.
const ANSWER: Duration = Duration::from_secs(30);

/// The connections to one service; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    connector: SharedHttpConnector,
}

impl Connection {
    pub(crate) fn new(configuration: &SdkConfig) -> Self {
        let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT).read_timeout(ANSWER).build();
        let mut builder = Connector::builder().connector_settings(settings);
        let _ = builder.set_sleep_impl(configuration.sleep_impl());
        let connector = builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).build();
        Self { connector: SharedHttpConnector::new(connector) }
    }
}

impl HttpConnector for Connection {
    fn connect(&self, _options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait]
impl HttpService for Connection {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let unknown = |error| HttpError::new_boxed(HttpErrorKind::Unknown, error);
        let request = request.map(|body| match body.as_bytes() {
            Some(bytes) => SdkBody::from(bytes.clone()),
            None => SdkBody::from_body_1_x(body),
        });
        let request = request.try_into().map_err(|error| unknown(Box::new(error)))?;
        let answer = self.connector.call(request).await.map_err(failure)?;
        let answer = answer.try_into_http1x().map_err(|error| unknown(Box::new(error)))?;
        // Whatever stops an answer in its middle, asking for the rest of it may help.
        let broken = |error| HttpError::new_boxed(HttpErrorKind::Interrupted, error);
        Ok(answer.map(|body| HttpResponseBody::new(body.map_err(broken))))
    }
}

fn failure(error: ConnectorError) -> HttpError {
    let kind = if error.is_timeout() {
        HttpErrorKind::Timeout
    } else if error.is_io() {
        HttpErrorKind::Connect
    } else if error.is_other() {
        HttpErrorKind::Request
    } else {
        HttpErrorKind::Unknown
    };
    HttpError::new(kind, error)
}
