//! What the service takes of each action type: one table, for what is made here and for what others wrote.
//!
//! Source: what `CreateContactFlow` accepted and refused, and exports of the console; the documentation where
//! neither says anything. An error branch that a type does not have is refused, as is the lack of a required one.

/// What the service takes of one action type.
#[derive(Debug, Clone, Copy)]
pub struct ActionRule {
    /// `Compare`.
    pub action_type: &'static str,
    /// Which of its forms; most types have one.
    pub form: Form,
    /// Each has a branch.
    pub required_errors: &'static [&'static str],
    /// Each may have one.
    pub allowed_errors: &'static [&'static str],
    /// What its conditions compare with.
    pub conditions: Conditions,
    /// Whether something comes next.
    pub next: Next,
    /// The types of flows that it works in; none where that is not limited. As the console writes them.
    pub flow_types: Option<&'static [&'static str]>,
}

/// The form of an action whose parameters change its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The type has one form.
    Only,
    /// `GetParticipantInput` that decides by one key.
    Menu,
    /// `GetParticipantInput` that keeps what is typed.
    Store,
    /// `GetParticipantInput` that keeps a telephone number.
    StorePhoneNumber,
}

/// What conditions compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conditions {
    /// There are none.
    None,
    /// Any operator, any text.
    Any,
    /// `Equals`, and any text.
    AnyEqual,
    /// `Equals`, and one key.
    Keys,
    /// `Equals`, and each of these once.
    All(&'static [&'static str]),
    /// `Equals`, and some of these.
    Some(&'static [&'static str]),
    /// Numbers, at least one.
    Numbers,
}

/// Whether something comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// `NextAction` is required, whatever conditions there are.
    Required,
    /// It may be there.
    Optional,
    /// The flow ends: `Transitions` is empty or absent.
    Never,
}

const ANY_ERROR: &[&str] = &["NoMatchingError"];
/// Where a caller can be asked: neither in a whisper nor on hold.
const ASKED_IN: &[&str] = &["contactFlow", "customerQueue", "agentTransfer", "queueTransfer", "campaign"];
const NO_CONDITION: &[&str] = &["NoMatchingCondition"];

const fn rule(
    action_type: &'static str,
    required_errors: &'static [&'static str],
    allowed_errors: &'static [&'static str],
    conditions: Conditions,
) -> ActionRule {
    ActionRule {
        action_type,
        form: Form::Only,
        required_errors,
        allowed_errors,
        conditions,
        next: Next::Required,
        flow_types: None,
    }
}

const fn end(action_type: &'static str) -> ActionRule {
    ActionRule { next: Next::Never, ..rule(action_type, &[], &[], Conditions::None) }
}

const fn input(form: Form, required_errors: &'static [&'static str], conditions: Conditions) -> ActionRule {
    ActionRule {
        form,
        flow_types: Some(ASKED_IN),
        ..rule("GetParticipantInput", required_errors, &[], conditions)
    }
}

/// Every type whose rules are known.
pub const ACTIONS: &[ActionRule] = &[
    rule("MessageParticipant", &[], ANY_ERROR, Conditions::None),
    ActionRule {
        next: Next::Optional,
        flow_types: Some(&["customerQueue", "customerHold", "agentHold"]),
        ..rule("MessageParticipantIteratively", &[], ANY_ERROR, Conditions::Some(&["MessagesInterrupted"]))
    },
    input(
        Form::Menu,
        &["InputTimeLimitExceeded", "NoMatchingCondition", "NoMatchingError"],
        Conditions::Keys,
    ),
    input(Form::Store, ANY_ERROR, Conditions::None),
    input(Form::StorePhoneNumber, &["NoMatchingError", "InvalidPhoneNumber"], Conditions::None),
    end("DisconnectParticipant"),
    end("EndFlowExecution"),
    end("EndFlowModuleExecution"),
    end("TransferContactToAgent"),
    rule("UpdateContactAttributes", ANY_ERROR, &[], Conditions::None),
    rule("UpdateFlowAttributes", &[], ANY_ERROR, Conditions::None),
    rule("UpdateContactTargetQueue", ANY_ERROR, &[], Conditions::None),
    rule("TransferContactToQueue", &["QueueAtCapacity", "NoMatchingError"], &[], Conditions::None),
    rule("InvokeLambdaFunction", ANY_ERROR, &[], Conditions::None),
    rule("InvokeFlowModule", ANY_ERROR, &[], Conditions::Any),
    rule("Compare", NO_CONDITION, &[], Conditions::Any),
    rule("CheckHoursOfOperation", ANY_ERROR, &[], Conditions::All(&["True", "False"])),
    rule(
        "CheckOutboundCallStatus",
        ANY_ERROR,
        &[],
        Conditions::Some(&["CallAnswered", "VoicemailBeep", "VoicemailNoBeep", "NotDetected"]),
    ),
    rule("CheckMetricData", &["NoMatchingError", "NoMatchingCondition"], &[], Conditions::Numbers),
    rule("DistributeByPercentage", NO_CONDITION, &[], Conditions::Numbers),
    rule("Loop", &[], ANY_ERROR, Conditions::All(&["ContinueLooping", "DoneLooping"])),
    rule(
        "Wait",
        ANY_ERROR,
        &["ParticipantNotFound"],
        Conditions::Some(&["WaitCompleted", "CustomerReturned", "BotParticipantDisconnected"]),
    ),
    rule("TransferToFlow", ANY_ERROR, &[], Conditions::None),
    rule("UpdateContactEventHooks", ANY_ERROR, &[], Conditions::None),
    rule("UpdateContactRecordingBehavior", &[], &[], Conditions::None),
    rule(
        "UpdateContactRecordingAndAnalyticsBehavior",
        &["NoMatchingError", "ChannelMismatch"],
        &["InFlightRedactionConfigurationFailed"],
        Conditions::None,
    ),
    rule("UpdateContactRoutingBehavior", &[], &[], Conditions::None),
    rule("UpdateFlowLoggingBehavior", &[], &[], Conditions::None),
    rule("UpdateContactTextToSpeechVoice", &[], ANY_ERROR, Conditions::None),
    rule(
        "UpdateContactCallbackNumber",
        &["InvalidCallbackNumber", "CallbackNumberNotDialable"],
        &[],
        Conditions::None,
    ),
    rule("CreateCallbackContact", ANY_ERROR, &[], Conditions::None),
    rule("CompleteOutboundCall", &[], &[], Conditions::None),
    rule(
        "ConnectParticipantWithLexBot",
        &["NoMatchingError", "NoMatchingCondition"],
        &["InputTimeLimitExceeded"],
        Conditions::AnyEqual,
    ),
    rule(
        "TransferParticipantToThirdParty",
        ANY_ERROR,
        &["CallFailed", "ConnectionTimeLimitExceeded"],
        Conditions::None,
    ),
];

/// The rules of that type in that form.
pub fn find(action_type: &str, form: Form) -> Option<&'static ActionRule> {
    ACTIONS.iter().find(|it| it.action_type == action_type && it.form == form)
}
