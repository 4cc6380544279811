//! Names of the States Language and of Batch, checked where they are made.

use serde::Serialize;

/// A state's name: what an operator reads in the console. At most 80 characters [Step Functions quotas].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct StateName(String);

impl StateName {
    /// The longest that AWS takes, in characters.
    pub const LONGEST: usize = 80;

    /// The name, or none where it is empty, too long, or has a character other than letters, digits, space, `-`, `_`.
    pub fn new(text: &str) -> Option<Self> {
        let fits = (1..=Self::LONGEST).contains(&text.chars().count())
            && text.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, ' ' | '-' | '_'));
        fits.then(|| Self(text.to_owned()))
    }

    /// A name written in this program, or made of parts that the model has measured: cut rather than refused.
    pub(super) fn trusted(text: &str) -> Self {
        Self(text.chars().take(Self::LONGEST).collect())
    }

    /// The name's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A Batch job's name: up to 128 letters, digits, hyphens and underscores [Batch API, `SubmitJob`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct JobName(String);

impl JobName {
    /// From a pipeline's name and a stage's id, whose dot Batch does not take.
    pub(super) fn of(pipeline: &str, stage: &str) -> Self {
        let text = format!("{pipeline}-{stage}");
        Self(
            text.chars()
                .map(|it| if it.is_ascii_alphanumeric() || it == '_' { it } else { '-' })
                .take(128)
                .collect(),
        )
    }
}
