//! What surveys need beside their functions: the tables of answers and calls, and the stream of contact records.

use serde::Serialize;

use super::{
    Context,
    functions::{Destinations, EventInvokeConfig, EventSourceMapping, Permission},
    model::{Resource, Stack, Value},
    program::Program,
    storage::{ScheduleGroup, Table},
};
use crate::targets::{
    arn::Arn,
    iam::{PolicyDocument, Principal, Statement},
};

/// `AWS::Kinesis::Stream`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Stream {
    name: String,
    stream_mode_details: StreamMode,
    retention_period_hours: u32,
    stream_encryption: StreamEncryption,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct StreamMode {
    stream_mode: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct StreamEncryption {
    encryption_type: &'static str,
    key_id: Value,
}

/// `AWS::KMS::Key`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Key {
    description: &'static str,
    enable_key_rotation: bool,
    key_policy: PolicyDocument,
}

/// Who is called back so late does not remember the call.
const OLDEST_CONTACT: u32 = 6 * 60 * 60;
/// Fewer records are lost sight of when a batch is cut in two.
const CONTACTS: u32 = 50;
const ATTEMPTS: u32 = 10;

pub(super) fn add(ctx: Context<'_>, stack: &mut Stack) {
    let names = ctx.resources;
    let answers = Table::new(names.survey_table(), &["PhoneNumber"], None);
    stack.add("SurveyTable", Resource::from(answers).kept());
    let calls = Table::new(names.calls_table(), &["pk", "sk"], Some("expires_at"));
    stack.add("CallsTable", Resource::from(calls).kept());
    stack.add("CallsGroup", ScheduleGroup::new(names.calls_group()));
    stack.add("ContactsKey", Resource::from(key(ctx)).kept());
    stack.add(
        "ContactsStream",
        Stream {
            name: names.contacts_stream(),
            stream_mode_details: StreamMode { stream_mode: "ON_DEMAND" },
            retention_period_hours: 24,
            stream_encryption: StreamEncryption {
                encryption_type: "KMS",
                key_id: Value::arn_of("ContactsKey"),
            },
        },
    );
    let contacts = EventSourceMapping {
        function_name: Some(Value::of(Program::SurveyDispatch.id())),
        event_source_arn: Some(Value::arn_of("ContactsStream")),
        batch_size: CONTACTS,
        function_response_types: ["ReportBatchItemFailures"],
        starting_position: Some("LATEST"),
        bisect_batch_on_function_error: Some(true),
        maximum_record_age_in_seconds: Some(OLDEST_CONTACT),
        maximum_retry_attempts: Some(ATTEMPTS),
        destination_config: Some(Destinations::failures_to("ContactsDeadLetters")),
        ..EventSourceMapping::default()
    };
    stack.add("ContactsToDispatch", Program::SurveyDispatch.only_then(contacts));
    // A call that was put off is handed over by its schedule, which is gone then.
    let due = EventInvokeConfig::of(Program::SurveyDispatch, OLDEST_CONTACT, "ContactsDeadLetters");
    stack.add("DueCallsFailures", Program::SurveyDispatch.only_then(due));
    let from_the_instance = Permission {
        function_name: Value::of(Program::SurveyResult.id()),
        action: "lambda:InvokeFunction",
        principal: "connect.amazonaws.com",
        source_account: names.account().to_owned(),
        source_arn: Value::from(&names.connect_instance_arn()),
    };
    stack.add("ConnectMayCallSurveyResult", Program::SurveyResult.only_then(from_the_instance));
}

/// The stream's own key, since Connect may not write with the one that Kinesis has. Who may use it is said here by
/// name, and may be made later.
fn key(ctx: Context<'_>) -> Key {
    let names = ctx.resources;
    let used_by = |sid, action, role: &Arn| {
        Statement::allow_anywhere(sid, &[action])
            .by(Principal::ANYBODY)
            .when("ArnLike", "aws:PrincipalArn", role.as_str().to_owned())
            .when("StringEquals", "kms:CallerAccount", names.account().to_owned())
    };
    let owner =
        Statement::allow_anywhere("Administer", &["kms:*"]).by(Principal::Account { root: names.root() });
    Key {
        description: "Contact records, which hold numbers of callers",
        enable_key_rotation: true,
        key_policy: PolicyDocument::of(vec![
            owner,
            used_by("ConnectWrites", "kms:GenerateDataKey", &names.connect_service_role()),
            used_by("DispatchReads", "kms:Decrypt", &names.survey_dispatch_role()),
        ]),
    }
}
