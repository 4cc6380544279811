//! Which line of the table an action of the typed model belongs to.

use super::flow::{Action, ActionKind, Flag, InputValidation};
use crate::connect::rules::{ActionRule, Form, find};

/// The rules of that action; none of a type that is not known.
pub fn of(action: &Action) -> Option<&'static ActionRule> {
    find(action.kind.action_type(), form(&action.kind))
}

fn form(kind: &ActionKind) -> Form {
    let ActionKind::GetParticipantInput(input) = kind else { return Form::Only };
    match (input.store_input, &input.input_validation) {
        (Flag::False, _) => Form::Menu,
        (Flag::True, Some(InputValidation::PhoneNumberValidation(_))) => Form::StorePhoneNumber,
        (Flag::True, Some(InputValidation::CustomValidation(_)) | None) => Form::Store,
    }
}

impl ActionKind {
    /// `Compare`.
    pub fn action_type(&self) -> &str {
        match self {
            Self::MessageParticipant(_) => "MessageParticipant",
            Self::MessageParticipantIteratively(_) => "MessageParticipantIteratively",
            Self::GetParticipantInput(_) => "GetParticipantInput",
            Self::DisconnectParticipant(_) => "DisconnectParticipant",
            Self::EndFlowExecution(_) => "EndFlowExecution",
            Self::UpdateContactAttributes(_) => "UpdateContactAttributes",
            Self::UpdateContactTargetQueue(_) => "UpdateContactTargetQueue",
            Self::TransferContactToQueue(_) => "TransferContactToQueue",
            Self::UpdateContactTextToSpeechVoice(_) => "UpdateContactTextToSpeechVoice",
            Self::UpdateContactEventHooks(_) => "UpdateContactEventHooks",
            Self::InvokeLambdaFunction(_) => "InvokeLambdaFunction",
            Self::Compare(_) => "Compare",
            Self::CheckHoursOfOperation(_) => "CheckHoursOfOperation",
            Self::CheckOutboundCallStatus(_) => "CheckOutboundCallStatus",
            Self::Loop(_) => "Loop",
            Self::Other(other) => &other.action_type,
        }
    }
}
