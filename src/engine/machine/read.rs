//! From a JSON document to a [`Machine`].

use indexmap::IndexMap;
use serde_json::Value;

use super::fields::Fields;
use super::flow::{effects, recovery, transition};
use super::map;
use super::{
    Choice, ChoiceRule, Fail, Machine, MachineError, Parallel, Pass, State, States, Succeed, Task, Wait,
    WaitUntil,
};
use crate::engine::history::StateKind;

/// Fields that only a JSONPath state has.
const JSON_PATH: &[&str] = &[
    "InputPath",
    "OutputPath",
    "Parameters",
    "ResultPath",
    "ResultSelector",
    "Result",
    "ItemsPath",
    "MaxConcurrencyPath",
    "TimeoutSecondsPath",
    "HeartbeatSecondsPath",
    "SecondsPath",
    "TimestampPath",
    "ErrorPath",
    "CausePath",
];
pub(super) const COMMON: &[&str] = &["Type", "Comment", "QueryLanguage"];
pub(super) const FLOW: &[&str] = &["Next", "End", "Assign", "Output"];
pub(super) const RECOVERY: &[&str] = &["Retry", "Catch"];

pub(super) fn machine(document: &Value) -> Result<Machine, MachineError> {
    const KNOWN: &[&str] = &["StartAt", "States", "Comment", "QueryLanguage", "TimeoutSeconds", "Version"];
    let fields = Fields::of(document, String::new())?;
    fields.only(&[KNOWN], "state machine")?;
    if fields.text("QueryLanguage")? != Some("JSONata") {
        return Err(MachineError::JsonPath {
            at: "/QueryLanguage".to_owned(),
            what: "the machine".to_owned(),
        });
    }
    Ok(Machine {
        timeout_seconds: fields.whole("TimeoutSeconds", 1)?.map(u64::from),
        states: states(&fields)?,
    })
}

/// The scope that has `fields` for its `StartAt` and `States`.
pub(super) fn states(fields: &Fields<'_>) -> Result<States, MachineError> {
    let start_at = fields.required_text("StartAt")?.to_owned();
    let by_name: IndexMap<String, State> = fields
        .object("States")?
        .entries()
        .map(|entry| {
            let (name, fields) = entry?;
            Ok((name.to_owned(), state(name, &fields)?))
        })
        .collect::<Result<_, MachineError>>()?;
    Ok(States { at: fields.at.clone(), start_at, by_name })
}

fn state(name: &str, fields: &Fields<'_>) -> Result<State, MachineError> {
    let path_field = fields.names().find(|field| JSON_PATH.contains(&field.as_str()));
    let path_language = fields.text("QueryLanguage")?.filter(|language| *language != "JSONata");
    if let Some(field) = path_field.map(String::as_str).or(path_language.map(|_| "QueryLanguage")) {
        return Err(MachineError::JsonPath { at: fields.at(field), what: format!("state `{name}`") });
    }
    let found = fields.required_text("Type")?;
    match StateKind::ALL.into_iter().find(|kind| kind.to_string() == found) {
        Some(StateKind::Task) => task(fields).map(State::Task),
        Some(StateKind::Pass) => pass(fields).map(State::Pass),
        Some(StateKind::Choice) => choice(fields).map(State::Choice),
        Some(StateKind::Wait) => wait(fields).map(State::Wait),
        Some(StateKind::Succeed) => succeed(fields).map(State::Succeed),
        Some(StateKind::Fail) => fail(fields).map(State::Fail),
        Some(StateKind::Parallel) => parallel(fields).map(State::Parallel),
        Some(StateKind::Map) => map::map(name, fields).map(|map| State::Map(Box::new(map))),
        None => Err(MachineError::UnknownType { at: fields.at("Type"), found: found.to_owned() }),
    }
}

fn task(fields: &Fields<'_>) -> Result<Task, MachineError> {
    const KNOWN: &[&str] = &["Resource", "Arguments", "TimeoutSeconds", "HeartbeatSeconds", "Credentials"];
    fields.only(&[COMMON, FLOW, RECOVERY, KNOWN], "Task state")?;
    let resource = fields.required_text("Resource")?;
    Ok(Task {
        resource: resource.to_owned(),
        arguments: fields.template("Arguments")?,
        timeout_seconds: fields.template("TimeoutSeconds")?,
        heartbeat_seconds: fields.template("HeartbeatSeconds")?,
        recovery: recovery(fields)?,
        effects: effects(fields)?,
        transition: transition(fields)?,
    })
}

fn pass(fields: &Fields<'_>) -> Result<Pass, MachineError> {
    fields.only(&[COMMON, FLOW], "Pass state")?;
    Ok(Pass { effects: effects(fields)?, transition: transition(fields)? })
}

fn choice(fields: &Fields<'_>) -> Result<Choice, MachineError> {
    fields.only(&[COMMON, &["Choices", "Default", "Assign", "Output"]], "Choice state")?;
    let rules: Vec<ChoiceRule> = fields.objects("Choices")?.iter().map(rule).collect::<Result<_, _>>()?;
    if rules.is_empty() {
        return Err(MachineError::Missing { at: fields.at.clone(), field: "Choices" });
    }
    Ok(Choice { rules, default: fields.text("Default")?.map(str::to_owned), effects: effects(fields)? })
}

fn rule(fields: &Fields<'_>) -> Result<ChoiceRule, MachineError> {
    fields.only(&[&["Condition", "Next", "Assign", "Output", "Comment"]], "choice rule")?;
    Ok(ChoiceRule {
        condition: fields.required_template("Condition")?,
        effects: effects(fields)?,
        next: fields.required_text("Next")?.to_owned(),
    })
}

fn wait(fields: &Fields<'_>) -> Result<Wait, MachineError> {
    fields.only(&[COMMON, FLOW, &["Seconds", "Timestamp"]], "Wait state")?;
    let until = match (fields.template("Seconds")?, fields.template("Timestamp")?) {
        (Some(seconds), None) => WaitUntil::Seconds(seconds),
        (None, Some(timestamp)) => WaitUntil::Timestamp(timestamp),
        (None, None) | (Some(_), Some(_)) => {
            return Err(MachineError::NotExactlyOne {
                at: fields.at.clone(),
                one: "Seconds",
                other: "Timestamp",
            });
        }
    };
    Ok(Wait { until, effects: effects(fields)?, transition: transition(fields)? })
}

fn succeed(fields: &Fields<'_>) -> Result<Succeed, MachineError> {
    fields.only(&[COMMON, &["Output"]], "Succeed state")?;
    Ok(Succeed { output: fields.template("Output")? })
}

fn fail(fields: &Fields<'_>) -> Result<Fail, MachineError> {
    fields.only(&[COMMON, &["Error", "Cause"]], "Fail state")?;
    Ok(Fail { error: fields.template("Error")?, cause: fields.template("Cause")? })
}

fn parallel(fields: &Fields<'_>) -> Result<Parallel, MachineError> {
    fields.only(&[COMMON, FLOW, RECOVERY, &["Branches", "Arguments"]], "Parallel state")?;
    let branches = fields
        .objects("Branches")?
        .iter()
        .map(|branch| {
            branch.only(&[&["StartAt", "States", "Comment"]], "branch")?;
            states(branch)
        })
        .collect::<Result<Vec<_>, _>>()?;
    if branches.is_empty() {
        return Err(MachineError::Missing { at: fields.at.clone(), field: "Branches" });
    }
    Ok(Parallel {
        branches,
        arguments: fields.template("Arguments")?,
        recovery: recovery(fields)?,
        effects: effects(fields)?,
        transition: transition(fields)?,
    })
}
