//! A notification as blocks of Slack.
//!
//! Source: "Block Kit" reference and "Formatting text for app surfaces", Slack API. Backticks mean the same there
//! as in our summaries.

use serde::Serialize;
use sluice_contract::notification::Notification;

use crate::text;

/// The JSON text to post.
pub(super) fn render(notification: &Notification) -> Result<String, serde_json::Error> {
    let mut lines = vec![format!("*{}*", escaped(&notification.summary))];
    let details = text::details(notification);
    lines.extend(details.iter().map(|(label, value)| format!("{label}  `{}`", code(value))));
    // A link, not a button: Slack reports the pressing of a button to a server that a webhook has not.
    lines.extend(notification.log.as_deref().map(|url| format!("log  <{}|CloudWatch>", escaped(url))));
    let lines = lines.join("\n");
    let blocks = [
        Block::Header { text: Text::PlainText { text: notification.occasion.heading() } },
        Block::Section { text: Text::Mrkdwn { text: &lines } },
    ];
    let fallback = format!("{}: {}", notification.occasion.heading(), escaped(&notification.summary));
    serde_json::to_string(&Message { text: &fallback, blocks })
}

/// The three characters that Slack's markup is made of.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A backtick or a line break would end the code.
fn code(text: &str) -> String {
    escaped(text).replace('`', "'").replace(['\n', '\r'], " ")
}

#[derive(Serialize)]
struct Message<'a> {
    /// What is shown where blocks are not: in a phone's notice.
    text: &'a str,
    blocks: [Block<'a>; 2],
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block<'a> {
    Header { text: Text<'a> },
    Section { text: Text<'a> },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Text<'a> {
    PlainText { text: &'a str },
    Mrkdwn { text: &'a str },
}
