//! Credentials for what is asked without the SDK, and requests signed with them.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_dynamodb::config::{ProvideCredentials as _, SharedCredentialsProvider};
use object_store::{
    CredentialProvider,
    aws::{AwsAuthorizer, AwsCredential},
    client::{HttpRequest, HttpResponse, HttpService as _},
};
use tokio::sync::Mutex;

use crate::{connection::Connection, in_full};

/// Credentials are asked for again when they have no longer than this to live.
const EARLY: Duration = Duration::from_mins(5);

/// The credentials of the configuration, kept for as long as they are good.
#[derive(Debug)]
pub(crate) struct Credentials {
    provider: Option<SharedCredentialsProvider>,
    kept: Mutex<Option<Kept>>,
}

#[derive(Debug)]
struct Kept {
    credential: Arc<AwsCredential>,
    until: Option<SystemTime>,
}

impl Credentials {
    pub(crate) fn new(configuration: &SdkConfig) -> Arc<Self> {
        Arc::new(Self { provider: configuration.credentials_provider(), kept: Mutex::new(None) })
    }
}

#[async_trait]
impl CredentialProvider for Credentials {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        let mut kept = self.kept.lock().await;
        if let Some(kept) = &*kept
            && kept.until.is_none_or(|it| it > now() + EARLY)
        {
            return Ok(Arc::clone(&kept.credential));
        }
        let missing = |reason: String| object_store::Error::Unauthenticated {
            path: String::new(),
            source: format!("there are no credentials: {reason}").into(),
        };
        let provider = self.provider.as_ref().ok_or_else(|| missing("nothing provides any".to_owned()))?;
        let given = provider.provide_credentials().await.map_err(|error| missing(in_full(&error)))?;
        let credential = Arc::new(AwsCredential {
            key_id: given.access_key_id().to_owned(),
            secret_key: given.secret_access_key().to_owned(),
            token: given.session_token().map(str::to_owned),
        });
        *kept = Some(Kept { credential: Arc::clone(&credential), until: given.expiry() });
        Ok(credential)
    }
}

#[expect(clippy::disallowed_methods, reason = "the credentials of a host end by the clock of the host")]
fn now() -> SystemTime {
    SystemTime::now()
}

/// Sends requests that are signed for one service.
#[derive(Debug, Clone)]
pub(crate) struct Signer {
    pub(crate) connection: Connection,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) service: &'static str,
    pub(crate) region: String,
}

impl Signer {
    pub(crate) async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, SendError> {
        let credential = self.credentials.get_credential().await?;
        AwsAuthorizer::new(&credential, self.service, &self.region).try_authorize(&mut request, None)?;
        Ok(self.connection.call(request).await?)
    }
}

/// A signed request could not be made, or got no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    #[error(transparent)]
    Credentials(#[from] object_store::Error),
    #[error(transparent)]
    Connection(#[from] object_store::client::HttpError),
}
