//! The Flow language, version 2019-10-30: a flow, its actions, and what the console draws.
//!
//! Source: "Flow language", Amazon Connect API reference; where it differs from what the service takes, the service.
//! A flow that was read can hold action types that are not here: they keep their parameters ([`OtherAction`]).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::name::ActionId;
pub use super::{
    metadata::{ActionMetadata, Coordinate, Metadata, Position},
    transitions::{Condition, ConditionBranch, ErrorBranch, ErrorType, Operator, Transitions},
};

/// A flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Flow {
    /// Always `2019-10-30`.
    pub version: Version,
    /// Where it begins.
    pub start_action: ActionId,
    /// What the console draws.
    pub metadata: Metadata,
    /// In the order that callers meet them, as far as there is one.
    pub actions: Vec<Action>,
}

impl Flow {
    /// The action of that identifier.
    pub fn action(&self, id: &ActionId) -> Option<&Action> {
        self.actions.iter().find(|it| it.identifier == *id)
    }
}

/// The version of the language; there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Version {
    /// `2019-10-30`
    #[serde(rename = "2019-10-30")]
    V20191030,
}

/// One action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Action {
    /// Its own.
    pub identifier: ActionId,
    /// What it does, and with what.
    #[serde(flatten)]
    pub kind: ActionKind,
    /// Where it leads; nowhere from those that end the flow.
    #[serde(default)]
    pub transitions: Transitions,
}

/// What an action does, and with what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "Type", content = "Parameters")]
pub enum ActionKind {
    /// Says something.
    MessageParticipant(Message),
    /// Says things over and over, until something else happens.
    MessageParticipantIteratively(Messages),
    /// Says something and takes keys.
    GetParticipantInput(Input),
    /// Hangs up.
    DisconnectParticipant(Nothing),
    /// Ends the flow.
    EndFlowExecution(Nothing),
    /// Sets attributes of the contact: all or none.
    UpdateContactAttributes(ContactAttributes),
    /// Chooses the queue.
    UpdateContactTargetQueue(TargetQueue),
    /// Puts the caller into the chosen queue.
    TransferContactToQueue(Nothing),
    /// Chooses the voice.
    UpdateContactTextToSpeechVoice(TextToSpeechVoice),
    /// Chooses a flow for something that happens later.
    UpdateContactEventHooks(EventHooks),
    /// Calls a function.
    InvokeLambdaFunction(LambdaFunction),
    /// Decides by a value.
    Compare(Comparison),
    /// Decides by the time of day.
    CheckHoursOfOperation(HoursOfOperation),
    /// Decides by who took the call.
    CheckOutboundCallStatus(Nothing),
    /// Goes on so many times.
    Loop(LoopCount),
    /// One that is not made here.
    #[serde(untagged)]
    Other(OtherAction),
}

/// An action that is not made here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OtherAction {
    /// Its type.
    #[serde(rename = "Type")]
    pub action_type: String,
    /// As read.
    #[serde(default)]
    pub parameters: serde_json::Map<String, serde_json::Value>,
}

/// No parameters, written as `{}`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothing {}

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    /// Words.
    Text(String),
    /// Words with marks of how they are spoken.
    #[serde(rename = "SSML")]
    Ssml(String),
    /// A recording.
    PromptId(String),
}

/// Things that are said over and over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Messages {
    /// One after the other.
    pub messages: Vec<Message>,
}

/// What is said, and which keys are taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    /// The words, which a key interrupts.
    #[serde(flatten)]
    pub message: Message,
    /// `False` takes one key and decides by it; `True` keeps what is typed.
    pub store_input: Flag,
    /// How long the first key is waited for.
    pub input_time_limit_seconds: String,
    /// How much is typed, where it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_validation: Option<InputValidation>,
    /// What ends it, where it is kept.
    #[serde(default, rename = "DTMFConfiguration", skip_serializing_if = "Option::is_none")]
    pub dtmf_configuration: Option<DtmfConfiguration>,
}

/// A yes or no: a text, since the service refuses a JSON boolean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flag {
    /// Yes.
    True,
    /// No.
    False,
}

/// How much is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum InputValidation {
    /// Up to so many keys.
    CustomValidation(CustomValidation),
    /// A telephone number.
    PhoneNumberValidation(BTreeMap<String, String>),
}

/// Up to so many keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CustomValidation {
    /// So many.
    pub maximum_length: String,
}

/// What ends the typing, and what `*` means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DtmfConfiguration {
    /// Whether `*` is a key as any other; otherwise it forgets what was typed.
    pub disable_cancel_key: Flag,
    /// `#` where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_termination_sequence: Option<String>,
}

/// Attributes to set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContactAttributes {
    /// By name.
    pub attributes: BTreeMap<String, String>,
    /// `Current`: this contact's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_contact: Option<String>,
}

/// The queue to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TargetQueue {
    /// Its ARN.
    pub queue_id: String,
}

/// The voice to choose. The language stands in the metadata.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TextToSpeechVoice {
    /// `Joanna`.
    pub text_to_speech_voice: String,
    /// `Neural`, for voices that have no other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_to_speech_engine: Option<String>,
}

/// The flow for something that happens later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EventHooks {
    /// Exactly one: the event, and the flow's ARN.
    pub event_hooks: BTreeMap<String, String>,
}

/// The function to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LambdaFunction {
    /// Its ARN.
    #[serde(rename = "LambdaFunctionARN")]
    pub lambda_function_arn: String,
    /// `1` to `8`.
    pub invocation_time_limit_seconds: String,
    /// What it is given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lambda_invocation_attributes: BTreeMap<String, String>,
    /// What it may reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_validation: Option<ResponseValidation>,
}

/// What a function may reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResponseValidation {
    /// `STRING_MAP` or `JSON`.
    pub response_type: String,
}

/// The value to decide by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Comparison {
    /// A reference: `$.Attributes.rating`.
    pub comparison_value: String,
}

/// The hours to decide by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct HoursOfOperation {
    /// Their ARN.
    pub hours_of_operation_id: String,
}

/// So many times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LoopCount {
    /// `0` to `100`.
    pub loop_count: String,
}
