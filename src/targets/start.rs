//! The EventBridge rule that starts a pipeline when another one has published.
//!
//! Source: `PutRule` and `PutTargets`, EventBridge API reference; "Step Functions Execution Status Change" and
//! "Comparison operators for event patterns", their user guides.

use std::collections::BTreeMap;

use serde::Serialize;
use sluice_contract::event::EXECUTION_STATUS_CHANGE;

use super::{arn::Arn, resources::Resources, schedule::RetryPolicy};
use crate::lower::PipelinePlan;

/// A rule and what it starts.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StartRule {
    /// The machine's, with `-start`.
    pub name: String,
    /// What for.
    pub description: String,
    /// Which events.
    pub event_pattern: EventPattern,
    /// `ENABLED` or `DISABLED`.
    pub state: &'static str,
    /// The machine.
    pub targets: Vec<Target>,
}

/// Events that match in every field.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct EventPattern {
    /// `aws.states`.
    pub source: [&'static str; 1],
    /// Of an execution.
    pub detail_type: [&'static str; 1],
    /// Of the machines that are waited for.
    pub detail: Detail,
}

/// The fields of the event itself.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Detail {
    /// Any of them.
    pub state_machine_arn: Vec<Arn>,
    /// `SUCCEEDED`.
    pub status: [&'static str; 1],
    /// Not that of a run that was skipped, which succeeds without having done anything.
    pub output: [AnythingBut; 1],
}

/// A text that is not like that.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AnythingBut {
    /// Like what.
    pub anything_but: Wildcard,
}

/// A text with `*` for any characters.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "lowercase")]
pub struct Wildcard {
    /// The text.
    pub wildcard: &'static str,
}

/// What a rule starts.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Target {
    /// Its name within the rule.
    pub id: &'static str,
    /// The machine: EventBridge calls `StartExecution` on it.
    pub arn: Arn,
    /// What EventBridge works under.
    pub role_arn: Arn,
    /// What the execution gets.
    pub input_transformer: InputTransformer,
    /// How long a start is tried.
    pub retry_policy: RetryPolicy,
    /// Where one is kept that is given up: an alarm looks there.
    pub dead_letter_config: DeadLetters,
}

/// A queue of events that could not be delivered.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DeadLetters {
    /// The queue.
    pub arn: Arn,
}

/// Makes an execution's input from an event.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct InputTransformer {
    /// Names for parts of the event.
    pub input_paths_map: BTreeMap<&'static str, &'static str>,
    /// Text with these names in angle brackets; EventBridge puts texts between quotes.
    pub input_template: &'static str,
}

/// The pipeline's rule; none where nothing but schedules starts it.
pub fn rule(pipeline: &PipelinePlan, resources: Resources<'_>) -> Option<StartRule> {
    if pipeline.starts_after.is_empty() {
        return None;
    }
    Some(StartRule {
        name: resources.start_rule(&pipeline.name),
        description: format!("{}: starts after {}", pipeline.name, pipeline.starts_after.join(", ")),
        event_pattern: EventPattern {
            source: ["aws.states"],
            detail_type: [EXECUTION_STATUS_CHANGE],
            detail: Detail {
                state_machine_arn: pipeline
                    .starts_after
                    .iter()
                    .map(|it| resources.state_machine(it))
                    .collect(),
                status: ["SUCCEEDED"],
                output: [AnythingBut { anything_but: Wildcard { wildcard: "*\"skipped\"*" } }],
            },
        },
        state: if pipeline.enabled { "ENABLED" } else { "DISABLED" },
        targets: vec![Target {
            id: "machine",
            arn: resources.state_machine(&pipeline.name),
            role_arn: resources.start_role(&pipeline.name),
            input_transformer: InputTransformer {
                input_paths_map: BTreeMap::from([("execution", "$.detail.name"), ("time", "$.time")]),
                // Events come at least once, too: by the event's own time the lock knows the second of them.
                input_template: "{\"after\": <execution>, \"scheduled\": <time>}",
            },
            retry_policy: RetryPolicy { maximum_event_age_in_seconds: 3600, maximum_retry_attempts: 10 },
            dead_letter_config: DeadLetters { arn: resources.queue(&resources.dead_letters("events")) },
        }],
    })
}
