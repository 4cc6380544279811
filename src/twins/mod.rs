//! What the services that a machine of ours calls answer, in their own shapes and under their own error names.
//!
//! Owns the answers alone. Who has them is asked elsewhere: `run` works on real data, `scenario` makes its world up,
//! and a machine must not be able to tell the two apart. Must not know pipelines, plans or stages.

mod batch;
mod executions;
mod items;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::engine::TaskError;
pub(crate) use batch::{SubmitJob, refused};
pub(crate) use executions::{asked_execution, described};
pub(crate) use items::{delete_item, get_item, put_item, update_item};

/// `dynamodb:getItem` of a resource's ARN.
pub(crate) fn service(resource: &str) -> &str {
    resource.split_once(":states:::").map_or(resource, |(_, it)| it)
}

/// The arguments as the request's own type; what doesn't fit is what AWS would refuse.
pub(crate) fn read<T: DeserializeOwned>(arguments: Value) -> Result<T, TaskError> {
    serde_json::from_value(arguments).map_err(|error| broken(&error))
}

/// What can't be caught: the machine, or what stands for its services, is at fault.
pub(crate) fn broken(error: &dyn std::fmt::Display) -> TaskError {
    TaskError::new("States.Runtime", error.to_string())
}

fn to_value(answer: &impl Serialize) -> Result<Value, TaskError> {
    serde_json::to_value(answer).map_err(|error| broken(&error))
}
