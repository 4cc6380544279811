//! An event as `GetExecutionHistory` has it.

use std::time::Duration;

use serde_json::{Map, Value};

use super::clock::iso;
use super::execute::Execution;
use super::history::{Event, EventKind, Family};

/// The event in the service's own shape: type, ids, timestamp, and the details under their own name.
pub fn service_shape(event: &Event, execution: &Execution) -> Value {
    let mut shape = Shape::default();
    shape.put("timestamp", Value::String(iso(event.timestamp)));
    let name = event.kind.name();
    shape.text("type", &name);
    shape.put("id", Value::from(event.id));
    shape.put("previousEventId", Value::from(event.previous));
    if let Some(details) = details(event, execution) {
        let of_every_kind = ["StateEntered", "StateExited"].into_iter().find(|end| name.ends_with(end));
        let of = uncapitalized(of_every_kind.unwrap_or(&name));
        shape.put(&format!("{of}EventDetails"), Value::Object(details.0));
    }
    Value::Object(shape.0)
}

#[derive(Debug, Default)]
struct Shape(Map<String, Value>);

impl Shape {
    fn put(&mut self, name: &str, value: Value) {
        drop(self.0.insert(name.to_owned(), value));
    }

    fn text(&mut self, name: &str, text: &str) {
        self.put(name, Value::String(text.to_owned()));
    }

    /// A payload is the text of its JSON, with a word on whether it is whole.
    fn payload(&mut self, name: &str, value: &Value) {
        self.put(name, Value::String(value.to_string()));
        self.whole(name);
    }

    fn whole(&mut self, name: &str) {
        let details = Map::from_iter([("truncated".to_owned(), Value::Bool(false))]);
        self.put(&format!("{name}Details"), Value::Object(details));
    }

    fn error(&mut self, error: &str, cause: Option<&str>) {
        if !error.is_empty() {
            self.text("error", error);
        }
        if let Some(cause) = cause {
            self.text("cause", cause);
        }
    }

    /// `batch` and `submitJob.sync` of `arn:aws:states:::batch:submitJob.sync`; else the whole ARN.
    fn resource(&mut self, resource: &str) {
        let integration = resource.split_once(":states:::").map(|(_, it)| it);
        match (Family::of(resource), integration.and_then(|it| it.rsplit_once(':'))) {
            (Family::Integration, Some((service, action))) => {
                self.text("resourceType", service);
                self.text("resource", action);
            }
            (Family::Integration | Family::Function | Family::Activity, _) => self.text("resource", resource),
        }
    }

    fn seconds(&mut self, name: &str, duration: Option<Duration>) {
        if let Some(duration) = duration {
            self.put(name, Value::from(duration.as_secs()));
        }
    }
}

/// None for the events that the service gives no details.
fn details(event: &Event, execution: &Execution) -> Option<Shape> {
    let mut shape = Shape::default();
    let state = event.state.as_deref().unwrap_or_default();
    match &event.kind {
        EventKind::ExecutionStarted { input } => {
            shape.payload("input", input);
            shape.text("roleArn", &execution.role_arn);
        }
        EventKind::ExecutionSucceeded { output } => shape.payload("output", output),
        EventKind::ExecutionFailed { error, cause } | EventKind::MapRunFailed { error, cause } => {
            shape.error(error, cause.as_deref());
        }
        EventKind::ExecutionTimedOut | EventKind::ExecutionAborted | EventKind::MapRunSucceeded => {}
        EventKind::StateEntered { input, .. } => {
            shape.text("name", state);
            shape.payload("input", input);
        }
        EventKind::StateExited { output, assigned, .. } => {
            shape.text("name", state);
            shape.payload("output", output);
            if !assigned.is_empty() {
                let assigned =
                    assigned.iter().map(|(name, it)| (name.clone(), Value::String(it.to_string())));
                shape.put("assignedVariables", Value::Object(assigned.collect()));
                shape.whole("assignedVariables");
            }
        }
        EventKind::TaskScheduled { resource, arguments, timeout, heartbeat } => {
            shape.resource(resource);
            if Family::of(resource) == Family::Integration {
                shape.text("region", execution.machine_id.split(':').nth(3).unwrap_or_default());
                shape.text("parameters", &arguments.to_string());
            } else {
                shape.payload("input", arguments);
            }
            shape.seconds("timeoutInSeconds", *timeout);
            shape.seconds("heartbeatInSeconds", *heartbeat);
        }
        EventKind::TaskStarted { resource } => match Family::of(resource) {
            Family::Function => return None,
            Family::Activity => {}
            Family::Integration => shape.resource(resource),
        },
        EventKind::TaskSubmitted { resource, output } | EventKind::TaskSucceeded { resource, output } => {
            if Family::of(resource) == Family::Integration {
                shape.resource(resource);
            }
            shape.payload("output", output);
        }
        EventKind::TaskFailed { resource, error, cause }
        | EventKind::TaskSubmitFailed { resource, error, cause } => {
            if Family::of(resource) == Family::Integration {
                shape.resource(resource);
            }
            shape.error(error, cause.as_deref());
        }
        EventKind::TaskTimedOut { resource, error } => {
            if Family::of(resource) == Family::Integration {
                shape.resource(resource);
            }
            shape.error(error, None);
        }
        EventKind::MapStateStarted { length } => shape.put("length", Value::from(*length)),
        EventKind::MapIterationStarted { index }
        | EventKind::MapIterationSucceeded { index }
        | EventKind::MapIterationFailed { index }
        | EventKind::MapIterationAborted { index } => {
            shape.text("name", state);
            shape.put("index", Value::from(*index));
        }
        EventKind::MapRunStarted { arn } => shape.text("mapRunArn", arn),
        EventKind::EvaluationFailed { location, error, cause } => {
            shape.error(error, cause.as_deref());
            shape.text("location", location);
            shape.text("state", state);
        }
        EventKind::StateAborted { .. }
        | EventKind::ParallelStateStarted
        | EventKind::ParallelStateSucceeded
        | EventKind::ParallelStateFailed
        | EventKind::MapStateSucceeded
        | EventKind::MapStateFailed => return None,
    }
    let told_anyway = matches!(event.kind, EventKind::ExecutionAborted | EventKind::ExecutionTimedOut);
    (!shape.0.is_empty() || told_anyway).then_some(shape)
}

fn uncapitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}
