//! Names of action types: those that exist and have no rules here, and those that people believe to exist.

/// Types that flows of the console have, and whose rules are not known well enough to hold anything against them.
pub const WITHOUT_RULES: &[&str] = &[
    "AssociateContactToCustomerProfile",
    "AuthenticateParticipant",
    "CheckVoiceId",
    "CreateCase",
    "CreateCustomerProfile",
    "CreatePersistentContactAssociation",
    "CreateTask",
    "CreateWisdomSession",
    "DequeueContactAndTransferToQueue",
    "EvaluateDataTableValues",
    "GetCalculatedAttributesForCustomerProfile",
    "GetCase",
    "GetCustomerProfile",
    "GetCustomerProfileObject",
    "GetMetricData",
    "LoadContactContent",
    "ResumeContact",
    "SendMessage",
    "ShowView",
    "StartOutboundChatContact",
    "StartOutboundEmailContact",
    "StartVoiceIdStream",
    "TagContact",
    "UnTagContact",
    "UpdateCase",
    "UpdateContactData",
    "UpdateContactMediaProcessing",
    "UpdateContactMediaStreamingBehavior",
    "UpdateContactRoutingCriteria",
    "UpdateCustomerProfile",
    "UpdatePreviousContactParticipantState",
];

/// Types that do not exist, and the one that is meant; none where no action does it.
///
/// Most are names of the console's blocks, or of the form that its old editor wrote.
const NOT_REAL: &[(&str, Option<&str>)] = &[
    ("StoreUserInput", Some("GetParticipantInput")),
    ("StoreCustomerInput", Some("GetParticipantInput")),
    ("GetUserInput", Some("GetParticipantInput")),
    ("GetCustomerInput", Some("GetParticipantInput")),
    ("PlayPrompt", Some("MessageParticipant")),
    ("SetContactAttributes", Some("UpdateContactAttributes")),
    ("SetAttributes", Some("UpdateContactAttributes")),
    ("SetWorkingQueue", Some("UpdateContactTargetQueue")),
    ("SetQueue", Some("UpdateContactTargetQueue")),
    ("SetLoggingBehavior", Some("UpdateFlowLoggingBehavior")),
    ("SetVoice", Some("UpdateContactTextToSpeechVoice")),
    ("SetRecordingBehavior", Some("UpdateContactRecordingBehavior")),
    ("SetEventHook", Some("UpdateContactEventHooks")),
    ("CheckAttribute", Some("Compare")),
    ("CheckContactAttributes", Some("Compare")),
    ("CheckCondition", Some("Compare")),
    ("CheckStaffing", Some("CheckMetricData")),
    ("CheckHours", Some("CheckHoursOfOperation")),
    ("TransferToQueue", Some("TransferContactToQueue")),
    ("TransferToPhoneNumber", Some("TransferParticipantToThirdParty")),
    ("InvokeExternalResource", Some("InvokeLambdaFunction")),
    ("InvokeLambda", Some("InvokeLambdaFunction")),
    ("InvokeModule", Some("InvokeFlowModule")),
    ("Disconnect", Some("DisconnectParticipant")),
    ("EndFlow", Some("EndFlowExecution")),
    ("Trigger", None),
    ("EntryPoint", None),
];

/// Where the type does not exist: the one that is meant, where there is one.
pub fn not_real(action_type: &str) -> Option<Option<&'static str>> {
    NOT_REAL.iter().find(|(name, _)| *name == action_type).map(|(_, meant)| *meant)
}
