//! A contact record, and what it means for surveys.
//!
//! Source: "Contact records data model", Amazon Connect administrator guide. Fields that are not set are null, new
//! ones come without notice, and agents' events may share the stream.

use std::collections::BTreeMap;

use serde::Deserialize;
use sluice_contract::survey::{Calls, SurveyDocument, attribute};

use crate::survey::{Surveys, is_phone_number, moment};

/// How contacts begin whose callers can be asked. A call of our own begins with `API`.
const BEGINNINGS: [&str; 5] = ["INBOUND", "OUTBOUND", "TRANSFER", "QUEUE_TRANSFER", "CALLBACK"];

/// The longest ID of a contact that fits in the name of a schedule; Connect's own have 36 characters.
const LONGEST_CONTACT: usize = 40;

/// What a record means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heard<'a> {
    /// A caller is to be asked.
    Candidate(Candidate<'a>),
    /// A call of our own has ended.
    Own(OwnCall),
    /// It is an event of an agent.
    Agent,
    /// It asks for nothing.
    Ignored(&'static str),
    /// It asks for a survey that can't be made.
    Refused(&'static str),
}

/// A caller who is to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate<'a> {
    pub(super) survey: &'a SurveyDocument,
    pub(super) calls: &'a Calls,
    /// The first contact of the chain.
    pub(super) contact: String,
    pub(super) phone_number: String,
    pub(super) ended_at: i64,
    /// The value of the survey's language attribute.
    pub(super) language: Option<String>,
}

/// How a call of our own has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OwnCall {
    pub(super) survey: String,
    /// The first contact of the chain that it follows.
    pub(super) contact: String,
    /// The contact that the call itself was.
    pub(super) call: String,
    /// Whether somebody, or something, took it.
    pub(super) taken: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Record {
    contact_id: Option<String>,
    initial_contact_id: Option<String>,
    next_contact_id: Option<String>,
    channel: Option<String>,
    initiation_method: Option<String>,
    attributes: Option<BTreeMap<String, Option<String>>>,
    customer_endpoint: Option<Endpoint>,
    disconnect_timestamp: Option<String>,
    connected_to_system_timestamp: Option<String>,
    #[serde(rename = "AgentARN")]
    agent_arn: Option<String>,
    event_type: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Endpoint {
    address: Option<String>,
    r#type: Option<String>,
}

/// Reads a record; an error says why it is none.
pub(super) fn read<'a>(json: &[u8], surveys: &'a Surveys) -> Result<Heard<'a>, String> {
    let record: Record = serde_json::from_slice(json).map_err(|it| it.to_string())?;
    let Some(contact) = record.contact_id.clone() else {
        let is_agents = record.agent_arn.is_some() && record.event_type.is_some();
        return if is_agents { Ok(Heard::Agent) } else { Err("it has no `ContactId`".to_owned()) };
    };
    let initial = record.initial_contact_id.clone().unwrap_or_else(|| contact.clone());
    let original = record.attribute(attribute::ORIGINAL_CONTACT).map(str::to_owned);
    for id in [&contact, &initial].into_iter().chain(&original) {
        if !is_contact(id) {
            return Err("its contact has no ID of Connect's".to_owned());
        }
    }
    Ok(match original {
        Some(original) => record.own(contact, original),
        None => record.candidate(initial, surveys),
    })
}

fn is_contact(id: &str) -> bool {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || it == b'-';
    (1..=LONGEST_CONTACT).contains(&id.len()) && id.bytes().all(is_plain)
}

impl Record {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.as_ref()?.get(name)?.as_deref().filter(|it| !it.is_empty())
    }

    fn own<'a>(&self, call: String, contact: String) -> Heard<'a> {
        let Some(survey) = self.attribute(attribute::SURVEY) else {
            return Heard::Ignored("a call back that is no survey's");
        };
        let taken = self.connected_to_system_timestamp.is_some();
        Heard::Own(OwnCall { survey: survey.to_owned(), contact, call, taken })
    }

    fn candidate<'a>(&self, contact: String, surveys: &'a Surveys) -> Heard<'a> {
        if self.attribute(attribute::CANDIDATE) != Some("True") {
            return Heard::Ignored("no candidate");
        }
        if self.channel.as_deref() != Some("VOICE") {
            return Heard::Ignored("no telephone call");
        }
        if !self.initiation_method.as_deref().is_some_and(|it| BEGINNINGS.contains(&it)) {
            return Heard::Ignored("a call that no caller began");
        }
        if self.next_contact_id.is_some() {
            return Heard::Ignored("a contact that goes on with another one");
        }
        let Some(ended_at) = self.disconnect_timestamp.as_deref().and_then(moment) else {
            return Heard::Ignored("a contact that has not ended");
        };
        let Some(survey) = self.attribute(attribute::SURVEY).and_then(|it| surveys.get(it)) else {
            return Heard::Refused("it names no survey that is known here");
        };
        let Some(calls) = &survey.calls else { return Heard::Refused("its survey calls nobody") };
        let Some(phone_number) = self.customer_endpoint.as_ref().and_then(Endpoint::phone_number) else {
            return Heard::Refused("its caller has no telephone number");
        };
        let language = survey.language_attribute.as_deref().and_then(|it| self.attribute(it));
        Heard::Candidate(Candidate {
            survey,
            calls,
            contact,
            phone_number: phone_number.to_owned(),
            ended_at,
            language: language.map(str::to_owned),
        })
    }
}

impl Endpoint {
    fn phone_number(&self) -> Option<&str> {
        let address = self.address.as_deref().filter(|it| is_phone_number(it))?;
        (self.r#type.as_deref() == Some("TELEPHONE_NUMBER")).then_some(address)
    }
}
