//! Which event a text is. Knows the shapes only, not what they mean.

use serde::{Deserialize, de::DeserializeOwned};
use sluice_contract::event::{
    EXECUTION_STATUS_CHANGE, ExecutionEvent, JOB_QUEUE_BLOCKED, JOB_STATE_CHANGE, JobEvent,
};

/// An event, by its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// An execution has started or ended.
    Execution(Box<ExecutionEvent>),
    /// A job has come to another state.
    Job(Box<JobEvent>),
    /// A job holds up its queue.
    QueueBlocked(Box<JobEvent>),
    /// Something that Sluice has no use for.
    Unknown {
        /// What it calls itself.
        detail_type: String,
    },
}

/// A text that is no event, or not of the shape that its kind has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the message is not an event as EventBridge sends it: {reason}")]
pub struct Malformed {
    /// Where it differs.
    pub reason: String,
}

impl Event {
    /// From the JSON text of a message.
    pub fn read(json: &str) -> Result<Self, Malformed> {
        let envelope: Envelope = read(json)?;
        match envelope.detail_type.as_str() {
            EXECUTION_STATUS_CHANGE => Ok(Self::Execution(read(json)?)),
            JOB_STATE_CHANGE => Ok(Self::Job(read(json)?)),
            JOB_QUEUE_BLOCKED => Ok(Self::QueueBlocked(read(json)?)),
            _ => Ok(Self::Unknown { detail_type: envelope.detail_type }),
        }
    }
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "detail-type")]
    detail_type: String,
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, Malformed> {
    serde_json::from_str(json).map_err(|error| Malformed { reason: error.to_string() })
}
