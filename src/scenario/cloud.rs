//! The services that a machine of ours calls, in a scenario's world.

use async_trait::async_trait;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use sluice_contract::{
    dynamodb::{Item, ItemStore as _, ItemStoreError},
    error_name,
};

use super::{
    batch::{self, Faults, SubmitJob, broken},
    world::World,
};
use crate::{
    engine::{ServiceCall, Services, TaskError},
    syntax::ast::Fault,
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
            "dynamodb:getItem" => answer("Item", items.get_item(&read(call.arguments)?)),
            "dynamodb:updateItem" => answer("Attributes", items.update_item(&read(call.arguments)?)),
            "dynamodb:putItem" => answer("Attributes", items.put_item(&read(call.arguments)?).map(|()| None)),
            "dynamodb:deleteItem" => {
                answer("Attributes", items.delete_item(&read(call.arguments)?).map(|()| None))
            }
            "aws-sdk:sfn:describeExecution" => self.describe(&call.arguments),
            "lambda:invoke" => self.invoke(&call).await,
            _ => Err(broken(&format!("a scenario has no `{}`", call.resource))),
        }
    }
}

impl Cloud<'_> {
    fn describe(&self, arguments: &Value) -> Result<Value, TaskError> {
        let arn = arguments.get("ExecutionArn").and_then(Value::as_str).unwrap_or_default();
        let executions = self.world.executions.borrow();
        let found = executions.iter().find(|it| it.execution_arn == arn).ok_or_else(|| {
            TaskError::new(error_name::EXECUTION_MISSING, format!("Execution Does Not Exist: '{arn}'"))
        })?;
        Ok(object([
            ("ExecutionArn", Value::from(arn)),
            ("Name", Value::from(found.name.as_str())),
            ("Status", Value::from(found.status.as_str())),
        ]))
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

fn service(resource: &str) -> &str {
    resource.split_once(":states:::").map_or(resource, |(_, it)| it)
}

/// The arguments as the request's own type; what doesn't fit is what AWS would refuse.
fn read<T: DeserializeOwned>(arguments: Value) -> Result<T, TaskError> {
    serde_json::from_value(arguments).map_err(|error| broken(&error))
}

fn answer(name: &str, item: Result<Option<Item>, ItemStoreError>) -> Result<Value, TaskError> {
    let [stumbled, ..] = error_name::ITEM_STORE_STUMBLES;
    let item = item.map_err(|error| {
        let of = match &error {
            ItemStoreError::ConditionFailed => error_name::CONDITION_FAILED,
            ItemStoreError::Invalid(_) => "DynamoDB.ValidationException",
            ItemStoreError::Unavailable(_) | ItemStoreError::Damaged(_) => stumbled,
        };
        TaskError::new(of, error.to_string())
    })?;
    match item {
        None => Ok(Value::Object(Map::new())),
        Some(item) => Ok(object([(name, to_value(&item)?)])),
    }
}

fn to_value(answer: &impl Serialize) -> Result<Value, TaskError> {
    serde_json::to_value(answer).map_err(|error| broken(&error))
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
