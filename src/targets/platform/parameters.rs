//! What a template can't know: the network that a user has, and where the programs of this version lie.

use indexmap::IndexMap;
use serde::Serialize;

use super::{model::Value, program::Program};

/// The parameter of the subnets that jobs run in.
pub const SUBNETS: &str = "SubnetIds";
/// The parameter of the security groups that jobs run in.
pub const SECURITY_GROUPS: &str = "SecurityGroupIds";
/// The parameter of the functions' processor.
pub const ARCHITECTURE: &str = "Architecture";

/// The parameter of what the template is known by. It is no tag of the stack: those go to everything that the stack
/// makes, and a compute environment or job queue whose tags change is replaced, which no named one can be.
pub const CONTENT: &str = "Content";

/// The parameter of what Connect calls flows and queues: a JSON text, `{"flows":{"name":"id"},"queues":{…}}`. It gives
/// flows their IDs when they are made, which is after the functions that they call.
pub const CONNECT_IDS: &str = "ConnectIds";

/// A parameter of a template.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parameter {
    r#type: &'static str,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allowed_values: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_pattern: Option<&'static str>,
}

/// A condition of a template: that two texts differ.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Condition {
    #[serde(rename = "Fn::Not")]
    not: [Equals; 1],
}

#[derive(Debug, Clone, Serialize)]
struct Equals {
    #[serde(rename = "Fn::Equals")]
    equals: [Value; 2],
}

/// The parameter that holds the key of a function's program in the bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeParameter {
    /// The parameter: `WatchCode`.
    pub parameter: &'static str,
    /// The function, without the platform: `watch`. Its program has the name with `_` for `-`.
    pub function: &'static str,
}

/// One for each function, in an environment with or without surveys.
pub fn code_parameters(surveys: bool) -> Vec<CodeParameter> {
    Program::of(surveys)
        .iter()
        .map(|it| CodeParameter { parameter: it.code_parameter(), function: it.name() })
        .collect()
}

pub(super) fn parameters(surveys: bool) -> IndexMap<&'static str, Parameter> {
    let plain = |r#type, description: &str| Parameter {
        r#type,
        description: description.to_owned(),
        default: None,
        allowed_values: Vec::new(),
        allowed_pattern: None,
    };
    let mut parameters = IndexMap::from([
        (
            SUBNETS,
            plain(
                "List<AWS::EC2::Subnet::Id>",
                "The subnets that jobs run in: from there they reach AWS and the databases",
            ),
        ),
        (
            SECURITY_GROUPS,
            plain("List<AWS::EC2::SecurityGroup::Id>", "What jobs may reach, and the databases let in"),
        ),
        (
            ARCHITECTURE,
            Parameter {
                default: Some("arm64"),
                allowed_values: vec!["arm64", "x86_64"],
                ..plain("String", "The processor that the functions were built for")
            },
        ),
        (
            CONTENT,
            Parameter {
                default: Some(""),
                ..plain("String", "What the platform was last made of: the hash of this template")
            },
        ),
    ]);
    if surveys {
        let ids = Parameter {
            default: Some("{\"flows\":{}}"),
            ..plain("String", "The ids of flows and queues by their names, once there are flows: JSON")
        };
        let _ = parameters.insert(CONNECT_IDS, ids);
    }
    for program in Program::of(surveys) {
        let description = format!(
            "The key of the program of {} in the bucket, with its hash; empty until it is there",
            program.name()
        );
        let code = Parameter {
            default: Some(""),
            allowed_pattern: Some("(functions/[a-z_-]+-[0-9a-f]{64}\\.zip)?"),
            ..plain("String", &description)
        };
        let _ = parameters.insert(program.code_parameter(), code);
    }
    parameters
}

/// One for each function: whether its program is there.
pub(super) fn conditions(surveys: bool) -> IndexMap<&'static str, Condition> {
    let is_there = |it: &Program| {
        let is_empty = Equals { equals: [Value::of(it.code_parameter()), Value::from(String::new())] };
        (it.condition(), Condition { not: [is_empty] })
    };
    Program::of(surveys).iter().map(is_there).collect()
}
