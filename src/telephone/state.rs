//! What a call knows at one moment: small enough to be copied for every way that it may go on.

use std::collections::{BTreeMap, BTreeSet};

/// Who is on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// `$.ContactId`.
    pub id: String,
    /// `$.InitialContactId`.
    pub initial_id: String,
    /// `$.CustomerEndpoint.Address`: the caller's number.
    pub address: String,
    /// `$.SystemEndpoint.Address`: the number of the instance.
    pub system_address: String,
    /// `$.InstanceARN`.
    pub instance: String,
    /// `$.InitiationMethod`: `INBOUND`, `API`.
    pub initiation: String,
}

impl Default for Contact {
    fn default() -> Self {
        // Numbers that are nobody's, and identifiers that nobody takes for real ones.
        Self {
            id: "22222222-2222-4222-8222-222222222222".to_owned(),
            initial_id: "11111111-1111-4111-8111-111111111111".to_owned(),
            address: "+15555550100".to_owned(),
            system_address: "+15555550199".to_owned(),
            instance: "arn:aws:connect:local:000000000000:instance/local".to_owned(),
            initiation: "API".to_owned(),
        }
    }
}

/// Where the caller is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// In a flow.
    Flow,
    /// In the queue, hearing its flow.
    Queue,
    /// The agent has hung up.
    AfterAgent,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State {
    /// Which flow, by its place.
    pub(super) flow: usize,
    pub(super) action: String,
    /// Where modules return to.
    pub(super) stack: Vec<(usize, String)>,
    pub(super) stage: Stage,
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) flow_attributes: BTreeMap<String, String>,
    /// What the last function answered, by its path: `a`, `a.b`.
    pub(super) external: BTreeMap<String, String>,
    pub(super) stored: Option<String>,
    /// How often each loop has gone on, by flow and action.
    pub(super) loops: BTreeMap<(usize, String), u32>,
    pub(super) queue: Option<String>,
    /// The flow for each event, by name.
    pub(super) hooks: BTreeMap<String, String>,
    pub(super) voice: Option<String>,
    pub(super) language: Option<String>,
    /// Whether the action is known to succeed.
    pub(super) is_lucky: bool,
    /// Answers that were set and that no function has been given since.
    pub(super) unsaved: BTreeSet<String>,
}

impl State {
    pub(super) fn new(start: &str) -> Self {
        Self {
            flow: 0,
            action: start.to_owned(),
            stack: Vec::new(),
            stage: Stage::Flow,
            attributes: BTreeMap::new(),
            flow_attributes: BTreeMap::new(),
            external: BTreeMap::new(),
            stored: None,
            loops: BTreeMap::new(),
            queue: None,
            hooks: BTreeMap::new(),
            voice: None,
            language: None,
            is_lucky: false,
            unsaved: BTreeSet::new(),
        }
    }
}
