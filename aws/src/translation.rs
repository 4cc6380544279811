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
    endpoint,
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
        let url = endpoint(configuration, "translate")
            .unwrap_or_else(|| format!("https://translate.{region}.amazonaws.com/"));
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
        patiently(async || self.ask(text, from, to).await, tokio::time::sleep).await
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

/// Asks again, after longer and longer pauses, what may be answered later.
async fn patiently<T, P: Future<Output = ()>>(
    ask: impl AsyncFn() -> Result<T, TranslationError>,
    pause: impl Fn(Duration) -> P,
) -> Result<T, TranslationError> {
    let mut wait = WAIT;
    for _ in 1..ATTEMPTS {
        match ask().await {
            Err(error) if error.transient => pause(wait).await,
            answer => return answer,
        }
        wait *= 2;
    }
    ask().await
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
                    "ThrottlingException"
                        | "TooManyRequestsException"
                        | "LimitExceededException"
                        | "ServiceUnavailableException"
                        | "InternalServerException"
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

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, future::ready};

    use http::StatusCode;

    use super::*;

    fn refusal(status: StatusCode, kind: &str) -> Result<Option<String>, bool> {
        let refusal = Refusal { kind: kind.to_owned(), message: String::new() };
        refused(status, &refusal).map_err(|it| it.transient)
    }

    #[test]
    fn what_may_pass_is_told_from_what_will_not() {
        let bad = StatusCode::BAD_REQUEST;
        for kind in
            ["ThrottlingException", "ServiceUnavailableException", "com.amazonaws#TooManyRequestsException"]
        {
            assert_eq!(refusal(bad, kind), Err(true), "{kind}");
        }
        assert_eq!(refusal(StatusCode::BAD_GATEWAY, ""), Err(true));
        for kind in
            ["UnsupportedLanguagePairException", "InvalidRequestException", "AccessDeniedException", ""]
        {
            assert_eq!(refusal(bad, kind), Err(false), "{kind}");
        }
        assert_eq!(refusal(bad, "TextSizeLimitExceededException"), Ok(None));
    }

    #[test]
    fn pauses_grow_until_there_is_an_answer() {
        let asked = |failures: usize, transient: bool| {
            let (calls, pauses) = (RefCell::new(0), RefCell::new(Vec::new()));
            let ask = async || {
                *calls.borrow_mut() += 1;
                let busy = TranslationError { reason: "busy".to_owned(), transient };
                if *calls.borrow() <= failures { Err(busy) } else { Ok(7) }
            };
            let pause = |wait: Duration| {
                pauses.borrow_mut().push(wait.as_millis());
                ready(())
            };
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let answer = runtime.block_on(patiently(ask, pause));
            (answer.ok(), calls.into_inner(), pauses.into_inner())
        };
        assert_eq!(asked(0, true), (Some(7), 1, vec![]));
        assert_eq!(asked(3, true), (Some(7), 4, vec![250, 500, 1000]));
        assert_eq!(asked(99, true), (None, 8, vec![250, 500, 1000, 2000, 4000, 8000, 16_000]));
        assert_eq!(asked(99, false), (None, 1, vec![]));
    }
}
