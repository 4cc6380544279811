//! Step Functions: executions of state machines.

use aws_config::SdkConfig;
use aws_sdk_sfn::{
    Client,
    operation::describe_execution::{DescribeExecutionError, DescribeExecutionOutput},
    types::{self, ExecutionRedriveStatus},
};
use sluice_contract::event::{ExecutionDetail, ExecutionStatus};
use tokio::runtime::Handle;

use crate::CallError;

/// The executions of an account and region.
#[derive(Debug, Clone)]
pub struct Executions {
    client: Client,
    runtime: Handle,
}

/// What is known of an execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// As its events tell it.
    pub detail: ExecutionDetail,
    /// Whether it can go on from where it failed.
    pub is_redrivable: bool,
}

impl Executions {
    /// Asks with that configuration, on that runtime.
    pub fn new(configuration: &SdkConfig, runtime: Handle) -> Self {
        Self { client: Client::new(configuration), runtime }
    }

    /// Starts one; its ARN. Blocks.
    pub fn start(&self, machine: &str, name: &str, input: &str) -> Result<String, CallError> {
        let call = self.client.start_execution().state_machine_arn(machine).name(name).input(input);
        let answer = self.runtime.block_on(call.send()).map_err(|it| CallError::of(&it))?;
        Ok(answer.execution_arn)
    }

    /// Lets one go on from where it failed. Blocks.
    pub fn redrive(&self, execution: &str) -> Result<(), CallError> {
        let call = self.client.redrive_execution().execution_arn(execution);
        self.runtime.block_on(call.send()).map(drop).map_err(|it| CallError::of(&it))
    }

    /// Stops one; what it waits for is cancelled. Blocks.
    pub fn stop(&self, execution: &str, cause: &str) -> Result<(), CallError> {
        let call = self.client.stop_execution().execution_arn(execution).cause(cause);
        self.runtime.block_on(call.send()).map(drop).map_err(|it| CallError::of(&it))
    }

    /// None where Step Functions knows no such execution, or has forgotten it: 90 days after its end. Blocks.
    pub fn known(&self, execution: &str) -> Result<Option<Known>, CallError> {
        let call = self.client.describe_execution().execution_arn(execution);
        match self.runtime.block_on(call.send()) {
            Ok(answer) => Ok(Some(known(answer))),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(DescribeExecutionError::is_execution_does_not_exist) =>
            {
                Ok(None)
            }
            Err(error) => Err(CallError::of(&error)),
        }
    }

    /// The ARNs of those that go on. Blocks.
    pub fn running(&self, machine: &str) -> Result<Vec<String>, CallError> {
        let call = self.client.list_executions().state_machine_arn(machine);
        let mut pages = call.status_filter(types::ExecutionStatus::Running).into_paginator().items().send();
        let mut found = Vec::new();
        while let Some(execution) = self.runtime.block_on(pages.next()) {
            found.push(execution.map_err(|it| CallError::of(&it))?.execution_arn);
        }
        Ok(found)
    }
}

fn known(answer: DescribeExecutionOutput) -> Known {
    let is_redrivable = answer.redrive_status == Some(ExecutionRedriveStatus::Redrivable);
    let detail = ExecutionDetail {
        execution_arn: answer.execution_arn,
        state_machine_arn: answer.state_machine_arn,
        name: answer.name.unwrap_or_default(),
        status: status(&answer.status),
        start_date: answer.start_date.to_millis().unwrap_or_default(),
        stop_date: answer.stop_date.and_then(|it| it.to_millis().ok()),
        input: answer.input,
        output: answer.output,
        error: answer.error,
        cause: answer.cause,
    };
    Known { detail, is_redrivable }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the SDK's enum grows, and says that it must be matched so"
)]
fn status(status: &types::ExecutionStatus) -> ExecutionStatus {
    match status {
        types::ExecutionStatus::Succeeded => ExecutionStatus::Succeeded,
        types::ExecutionStatus::Failed => ExecutionStatus::Failed,
        types::ExecutionStatus::TimedOut => ExecutionStatus::TimedOut,
        types::ExecutionStatus::Aborted => ExecutionStatus::Aborted,
        types::ExecutionStatus::PendingRedrive => ExecutionStatus::PendingRedrive,
        // What has no end that we know goes on.
        _ => ExecutionStatus::Running,
    }
}
