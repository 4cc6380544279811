//! What the calls are given that nearly every machine makes: their fields, and the limits of AWS Batch.
//!
//! A value that is computed is taken to be right. Services that are not here are given whatever is written.

use super::{
    check::{Check, Here},
    spec::{Bounds, Language},
};
use crate::{
    diagnostics::{Code, Diagnostic, suggest, words},
    source::Span,
    validate::json::{Field, Node, Object, Value},
};

/// What a call takes.
struct Call {
    action: &'static str,
    fields: &'static [&'static str],
    required: &'static [&'static str],
}

const CALLS: &[Call] = &[
    Call {
        action: "batch:submitJob",
        fields: &[
            "ArrayProperties",
            "ConsumableResourcePropertiesOverride",
            "ContainerOverrides",
            "DependsOn",
            "EcsPropertiesOverride",
            "EksPropertiesOverride",
            "JobDefinition",
            "JobName",
            "JobQueue",
            "NodeOverrides",
            "Parameters",
            "PropagateTags",
            "RetryStrategy",
            "SchedulingPriorityOverride",
            "ShareIdentifier",
            "Tags",
            "Timeout",
        ],
        required: &["JobDefinition", "JobName", "JobQueue"],
    },
    Call {
        action: "dynamodb:getItem",
        fields: &[
            "AttributesToGet",
            "ConsistentRead",
            "ExpressionAttributeNames",
            "Key",
            "ProjectionExpression",
            "ReturnConsumedCapacity",
            "TableName",
        ],
        required: &["Key", "TableName"],
    },
    Call {
        action: "dynamodb:putItem",
        fields: &[
            "ConditionExpression",
            "ConditionalOperator",
            "Expected",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "Item",
            "ReturnConsumedCapacity",
            "ReturnItemCollectionMetrics",
            "ReturnValues",
            "ReturnValuesOnConditionCheckFailure",
            "TableName",
        ],
        required: &["Item", "TableName"],
    },
    Call {
        action: "dynamodb:updateItem",
        fields: &[
            "AttributeUpdates",
            "ConditionExpression",
            "ConditionalOperator",
            "Expected",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "Key",
            "ReturnConsumedCapacity",
            "ReturnItemCollectionMetrics",
            "ReturnValues",
            "ReturnValuesOnConditionCheckFailure",
            "TableName",
            "UpdateExpression",
        ],
        required: &["Key", "TableName"],
    },
    Call {
        action: "dynamodb:deleteItem",
        fields: &[
            "ConditionExpression",
            "ConditionalOperator",
            "Expected",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "Key",
            "ReturnConsumedCapacity",
            "ReturnItemCollectionMetrics",
            "ReturnValues",
            "ReturnValuesOnConditionCheckFailure",
            "TableName",
        ],
        required: &["Key", "TableName"],
    },
    Call {
        action: "sns:publish",
        fields: &[
            "Message",
            "MessageAttributes",
            "MessageDeduplicationId",
            "MessageGroupId",
            "MessageStructure",
            "PhoneNumber",
            "Subject",
            "TargetArn",
            "TopicArn",
        ],
        required: &["Message"],
    },
    Call {
        action: "sqs:sendMessage",
        fields: &[
            "DelaySeconds",
            "MessageAttributes",
            "MessageBody",
            "MessageDeduplicationId",
            "MessageGroupId",
            "MessageSystemAttributes",
            "QueueUrl",
        ],
        required: &["MessageBody", "QueueUrl"],
    },
    Call {
        action: "lambda:invoke",
        fields: &[
            "ClientContext",
            "FunctionName",
            "InvocationType",
            "LogType",
            "Payload",
            "Qualifier",
            "TenantId",
        ],
        required: &["FunctionName"],
    },
    Call {
        action: "states:startExecution",
        fields: &["Input", "Name", "StateMachineArn", "TraceHeader"],
        required: &["StateMachineArn"],
    },
    Call { action: "events:putEvents", fields: &["EndpointId", "Entries"], required: &["Entries"] },
];

/// The limits of a Batch job.
const ARRAY_SIZE: (f64, f64) = (2.0, 10_000.0);
const ATTEMPTS: (f64, f64) = (1.0, 10.0);
const ATTEMPT_SECONDS: (f64, f64) = (60.0, f64::MAX);
const MOST_DEPENDENCIES: usize = 20;
const MOST_TAGS: usize = 50;

/// `given` stands for the whole where a field is missing.
pub(crate) fn check(check: &mut Check<'_>, action: &str, object: &Object<'_>, given: Span, here: Here<'_>) {
    let Some(call) = CALLS.iter().find(|it| it.action == action) else { return };
    let given = object.fields.first().map_or(given, |it| it.at);
    for field in &object.fields {
        let name = field.name.strip_suffix(".$").unwrap_or(&field.name);
        if !call.fields.contains(&name) {
            unknown(check, call, field, name);
        }
    }
    for name in call.required {
        if !has(object, name) {
            check.missing(given, &format!("`{action}`"), name);
        }
    }
    match action {
        "batch:submitJob" => batch(check, object, here),
        "states:startExecution" => execution_names(check, object),
        _ if action.starts_with("dynamodb:") => {
            for name in ["ExpressionAttributeValues", "Item", "Key"] {
                attributes(check, object.object(name));
            }
        }
        _ => {}
    }
}

fn has(object: &Object<'_>, name: &str) -> bool {
    object.fields.iter().any(|it| it.name.strip_suffix(".$").unwrap_or(&it.name) == name)
}

fn unknown(check: &mut Check<'_>, call: &Call, field: &Field<'_>, name: &str) {
    let diagnostic = Diagnostic::new(Code::ArgumentUnknown, format!("`{}` takes no `{name}`", call.action))
        .label(field.at, "there is no such argument");
    // Batch's own `Parameters` is often written as the field of the state.
    let meant = match (call.action, name) {
        ("batch:submitJob", "Arguments") => Some("Parameters"),
        (_, name) => suggest::closest(name, call.fields.iter().copied()),
    };
    check.tell(match meant {
        Some(meant) => {
            let key = field.name.replace(name, meant);
            diagnostic.help(format!("did you mean `{meant}`?")).suggest(field.at, format!("\"{key}\""))
        }
        None => diagnostic.help(format!("it takes {}", words::and_ticked(call.fields))),
    });
}

fn batch(check: &mut Check<'_>, job: &Object<'_>, here: Here<'_>) {
    for (holder, name, (least, most)) in [
        ("ArrayProperties", "Size", ARRAY_SIZE),
        ("RetryStrategy", "Attempts", ATTEMPTS),
        ("Timeout", "AttemptDurationSeconds", ATTEMPT_SECONDS),
    ] {
        if let Some(field) = job.object(holder).and_then(|it| it.field(name)) {
            let computed = here.language == Language::Jsonata;
            check.number(field, Bounds { least, most, whole: true, computed }, here);
        }
    }
    for (name, most) in [("DependsOn", MOST_DEPENDENCIES), ("Tags", MOST_TAGS)] {
        let Some(field) = job.field(name) else { continue };
        let count = field.node.object().map_or(field.node.items().len(), |it| it.fields.len());
        if count > most {
            check.tell(
                Diagnostic::new(
                    Code::TooMany,
                    format!("`{name}` has {count} entries; AWS Batch takes {most}"),
                )
                .label(field.at, "")
                .help("leave some out"),
            );
        }
    }
    for name in ["Parameters", "Tags"] {
        for field in job.object(name).into_iter().flat_map(|it| &it.fields) {
            text(check, &field.node, &field.name);
        }
    }
    let overrides = job.object("ContainerOverrides");
    for (list, name) in [("Environment", "Name"), ("Environment", "Value"), ("ResourceRequirements", "Value")]
    {
        for entry in overrides.into_iter().flat_map(|it| it.items(list)) {
            if let Some(node) = entry.object().and_then(|it| it.get(name)) {
                text(check, node, name);
                reserved(check, node, name);
            }
        }
    }
    if let Some(node) = job.get("JobName") {
        job_name(check, node);
    }
}

/// AWS Batch takes texts only, where numbers would be natural.
fn text(check: &mut Check<'_>, node: &Node<'_>, name: &str) {
    let written = match &node.value {
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Text(_) | Value::Array(_) | Value::Object(_) => return,
    };
    check.tell(
        Diagnostic::new(Code::NotAText, format!("`{name}` must be a text, and is {}", node.kind()))
            .label(node.span, "")
            .help(format!("write `\"{written}\"`; an expression needs `$string(…)`"))
            .suggest(node.span, format!("\"{written}\"")),
    );
}

fn reserved(check: &mut Check<'_>, node: &Node<'_>, field: &str) {
    let Some(name) = node.text().filter(|it| field == "Name" && it.starts_with("AWS_BATCH")) else { return };
    check.tell(
        Diagnostic::new(
            Code::ReservedName,
            format!("the environment variable `{name}` belongs to AWS Batch"),
        )
        .label(node.span, "")
        .help("give it a name that does not start with `AWS_BATCH`"),
    );
}

fn job_name(check: &mut Check<'_>, node: &Node<'_>) {
    let Some(name) = node.text().filter(|it| is_literal(it)) else { return };
    let shaped = name.starts_with(|it: char| it.is_ascii_alphanumeric())
        && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_');
    if !shaped || name.len() > 128 {
        unusable(check, node, name, "a job's name has up to 128 letters, digits, `-` and `_`");
    }
}

fn is_literal(text: &str) -> bool {
    !text.starts_with("{%") && !text.contains("${")
}

/// The name of the execution, and that of the machine at the end of its ARN.
fn execution_names(check: &mut Check<'_>, arguments: &Object<'_>) {
    for name in ["Name", "StateMachineArn"] {
        let Some(node) = arguments.get(name) else { continue };
        let Some(text) = node.text().filter(|it| is_literal(it)) else { continue };
        let written = if name == "Name" {
            Some(text)
        } else {
            text.split_once(":stateMachine:").and_then(|(_, it)| it.split(':').next())
        };
        let Some(written) = written else { continue };
        let bad = |it: char| it.is_whitespace() || it.is_control() || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(it);
        let length = written.chars().count();
        if length == 0 || length > 80 || written.contains(bad) {
            unusable(check, node, written, "a name has 1 to 80 characters, none of them a blank or a sign");
        }
    }
}

fn unusable(check: &mut Check<'_>, node: &Node<'_>, name: &str, rule: &str) {
    check.tell(
        Diagnostic::new(Code::NameUnusable, format!("AWS does not take the name `{name}`"))
            .label(node.span, rule)
            .help("use letters, digits, `-` and `_`"),
    );
}

/// DynamoDB takes numbers as texts.
fn attributes(check: &mut Check<'_>, holder: Option<&Object<'_>>) {
    for attribute in holder.into_iter().flat_map(|it| &it.fields) {
        for name in ["N", "S"] {
            if let Some(node) = attribute.node.object().and_then(|it| it.get(name)) {
                text(check, node, name);
            }
        }
    }
}
