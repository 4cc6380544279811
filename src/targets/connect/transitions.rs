//! Where an action leads: on success, on results, on errors.

use serde::{Deserialize, Serialize};

use super::name::ActionId;

/// Where an action leads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Transitions {
    /// On success. Required even where conditions decide; absent where the flow ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_action: Option<ActionId>,
    /// On errors, by their type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorBranch>,
    /// On results: the first that is true counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<ConditionBranch>,
}

impl Transitions {
    /// Every action that can come next.
    pub fn targets(&self) -> impl Iterator<Item = &ActionId> {
        let conditions = self.conditions.iter().map(|it| &it.next_action);
        self.next_action.iter().chain(conditions).chain(self.errors.iter().map(|it| &it.next_action))
    }
}

/// Where an error leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ErrorBranch {
    /// There.
    pub next_action: ActionId,
    /// Which error.
    pub error_type: ErrorType,
}

/// An error that an action can end with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ErrorType {
    /// Any that has no branch of its own.
    NoMatchingError,
    /// No condition is true.
    NoMatchingCondition,
    /// No key was pressed in time.
    InputTimeLimitExceeded,
    /// The queue is full.
    QueueAtCapacity,
    /// One that is not used here.
    #[serde(untagged)]
    Other(String),
}

impl ErrorType {
    /// As written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::NoMatchingError => "NoMatchingError",
            Self::NoMatchingCondition => "NoMatchingCondition",
            Self::InputTimeLimitExceeded => "InputTimeLimitExceeded",
            Self::QueueAtCapacity => "QueueAtCapacity",
            Self::Other(other) => other,
        }
    }
}

/// Where a result leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConditionBranch {
    /// There.
    pub next_action: ActionId,
    /// Which result.
    pub condition: Condition,
}

/// A comparison with the action's result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Condition {
    /// How.
    pub operator: Operator,
    /// With what: one text.
    pub operands: Vec<String>,
}

/// How a result is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the language's own, and say what they mean")]
pub enum Operator {
    Equals,
    TextStartsWith,
    TextEndsWith,
    TextContains,
    NumberGreaterThan,
    NumberGreaterOrEqualTo,
    NumberLessThan,
    NumberLessOrEqualTo,
}
