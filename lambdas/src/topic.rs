//! A notification as a message of an SNS topic: JSON for functions and queues, plain lines for e-mail.
//!
//! Source: `Publish` with `MessageStructure` `json`, SNS API reference.

use serde::Serialize;
use sluice_contract::notification::Notification;

use crate::text;

/// The attribute that a subscription can filter by.
pub const OCCASION: &str = "occasion";

/// The longest subject that SNS takes, in characters.
const LONGEST_SUBJECT: usize = 99;

/// What is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicMessage {
    /// The subject of an e-mail.
    pub subject: String,
    /// The texts by protocol, as JSON.
    pub body: String,
    /// The value of [`OCCASION`].
    pub occasion: &'static str,
}

/// The message that tells it.
pub fn message(notification: &Notification) -> Result<TopicMessage, serde_json::Error> {
    let default = serde_json::to_string(notification)?;
    let body = serde_json::to_string(&ByProtocol { default, email: text::render(notification) })?;
    Ok(TopicMessage { subject: subject(notification), body, occasion: notification.occasion.word() })
}

#[derive(Serialize)]
struct ByProtocol {
    default: String,
    email: String,
}

/// ASCII without line breaks, or SNS refuses the whole message.
fn subject(notification: &Notification) -> String {
    let whole = format!("{}: {}", notification.occasion.heading(), notification.summary);
    let printable = |it: char| if it == ' ' || it.is_ascii_graphic() { it } else { '?' };
    whole.chars().filter(|it| *it != '`').take(LONGEST_SUBJECT).map(printable).collect()
}

#[cfg(test)]
mod tests {
    use sluice_contract::notification::Occasion;

    use super::*;

    #[test]
    fn a_message_has_json_for_programs_and_lines_for_people() {
        let notification = Notification {
            occasion: Occasion::Recovery,
            pipeline: "greece".into(),
            run: "r2".into(),
            stage: None,
            summary: "`greece` has\nsucceeded again, né?".into(),
            cause: None,
            help: None,
            next_step: None,
            origin: None,
            channel: None,
            log: None,
        };
        let message = message(&notification).unwrap();
        assert_eq!(message.subject, "Recovery: greece has?succeeded again, n??");
        assert_eq!(message.occasion, "recovery");
        let texts: serde_json::Value = serde_json::from_str(&message.body).unwrap();
        let told: Notification = serde_json::from_str(texts["default"].as_str().unwrap()).unwrap();
        assert_eq!(told, notification);
        assert_eq!(texts["email"], text::render(&notification));
    }

    #[test]
    fn a_subject_is_cut() {
        let notification = Notification {
            occasion: Occasion::Failure,
            pipeline: "greece".into(),
            run: "r2".into(),
            stage: None,
            summary: "x".repeat(200),
            cause: None,
            help: None,
            next_step: None,
            origin: None,
            channel: None,
            log: None,
        };
        assert_eq!(subject(&notification).len(), LONGEST_SUBJECT);
    }
}
