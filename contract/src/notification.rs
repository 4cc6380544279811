//! One message format for every channel: what happened, why, and what to do next.

use serde::{Deserialize, Serialize};

use crate::plan::Origin;

/// What is worth telling somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// A run ended without success.
    Failure,
    /// The first success after a failure.
    Recovery,
    /// A run found another one of its pipeline still going.
    Overlap,
    /// An expectation did not hold.
    QualityGate,
    /// The compute environment itself is in trouble.
    Compute,
}

impl Occasion {
    /// Every one.
    pub const ALL: [Self; 5] =
        [Self::Failure, Self::Recovery, Self::Overlap, Self::QualityGate, Self::Compute];

    /// Its heading, for people.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Failure => "Failure",
            Self::Recovery => "Recovery",
            Self::Overlap => "Overlap",
            Self::QualityGate => "Quality gate",
            Self::Compute => "Compute environment",
        }
    }

    /// As the language writes it: `quality_gate`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Recovery => "recovery",
            Self::Overlap => "overlap",
            Self::QualityGate => "quality_gate",
            Self::Compute => "compute",
        }
    }
}

/// A message to a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// What happened.
    pub occasion: Occasion,
    /// The pipeline.
    pub pipeline: String,
    /// The run.
    pub run: String,
    /// The stage that failed, where one did.
    pub stage: Option<String>,
    /// One sentence that stands alone.
    pub summary: String,
    /// Why, in one sentence, where it is known.
    pub cause: Option<String>,
    /// What to do about it, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The command that goes on from here, as it is typed.
    pub next_step: Option<String>,
    /// The line that asked for the stage.
    pub origin: Option<Origin>,
    /// Where the log lines of the stage's job can be read: a link.
    #[serde(default)]
    pub log: Option<String>,
}
