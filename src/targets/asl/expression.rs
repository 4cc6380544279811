//! The JSONata expressions that a machine of ours can hold. Nothing else writes `{% … %}`.
//!
//! A small fixed set: each is compared with the reference implementation by the tests.

use serde::Serialize;

/// The scheduled time that the execution was started for.
const TOLD: &str = "$states.context.Execution.Input.scheduled";

/// A JSONata expression, with its delimiters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Expression(String);

impl Expression {
    /// A variable that an earlier state has assigned.
    pub(super) fn variable(name: &str) -> Self {
        Self::write(&format!("${name}"))
    }

    /// The ARN of this execution: the lock's owner.
    pub(super) fn execution_id() -> Self {
        Self::write("$states.context.Execution.Id")
    }

    /// The run that this execution works on: the one it was told to resume, or a new one of its own name.
    ///
    /// The execution's own input, not the state's: the lock may be asked for more than once on the way.
    pub(super) fn run() -> Self {
        let told = "$states.context.Execution.Input.run";
        Self::write(&format!("$exists({told}) ? {told} : $states.context.Execution.Name"))
    }

    /// The scheduled time that this execution was started for; where there is none, a text behind every time.
    pub(super) fn scheduled() -> Self {
        Self::write(&format!("{} ? $string({TOLD}) : 'by hand'", is_scheduled()))
    }

    /// One of two words.
    pub(super) fn if_scheduled(scheduled: &str, by_hand: &str) -> Self {
        Self::write(&format!("{} ? '{scheduled}' : '{by_hand}'", is_scheduled()))
    }

    /// Whether the lock that was read says that another execution started this scheduled time, or a later one.
    pub(super) fn read_is_started_by_another() -> Self {
        let lock = "$states.result.Item";
        let started = format!("{lock}.scheduled.S >= $string({TOLD})");
        let by_another = format!("{lock}.scheduled_by.S != $states.context.Execution.Id");
        Self::write(&format!(
            "{} and $exists({lock}.scheduled) and {started} and {by_another}",
            is_scheduled()
        ))
    }

    /// When this state was entered, as text.
    pub(super) fn entered_at() -> Self {
        Self::write("$states.context.State.EnteredTime")
    }

    /// The number in an attribute that the item came back with.
    pub(super) fn returned_number(attribute: &str) -> Self {
        Self::write(&format!("$states.result.Attributes.{attribute}.N"))
    }

    /// The text in an attribute of the item that was read; empty where the item or the attribute is missing.
    pub(super) fn read_text(attribute: &str) -> Self {
        let value = format!("$states.result.Item.{attribute}.S");
        Self::write(&format!("$exists({value}) ? {value} : ''"))
    }

    /// A field of the task's result.
    pub(super) fn result(field: &str) -> Self {
        Self::write(&format!("$states.result.{field}"))
    }

    /// Whether a variable is empty text.
    pub(super) fn is_empty(variable: &str) -> Self {
        Self::write(&format!("${variable} = ''"))
    }

    /// Whether a variable is one of some words.
    pub(super) fn is_one_of(variable: &str, words: &[&str]) -> Self {
        let words: Vec<String> = words.iter().map(|it| format!("'{it}'")).collect();
        Self::write(&format!("${variable} in [{}]", words.join(", ")))
    }

    /// The expression with its delimiters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn write(text: &str) -> Self {
        Self(format!("{{% {text} %}}"))
    }
}

/// A time that has not come yet is a mistake made by hand: kept in the lock, it would refuse every schedule until
/// then. A time is compared by its minute, since two services' clocks may differ by a second.
fn is_scheduled() -> String {
    let minute = |time: &str| format!("$substring({time}, 0, 16)");
    let (told, now) = (minute(&format!("$string({TOLD})")), minute("$states.context.Execution.StartTime"));
    format!("($exists({TOLD}) and {told} <= {now})")
}

impl From<Expression> for String {
    fn from(expression: Expression) -> Self {
        expression.0
    }
}
