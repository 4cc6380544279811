//! The way to channels: HTTP, with rustls and the roots that Mozilla trusts.

use std::time::Duration;

use sluice_lambdas::notify::{Answer, Unreachable, Web};
use ureq::Agent;

/// How long a channel may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most that is read of an answer.
const LONGEST_ANSWER: u64 = 4_096;

/// Posts, and follows no redirect: an address that is a credential is not carried elsewhere.
#[derive(Debug)]
pub(crate) struct Client(Agent);

impl Client {
    pub(crate) fn new() -> Self {
        let configuration = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .max_redirects(0)
            .build();
        Self(configuration.into())
    }
}

impl Web for Client {
    fn post(&self, address: &str, json: &str) -> Result<Answer, Unreachable> {
        let request = self.0.post(address).header("content-type", "application/json");
        let mut answer = request.send(json).map_err(|error| Unreachable { reason: error.to_string() })?;
        let retry_after = answer.headers().get("retry-after");
        let retry_after = retry_after.and_then(|it| it.to_str().ok()?.trim().parse().ok());
        let body = answer.body_mut().with_config().limit(LONGEST_ANSWER).read_to_string();
        // The status says whether it was taken; an unreadable text takes nothing from that.
        Ok(Answer { status: answer.status().as_u16(), retry_after, body: body.unwrap_or_default() })
    }
}
