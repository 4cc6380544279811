//! What an estimate takes for granted, each with its words: nothing else goes into it unsaid.

use serde::{Deserialize, Serialize};

/// What can't be known from the program.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assumptions {
    /// Of a stage that no past run tells of, in minutes: a country of some million records.
    pub stage_minutes: f64,
    /// Compressed, for each extract that no past run tells of.
    pub extract_gb: f64,
    /// Calls of each survey in a month.
    pub calls: u32,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self { stage_minutes: 10.0, extract_gb: 1.0, calls: 1000 }
    }
}

/// Of the price on demand: spare capacity has no list price, and costs up to 70 % less.
pub(super) const SPOT: f64 = 0.30;
/// Seconds of a job that are paid before its program runs: the image is fetched.
pub(super) const JOB_START_SECONDS: f64 = 30.0;
/// The least that is paid of a job.
pub(super) const LEAST_JOB_SECONDS: f64 = 60.0;
/// Days that an extract is paid for: it expires after 30, and can be brought back for 30 more.
pub(super) const EXTRACT_DAYS: f64 = 60.0;
/// States of a job that `watch` hears of.
pub(super) const EVENTS_OF_A_JOB: f64 = 6.0;
/// Items that a stage writes and reads besides.
pub(super) const WRITES_OF_A_STAGE: f64 = 3.0;
pub(super) const READS_OF_A_STAGE: f64 = 4.0;
/// Items that a run writes besides: its lock, its start, its end.
pub(super) const WRITES_OF_A_RUN: f64 = 6.0;
/// Seconds and memory of a call of a function.
pub(super) const CALL_SECONDS: f64 = 0.2;
pub(super) const CALL_GB: f64 = 0.25;
/// Requests to the queue for an event: sent, received, deleted.
pub(super) const REQUESTS_OF_AN_EVENT: f64 = 3.0;
/// What a job logs, in GB.
pub(super) const LOG_GB_OF_A_JOB: f64 = 0.000_5;
/// Requests for an empty queue in a month: five readers that each wait 20 seconds.
pub(super) const EMPTY_REQUESTS: f64 = 5.0 * 3.0 * 60.0 * 24.0 * 30.4;
/// Minutes of a call.
pub(super) const CALL_MINUTES: f64 = 1.5;
/// Dollars for a minute of an outbound call: the carriers', which differ by country.
pub(super) const TELEPHONY_MINUTE: f64 = 0.03;
pub(super) const HOURS_OF_A_MONTH: f64 = 730.0;

/// One of them, for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assumption {
    /// What it is about.
    pub about: String,
    /// How much is assumed.
    pub value: f64,
    /// Of what.
    pub unit: String,
}

impl Assumptions {
    /// All that an estimate rests on.
    pub(super) fn list(&self, surveys: bool) -> Vec<Assumption> {
        let of = |about: &str, value: f64, unit: &str| Assumption {
            about: about.to_owned(),
            value,
            unit: unit.to_owned(),
        };
        let mut all = vec![
            of("a stage that no past run tells of", self.stage_minutes, "minutes"),
            of("an extract that no past run tells of, compressed", self.extract_gb, "GB"),
            of("spare capacity of Fargate, of the price on demand", SPOT, "times"),
            of("a job before its program runs", JOB_START_SECONDS, "seconds"),
            of("an extract is kept, old versions included", EXTRACT_DAYS, "days"),
            of("events of a job that watch hears", EVENTS_OF_A_JOB, "events"),
            of("lines that a job logs", LOG_GB_OF_A_JOB, "GB"),
        ];
        if surveys {
            all.push(of("calls of a survey in a month", f64::from(self.calls), "calls"));
            all.push(of("a call", CALL_MINUTES, "minutes"));
            all.push(of("a minute of telephony, which differs by country", TELEPHONY_MINUTE, "dollars"));
        }
        all
    }
}
