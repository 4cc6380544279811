//! `sfn:describeExecution`.

use serde::Serialize;
use serde_json::Value;
use sluice_contract::{error_name, event::ExecutionStatus};

use super::to_value;
use crate::engine::TaskError;

/// What a machine of ours reads of the answer.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Described<'a> {
    execution_arn: &'a str,
    name: &'a str,
    status: &'a str,
}

/// The ARN of the execution that is asked for.
pub(crate) fn asked_execution(arguments: &Value) -> &str {
    arguments.get("ExecutionArn").and_then(Value::as_str).unwrap_or_default()
}

/// The answer; without a status there is no such execution.
pub(crate) fn described(arn: &str, status: Option<ExecutionStatus>) -> Result<Value, TaskError> {
    let name = arn.rsplit(':').next().unwrap_or_default();
    let missing =
        || TaskError::new(error_name::EXECUTION_MISSING, format!("Execution Does Not Exist: '{arn}'"));
    let status = status.ok_or_else(missing)?.as_str();
    to_value(&Described { execution_arn: arn, name, status })
}
