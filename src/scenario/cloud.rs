//! The services that a machine of ours calls, in a scenario's world.

use async_trait::async_trait;
use serde_json::{Map, Value};
use sluice_contract::error_name;

use super::{
    batch::{self, Faults},
    world::World,
};
use crate::{
    engine::{ServiceCall, Services, TaskError},
    syntax::ast::Fault,
    twins::{self, SubmitJob, broken, read, service},
};

/// All of them.
#[derive(Debug)]
pub(super) struct Cloud<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) faults: &'a Faults,
}

#[async_trait(?Send)]
impl Services for Cloud<'_> {
    async fn submit(&self, call: &ServiceCall) -> Result<Value, TaskError> {
        if service(&call.resource) == "batch:submitJob.sync" {
            let submitted: SubmitJob = read(call.arguments.clone())?;
            let stage = submitted.parameters.get("stage").map(String::as_str).unwrap_or_default();
            if self.faults.next(stage, true).is_some() {
                let [throttled, ..] = error_name::BATCH_SUBMISSION;
                return Err(TaskError::new(throttled, "Too Many Requests"));
            }
        }
        Ok(Value::Object(Map::new()))
    }

    async fn call(&self, call: ServiceCall) -> Result<Value, TaskError> {
        let items = &self.world.items;
        match service(&call.resource) {
            "batch:submitJob.sync" => {
                let submitted: SubmitJob = read(call.arguments)?;
                batch::job(self.world, self.faults, &submitted, &call.clock).await
            }
            "dynamodb:getItem" => twins::get_item(items, call.arguments),
            "dynamodb:updateItem" => twins::update_item(items, call.arguments),
            "dynamodb:putItem" => twins::put_item(items, call.arguments),
            "dynamodb:deleteItem" => twins::delete_item(items, call.arguments),
            "aws-sdk:sfn:describeExecution" => self.describe(&call.arguments),
            "lambda:invoke" => self.invoke(&call).await,
            _ => Err(broken(&format!("a scenario has no `{}`", call.resource))),
        }
    }
}

impl Cloud<'_> {
    fn describe(&self, arguments: &Value) -> Result<Value, TaskError> {
        let arn = twins::asked_execution(arguments);
        let executions = self.world.executions.borrow();
        twins::described(arn, executions.iter().find(|it| it.execution_arn == arn).map(|it| it.status))
    }

    /// A function of a custom task: its state's name is the stage's.
    async fn invoke(&self, call: &ServiceCall) -> Result<Value, TaskError> {
        let number = self.world.attempts.borrow().len();
        self.world.attempts.borrow_mut().push(super::world::Attempt {
            stage: call.state.clone(),
            start: call.clock.now(),
            end: None,
        });
        tokio::time::sleep(self.faults.duration(&call.state)).await;
        if let Some(it) = self.world.attempts.borrow_mut().get_mut(number) {
            it.end = Some(call.clock.now());
        }
        let [throttled, ..] = error_name::FUNCTION_STUMBLES;
        if self.faults.next(&call.state, true).is_some() {
            return Err(TaskError::new(throttled, "Rate Exceeded."));
        }
        match self.faults.next(&call.state, false) {
            None => Ok(object([("StatusCode", Value::from(200)), ("Payload", Value::Object(Map::new()))])),
            Some(Fault::Failure(words)) => Err(TaskError::new("Error", words)),
            Some(Fault::HostLoss | Fault::SpotLoss | Fault::ConnectionLoss | Fault::Throttling) => {
                Err(TaskError::new(throttled, "the function's host was lost"))
            }
        }
    }
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
