//! What is shown while a run goes on.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use indicatif::{HumanBytes, HumanCount, MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use sluice_contract::plan::PlanDocument;
use sluice_worker::Progress;

use super::stage_change::StageChange;
use crate::engine::{Event, Retrying};

/// Is told what happens in a run, from several threads.
pub trait View: Progress {
    /// The run is about to start.
    fn begins(&self, plan: &PlanDocument, run: &str);
    /// Something happened in the machine.
    fn event(&self, event: &Event);
    /// A failed attempt will be repeated.
    fn retrying(&self, retrying: &Retrying);
    /// The run has ended.
    fn ends(&self);
}

/// Nothing is shown: the output is read by a program, or goes to a file.
#[derive(Debug, Clone, Copy, Default)]
pub struct QuietView;

impl Progress for QuietView {
    fn advance(&self, _stage: &str, _rows: u64, _bytes: u64) {}
    fn total(&self, _stage: &str, _rows: u64) {}
}

impl View for QuietView {
    fn begins(&self, _plan: &PlanDocument, _run: &str) {}
    fn event(&self, _event: &Event) {}
    fn retrying(&self, _retrying: &Retrying) {}
    fn ends(&self) {}
}

/// A line for each stage of the plan, alive while it is worked on.
#[derive(Debug)]
pub struct LiveView {
    bars: MultiProgress,
    stages: Mutex<BTreeMap<String, Line>>,
}

/// A stage's line.
#[derive(Debug)]
struct Line {
    bar: ProgressBar,
    rows: u64,
    bytes: u64,
}

impl LiveView {
    /// Draws on the standard error output, which is a terminal.
    pub fn new() -> Self {
        Self { bars: MultiProgress::with_draw_target(ProgressDrawTarget::stderr()), stages: Mutex::default() }
    }

    fn with_line(&self, stage: &str, change: impl FnOnce(&mut Line)) {
        // A view whose thread broke off still has lines to show.
        if let Some(line) = self.stages.lock().unwrap_or_else(PoisonError::into_inner).get_mut(stage) {
            change(line);
        }
    }

    fn settle(&self, stage: &str, mark: &str) {
        self.with_line(stage, |line| {
            line.bar.set_style(style(&format!("{mark} {{prefix}} {{msg}} {{elapsed}}")));
            line.bar.finish();
        });
    }
}

impl Default for LiveView {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress for LiveView {
    fn advance(&self, stage: &str, rows: u64, bytes: u64) {
        self.with_line(stage, |line| {
            line.rows += rows;
            line.bytes += bytes;
            line.bar.set_position(line.rows);
            let rows = HumanCount(line.rows).to_string();
            let bytes = if line.bytes == 0 { String::new() } else { HumanBytes(line.bytes).to_string() };
            line.bar.set_message(format!("{rows:>12} rows  {bytes:>10}"));
        });
    }

    fn total(&self, stage: &str, rows: u64) {
        self.with_line(stage, |line| {
            line.bar.set_length(rows);
            line.bar.set_style(style("{spinner} {prefix} {msg} of {human_len}  {wide_bar} {eta}"));
        });
    }
}

impl View for LiveView {
    fn begins(&self, plan: &PlanDocument, run: &str) {
        let _ = self.bars.println(format!("{} ({}), run {run}", plan.title, plan.pipeline));
        let width = plan.stages.iter().map(|it| it.id.len()).max().unwrap_or(0);
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        for stage in &plan.stages {
            let bar = self.bars.add(ProgressBar::no_length().with_style(style("· {prefix}")));
            bar.set_prefix(format!("{:width$}", stage.id));
            bar.tick();
            let _ = stages.insert(stage.id.clone(), Line { bar, rows: 0, bytes: 0 });
        }
    }

    fn event(&self, event: &Event) {
        match StageChange::of(event) {
            Some(StageChange::Starts(stage)) => self.with_line(&stage, |line| {
                line.bar.reset();
                line.bar.set_style(style("{spinner} {prefix} {msg} {elapsed}"));
                line.bar.enable_steady_tick(Duration::from_millis(100));
            }),
            Some(StageChange::Succeeds(stage)) => self.settle(&stage, "✓"),
            Some(StageChange::Fails(stage)) => self.settle(&stage, "✗"),
            None => {}
        }
    }

    fn retrying(&self, retrying: &Retrying) {
        let _ = self.bars.println(format!(
            "{}: {}; retry {} in {} s",
            retrying.state,
            retrying.error,
            retrying.retry,
            retrying.delay.as_secs()
        ));
    }

    fn ends(&self) {
        for line in self.stages.lock().unwrap_or_else(PoisonError::into_inner).values() {
            if !line.bar.is_finished() {
                line.bar.abandon();
            }
        }
    }
}

/// A template of ours; one that can't be read shows the plain bar.
pub(super) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
