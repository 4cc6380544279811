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
    let lines = lines.join("\n");
    let mut blocks = vec![
        Block::Header { text: Text::PlainText { text: notification.occasion.heading() } },
        Block::Section { text: Text::Mrkdwn { text: &lines } },
    ];
    blocks.extend(notification.log.as_deref().map(|url| Block::Actions {
        elements: [Element::Button { text: Text::PlainText { text: "Log" }, url }],
    }));
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
    blocks: Vec<Block<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block<'a> {
    Header { text: Text<'a> },
    Section { text: Text<'a> },
    Actions { elements: [Element<'a>; 1] },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Element<'a> {
    Button { text: Text<'a>, url: &'a str },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Text<'a> {
    PlainText { text: &'a str },
    Mrkdwn { text: &'a str },
}
