//! What the console draws of a flow and shows beside it; the service itself ignores it.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{flow::Nothing, name::ActionId};

/// What the console draws and shows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// Where the mark of the beginning is.
    #[serde(default)]
    pub entry_point_position: Position,
    /// By action.
    #[serde(default, rename = "ActionMetadata")]
    pub action_metadata: IndexMap<ActionId, ActionMetadata>,
    /// The flow's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `contactFlow`, `customerQueue`: an import into another type is refused.
    #[serde(default, rename = "type", skip_serializing_if = "String::is_empty")]
    pub flow_type: String,
    /// `published` or `saved`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// Empty: the console's own.
    #[serde(default)]
    pub hash: Nothing,
}

/// What the console draws of an action.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActionMetadata {
    /// Its upper left corner.
    #[serde(default)]
    pub position: Position,
    /// Whether its identifier is for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_friendly_name: Option<bool>,
    /// By parameter: what an import finds resources by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, BTreeMap<String, serde_json::Value>>,
}

/// A place in the console's drawing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// To the right.
    pub x: Coordinate,
    /// Down.
    pub y: Coordinate,
}

/// A number of dots; one that was read can have a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Coordinate {
    /// As made here.
    Whole(i64),
    /// As dragged by hand.
    Fraction(f64),
}

impl Default for Coordinate {
    fn default() -> Self {
        Self::Whole(0)
    }
}
