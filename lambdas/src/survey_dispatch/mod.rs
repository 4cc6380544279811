//! `survey_dispatch`: a contact has ended, and its caller is called back for a survey.
//!
//! Owns who is called, when and how often. Records come at least once, in any order and with others among them, so
//! every step may be done again: the same record finds the same call in the [`Ledger`], and the same attempt has the
//! same token. Knows no AWS SDK: the table, the telephone and the clock that wakes it come in through traits.

mod ledger;
mod record;
mod stream;
mod telephone;
mod wake;
mod window;
mod zone;

#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod tests;

use std::collections::BTreeMap;

use serde::Deserialize;
use sluice_contract::{
    dynamodb::ItemStoreError,
    survey::{Calls, SurveyDocument, attribute},
};

pub use ledger::{Ledger, State};
pub use stream::{Event, StreamRecord};
pub use telephone::{
    CallError, MachineDetection, REQUEST, Telephone, TrafficType, VoiceContact, outcome as call_outcome,
};
pub use wake::{CreateSchedule, DueCall, Schedules, Wake, WakeError, outcome as wake_outcome};
pub use window::first_moment;

use crate::survey::Surveys;
use ledger::CallItem;
use record::{Candidate, Heard, OwnCall};

/// Whose contact ended longer ago is not called any more: a stream that is read again calls nobody from last week.
const LONGEST_WAIT: i64 = 24 * 60 * 60 * 1000;

/// What is so close is now.
const NOW: i64 = 5_000;

/// How long a call waits for others to end.
const BUSY_PAUSE: i64 = 2 * 60 * 1000;

/// The IDs that Connect gave to what the surveys name; each alone or as the end of an ARN.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectIds {
    /// By the name of a flow.
    pub flows: BTreeMap<String, String>,
    /// By the name of a queue.
    #[serde(default)]
    pub queues: BTreeMap<String, String>,
}

/// Calls back, with whatever answers behind the traits.
#[derive(Debug, Clone, Copy)]
pub struct Dispatch<'a> {
    /// Of this environment.
    pub surveys: &'a Surveys,
    /// What Connect calls what they name.
    pub ids: &'a ConnectIds,
    /// Which calls there are.
    pub ledger: Ledger<'a>,
    /// The way to callers.
    pub telephone: &'a dyn Telephone,
    /// What hands a call back to this function when it is due.
    pub wake: &'a dyn Wake,
    /// Milliseconds since 1970.
    pub now: i64,
}

/// What became of a record, or of a call that was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The call is placed.
    Called {
        /// Its contact.
        call: String,
    },
    /// The call is on the schedule.
    Planned {
        /// For when, in milliseconds since 1970.
        at: i64,
    },
    /// The call has ended, or will not be made.
    Ended {
        /// How.
        state: State,
        /// Why, where that is known.
        reason: Option<String>,
    },
    /// It was dealt with before.
    Known,
    /// It is an event of an agent.
    Agent,
    /// It asks for nothing.
    Ignored(&'static str),
    /// It is a candidate that nobody can call.
    Refused(&'static str),
    /// It is no contact record.
    Broken(String),
}

/// Why a record was not dealt with; to hand it over again is safe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DispatchError {
    /// It is neither a batch of a stream nor a call that is due.
    #[error("the event is neither a stream's nor a schedule's: {0}")]
    Malformed(String),
    /// The table did not answer as it should.
    #[error("the table of calls could not be updated: {0}")]
    Ledger(#[from] ItemStoreError),
    /// The call could not be put on the schedule.
    #[error(transparent)]
    Wake(#[from] WakeError),
    /// Connect did not answer as it should.
    #[error(transparent)]
    Telephone(#[from] CallError),
    /// The function was not told an ID.
    #[error("there is no ID for the {kind} `{name}`")]
    NoId {
        /// `flow`, `queue`.
        kind: &'static str,
        /// Its name.
        name: String,
    },
}

impl Dispatch<'_> {
    /// Deals with one record.
    pub fn record(&self, json: &[u8]) -> Result<Outcome, DispatchError> {
        match record::read(json, self.surveys) {
            Ok(Heard::Candidate(candidate)) => self.candidate(&candidate),
            Ok(Heard::Own(own)) => self.own_call(&own),
            Ok(Heard::Agent) => Ok(Outcome::Agent),
            Ok(Heard::Ignored(why)) => Ok(Outcome::Ignored(why)),
            Ok(Heard::Refused(why)) => Ok(Outcome::Refused(why)),
            Err(why) => Ok(Outcome::Broken(why)),
        }
    }

    /// Goes on with a call that was put off until now.
    pub fn due(&self, due: &DueCall) -> Result<Outcome, DispatchError> {
        match self.ledger.get(&due.survey, &due.contact)? {
            Some(call) if call.attempt == due.attempt => self.go_on(call),
            Some(_) => Ok(Outcome::Known),
            None => Ok(Outcome::Ignored("a call that is not in the table")),
        }
    }

    fn candidate(&self, candidate: &Candidate<'_>) -> Result<Outcome, DispatchError> {
        if self.now - candidate.ended_at > LONGEST_WAIT {
            return Ok(Outcome::Ended { state: State::Stale, reason: None });
        }
        let call = CallItem {
            survey: candidate.survey.survey.clone(),
            contact: candidate.contact.clone(),
            phone_number: candidate.phone_number.clone(),
            language: candidate.language.clone(),
            state: State::Waiting,
            attempt: 1,
            due: candidate.ended_at + i64::from(candidate.calls.delay_seconds) * 1000,
            call: None,
            reason: None,
        };
        self.go_on(self.ledger.open(call, self.now)?)
    }

    /// A call that nobody took is tried again, so often.
    fn own_call(&self, own: &OwnCall) -> Result<Outcome, DispatchError> {
        let Some(call) = self.ledger.get(&own.survey, &own.contact)? else {
            return Ok(Outcome::Ignored("a call back that is not in the table"));
        };
        if call.call.as_ref() != Some(&own.call) {
            return Ok(Outcome::Known);
        }
        match call.state {
            State::Called if own.taken => self.end(&call, State::Taken, None),
            State::Called => match self.surveys.get(&own.survey).and_then(|it| it.calls.as_ref()) {
                Some(calls) if call.attempt < calls.attempts => {
                    let due = self.now + i64::from(calls.between_attempts_seconds) * 1000;
                    let next =
                        CallItem { state: State::Waiting, attempt: call.attempt + 1, due, ..call.clone() };
                    if self.ledger.put(&call, &next, self.now)? {
                        self.go_on(next)
                    } else {
                        Ok(Outcome::Known)
                    }
                }
                Some(_) | None => self.end(&call, State::Untaken, None),
            },
            // It was to be tried again, and may not be on the schedule yet.
            State::Waiting => self.go_on(call),
            State::Taken | State::Untaken | State::Refused | State::Limited | State::Stale => {
                Ok(Outcome::Known)
            }
        }
    }

    /// Makes a call that waits, or puts it on the schedule.
    fn go_on(&self, call: CallItem) -> Result<Outcome, DispatchError> {
        if call.state != State::Waiting {
            return Ok(Outcome::Known);
        }
        let survey = self.surveys.get(&call.survey);
        let Some((survey, calls)) = survey.and_then(|it| Some((it, it.calls.as_ref()?))) else {
            return self.end(&call, State::Refused, Some("its survey calls nobody any more".to_owned()));
        };
        if self.now - call.due > LONGEST_WAIT {
            return self.end(&call, State::Stale, None);
        }
        let Some(at) = first_moment(calls, &call.phone_number, call.due.max(self.now)) else {
            let reason = "there is no moment at which it is certain that the window is open".to_owned();
            return self.end(&call, State::Refused, Some(reason));
        };
        if at > self.now + NOW {
            return self.put_off(call, at);
        }
        if let Some(limit) = calls.limit
            && !self.ledger.count(&call, limit, self.now)?
        {
            return self.end(&call, State::Limited, None);
        }
        match self.telephone.call(&self.request(survey, calls, &call)?) {
            Ok(id) => {
                let after = CallItem { state: State::Called, call: Some(id.clone()), ..call.clone() };
                let _ = self.ledger.put(&call, &after, self.now)?;
                Ok(Outcome::Called { call: id })
            }
            Err(error @ CallError::Refused { .. }) => {
                if let Some(limit) = calls.limit {
                    self.ledger.discount(&call, limit, self.now)?;
                }
                self.end(&call, State::Refused, Some(error.to_string()))
            }
            // Calls end by themselves; the records behind this one need not wait for that.
            Err(CallError::Busy { .. }) => self.put_off(call, self.now + BUSY_PAUSE),
            Err(error @ CallError::Failed(_)) => Err(error.into()),
        }
    }

    /// First written and then on the schedule: who finds it written only puts it there.
    fn put_off(&self, call: CallItem, at: i64) -> Result<Outcome, DispatchError> {
        let after = CallItem { due: at, ..call.clone() };
        if after != call && !self.ledger.put(&call, &after, self.now)? {
            return Ok(Outcome::Known);
        }
        let due = DueCall { survey: call.survey, contact: call.contact, attempt: call.attempt };
        self.wake.wake(at, &due)?;
        Ok(Outcome::Planned { at })
    }

    fn end(&self, call: &CallItem, state: State, reason: Option<String>) -> Result<Outcome, DispatchError> {
        let after = CallItem { state, reason: reason.clone(), ..call.clone() };
        let was_first = self.ledger.put(call, &after, self.now)?;
        Ok(if was_first { Outcome::Ended { state, reason } } else { Outcome::Known })
    }

    fn request(
        &self,
        survey: &SurveyDocument,
        calls: &Calls,
        call: &CallItem,
    ) -> Result<VoiceContact, DispatchError> {
        let flow = self.ids.flows.get(&survey.flow);
        let queue = self.ids.queues.get(&survey.queue.name).or(survey.queue.id.as_ref());
        let mut attributes = BTreeMap::from([
            (attribute::SURVEY.to_owned(), survey.survey.clone()),
            (attribute::ORIGINAL_CONTACT.to_owned(), call.contact.clone()),
        ]);
        if let (Some(name), Some(language)) = (&survey.language_attribute, &call.language) {
            drop(attributes.insert(name.clone(), language.clone()));
        }
        let detection =
            MachineDetection { enable_answer_machine_detection: true, await_answer_machine_prompt: true };
        Ok(VoiceContact {
            destination_phone_number: call.phone_number.clone(),
            contact_flow_id: id(flow, "flow", &survey.flow)?,
            instance_id: survey.instance.clone(),
            client_token: format!("survey-{}-{}-{}", call.survey, call.contact, call.attempt),
            queue_id: id(queue, "queue", &survey.queue.name)?,
            attributes,
            ring_timeout_in_seconds: calls.ring_seconds.clamp(15, 60),
            traffic_type: if calls.detect_machines { TrafficType::Campaign } else { TrafficType::General },
            answer_machine_detection_config: calls.detect_machines.then_some(detection),
        })
    }
}

/// The last part of an ARN is the ID.
fn id(known: Option<&String>, kind: &'static str, name: &str) -> Result<String, DispatchError> {
    let id = known.and_then(|it| it.rsplit('/').next()).filter(|it| !it.is_empty());
    id.map(str::to_owned).ok_or_else(|| DispatchError::NoId { kind, name: name.to_owned() })
}
