//! Task: evaluates the arguments, calls the service, and makes the state's output of what it returns.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::branch::{Exit, target};
use super::plain::seconds;
use super::too_large;
use super::visit::{Told, Visit};
use crate::engine::failure::Failure;
use crate::engine::history::EventKind;
use crate::engine::machine::Task;
use crate::engine::services::ServiceCall;

impl<'v> Visit<'v> {
    pub(super) async fn task(&self, task: &'v Task) -> Result<Exit<'v>, Failure> {
        self.recovering(&task.recovery, async || self.attempt(task).await).await
    }

    async fn attempt(&self, task: &'v Task) -> Result<Exit<'v>, Failure> {
        let mut moment = self.moment(Told::Nothing)?;
        let arguments = match &task.arguments {
            Some(template) => self.evaluate(&mut moment, template, "Arguments")?,
            None => self.input.clone(),
        };
        self.check_size(&arguments)?;
        let timeout = match &task.timeout_seconds {
            None => None,
            Some(template) => {
                let expected = "number of seconds";
                let read = |value: &Value| seconds(value, 1);
                Some(self.evaluate_as(&mut moment, template, "TimeoutSeconds", expected, read)?)
            }
        };
        let result = self.call(task, arguments, timeout).await?;
        let mut moment = self.moment(Told::Result(&result))?;
        self.leave(&mut moment, &task.effects, || result.clone(), target(&task.transition))
    }

    async fn call(&self, task: &Task, arguments: Value, timeout: Option<Duration>) -> Result<Value, Failure> {
        let interpreter = self.branch.interpreter;
        let resource = || task.resource.clone();
        let scheduled =
            EventKind::TaskScheduled { resource: resource(), arguments: arguments.clone(), timeout };
        self.record(scheduled);
        self.record(EventKind::TaskStarted { resource: resource() });
        let call = interpreter.services.call(ServiceCall {
            resource: resource(),
            arguments,
            state: self.name.to_owned(),
            retry: self.retries.get(),
            execution: Arc::clone(&interpreter.execution),
            clock: interpreter.clock,
        });
        let ended = match timeout {
            None => call.await,
            Some(timeout) => {
                let Ok(ended) = tokio::time::timeout(timeout, call).await else {
                    self.record(EventKind::TaskTimedOut { resource: resource() });
                    return Err(Failure::timeout());
                };
                ended
            }
        };
        let result = ended.map_err(Failure::from).and_then(|output| {
            if too_large(&output) {
                Err(Failure::result_too_large(service(&task.resource)))
            } else {
                Ok(output)
            }
        });
        self.record(match &result {
            Ok(output) => EventKind::TaskSucceeded { resource: resource(), output: output.clone() },
            Err(failure) => EventKind::TaskFailed {
                resource: resource(),
                error: failure.error.clone(),
                cause: failure.cause.clone(),
            },
        });
        result
    }
}

/// `batch` of `arn:aws:states:::batch:submitJob.sync`.
fn service(resource: &str) -> &str {
    resource.split(":::").nth(1).and_then(|integration| integration.split(':').next()).unwrap_or(resource)
}

#[cfg(test)]
mod tests {
    use super::service;

    #[test]
    fn a_resource_names_its_service() {
        assert_eq!(service("arn:aws:states:::batch:submitJob.sync"), "batch");
        assert_eq!(service("arn:aws:lambda:eu-west-1:1:function:f"), "arn:aws:lambda:eu-west-1:1:function:f");
    }
}
