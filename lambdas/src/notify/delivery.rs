//! One message to one address: again where it may help, and never a word of the address itself.

use serde::Deserialize;

use super::{Channel, Notifier};
use crate::redact::redact;

/// Whoever keeps secrets.
pub trait Secrets: std::fmt::Debug {
    /// The text of the secret of that name, or why it can't be had.
    fn read(&self, name: &str) -> Result<String, String>;
}

/// Whoever posts.
pub trait Web: std::fmt::Debug {
    /// Posts JSON, and returns the answer whatever its status is.
    fn post(&self, address: &str, json: &str) -> Result<Answer, Unreachable>;
}

/// Whoever waits.
pub trait Pause: std::fmt::Debug {
    /// Waits so many seconds.
    fn pause(&self, seconds: u64);
}

/// An answer of a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
    /// The start of its text.
    pub body: String,
}

/// There was no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreachable {
    /// What the library said.
    pub reason: String,
}

/// Why a channel was not told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// Its address can't be had.
    #[error("secret `{name}` can't be read: {reason}")]
    Secret {
        /// The secret's name.
        name: String,
        /// Why.
        reason: String,
    },
    /// Its address is none.
    #[error("secret `{name}` holds no `https` address, alone or as `url` in a JSON object")]
    Address {
        /// The secret's name.
        name: String,
    },
    /// The message can't be written.
    #[error("the message can't be written: {reason}")]
    Message {
        /// Why.
        reason: String,
    },
    /// It will not take the message, however often it is sent.
    #[error("it answered {status}: {said}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Its words.
        said: String,
    },
    /// It did not take the message, but may later.
    #[error("it could not be told in {attempts} attempts: {reason}")]
    Unanswered {
        /// How often it was tried.
        attempts: usize,
        /// What came of the last attempt.
        reason: String,
    },
}

impl DeliveryError {
    /// Whether a later attempt may help with nothing changed.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Secret { .. } | Self::Unanswered { .. } => true,
            Self::Address { .. } | Self::Message { .. } | Self::Refused { .. } => false,
        }
    }
}

/// The waits between attempts, in seconds.
const WAITS: [u64; 4] = [1, 2, 4, 8];
/// The longest wait that a channel may ask for: the function's own time is limited.
const LONGEST_WAIT: u64 = 30;
/// The most that is told of a channel's words.
const LONGEST_WORDS: usize = 200;

pub(super) fn deliver(
    notifier: &Notifier<'_>,
    channel: &Channel,
    message: &str,
) -> Result<(), DeliveryError> {
    let address = address(notifier, channel)?;
    let told = |text: &str| {
        let line: String = text.replace(&address, "***").chars().take(LONGEST_WORDS).collect();
        redact(line.trim())
    };
    let mut waits = WAITS.into_iter();
    loop {
        let (reason, asked) = match notifier.web.post(&address, message) {
            Ok(answer) => match verdict(&answer) {
                Verdict::Taken => return Ok(()),
                Verdict::Refused => {
                    return Err(DeliveryError::Refused { status: answer.status, said: told(&answer.body) });
                }
                Verdict::Later => (format!("it answered {}", answer.status), answer.retry_after),
            },
            Err(error) => (told(&error.reason), None),
        };
        let Some(wait) = waits.next() else {
            return Err(DeliveryError::Unanswered { attempts: WAITS.len() + 1, reason });
        };
        notifier.pause.pause(asked.map_or(wait, |it| it.clamp(wait, LONGEST_WAIT)));
    }
}

/// The secret is the address, or an object with it as `url`.
fn address(notifier: &Notifier<'_>, channel: &Channel) -> Result<String, DeliveryError> {
    #[derive(Deserialize)]
    struct Object {
        url: String,
    }
    let name = &channel.secret;
    let text = notifier
        .secrets
        .read(name)
        .map_err(|reason| DeliveryError::Secret { name: name.clone(), reason: redact(&reason) })?;
    let address = serde_json::from_str::<Object>(&text).map_or(text, |it| it.url).trim().to_owned();
    // What goes to this machine itself is read by nobody on the way.
    let private = address.starts_with("https://") || address.starts_with("http://127.0.0.1:");
    if private { Ok(address) } else { Err(DeliveryError::Address { name: name.clone() }) }
}

enum Verdict {
    Taken,
    Later,
    Refused,
}

/// Teams' own webhooks answer 200 also where the service behind them answered 429, and say so in the text.
fn verdict(answer: &Answer) -> Verdict {
    match answer.status {
        200..300 if answer.body.contains("HTTP error 429") => Verdict::Later,
        200..300 => Verdict::Taken,
        408 | 425 | 429 | 500.. => Verdict::Later,
        _ => Verdict::Refused,
    }
}
