//! Amazon resource names.

use serde::Serialize;

/// The name of one AWS resource, or of all those that a closing `*` stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Arn(String);

impl Arn {
    /// `arn:aws:<service>:<region>:<account>:<resource>`.
    ///
    /// The partition is `aws`: the regions of China and the US government are not targets yet.
    pub(super) fn new(service: &str, region: &str, account: &str, resource: &str) -> Self {
        Self(format!("arn:aws:{service}:{region}:{account}:{resource}"))
    }

    /// The name's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the last `/` or `:`: the resource's own name.
    pub fn last_part(&self) -> &str {
        self.0.rsplit(['/', ':']).next().unwrap_or_default()
    }

    /// The name followed by `suffix`: `/*` for what is inside.
    #[must_use]
    pub fn within(&self, suffix: &str) -> Self {
        Self(format!("{}{suffix}", self.0))
    }
}
