//! Reads what several kinds of state have in common: where they go, what they leave behind, how they recover.

use super::fields::Fields;
use super::{Catcher, Effects, MachineError, Recovery, Retrier, Transition};

/// AWS's own when a retrier says nothing.
const INTERVAL_SECONDS: u32 = 1;
const BACKOFF_RATE: f64 = 2.0;
const MAX_ATTEMPTS: u32 = 3;

pub(super) fn transition(fields: &Fields<'_>) -> Result<Transition, MachineError> {
    let end = fields.typed("End", "`true`", |value| value.as_bool().filter(|end| *end))?;
    match (fields.text("Next")?, end) {
        (Some(next), None) => Ok(Transition::Next(next.to_owned())),
        (None, Some(_)) => Ok(Transition::End),
        (None, None) | (Some(_), Some(_)) => {
            Err(MachineError::NotExactlyOne { at: fields.at.clone(), one: "Next", other: "End" })
        }
    }
}

pub(super) fn effects(fields: &Fields<'_>) -> Result<Effects, MachineError> {
    let assign = if fields.has("Assign") { fields.object("Assign")?.templates()? } else { Vec::new() };
    Ok(Effects { assign, output: fields.template("Output")? })
}

pub(super) fn recovery(fields: &Fields<'_>) -> Result<Recovery, MachineError> {
    Ok(Recovery {
        retriers: fields.objects("Retry")?.iter().map(retrier).collect::<Result<_, _>>()?,
        catchers: fields.objects("Catch")?.iter().map(catcher).collect::<Result<_, _>>()?,
    })
}

fn retrier(fields: &Fields<'_>) -> Result<Retrier, MachineError> {
    const KNOWN: &[&str] = &[
        "ErrorEquals",
        "IntervalSeconds",
        "BackoffRate",
        "MaxAttempts",
        "MaxDelaySeconds",
        "JitterStrategy",
        "Comment",
    ];
    fields.only(&[KNOWN], "retrier")?;
    Ok(Retrier {
        error_equals: fields.texts("ErrorEquals")?,
        interval_seconds: fields.whole("IntervalSeconds", 1)?.unwrap_or(INTERVAL_SECONDS),
        backoff_rate: fields
            .typed("BackoffRate", "a number of at least 1", |value| {
                value.as_f64().filter(|rate| *rate >= 1.0)
            })?
            .unwrap_or(BACKOFF_RATE),
        max_attempts: fields.whole("MaxAttempts", 0)?.unwrap_or(MAX_ATTEMPTS),
        max_delay_seconds: fields.whole("MaxDelaySeconds", 1)?,
        full_jitter: fields
            .typed("JitterStrategy", "`FULL` or `NONE`", |value| match value.as_str() {
                Some("FULL") => Some(true),
                Some("NONE") => Some(false),
                Some(_) | None => None,
            })?
            .unwrap_or(false),
    })
}

fn catcher(fields: &Fields<'_>) -> Result<Catcher, MachineError> {
    fields.only(&[&["ErrorEquals", "Next", "Assign", "Output", "Comment"]], "catcher")?;
    Ok(Catcher {
        error_equals: fields.texts("ErrorEquals")?,
        effects: effects(fields)?,
        next: fields.required_text("Next")?.to_owned(),
    })
}
