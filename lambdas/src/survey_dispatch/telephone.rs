//! `StartOutboundVoiceContact`: what is asked, and what the answers mean.
//!
//! Source: Amazon Connect API reference.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The request's method and path.
pub const REQUEST: (&str, &str) = ("PUT", "/contact/outbound-voice");

/// Whoever places calls.
pub trait Telephone: std::fmt::Debug {
    /// Places the call; the ID of its contact. The same token gives the same call.
    fn call(&self, request: &VoiceContact) -> Result<String, CallError>;
}

/// `StartOutboundVoiceContact`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct VoiceContact {
    /// E.164.
    pub destination_phone_number: String,
    /// The flow that asks.
    pub contact_flow_id: String,
    /// The instance.
    pub instance_id: String,
    /// The same for every repetition of this attempt: Connect knows it for seven days.
    pub client_token: String,
    /// Whose number is shown.
    pub queue_id: String,
    /// What the flow reads. No attribute of the contact before comes along: it would make the call a candidate.
    pub attributes: BTreeMap<String, String>,
    /// From 15 to 60.
    pub ring_timeout_in_seconds: u32,
    /// `CAMPAIGN` where machines are detected.
    pub traffic_type: TrafficType,
    /// With `CAMPAIGN` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_machine_detection_config: Option<MachineDetection>,
}

/// What kind of call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TrafficType {
    /// Any.
    General,
    /// One that may detect machines; an instance has to be allowed to.
    Campaign,
}

/// Whether machines are told from people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct MachineDetection {
    /// Always.
    pub enable_answer_machine_detection: bool,
    /// Whether the flow waits for the machine to be done.
    pub await_answer_machine_prompt: bool,
}

/// Why a call was not placed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// It would be the same every time.
    #[error("`{name}`: {message}")]
    Refused {
        /// The service's name for it.
        name: String,
        /// Its words.
        message: String,
    },
    /// There are too many calls now.
    #[error("there are too many calls: `{name}`")]
    Busy {
        /// The service's name for it.
        name: String,
    },
    /// The service could not be asked, or not in this way.
    #[error("the call can't be placed: {0}")]
    Failed(String),
}

/// What the service answers.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Placed {
    contact_id: String,
}

#[derive(Deserialize)]
struct Complaint {
    #[serde(alias = "Message")]
    message: Option<String>,
}

/// What an answer over HTTP means; `name` is the service's name for an error.
pub fn outcome(status: u16, name: Option<&str>, body: &str) -> Result<String, CallError> {
    if status == 200 {
        let placed: Result<Placed, _> = serde_json::from_str(body);
        return placed.map(|it| it.contact_id).map_err(|it| CallError::Failed(it.to_string()));
    }
    let message = serde_json::from_str::<Complaint>(body).ok().and_then(|it| it.message).unwrap_or_default();
    let name = name.unwrap_or_default().to_owned();
    Err(match name.as_str() {
        "DestinationNotAllowedException"
        | "OutboundContactNotPermittedException"
        | "InvalidParameterException"
        | "InvalidRequestException" => CallError::Refused { name, message },
        "LimitExceededException" | "ThrottlingException" | "TooManyRequestsException" => {
            CallError::Busy { name }
        }
        _ if status == 429 => CallError::Busy { name },
        _ => CallError::Failed(format!("{status} `{name}`: {message}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_call_a_refusal_or_a_reason_to_try_again() {
        assert_eq!(outcome(200, None, r#"{"ContactId":"c9"}"#), Ok("c9".to_owned()));
        let refused = outcome(403, Some("DestinationNotAllowedException"), r#"{"Message":"not +447"}"#);
        assert_eq!(refused.unwrap_err().to_string(), "`DestinationNotAllowedException`: not +447");
        for (status, name) in
            [(429, Some("LimitExceededException")), (400, Some("ThrottlingException")), (429, None)]
        {
            assert!(matches!(outcome(status, name, ""), Err(CallError::Busy { .. })), "{name:?}");
        }
        for (status, name) in [
            (500, Some("InternalServiceException")),
            (404, Some("ResourceNotFoundException")),
            (403, None),
            (200, None),
        ] {
            assert!(matches!(outcome(status, name, "x"), Err(CallError::Failed(_))), "{name:?}");
        }
    }
}
