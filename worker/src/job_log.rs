//! The log of a job: how far it is, what should be known, and its final figures as metrics that CloudWatch reads
//! out of the log by itself (the embedded metric format).

use std::{
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sluice_contract::statistics::Statistics;

use crate::site::{Clock, Progress};

/// Between two lines about how far the stage is.
const EVERY: SignedDuration = SignedDuration::from_secs(30);

/// The namespace of the metrics in CloudWatch.
pub const NAMESPACE: &str = "Sluice";

/// Where lines go; any thread may write one.
pub type Lines = Box<dyn Write + Send>;

/// Tells of one stage.
pub struct JobLog {
    clock: Arc<dyn Clock>,
    /// The pipeline that metrics are counted for; none where nobody reads metrics.
    metrics_of: Option<String>,
    part: Option<u32>,
    state: Mutex<State>,
}

struct State {
    lines: Lines,
    rows: u64,
    bytes: u64,
    total: Option<u64>,
    started: Timestamp,
    told: Timestamp,
}

impl JobLog {
    /// Writes to these lines; with a pipeline's name, metrics too.
    pub fn new(clock: Arc<dyn Clock>, lines: Lines, metrics_of: Option<String>, part: Option<u32>) -> Self {
        let now = clock.now();
        let state = State { lines, rows: 0, bytes: 0, total: None, started: now, told: now };
        Self { clock, metrics_of, part, state: Mutex::new(state) }
    }

    // A line that can't be written is no reason to fail the stage, and neither is a thread that has panicked.
    fn with(&self, work: impl FnOnce(&mut State)) {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl std::fmt::Debug for JobLog {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("JobLog").field("part", &self.part).finish_non_exhaustive()
    }
}

impl Progress for JobLog {
    fn advance(&self, stage: &str, rows: u64, bytes: u64) {
        let now = self.clock.now();
        self.with(|state| {
            state.rows += rows;
            state.bytes += bytes;
            if now.duration_since(state.told) >= EVERY {
                state.told = now;
                let line = state.line(now);
                let part = self.part.map(|it| format!(" part {it}")).unwrap_or_default();
                let _ = writeln!(state.lines, "progress: {stage}{part}: {line}");
            }
        });
    }

    fn total(&self, _stage: &str, rows: u64) {
        self.with(|state| state.total = Some(rows));
    }

    fn note(&self, stage: &str, note: &str) {
        self.with(|state| {
            let _ = writeln!(state.lines, "note: {stage}: {note}");
        });
    }

    fn finished(&self, stage: &str, statistics: &Statistics) {
        let Some(pipeline) = &self.metrics_of else {
            return;
        };
        let line = metrics(self.clock.now(), pipeline, stage, statistics);
        self.with(|state| {
            let _ = writeln!(state.lines, "{line}");
        });
    }
}

impl State {
    /// `1200000 rows, 34 MB, 40000 rows a second, 40% of 3000000 rows, about 45 seconds left`.
    fn line(&self, now: Timestamp) -> String {
        let seconds = u64::try_from(now.duration_since(self.started).as_secs()).unwrap_or_default().max(1);
        let speed = self.rows / seconds;
        let mut line = format!("{} rows, {} MB, {speed} rows a second", self.rows, self.bytes / 1_000_000);
        if let Some(total) = self.total.filter(|it| *it >= self.rows && *it > 0) {
            let left = (total - self.rows).checked_div(speed);
            let left = left.map(|it| format!(", about {it} seconds left")).unwrap_or_default();
            line = format!("{line}, {}% of {total} rows{left}", self.rows * 100 / total);
        }
        line
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line<'a> {
    #[serde(rename = "_aws")]
    format: Format,
    pipeline: &'a str,
    stage: &'a str,
    rows_read: u64,
    rows_written: u64,
    rows_rejected: u64,
    duplicates: u64,
    untranslated: u64,
    bytes: u64,
    parts: u64,
    duration: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Format {
    timestamp: i64,
    cloud_watch_metrics: [Directive; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive {
    namespace: &'static str,
    dimensions: [&'static [&'static str]; 2],
    metrics: [Metric; 8],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metric {
    name: &'static str,
    unit: &'static str,
}

/// One line of the embedded metric format.
fn metrics(now: Timestamp, pipeline: &str, stage: &str, statistics: &Statistics) -> String {
    let metric = |name, unit| Metric { name, unit };
    let line = Line {
        format: Format {
            timestamp: now.as_millisecond(),
            cloud_watch_metrics: [Directive {
                namespace: NAMESPACE,
                dimensions: [&["Pipeline"], &["Pipeline", "Stage"]],
                metrics: [
                    metric("RowsRead", "Count"),
                    metric("RowsWritten", "Count"),
                    metric("RowsRejected", "Count"),
                    metric("Duplicates", "Count"),
                    metric("Untranslated", "Count"),
                    metric("Bytes", "Bytes"),
                    metric("Parts", "Count"),
                    metric("Duration", "Milliseconds"),
                ],
            }],
        },
        pipeline,
        stage,
        rows_read: statistics.rows_read,
        rows_written: statistics.rows_written,
        rows_rejected: statistics.rows_rejected,
        duplicates: statistics.duplicates,
        untranslated: statistics.untranslated,
        bytes: statistics.bytes,
        parts: statistics.parts,
        duration: statistics.milliseconds,
    };
    // Numbers and names always are JSON.
    serde_json::to_string(&line).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io,
        sync::atomic::{AtomicI64, Ordering},
        time::Duration,
    };

    #[derive(Debug, Default)]
    struct Hand(AtomicI64);

    impl Clock for Hand {
        fn now(&self) -> Timestamp {
            Timestamp::from_second(self.0.load(Ordering::Relaxed)).unwrap()
        }
        fn sleep(&self, duration: Duration) {
            let _ = self.0.fetch_add(i64::try_from(duration.as_secs()).unwrap(), Ordering::Relaxed);
        }
    }

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Paper {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    #[test]
    fn a_job_says_how_far_it_is_every_half_minute() {
        let (clock, paper) = (Arc::new(Hand::default()), Paper::default());
        let log = JobLog::new(clock.clone(), Box::new(paper.clone()), None, Some(3));
        log.total("companies.load", 3_000_000);
        log.advance("companies.load", 500_000, 1_000_000);
        clock.sleep(Duration::from_secs(30));
        log.advance("companies.load", 700_000, 33_000_000);
        log.advance("companies.load", 1, 1);
        log.finished("companies.load", &Statistics::default());
        assert_eq!(
            paper.text(),
            "progress: companies.load part 3: 1200000 rows, 34 MB, 40000 rows a second, 40% of 3000000 rows, \
             about 45 seconds left\n"
        );
    }

    #[test]
    fn figures_become_metrics() {
        let (clock, paper) = (Arc::new(Hand::default()), Paper::default());
        let log = JobLog::new(clock, Box::new(paper.clone()), Some("greece".to_owned()), None);
        let statistics =
            Statistics { rows_read: 7, bytes: 9, milliseconds: 1500, parts: 2, ..Statistics::default() };
        log.finished("companies.load", &statistics);
        let line: serde_json::Value = serde_json::from_str(&paper.text()).unwrap();
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Namespace"], "Sluice");
        for metric in directive["Metrics"].as_array().unwrap() {
            assert!(line[metric["Name"].as_str().unwrap()].is_u64(), "{metric}");
        }
        for name in directive["Dimensions"][1].as_array().unwrap() {
            assert!(line[name.as_str().unwrap()].is_string(), "{name}");
        }
        assert_eq!(line["Duration"], 1500);
        assert_eq!(line["RowsRead"], 7);
    }
}
