//! What is deployed: one resource of AWS each, in units that belong together.

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde::Serialize;
use serde_json::Value;
use sluice_contract::plan::Origin;

use crate::emit::sha256;

/// A kind of resource, in the order in which they can be made; they go in the opposite one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// What all pipelines share.
    Stack,
    /// An object of the bucket.
    Object,
    /// That Connect may call a function.
    Association,
    /// That Connect puts the records of contacts on a stream.
    ContactRecords,
    /// A role, with its one policy.
    Role,
    /// A job definition: its active revision.
    JobDefinition,
    /// A state machine.
    StateMachine,
    /// A rule that starts a pipeline after others.
    Rule,
    /// A schedule.
    Schedule,
    /// A contact flow.
    Flow,
}

impl Kind {
    /// As people call it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Stack => "stack",
            Self::Object => "object",
            Self::Association => "function of Connect",
            Self::ContactRecords => "contact records of Connect",
            Self::Role => "role",
            Self::JobDefinition => "job definition",
            Self::StateMachine => "state machine",
            Self::Rule => "rule",
            Self::Schedule => "schedule",
            Self::Flow => "contact flow",
        }
    }
}

/// What a resource is found by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Key {
    /// Of which kind.
    pub kind: Kind,
    /// Unique within the kind, the account and the region.
    pub name: String,
}

impl Key {
    /// That resource.
    pub fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} `{}`", self.kind.words(), self.name)
    }
}

/// What is made, marked and removed together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// What all share.
    Platform,
    /// A pipeline.
    Pipeline(String),
    /// A survey.
    Survey(String),
}

impl Unit {
    /// The text of its tag.
    pub fn tag(&self) -> String {
        match self {
            Self::Platform => "platform".to_owned(),
            Self::Pipeline(name) => format!("pipeline/{name}"),
            Self::Survey(name) => format!("survey/{name}"),
        }
    }

    /// From the text of its tag.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split_once('/') {
            None => (tag == "platform").then_some(Self::Platform),
            Some(("pipeline", name)) => Some(Self::Pipeline(name.to_owned())),
            Some(("survey", name)) => Some(Self::Survey(name.to_owned())),
            Some(_) => None,
        }
    }

    /// As it is named in the program.
    pub fn name(&self) -> &str {
        match self {
            Self::Platform => "platform",
            Self::Pipeline(name) | Self::Survey(name) => name,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Platform => formatter.write_str("platform"),
            Self::Pipeline(name) => write!(formatter, "pipeline {name}"),
            Self::Survey(name) => write!(formatter, "survey {name}"),
        }
    }
}

/// A resource as the program wants it.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// Which.
    pub key: Key,
    /// What it belongs to.
    pub unit: Unit,
    /// What is compared, in the shape of the service's own request.
    pub content: Value,
    /// What is sent as a text: an object's, a definition's, a template's.
    pub body: Option<Arc<str>>,
    /// Objects that must be there before, by their keys, which hold their hashes.
    pub files: Arc<BTreeMap<String, Vec<u8>>>,
    /// The declaration that asked for it.
    pub origin: Option<Origin>,
    /// The lines of its states or actions, by name.
    pub origins: Arc<BTreeMap<String, Origin>>,
}

impl Resource {
    /// Of its content.
    pub fn hash(&self) -> String {
        sha256(&self.content.to_string())
    }
}
