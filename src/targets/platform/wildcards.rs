//! Why a statement names `*` as its resource: every one that does is told here, in the template itself.

use serde::Serialize;

/// The template's metadata.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Metadata {
    sluice: Sluice,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Sluice {
    wildcards: Vec<Wildcard>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Wildcard {
    /// The logical id.
    resource: &'static str,
    /// The statement.
    sid: &'static str,
    reason: &'static str,
}

pub(super) fn metadata(surveys: bool) -> Metadata {
    let mut wildcards = vec![Wildcard {
        resource: "JobExecutionRole",
        sid: "LogInToTheRegistry",
        reason: "IAM knows no resource for ecr:GetAuthorizationToken; what the token opens is another statement's",
    }];
    if surveys {
        wildcards.extend(["Administer", "ConnectWrites", "DispatchReads"].map(|sid| Wildcard {
            resource: "ContactsKey",
            sid,
            reason: "in the policy of a key the resource is always `*`, which is this key and no other",
        }));
    }
    Metadata { sluice: Sluice { wildcards } }
}
