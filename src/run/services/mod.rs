//! The local twins of what a machine of ours calls, behind the engine's one door.

mod batch;

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use sluice_contract::{dynamodb::ItemStore, error_name, event::ExecutionStatus};

use crate::{
    diagnostics::Diagnostic,
    engine::{ServiceCall, Services, TaskError},
    twins,
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
        match twins::service(&call.resource) {
            "batch:submitJob.sync" => self.jobs.run(call.arguments, &call.clock).await,
            "dynamodb:updateItem" => twins::update_item(&*self.items, call.arguments),
            "dynamodb:getItem" => twins::get_item(&*self.items, call.arguments),
            "aws-sdk:sfn:describeExecution" => self.describe_execution(&call.arguments),
            _ => Err(twins::broken(&format!("`{}` has no twin on this machine", call.resource))),
        }
    }
}

impl LocalServices {
    fn describe_execution(&self, arguments: &Value) -> Result<Value, TaskError> {
        let arn = twins::asked_execution(arguments);
        let name = arn.rsplit(':').next().unwrap_or_default();
        let [stumbled, ..] = error_name::EXECUTION_STORE_STUMBLES;
        let failed = |it: Diagnostic| TaskError::new(stumbled, it.message);
        let status = match self.executions.read(name) {
            Ok(found) => found.filter(|it| it.detail.execution_arn == arn).map(|it| it.detail.status),
            // Its record is lost: that a process works on it is all that can be known.
            Err(_) => self.executions.is_alive(name).map_err(failed)?.then_some(ExecutionStatus::Running),
        };
        twins::described(arn, status)
    }
}
