//! Amazon Translate: one text a request, several requests at once.

use std::time::Duration;

use aws_config::SdkConfig;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use http::Method;
use object_store::client::{HttpRequest, HttpRequestBody};
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;

use crate::{
    connection::Connection,
    signer::{Credentials, Signer},
};

/// The service takes no longer text, in bytes of UTF-8.
const LONGEST: usize = 10_000;
/// Requests on their way.
const AT_ONCE: usize = 8;
/// The first included.
const ATTEMPTS: u32 = 8;
/// Before the second attempt; twice as long before each further one.
const WAIT: Duration = Duration::from_millis(250);

/// The service in an account and region.
#[derive(Debug, Clone)]
pub struct TextTranslation {
    signer: Signer,
    url: String,
    runtime: Handle,
}

/// The service can't answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct TranslationError {
    /// Its own words.
    pub reason: String,
    /// Whether asking again later may help.
    pub transient: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Question<'a> {
    text: &'a str,
    source_language_code: &'a str,
    target_language_code: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    translated_text: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Refusal {
    #[serde(rename = "__type")]
    kind: String,
    #[serde(alias = "Message")]
    message: String,
}

impl TextTranslation {
    /// Asks with that configuration, on that runtime.
    pub fn new(configuration: &SdkConfig, runtime: Handle) -> Self {
        let region = configuration.region().map_or("us-east-1", |it| it.as_ref()).to_owned();
        let url = configuration
            .endpoint_url()
            .map_or_else(|| format!("https://translate.{region}.amazonaws.com/"), str::to_owned);
        let signer = Signer {
            connection: Connection::new(configuration),
            credentials: Credentials::new(configuration),
            service: "translate",
            region,
        };
        Self { signer, url, runtime }
    }

    /// One answer for each text, in order; none for a text that the service does not take. Blocks.
    pub fn translate(
        &self,
        texts: &[String],
        from: &str,
        to: &str,
    ) -> Result<Vec<Option<String>>, TranslationError> {
        let answers = stream::iter(texts.iter().map(|text| self.one(text, from, to))).buffered(AT_ONCE);
        self.runtime.block_on(answers.try_collect())
    }

    async fn one(&self, text: &str, from: &str, to: &str) -> Result<Option<String>, TranslationError> {
        if text.trim().is_empty() || text.len() > LONGEST {
            return Ok(None);
        }
        let mut wait = WAIT;
        let mut left = ATTEMPTS;
        loop {
            left -= 1;
            match self.ask(text, from, to).await {
                Err(error) if error.transient && left > 0 => {
                    tokio::time::sleep(wait).await;
                    wait *= 2;
                }
                answer => return answer,
            }
        }
    }

    async fn ask(&self, text: &str, from: &str, to: &str) -> Result<Option<String>, TranslationError> {
        let lost = |reason: String| TranslationError { reason, transient: true };
        let question = Question { text, source_language_code: from, target_language_code: to };
        let request =
            request(&self.url, &question).map_err(|reason| TranslationError { reason, transient: false })?;
        let answer = self.signer.send(request).await.map_err(|error| lost(crate::in_full(&error)))?;
        let status = answer.status();
        let body = answer.into_body().bytes().await.map_err(|error| lost(crate::in_full(&error)))?;
        if status.is_success() {
            let answer: Answer = serde_json::from_slice(&body).map_err(|error| lost(error.to_string()))?;
            return Ok(Some(answer.translated_text));
        }
        let refusal: Refusal = serde_json::from_slice(&body).unwrap_or_default();
        refused(status, &refusal)
    }
}

/// What fails for one text leaves that text; what would fail for every text fails the stage.
fn refused(status: http::StatusCode, refusal: &Refusal) -> Result<Option<String>, TranslationError> {
    let kind = refusal.kind.rsplit('#').next().unwrap_or_default();
    match kind {
        "TextSizeLimitExceededException" | "DetectedLanguageLowConfidenceException" => Ok(None),
        _ => Err(TranslationError {
            reason: format!("Amazon Translate answers {status} {kind}: {}", refusal.message),
            transient: status.is_server_error()
                || status == http::StatusCode::TOO_MANY_REQUESTS
                || matches!(
                    kind,
                    "ThrottlingException" | "TooManyRequestsException" | "LimitExceededException"
                ),
        }),
    }
}

fn request(url: &str, question: &Question<'_>) -> Result<HttpRequest, String> {
    let body = serde_json::to_vec(question).map_err(|error| error.to_string())?;
    http::Request::builder()
        .method(Method::POST)
        .uri(url)
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", "AWSShineFrontendService_20170701.TranslateText")
        .body(HttpRequestBody::from(body))
        .map_err(|error| error.to_string())
}
