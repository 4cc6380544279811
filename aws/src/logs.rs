//! CloudWatch Logs: the lines of streams.

use aws_config::SdkConfig;
use aws_sdk_cloudwatchlogs::{Client, operation::get_log_events::GetLogEventsError};
use tokio::runtime::Handle;

use crate::CallError;

/// The log groups of an account and region.
#[derive(Debug, Clone)]
pub struct Logs {
    client: Client,
    runtime: Handle,
}

/// A line, and when it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Milliseconds since 1970.
    pub at: i64,
    /// Without its line end.
    pub text: String,
}

/// Some lines of a stream, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPage {
    /// May be none, though more follow.
    pub lines: Vec<LogLine>,
    /// Where the next page begins; the same as before where there is no more for now.
    pub next: Option<String>,
}

impl Logs {
    /// Asks with that configuration, on that runtime.
    pub fn new(configuration: &SdkConfig, runtime: Handle) -> Self {
        Self { client: Client::new(configuration), runtime }
    }

    /// The lines from there on, or from the stream's first one; none where there is no such stream yet. Blocks.
    pub fn page(&self, group: &str, stream: &str, from: Option<&str>) -> Result<LogPage, CallError> {
        let call = self.client.get_log_events().log_group_name(group).log_stream_name(stream);
        let call = call.start_from_head(true).set_next_token(from.map(str::to_owned));
        match self.runtime.block_on(call.send()) {
            Ok(answer) => {
                let lines = answer.events.unwrap_or_default().into_iter().map(|it| LogLine {
                    at: it.timestamp.unwrap_or_default(),
                    text: it.message.unwrap_or_default().trim_end().to_owned(),
                });
                Ok(LogPage { lines: lines.collect(), next: answer.next_forward_token })
            }
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(GetLogEventsError::is_resource_not_found_exception) =>
            {
                Ok(LogPage { lines: Vec::new(), next: None })
            }
            Err(error) => Err(CallError::of(&error)),
        }
    }
}
