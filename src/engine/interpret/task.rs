//! Task: evaluates the arguments, calls the service, and makes the state's output of what it returns.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::branch::{Exit, target};
use super::plain::seconds;
use super::too_large;
use super::visit::{Told, Visit};
use crate::engine::failure::Failure;
use crate::engine::history::{EventKind, Family};
use crate::engine::machine::Task;
use crate::engine::services::{Heart, ServiceCall, TaskError};
use crate::engine::template::Template;

impl<'v> Visit<'v> {
    pub(super) async fn task(&self, task: &'v Task) -> Result<Exit<'v>, Failure> {
        self.recovering(&task.recovery, async || self.attempt(task).await).await
    }

    async fn attempt(&self, task: &'v Task) -> Result<Exit<'v>, Failure> {
        let tokens = waits_for_token(&task.resource) || Family::of(&task.resource) == Family::Activity;
        let _ = self.token.replace(tokens.then(|| self.branch.interpreter.random.uuid()));
        let mut moment = self.moment(Told::Nothing)?;
        let arguments = match &task.arguments {
            Some(template) => self.evaluate(&mut moment, template, "Arguments")?,
            None => self.input.clone(),
        };
        self.check_size(&arguments)?;
        let mut limit = |template: &Option<Template>, field: &str| match template {
            None => Ok(None),
            Some(template) => {
                let read = |value: &Value| seconds(value, 1);
                self.evaluate_as(&mut moment, template, field, "number of seconds", read).map(Some)
            }
        };
        let limits = Limits {
            timeout: limit(&task.timeout_seconds, "TimeoutSeconds")?,
            heartbeat: limit(&task.heartbeat_seconds, "HeartbeatSeconds")?,
        };
        let result = self.call(task, arguments, limits).await?;
        let mut moment = self.moment(Told::Result(&result))?;
        self.leave(&mut moment, &task.effects, || result.clone(), target(&task.transition))
    }

    async fn call(&self, task: &Task, arguments: Value, limits: Limits) -> Result<Value, Failure> {
        let interpreter = self.branch.interpreter;
        let resource = || task.resource.clone();
        self.record(EventKind::TaskScheduled {
            resource: resource(),
            arguments: arguments.clone(),
            timeout: limits.timeout,
            heartbeat: limits.heartbeat,
        });
        self.record(EventKind::TaskStarted { resource: resource() });
        let heart = Heart::new();
        let call = ServiceCall {
            resource: resource(),
            arguments,
            state: self.name.to_owned(),
            retry: self.retries.get(),
            token: self.token.borrow().clone(),
            heart: heart.clone(),
            execution: Arc::clone(&interpreter.execution),
            clock: interpreter.clock,
        };
        // Only who answers for a token, or works for an activity, sends heartbeats.
        let heartbeat = limits.heartbeat.filter(|_| self.token.borrow().is_some());
        let ended = tokio::select! {
            biased;
            ended = self.answer(call) => ended,
            failure = too_late(limits.timeout, heartbeat, &heart) => {
                self.record(EventKind::TaskTimedOut { resource: resource(), error: failure.error.clone() });
                return Err(failure);
            }
        };
        let result = ended.map_err(Failure::from).and_then(|output| {
            if too_large(&output) {
                Err(Failure::result_too_large(service(&task.resource)))
            } else {
                Ok(output)
            }
        });
        match &result {
            Ok(output) => {
                self.record(EventKind::TaskSucceeded { resource: resource(), output: output.clone() });
            }
            Err(_) if self.refused.take() => {}
            Err(failure) => self.record(EventKind::TaskFailed {
                resource: resource(),
                error: failure.error.clone(),
                cause: failure.cause.clone(),
            }),
        }
        result
    }

    /// Asks the service, and tells of a request that is then waited for.
    async fn answer(&self, call: ServiceCall) -> Result<Value, TaskError> {
        let services = self.branch.interpreter.services;
        if waits(&call.resource) {
            let resource = call.resource.clone();
            match services.submit(&call).await {
                Ok(output) => self.record(EventKind::TaskSubmitted { resource, output }),
                Err(error) => {
                    self.refused.set(true);
                    let TaskError { error: name, cause } = error.clone();
                    let cause = Some(cause);
                    self.record(EventKind::TaskSubmitFailed { resource, error: name, cause });
                    return Err(error);
                }
            }
        }
        services.call(call).await
    }
}

/// How long an attempt may take, and how long it may be silent.
#[derive(Debug, Clone, Copy)]
struct Limits {
    timeout: Option<Duration>,
    heartbeat: Option<Duration>,
}

async fn too_late(timeout: Option<Duration>, heartbeat: Option<Duration>, heart: &Heart) -> Failure {
    let timeout = async {
        match timeout {
            Some(timeout) => tokio::time::sleep(timeout).await,
            None => std::future::pending().await,
        }
    };
    let silence = async {
        match heartbeat {
            Some(longest) => heart.stops(longest).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        () = timeout => Failure::timeout(),
        () = silence => Failure::heartbeat(),
    }
}

/// Whether the task is over only when what it started is.
fn waits(resource: &str) -> bool {
    resource.contains(".sync") || waits_for_token(resource)
}

fn waits_for_token(resource: &str) -> bool {
    resource.ends_with(".waitForTaskToken")
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
