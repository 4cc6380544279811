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

#[cfg(test)]
mod tests {
    use std::{io::Write, net::TcpListener, thread};

    use super::*;

    #[test]
    fn who_speaks_no_tls_is_not_told_anything() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("https://{}/hook", listener.local_addr().unwrap());
        let other_side = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.write_all(b"HTTP/1.1 200 x\r\n\r\n");
        });
        let refused = Client::new().post(&address, "{}").unwrap_err();
        assert!(refused.reason.contains("InvalidContentType"), "{}", refused.reason);
        other_side.join().unwrap();
    }
}
