//! The local twins of what a machine of ours calls, behind the engine's one door.

mod batch;
mod items;

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sluice_contract::{dynamodb::ItemStore, error_name, event::ExecutionStatus};

use crate::{
    diagnostics::Diagnostic,
    engine::{ServiceCall, Services, TaskError},
};

use super::executions::Executions;
pub(super) use batch::Jobs;

/// The services of one machine.
pub(super) struct LocalServices {
    pub(super) items: Arc<dyn ItemStore>,
    pub(super) executions: Executions,
    pub(super) jobs: Jobs,
}

#[async_trait(?Send)]
impl Services for LocalServices {
    async fn call(&self, call: ServiceCall) -> Result<Value, TaskError> {
        let service = call.resource.strip_prefix("arn:aws:states:::").unwrap_or(&call.resource);
        match service {
            "batch:submitJob.sync" => self.jobs.run(call.arguments, &call.clock).await,
            "dynamodb:updateItem" => items::update(&*self.items, call.arguments),
            "dynamodb:getItem" => items::get(&*self.items, call.arguments),
            "aws-sdk:sfn:describeExecution" => self.describe_execution(&call.arguments),
            _ => Err(TaskError::new(
                "States.Runtime",
                format!("`{}` has no twin on this machine", call.resource),
            )),
        }
    }
}

impl LocalServices {
    fn describe_execution(&self, arguments: &Value) -> Result<Value, TaskError> {
        let arn = arguments.get("ExecutionArn").and_then(Value::as_str).unwrap_or_default();
        let name = arn.rsplit(':').next().unwrap_or_default();
        let [stumbled, ..] = error_name::EXECUTION_STORE_STUMBLES;
        let failed = |it: Diagnostic| TaskError::new(stumbled, it.message);
        let status = match self.executions.read(name) {
            Ok(found) => found.filter(|it| it.detail.execution_arn == arn).map(|it| it.detail.status),
            // Its record is lost: that a process works on it is all that can be known.
            Err(_) => self.executions.is_alive(name).map_err(failed)?.then_some(ExecutionStatus::Running),
        };
        match status {
            Some(status) => to_value(&Described { execution_arn: arn, name, status: status.as_str() }),
            None => Err(TaskError::new(
                error_name::EXECUTION_MISSING,
                format!("Execution Does Not Exist: '{arn}'"),
            )),
        }
    }
}

/// What a machine of ours reads of `DescribeExecution`'s answer.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Described<'a> {
    execution_arn: &'a str,
    name: &'a str,
    status: &'a str,
}

/// The arguments as the request's own type; what doesn't fit is what AWS would refuse.
fn read<T: DeserializeOwned>(arguments: Value) -> Result<T, TaskError> {
    serde_json::from_value(arguments).map_err(|error| TaskError::new("States.Runtime", error.to_string()))
}

fn to_value(answer: &impl Serialize) -> Result<Value, TaskError> {
    serde_json::to_value(answer).map_err(|error| TaskError::new("States.Runtime", error.to_string()))
}
