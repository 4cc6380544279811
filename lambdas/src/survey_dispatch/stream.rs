//! A batch of a stream: in order, up to the first record that has to come again.
//!
//! Source: "Using Lambda with Kinesis", reporting batch item failures. Lambda goes on from the lowest sequence
//! number that it is told, so what stands behind it is handed over again in any case. A record that is none would
//! stop the shard for ever, so it is counted and passed over.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;

use super::{Dispatch, DispatchError, DueCall, Outcome, State};
use crate::{
    log::{Level, Log},
    queue::{BatchItemFailure, BatchResponse},
    survey::text,
};

/// What Lambda hands over.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Event {
    /// Records of a stream.
    Stream {
        /// In their order.
        #[serde(rename = "Records")]
        records: Vec<StreamRecord>,
    },
    /// A call that was put off until now.
    Due(DueCall),
}

/// A record of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StreamRecord {
    kinesis: Payload,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    sequence_number: String,
    data: String,
}

impl Event {
    /// From what Lambda hands over.
    pub fn read(payload: serde_json::Value) -> Result<Self, DispatchError> {
        serde_json::from_value(payload).map_err(|it| DispatchError::Malformed(it.to_string()))
    }
}

impl Dispatch<'_> {
    /// Deals with all of it, logged and counted. A stream is told from where it is to go on; a schedule is told an
    /// error.
    pub fn event(&self, event: &Event, log: &mut Log<'_>) -> Result<BatchResponse, DispatchError> {
        let mut counts = BTreeMap::new();
        let answer = match event {
            Event::Stream { records } => {
                let failed = records.iter().find(|it| {
                    let Payload { sequence_number, data } = &it.kinesis;
                    let outcome = match STANDARD.decode(data) {
                        Ok(json) => self.record(&json),
                        Err(error) => Ok(Outcome::Broken(error.to_string())),
                    };
                    tell(&outcome, sequence_number, &mut counts, log);
                    outcome.is_err()
                });
                let failure =
                    failed.map(|it| BatchItemFailure { item_identifier: it.kinesis.sequence_number.clone() });
                Ok(BatchResponse { batch_item_failures: failure.into_iter().collect() })
            }
            Event::Due(due) => {
                let outcome = self.due(due);
                tell(&outcome, &due.contact, &mut counts, log);
                outcome.map(|_| BatchResponse::default())
            }
        };
        log.counts(self.now, &counts);
        answer
    }
}

fn tell(
    outcome: &Result<Outcome, DispatchError>,
    subject: &str,
    counts: &mut BTreeMap<&'static str, u64>,
    log: &mut Log<'_>,
) {
    *counts.entry(counted(outcome)).or_default() += 1;
    match outcome {
        // There are more of these than of all others, and nothing is to be seen in them.
        Ok(Outcome::Agent | Outcome::Ignored(_)) => {}
        Ok(outcome) => log.line(level(outcome), subject, &words(outcome)),
        Err(error) => log.line(Level::Error, subject, &error.to_string()),
    }
}

fn counted(outcome: &Result<Outcome, DispatchError>) -> &'static str {
    match outcome {
        Ok(Outcome::Called { .. }) => "Called",
        Ok(Outcome::Planned { .. }) => "Planned",
        Ok(Outcome::Known) => "Known",
        Ok(Outcome::Agent) => "AgentEvents",
        Ok(Outcome::Ignored(_)) => "Ignored",
        Ok(Outcome::Refused(_)) => "Refused",
        Ok(Outcome::Broken(_)) => "Broken",
        Ok(Outcome::Ended { state, .. }) => match state {
            State::Taken => "Taken",
            State::Untaken => "Untaken",
            State::Refused => "Refused",
            State::Limited => "Limited",
            State::Stale => "Stale",
            State::Waiting | State::Called => "Known",
        },
        Err(_) => "Failed",
    }
}

fn level(outcome: &Outcome) -> Level {
    match outcome {
        Outcome::Refused(_)
        | Outcome::Broken(_)
        | Outcome::Ended { state: State::Refused | State::Stale, .. } => Level::Warn,
        Outcome::Called { .. }
        | Outcome::Planned { .. }
        | Outcome::Ended { .. }
        | Outcome::Known
        | Outcome::Agent
        | Outcome::Ignored(_) => Level::Info,
    }
}

fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Called { call } => format!("the caller is called: `{call}`"),
        Outcome::Planned { at } => format!("the call is on the schedule for {}", text(*at)),
        Outcome::Ended { state, reason: None } => format!("the call has ended: {}", state.word()),
        Outcome::Ended { state, reason: Some(reason) } => {
            format!("the call has ended: {}: {reason}", state.word())
        }
        Outcome::Known => "it was dealt with before".to_owned(),
        Outcome::Agent => "an agent's event".to_owned(),
        Outcome::Ignored(why) => (*why).to_owned(),
        Outcome::Refused(why) => format!("nobody can be called: {why}"),
        Outcome::Broken(why) => format!("passed over, since it is no contact record: {why}"),
    }
}
