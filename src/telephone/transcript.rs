//! What happens in a call, for people and for programs.

use std::{collections::BTreeMap, fmt::Write as _};

use serde::Serialize;
use sluice_contract::survey::parameter;

use super::call::End;

/// One thing that happened. The JSON form is stable: fields are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say what they hold")]
pub enum Event {
    /// A flow begins.
    Flow { name: String },
    /// Words: `SSML` as it is written.
    Said { action: String, text: String },
    /// Words, and keys are waited for.
    Asked { action: String, text: String, takes: String },
    /// The caller pressed keys.
    Pressed { action: String, keys: String },
    /// The caller pressed none in time.
    Silence { action: String, seconds: u64 },
    /// The caller hung up.
    HungUp { action: String },
    /// Attributes were set.
    Set { action: String, attributes: BTreeMap<String, String> },
    /// Something was compared.
    Compared { action: String, value: String },
    /// A function was called.
    Called { action: String, function: String, parameters: BTreeMap<String, String> },
    /// It was called again, since it failed or since it was asked for.
    CalledAgain { action: String },
    /// It answered, or did not.
    Answered { action: String, answer: Result<BTreeMap<String, String>, String> },
    /// An action ended with an error.
    Failed { action: String, error: String },
    /// Time passed.
    Waited { action: String, seconds: u64 },
    /// The caller was put into a queue.
    Queued { action: String, queue: String },
    /// An agent took the call, and hung up.
    Agent { queue: Option<String> },
    /// Something was spoken that was never set.
    Unset { action: String, reference: String },
    /// The call ended.
    Ended { end: End },
}

/// The event as people read it; none of those that nobody on the line notices.
pub fn line(event: &Event) -> Option<String> {
    Some(match event {
        Event::Flow { name } => {
            format!("=== {}", if name.is_empty() { "a flow without a name" } else { name })
        }
        Event::Said { text, .. } => format!("  \"{}\"", words(text)),
        Event::Asked { text, takes, .. } => format!("  \"{}\" [{takes}]", words(text)),
        Event::Pressed { keys, .. } => format!("> {keys}"),
        Event::Silence { seconds, .. } => format!("> (silence, {seconds} s)"),
        Event::HungUp { .. } => "> (hangs up)".to_owned(),
        Event::Set { attributes, .. } => format!("    {}", pairs(attributes)),
        Event::Called { function, parameters, .. } => called(function, parameters),
        Event::CalledAgain { .. } => "    called again".to_owned(),
        Event::Compared { .. } | Event::Answered { answer: Ok(_), .. } => return None,
        Event::Answered { answer: Err(problem), .. } => format!("    the function failed: {problem}"),
        // The silence itself has been told.
        Event::Failed { error, .. } if error == "InputTimeLimitExceeded" => return None,
        Event::Failed { action, error } => format!("    {action}: {error}"),
        Event::Waited { seconds, .. } => format!("    waits {seconds} s"),
        Event::Queued { queue, .. } => format!("    into the queue {queue}"),
        Event::Agent { .. } => "    an agent takes the call, and hangs up".to_owned(),
        Event::Unset { action, reference } => format!("  ! {action} speaks {reference}, which was never set"),
        Event::Ended { end } => match end {
            End::Disconnected => "--- the call is over".to_owned(),
            End::HungUp => "--- the caller has hung up".to_owned(),
            End::Agent(_) => "--- the flow is over".to_owned(),
            End::Flow(name) => format!("--- goes on in the flow {name}, which is not here"),
            End::Number(number) => format!("--- goes on at {number}"),
        },
    })
}

/// Of what surveys hand over, what tells one call from another.
fn called(function: &str, parameters: &BTreeMap<String, String>) -> String {
    let of = |name: &str| parameters.get(name);
    match (of(parameter::STATUS), of(parameter::QUESTION), of(parameter::ANSWER)) {
        (Some(status), Some(question), Some(answer)) => {
            format!("    {function}: {status}, {question} = {answer}")
        }
        (Some(status), _, _) => format!("    {function}: {status}"),
        (None, _, _) => format!("    {function}({})", pairs(parameters)),
    }
}

/// What is heard of words with marks, and where they pause.
fn words(text: &str) -> String {
    if !text.trim_start().starts_with("<speak") {
        // A reference in front of a full stop has a space behind it, which nobody hears.
        let inner = text.replace(" . ", ". ");
        return inner.strip_suffix(" .").map_or_else(|| inner.clone(), |it| format!("{it}."));
    }
    let mut heard = String::new();
    for piece in text.split('<') {
        let (mark, after) = piece.split_once('>').unwrap_or(("", piece));
        if mark.starts_with("break") {
            heard.push_str(" ...");
        }
        heard.push_str(after);
    }
    heard.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn pairs(pairs: &BTreeMap<String, String>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        let comma = if text.is_empty() { "" } else { ", " };
        // Writing to a text can't fail.
        let _ = write!(text, "{comma}{name} = {value}");
    }
    text
}
