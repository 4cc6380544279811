//! What `ValidateStateMachineDefinition` calls a mistake, where its answer has been seen or is documented.
//!
//! Codes may change, AWS says; only the result `OK` or `FAIL` is stable.

use crate::diagnostics::Code;

const CODES: &[(Code, &str)] = &[
    (Code::NotJson, "INVALID_JSON_DESCRIPTION"),
    (Code::NoDocument, "MISSING_DESCRIPTION"),
    (Code::NestedTooDeep, "TOO_DEEPLY_NESTED"),
    (Code::FieldMissing, "SCHEMA_VALIDATION_FAILED"),
    (Code::FieldUnknown, "SCHEMA_VALIDATION_FAILED"),
    (Code::FieldNotOfLanguage, "SCHEMA_VALIDATION_FAILED"),
    (Code::FieldNotOfType, "SCHEMA_VALIDATION_FAILED"),
    (Code::FieldWrongType, "SCHEMA_VALIDATION_FAILED"),
    (Code::FieldEmpty, "SCHEMA_VALIDATION_FAILED"),
    (Code::NumberNotInRange, "SCHEMA_VALIDATION_FAILED"),
    (Code::NotOneOf, "SCHEMA_VALIDATION_FAILED"),
    (Code::FieldsExclude, "SCHEMA_VALIDATION_FAILED"),
    (Code::OneFieldNeeded, "SCHEMA_VALIDATION_FAILED"),
    (Code::FieldTwiceForDollar, "DUPLICATE_FIELD_NAME"),
    (Code::NotATimestamp, "SCHEMA_VALIDATION_FAILED"),
    (Code::TargetUnknown, "MISSING_TRANSITION_TARGET"),
    (Code::TargetElsewhere, "MISSING_TRANSITION_TARGET"),
    (Code::NeverReached, "MISSING_TRANSITION_TARGET"),
    (Code::NoEndState, "MISSING_END_STATE"),
    (Code::NextAndEnd, "SCHEMA_VALIDATION_FAILED"),
    (Code::NoNextOrEnd, "SCHEMA_VALIDATION_FAILED"),
    (Code::StateNameTwice, "DUPLICATE_STATE_NAME"),
    (Code::StateNameUnusable, "INVALID_STATE_NAME"),
    (Code::NotOneComparison, "SCHEMA_VALIDATION_FAILED"),
    (Code::RuleNext, "SCHEMA_VALIDATION_FAILED"),
    (Code::AllErrorsPlace, "SCHEMA_VALIDATION_FAILED"),
    (Code::JsonataSyntax, "INVALID_JSONATA_EXPRESSION"),
    (Code::JsonataUnsupported, "UNSUPPORTED_JSONATA_EXPRESSION"),
    (Code::LanguageNotAllowed, "SCHEMA_VALIDATION_FAILED"),
    (Code::PathSyntax, "SCHEMA_VALIDATION_FAILED"),
    (Code::IntrinsicWrong, "SCHEMA_VALIDATION_FAILED"),
    (Code::NotAReferencePath, "SCHEMA_VALIDATION_FAILED"),
    (Code::DollarMissing, "NO_DOLLAR"),
    (Code::ResultIsStatic, "PASS_RESULT_IS_STATIC"),
    (Code::ResourceUnknown, "INVALID_RESOURCE"),
    (Code::PatternNotOffered, "INVALID_RESOURCE"),
    (Code::LabelUnusable, "INVALID_LABEL_NAME"),
    (Code::LabelTwice, "DUPLICATE_LABEL_NAME"),
];

/// AWS's code for the mistake.
pub fn aws_code(code: Code) -> Option<&'static str> {
    CODES.iter().find(|(ours, _)| *ours == code).map(|(_, theirs)| *theirs)
}
