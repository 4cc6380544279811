//! `survey_result`: a flow tells what a caller has answered, and it is kept with the caller.
//!
//! Owns what is taken for an answer, what the caller's item looks like and when somebody is told. Connect calls
//! again when an answer is late, so everything may be asked of it twice. What can't be cured by asking again is
//! refused in the reply; an error is what another attempt may cure. Knows no AWS SDK and no channel.

mod answers;
mod customer;
mod item;
mod report;

#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;
use sluice_contract::{
    notification::{Notification, Occasion},
    survey::SurveyDocument,
};

use crate::{
    announce::{AnnounceError, Announcer},
    log::{Level, Log},
    survey::Surveys,
};

pub use answers::{Answers, AnswersError, MemoryAnswers};
pub use customer::{Call, Change, Customer, Entry, Placed, attribute};
pub use item::ItemAnswers;
pub use report::Refusal;

use report::Report;

/// How often the item is read again where others write to it at the same time.
const ATTEMPTS: u32 = 5;

/// What a flow gets back: texts by name, nothing else in them.
pub type Reply = BTreeMap<&'static str, String>;

/// What became of what the flow told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is kept.
    Kept {
        /// How many were told.
        told: usize,
    },
    /// It was kept before.
    Known,
    /// It is not to be kept, now or later.
    Refused(Refusal),
}

impl Outcome {
    /// What the flow gets back.
    pub fn reply(&self) -> Reply {
        match self {
            Self::Kept { .. } => Reply::from([("result", "kept".to_owned())]),
            Self::Known => Reply::from([("result", "known".to_owned())]),
            Self::Refused(refusal) => {
                Reply::from([("result", "refused".to_owned()), ("reason", refusal.to_string())])
            }
        }
    }
}

/// Why nothing is known of what the flow told; to be asked again is safe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SurveyResultError {
    /// It is not what a flow sends.
    #[error("the event is not of a contact flow: {0}")]
    Malformed(String),
    /// The item can't be read or written.
    #[error(transparent)]
    Answers(#[from] AnswersError),
    /// Others wrote the item whenever this one was about to.
    #[error("the caller's item was changed by others {ATTEMPTS} times in a row")]
    Contended,
    /// The answer is kept, and nobody knows of it.
    #[error(transparent)]
    Announce(#[from] AnnounceError),
}

/// Keeps what a flow tells, logged and counted; the reply for the flow.
pub fn call(
    event: &Value,
    surveys: &Surveys,
    answers: &dyn Answers,
    announcer: &dyn Announcer,
    now: i64,
    log: &mut Log<'_>,
) -> Result<Reply, SurveyResultError> {
    let contact = event.pointer("/Details/ContactData/ContactId").and_then(Value::as_str);
    let contact = contact.unwrap_or_default();
    let outcome = handle(event, surveys, answers, announcer, now);
    let counted = match &outcome {
        Ok(Outcome::Kept { .. }) => "Kept",
        Ok(Outcome::Known) => "Known",
        Ok(Outcome::Refused(_)) => "Refused",
        Err(SurveyResultError::Malformed(_)) => "Malformed",
        Err(
            SurveyResultError::Answers(_) | SurveyResultError::Contended | SurveyResultError::Announce(_),
        ) => "Failed",
    };
    match &outcome {
        Ok(Outcome::Kept { told }) => log.line(Level::Info, contact, &format!("kept, and told to {told}")),
        Ok(Outcome::Known) => log.line(Level::Info, contact, "it was kept before"),
        Ok(Outcome::Refused(refusal)) => log.line(Level::Warn, contact, &format!("refused: {refusal}")),
        Err(error) => log.line(Level::Error, contact, &error.to_string()),
    }
    let told = if let Ok(Outcome::Kept { told }) = &outcome { *told } else { 0 };
    let told = u64::try_from(told).unwrap_or(u64::MAX);
    log.counts(now, &BTreeMap::from([(counted, 1), ("Told", told)]));
    outcome.map(|it| it.reply())
}

/// Keeps what a flow tells, and tells those who asked for such answers. `now` is in milliseconds since 1970.
pub fn handle(
    event: &Value,
    surveys: &Surveys,
    answers: &dyn Answers,
    announcer: &dyn Announcer,
    now: i64,
) -> Result<Outcome, SurveyResultError> {
    let report = match Report::read(event, surveys)? {
        Ok(report) => report,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    let Some((customer, alerts)) = keep(&report, answers, now)? else { return Ok(Outcome::Known) };
    for (position, number) in alerts.iter().enumerate() {
        let notification = notification(&report, &customer, *number);
        if let Err(error) = announcer.announce(&notification) {
            forget_told(&report, answers, alerts.get(position..).unwrap_or_default())?;
            return Err(error.into());
        }
    }
    Ok(Outcome::Kept { told: alerts.len() })
}

/// Writes what is new; none where nothing is. With the item as it is then, and the alerts that are to be told: who
/// has written them down is who tells them.
fn keep(
    report: &Report<'_>,
    answers: &dyn Answers,
    now: i64,
) -> Result<Option<(Customer, Vec<usize>)>, SurveyResultError> {
    for _ in 0..ATTEMPTS {
        let mut customer = answers.customer(report.phone_number)?;
        let Some((change, alerts)) = customer.note(report, now) else { return Ok(None) };
        if answers.change(report.phone_number, &change)? {
            customer.apply(&change);
            return Ok(Some((customer, alerts)));
        }
    }
    Err(SurveyResultError::Contended)
}

/// The next attempt is to tell them.
fn forget_told(
    report: &Report<'_>,
    answers: &dyn Answers,
    alerts: &[usize],
) -> Result<(), SurveyResultError> {
    for _ in 0..ATTEMPTS {
        let customer = answers.customer(report.phone_number)?;
        let Some(change) = customer.without_told(report, alerts) else { return Ok(()) };
        if answers.change(report.phone_number, &change)? {
            return Ok(());
        }
    }
    Err(SurveyResultError::Contended)
}

/// Channels hold no telephone numbers: the contact leads to it for those who may see it.
fn notification(report: &Report<'_>, customer: &Customer, alert: usize) -> Notification {
    let SurveyDocument { survey, title, alerts, origin, .. } = report.survey;
    let answers = customer.answers(report.survey, report.contact);
    let said: Vec<String> =
        answers.iter().map(|(question, answer)| format!("`{question}` with `{answer}`")).collect();
    Notification {
        occasion: Occasion::SurveyAlert,
        pipeline: survey.clone(),
        run: report.contact.to_owned(),
        stage: None,
        summary: format!("a caller of `{survey}` answered {}", said.join(" and ")),
        cause: None,
        help: Some(format!("{title}: the caller's number is with this contact, in Connect's contact search")),
        next_step: None,
        origin: Some(origin.clone()),
        log: None,
        channel: alerts.get(alert).map(|it| it.channel.clone()),
    }
}
