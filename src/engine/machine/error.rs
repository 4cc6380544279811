//! What can be wrong with a States Language document, each with its place as a JSON pointer.

use thiserror::Error;

/// Why a document can't be executed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "each variant's message says what it is, with the same words")]
pub enum MachineError {
    #[error("the state machine is not JSON: {problem}")]
    NotJson { problem: String },
    #[error("`{at}` lacks the field `{field}`")]
    Missing { at: String, field: &'static str },
    #[error("`{at}` has the field `{field}`, which a JSONata {what} does not have")]
    UnknownField { at: String, field: String, what: &'static str },
    #[error("`{at}` must be {expected}")]
    Unexpected { at: String, expected: &'static str },
    #[error("`{at}` names the type `{found}`, which the States Language does not have")]
    UnknownType { at: String, found: String },
    #[error(
        "{what} is written in JSONPath, which the local engine does not support; it runs JSONata only (`{at}`)"
    )]
    JsonPath { at: String, what: String },
    #[error("state `{state}` uses {what}, which the local engine does not support (`{at}`)")]
    NotSupported { at: String, state: String, what: &'static str },
    #[error("`{at}` needs exactly one of {}", either(one, other))]
    NotExactlyOne { at: String, one: &'static str, other: &'static str },
    #[error("`{at}` names the state `{target}`, which does not exist in the same `States`")]
    NoSuchState { at: String, target: String },
    #[error("`{at}` is the second state named `{name}`; a name is used once in a machine")]
    DuplicateState { at: String, name: String },
    #[error(
        "`{at}` assigns the variable `{name}`, which belongs to an outer scope and can only be read here"
    )]
    OuterVariable { at: String, name: String },
    #[error("`{at}` holds an expression that can't be read: {problem} (`{expression}`)")]
    Expression { at: String, expression: String, problem: String },
}

fn either(one: &str, other: &str) -> String {
    format!("`{one}` and `{other}`")
}
