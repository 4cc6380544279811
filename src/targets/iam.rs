//! IAM's policies as typed models.
//!
//! Source: "IAM JSON policy reference", IAM user guide.

use indexmap::IndexMap;
use serde::Serialize;

use super::arn::Arn;

/// An IAM policy.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PolicyDocument {
    /// Always `2012-10-17`.
    pub version: &'static str,
    /// What is allowed.
    pub statement: Vec<Statement>,
}

/// Actions on resources.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Statement {
    /// What for.
    pub sid: &'static str,
    /// `Allow` or `Deny`.
    pub effect: &'static str,
    /// Whom, where the policy is not that of a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<Principal>,
    /// `batch:SubmitJob`.
    pub action: Vec<&'static str>,
    /// On what; nothing where the policy says who may take a role.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resource: Vec<Resource>,
    /// Only where all of these hold.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub condition: IndexMap<&'static str, IndexMap<&'static str, Vec<String>>>,
}

/// Whom a statement is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Principal {
    /// Whoever it is.
    Anybody(Any),
    /// Whoever the account's own policies allow it.
    Account {
        /// `arn:aws:iam::111111111111:root`.
        #[serde(rename = "AWS")]
        root: Arn,
    },
    /// A service of AWS.
    Service {
        /// `sns.amazonaws.com`.
        #[serde(rename = "Service")]
        service: &'static str,
    },
}

impl Principal {
    /// Whoever it is.
    pub const ANYBODY: Self = Self::Anybody(Any::Any);
}

/// A resource that has a name, or all of a kind that has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Resource {
    /// A name.
    Named(Arn),
    /// `*`.
    Any(Any),
}

/// `*`, for the actions that IAM knows no resource for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Any {
    /// `*`.
    #[serde(rename = "*")]
    Any,
}

impl Statement {
    /// Allows it.
    pub(super) fn allow(sid: &'static str, actions: &[&'static str], resources: Vec<Arn>) -> Self {
        Self {
            sid,
            effect: "Allow",
            principal: None,
            action: actions.to_vec(),
            resource: resources.into_iter().map(Resource::Named).collect(),
            condition: IndexMap::new(),
        }
    }

    /// Allows what IAM knows no resource for.
    pub(super) fn allow_anywhere(sid: &'static str, actions: &[&'static str]) -> Self {
        Self { resource: vec![Resource::Any(Any::Any)], ..Self::allow(sid, actions, Vec::new()) }
    }

    /// Denies it, whatever else allows it.
    pub(super) fn deny(sid: &'static str, actions: &[&'static str], resources: Vec<Arn>) -> Self {
        Self { effect: "Deny", ..Self::allow(sid, actions, resources) }
    }

    /// Lets a service take a role, on behalf of that account only.
    pub(super) fn trust(service: &'static str, account: &str) -> Self {
        Self::allow("TakeTheRole", &["sts:AssumeRole"], Vec::new()).by(Principal::Service { service }).when(
            "StringEquals",
            "aws:SourceAccount",
            account.to_owned(),
        )
    }

    /// Of that principal.
    pub(super) fn by(self, principal: Principal) -> Self {
        Self { principal: Some(principal), ..self }
    }

    /// Only where the key has that value, too.
    pub(super) fn when(mut self, operator: &'static str, key: &'static str, value: String) -> Self {
        self.condition.entry(operator).or_default().entry(key).or_default().push(value);
        self
    }
}

impl PolicyDocument {
    /// Of those statements.
    pub(super) fn of(statement: Vec<Statement>) -> Self {
        Self { version: "2012-10-17", statement }
    }
}
