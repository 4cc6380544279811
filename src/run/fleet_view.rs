//! What is shown while several pipelines run: a line for each that is under way, and one that stays for each that
//! has ended.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use indicatif::{HumanCount, MultiProgress, ProgressBar, ProgressDrawTarget};
use sluice_contract::plan::PlanDocument;
use sluice_worker::Progress;

use super::{
    report::Report,
    stage_change::StageChange,
    view::{QuietView, View, style},
};
use crate::{
    diagnostics::Diagnostic,
    engine::{Event, Retrying},
};

/// Is told what happens to several pipelines, from several threads.
pub trait FleetView: Sync {
    /// The pipeline is about to start; what happens in it is told to the view returned.
    fn line(&self, pipeline: &str) -> Arc<dyn View>;
    /// The pipeline has ended.
    fn settled(&self, pipeline: &str, result: &Result<Report, Diagnostic>);
}

impl FleetView for QuietView {
    fn line(&self, _pipeline: &str) -> Arc<dyn View> {
        Arc::new(Self)
    }

    fn settled(&self, _pipeline: &str, _result: &Result<Report, Diagnostic>) {}
}

/// A line for each pipeline: the stages in progress and the rows they have got through.
#[derive(Debug)]
pub struct LiveFleet {
    bars: MultiProgress,
    width: usize,
    lines: Mutex<BTreeMap<String, Arc<Line>>>,
}

impl LiveFleet {
    /// Draws on the standard error output, which is a terminal; names are at most so wide.
    pub fn new(width: usize) -> Self {
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        Self { bars, width, lines: Mutex::default() }
    }
}

impl FleetView for LiveFleet {
    fn line(&self, pipeline: &str) -> Arc<dyn View> {
        let bar = self.bars.add(ProgressBar::no_length());
        bar.set_style(style("{spinner} {prefix} {elapsed:>4}  {msg}"));
        bar.set_prefix(format!("{pipeline:width$}", width = self.width));
        bar.enable_steady_tick(Duration::from_millis(100));
        let line = Arc::new(Line { bar, bars: self.bars.clone(), stages: Mutex::default() });
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = lines.insert(pipeline.to_owned(), Arc::clone(&line));
        line
    }

    fn settled(&self, pipeline: &str, result: &Result<Report, Diagnostic>) {
        let line = self.lines.lock().unwrap_or_else(PoisonError::into_inner).remove(pipeline);
        let Some(line) = line else { return };
        let width = self.width;
        let told = match result {
            Ok(report) if report.succeeded() => {
                let totals = report.totals();
                let rows = HumanCount(totals.published).to_string();
                format!("✓ {pipeline:width$} {rows:>12} rows published")
            }
            Ok(report) => format!("✗ {pipeline:width$} {}", report.status.as_str().to_lowercase()),
            Err(diagnostic) => format!("✗ {pipeline:width$} {}", diagnostic.message),
        };
        line.bar.finish_and_clear();
        self.bars.remove(&line.bar);
        let _ = self.bars.println(told);
    }
}

/// A pipeline's line.
#[derive(Debug)]
struct Line {
    bar: ProgressBar,
    bars: MultiProgress,
    /// Rows of the stages in progress.
    stages: Mutex<BTreeMap<String, u64>>,
}

impl Line {
    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, u64>)) {
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut stages);
        let told = stages.iter().map(|(stage, rows)| match rows {
            0 => stage.clone(),
            rows => format!("{stage} {} rows", HumanCount(*rows)),
        });
        self.bar.set_message(told.collect::<Vec<_>>().join("  "));
    }
}

impl Progress for Line {
    fn advance(&self, stage: &str, rows: u64, _bytes: u64) {
        self.change(|stages| *stages.entry(stage.to_owned()).or_default() += rows);
    }

    fn total(&self, _stage: &str, _rows: u64) {}
}

impl View for Line {
    fn begins(&self, _plan: &PlanDocument, _run: &str) {}

    fn event(&self, event: &Event) {
        match StageChange::of(event) {
            Some(StageChange::Starts(stage)) => self.change(|stages| {
                let _ = stages.insert(stage, 0);
            }),
            Some(StageChange::Succeeds(stage) | StageChange::Fails(stage)) => self.change(|stages| {
                let _ = stages.remove(&stage);
            }),
            None => {}
        }
    }

    fn retrying(&self, retrying: &Retrying) {
        let _ = self.bars.println(format!(
            "{} {}: {}; retry {} in {} s",
            self.bar.prefix(),
            retrying.state,
            retrying.error,
            retrying.retry,
            retrying.delay.as_secs()
        ));
    }

    fn ends(&self) {}
}
