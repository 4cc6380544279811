//! Names of the Flow language, checked where they are made.

use serde::{Deserialize, Serialize};

use crate::connect::identifier;

/// An action's identifier: what an admin reads in the console. At most 50 characters [Flow language].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActionId(String);

impl ActionId {
    /// The longest that Connect takes, in characters.
    pub const LONGEST: usize = identifier::LONGEST;

    /// The identifier, or none where Connect would refuse it.
    pub fn new(text: &str) -> Option<Self> {
        let it = Self(text.to_owned());
        it.is_usable().then_some(it)
    }

    /// An identifier written in this program, or made of parts that the model has measured: cut rather than refused.
    pub(super) fn trusted(text: &str) -> Self {
        let fits = text.chars().filter(|it| !identifier::REFUSED.contains(*it));
        Self(fits.take(Self::LONGEST).collect())
    }

    /// Whether Connect takes it; one that was read may not be.
    pub fn is_usable(&self) -> bool {
        identifier::fault(&self.0).is_none()
    }

    /// The identifier's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ActionId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}
