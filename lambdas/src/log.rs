//! What a Lambda writes to its log: one JSON object a line, some of which CloudWatch reads as metrics.
//!
//! Source: "Embedded metric format", CloudWatch user guide. Nothing is written that has not been redacted.

use std::{collections::BTreeMap, io::Write};

use serde::Serialize;

use sluice_contract::metric::{DIMENSION, NAMESPACE};

use crate::redact::redact;

/// Writes lines for one function.
pub struct Log<'a> {
    to: &'a mut dyn Write,
    function: &'a str,
}

impl std::fmt::Debug for Log<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Log").field("function", &self.function).finish_non_exhaustive()
    }
}

impl<'a> Log<'a> {
    /// Of the function of that name, as its account calls it: platforms that share one are told apart by it.
    pub fn new(to: &'a mut dyn Write, function: &'a str) -> Self {
        Self { to, function }
    }

    /// A line about one message; `subject` is its id.
    pub fn line(&mut self, level: Level, subject: &str, message: &str) {
        let message = redact(message);
        let line = Line { level, function: self.function, subject, message: &message };
        self.write(&line);
    }

    /// Counts, as metrics of the function; zeros are left out. `now` is in milliseconds since 1970.
    pub fn counts(&mut self, now: i64, counts: &BTreeMap<&'static str, u64>) {
        let values: BTreeMap<_, _> =
            counts.iter().filter(|(_, count)| **count > 0).map(|(name, count)| (*name, *count)).collect();
        if values.is_empty() {
            return;
        }
        let metrics = values.keys().map(|name| Metric { name, unit: "Count" }).collect();
        let directive = Directive { namespace: NAMESPACE, dimensions: [[DIMENSION]], metrics };
        let embedded = Embedded { timestamp: now, cloud_watch_metrics: [directive] };
        self.write(&Counts { aws: embedded, function: self.function, values });
    }

    fn write(&mut self, line: &impl Serialize) {
        if let Ok(text) = serde_json::to_string(line) {
            // A log that can't be written has nowhere to say so, and what is logged is done already.
            let _ = writeln!(self.to, "{text}");
        }
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// It went as it should.
    Info,
    /// Somebody may want to know.
    Warn,
    /// Something was not done.
    Error,
}

#[derive(Serialize)]
struct Line<'a> {
    level: Level,
    function: &'a str,
    subject: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct Counts<'a> {
    #[serde(rename = "_aws")]
    aws: Embedded<'a>,
    #[serde(rename = "Function")]
    function: &'a str,
    #[serde(flatten)]
    values: BTreeMap<&'static str, u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Embedded<'a> {
    timestamp: i64,
    cloud_watch_metrics: [Directive<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive<'a> {
    namespace: &'static str,
    dimensions: [[&'static str; 1]; 1],
    metrics: Vec<Metric<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metric<'a> {
    name: &'a str,
    unit: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_one_line_of_embedded_metrics() {
        let mut written = Vec::new();
        Log::new(&mut written, "watch").counts(9, &BTreeMap::from([("Settled", 2), ("Failed", 0)]));
        assert_eq!(
            String::from_utf8(written).unwrap(),
            "{\"_aws\":{\"Timestamp\":9,\"CloudWatchMetrics\":[{\"Namespace\":\"Sluice\",\
             \"Dimensions\":[[\"Function\"]],\"Metrics\":[{\"Name\":\"Settled\",\"Unit\":\"Count\"}]}]},\
             \"Function\":\"watch\",\"Settled\":2}\n"
        );
    }

    #[test]
    fn a_line_holds_no_secret() {
        let mut written = Vec::new();
        Log::new(&mut written, "watch").line(Level::Warn, "m1", "mysql://me:hunter2@db/x refused");
        assert_eq!(
            String::from_utf8(written).unwrap(),
            "{\"level\":\"warn\",\"function\":\"watch\",\"subject\":\"m1\",\
             \"message\":\"mysql://***@db/x refused\"}\n"
        );
    }
}
