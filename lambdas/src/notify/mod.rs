//! `notify`: hands notifications from the topic on to the channels that people read.
//!
//! Owns which channel hears of what, and what is done when it does not answer. E-mail is not among its channels:
//! SNS sends that itself. Knows no AWS SDK and no HTTP library: both come in through [`Secrets`] and [`Web`].

mod alarm;
mod delivery;
mod slack;
mod teams;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Deserialize;
use sluice_contract::notification::{Notification, Occasion};

use crate::{
    log::{Level, Log},
    redact::redact,
};

pub use delivery::{Answer, DeliveryError, Pause, Secrets, Unreachable, Web};

/// What Lambda hands over for a message of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TopicEvent {
    /// Always one, says SNS.
    #[serde(rename = "Records")]
    pub records: Vec<TopicRecord>,
}

/// A message of a topic, in its envelope.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TopicRecord {
    /// The message.
    #[serde(rename = "Sns")]
    pub sns: TopicText,
}

/// A message of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TopicText {
    /// Its own id.
    pub message_id: String,
    /// A [`Notification`], as JSON.
    pub message: String,
}

/// Where people read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// What the program calls it: `data_team`.
    pub name: String,
    /// Which form it takes.
    pub kind: ChannelKind,
    /// The name of the secret that holds its address.
    pub secret: String,
    /// What it hears of.
    pub occasions: Vec<Occasion>,
}

impl Channel {
    fn hears(&self, notification: &Notification) -> bool {
        match &notification.channel {
            Some(only) => *only == self.name,
            None => self.occasions.iter().any(|asked| asked.includes(notification.occasion)),
        }
    }
}

/// Which form a channel takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// Adaptive Cards, through a workflow's or an incoming webhook's address.
    Teams,
    /// Blocks, through an incoming webhook's address.
    Slack,
}

/// Why an event was not dealt with; delivering it again may help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotifyError {
    /// The message is no notification.
    #[error("message `{id}` is not a notification: {reason}")]
    Malformed {
        /// Its id.
        id: String,
        /// Where it differs.
        reason: String,
    },
    /// Channels that may answer later.
    #[error("not every channel could be told: {}", .channels.join(", "))]
    Unanswered {
        /// Their names.
        channels: Vec<String>,
    },
}

/// Tells channels, with whatever answers behind the traits.
#[derive(Debug, Clone, Copy)]
pub struct Notifier<'a> {
    /// All of them.
    pub channels: &'a [Channel],
    /// Where their addresses are.
    pub secrets: &'a dyn Secrets,
    /// The way to them.
    pub web: &'a dyn Web,
    /// How to wait.
    pub pause: &'a dyn Pause,
    /// Milliseconds since 1970.
    pub now: i64,
}

impl Notifier<'_> {
    /// Tells every channel that hears of it, those after one that does not answer too. A channel that refuses
    /// what it is sent would do so again: that is logged and counted, and is no error.
    pub fn event(&self, event: &TopicEvent, log: &mut Log<'_>) -> Result<(), NotifyError> {
        let mut counts = BTreeMap::new();
        let mut unanswered = Vec::new();
        let mut malformed = None;
        for TopicRecord { sns } in &event.records {
            let read = serde_json::from_str::<Notification>(&sns.message);
            match read.or_else(|error| alarm::read(&sns.message).ok_or(error)) {
                Ok(notification) => {
                    self.tell(&sns.message_id, &notification, &mut unanswered, &mut counts, log);
                }
                Err(error) => {
                    let error =
                        NotifyError::Malformed { id: sns.message_id.clone(), reason: error.to_string() };
                    *counts.entry("Malformed").or_default() += 1;
                    log.line(Level::Error, &sns.message_id, &error.to_string());
                    malformed = Some(error);
                }
            }
        }
        log.counts(self.now, &counts);
        match malformed {
            Some(error) => Err(error),
            None if unanswered.is_empty() => Ok(()),
            None => Err(NotifyError::Unanswered { channels: unanswered }),
        }
    }

    fn tell(
        &self,
        id: &str,
        notification: &Notification,
        unanswered: &mut Vec<String>,
        counts: &mut BTreeMap<&'static str, u64>,
        log: &mut Log<'_>,
    ) {
        let notification = redacted(notification);
        for channel in self.channels.iter().filter(|it| it.hears(&notification)) {
            let name = &channel.name;
            let counted = match self.deliver(channel, &notification) {
                Ok(()) => {
                    log.line(Level::Info, id, &format!("channel `{name}` was told"));
                    "Delivered"
                }
                Err(error) => {
                    log.line(Level::Error, id, &format!("channel `{name}` was not told: {error}"));
                    if error.may_pass() {
                        unanswered.push(name.clone());
                        "Unanswered"
                    } else {
                        "Refused"
                    }
                }
            };
            *counts.entry(counted).or_default() += 1;
        }
    }

    fn deliver(&self, channel: &Channel, notification: &Notification) -> Result<(), DeliveryError> {
        let message = match channel.kind {
            ChannelKind::Teams => teams::render(notification),
            ChannelKind::Slack => slack::render(notification),
        };
        let message = message.map_err(|error| DeliveryError::Message { reason: error.to_string() })?;
        delivery::deliver(self, channel, &message)
    }
}

/// Whatever a database or a driver put into its words stays out of the channels.
fn redacted(notification: &Notification) -> Notification {
    Notification {
        summary: redact(&notification.summary),
        help: notification.help.as_deref().map(redact),
        cause: notification.cause.as_deref().map(redact),
        ..notification.clone()
    }
}
