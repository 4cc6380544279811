//! Task states: what they call, how long they wait.

use super::{
    arguments,
    check::{Check, Here},
    integration::{self, Called, Pattern},
    spec::Language,
};
use crate::{
    diagnostics::{Code, Diagnostic},
    source::Span,
    validate::json::{Node, Object},
};

/// AWS's hard limit on what goes into a state or comes out of it, in bytes.
const LARGEST_PAYLOAD: u32 = 262_144;

pub(crate) fn check(check: &mut Check<'_>, state: &Object<'_>, here: Here<'_>) {
    times(check, state, here);
    if let Some(field) = state.field("Credentials")
        && let Some(object) = field.node.object()
        && !object.has("RoleArn")
        && !object.has("RoleArn.$")
    {
        check.missing(field.at, "`Credentials`", "RoleArn");
    }
    let given = match here.language {
        Language::Jsonata => state.get("Arguments"),
        Language::JsonPath => state.get("Parameters"),
    };
    if let Some(given) = given {
        payload(check, given);
    }
    let Some(resource) = state.field("Resource") else { return };
    let Some(called) = integration::called(check, resource) else { return };
    if here.express {
        express(check, &called, resource.node.span);
    }
    if let (Called::Optimized { action, .. }, Some(given)) = (&called, given)
        && let Some(object) = given.object()
    {
        arguments::check(check, action, object, given.span, here);
    }
}

fn times(check: &mut Check<'_>, state: &Object<'_>, here: Here<'_>) {
    if here.language == Language::JsonPath {
        let _ = check.at_most_one(state, &["TimeoutSeconds", "TimeoutSecondsPath"]);
        let _ = check.at_most_one(state, &["HeartbeatSeconds", "HeartbeatSecondsPath"]);
    }
    let seconds = |name: &str| state.get(name).and_then(Node::number);
    if let (Some(heartbeat), Some(timeout), Some(node)) =
        (seconds("HeartbeatSeconds"), seconds("TimeoutSeconds"), state.get("HeartbeatSeconds"))
        && heartbeat >= timeout
    {
        check.tell(
            Diagnostic::new(Code::HeartbeatTooLong, "`HeartbeatSeconds` is not less than `TimeoutSeconds`")
                .label(node.span, format!("the task ends after {timeout} seconds anyway"))
                .also(state.get("TimeoutSeconds").map(|it| it.span), "here")
                .help("give a heartbeat that is shorter than the timeout"),
        );
    }
}

fn payload(check: &mut Check<'_>, given: &Node<'_>) {
    if given.span.len() <= LARGEST_PAYLOAD {
        return;
    }
    // Indentation is not sent.
    let size = compact(given);
    if size > LARGEST_PAYLOAD {
        let at = Span::new(given.span.file, given.span.start, given.span.start + 1);
        check.tell(
            Diagnostic::new(
                Code::PayloadTooLarge,
                format!("what the task is given has {size} bytes; AWS takes {LARGEST_PAYLOAD}"),
            )
            .label(at, "it starts here")
            .help("put it into S3, and give the task its key"),
        );
    }
}

/// The bytes of a value's JSON without blanks.
fn compact(node: &Node<'_>) -> u32 {
    use crate::validate::json::Value;
    match &node.value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => node.span.len(),
        Value::Array(items) => items.iter().map(|it| compact(it) + 1).sum::<u32>() + 1,
        Value::Object(object) => {
            object.fields.iter().map(|it| it.at.len() + compact(&it.node) + 2).sum::<u32>() + 1
        }
    }
}

fn express(check: &mut Check<'_>, called: &Called<'_>, at: Span) {
    let what = match called {
        Called::Activity => "no activities",
        Called::Optimized { pattern, .. } | Called::Sdk { pattern } => match pattern {
            Pattern::Request => return,
            Pattern::Sync | Pattern::Sync2 => "no jobs to wait for (`.sync`)",
            Pattern::Token => "no tokens to wait for (`.waitForTaskToken`)",
        },
        Called::Later(text) if text.contains(".sync") || text.contains(".waitForTaskToken") => {
            "nothing to wait for"
        }
        Called::Function | Called::Later(_) => return,
    };
    check.tell(
        Diagnostic::new(Code::NotForExpress, format!("a machine of the type EXPRESS has {what}"))
            .label(at, "")
            .help("make the machine STANDARD, or call without waiting"),
    );
}
