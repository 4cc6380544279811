//! Tables of figures for people.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use indicatif::{HumanBytes, HumanCount};
use jiff::Timestamp;
use sluice_contract::runs::{StageRecord, StageStatus};

use crate::{
    engine::{Event, EventKind, Retrying},
    run::Member,
};

/// A borderless table; columns from `numbers` on are figures, to the right.
pub(super) fn plain(header: &[&str], numbers: usize) -> Table {
    let mut table = Table::new();
    let _ = table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header);
    for column in table.column_iter_mut().skip(numbers) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// What each of several pipelines came to.
pub(super) fn members(members: &[Member]) -> Table {
    let header = ["pipeline", "status", "extracted", "rejected", "duplicates", "published", "seconds"];
    let mut table = plain(&header, 2);
    for member in members {
        let figures = match &member.result {
            Some(Ok(report)) => {
                let totals = report.totals();
                let figures = [totals.extracted, totals.rejected, totals.duplicates, totals.published];
                let seconds = format!("{:.2}", report.elapsed().as_secs_f64());
                figures.into_iter().map(figure).chain([seconds]).collect()
            }
            Some(Err(_)) | None => vec!["-".to_owned(); 5],
        };
        let _ = table.add_row([member.pipeline.clone(), member.status()].into_iter().chain(figures));
    }
    table
}

fn figure(it: u64) -> String {
    if it == 0 { "-".to_owned() } else { HumanCount(it).to_string() }
}

/// What each stage counted.
pub(super) fn stages(stages: &[StageRecord]) -> Table {
    let header = [
        "stage",
        "status",
        "read",
        "written",
        "rejected",
        "duplicates",
        "bytes",
        "parts",
        "seconds",
        "attempts",
    ];
    let mut table = plain(&header, 2);
    for stage in stages {
        let counted = &stage.statistics;
        let bytes = if counted.bytes == 0 { "-".to_owned() } else { HumanBytes(counted.bytes).to_string() };
        let seconds = match stage.status {
            StageStatus::Done => {
                format!("{:.2}", std::time::Duration::from_millis(counted.milliseconds).as_secs_f64())
            }
            StageStatus::Running | StageStatus::Failed => "-".to_owned(),
        };
        let _ = table.add_row([
            stage.stage.clone(),
            stage.status.word().to_owned(),
            figure(counted.rows_read),
            figure(counted.rows_written),
            figure(counted.rows_rejected),
            figure(counted.duplicates),
            bytes,
            figure(counted.parts),
            seconds,
            counted.attempts.to_string(),
        ]);
    }
    table
}

/// An execution's events, with the time since its start.
pub(super) fn history(events: &[Event], start: Timestamp, retries: &[(u64, Retrying)]) -> Table {
    let mut table = plain(&["time", "id", "event", "state", "what"], 5);
    for event in events {
        let _ = table.add_row([
            offset(event.timestamp, start),
            event.id.to_string(),
            event.kind.name(),
            event.state.clone().unwrap_or_default(),
            said(&event.kind),
        ]);
        for (_, retry) in retries.iter().filter(|(after, _)| *after == event.id) {
            let what = format!("retry {} in {:.3} s", retry.retry, retry.delay.as_secs_f64());
            let _ = table.add_row([String::new(), String::new(), String::new(), retry.state.clone(), what]);
        }
    }
    table
}

/// `1:02:03.004` since the start.
pub(super) fn offset(moment: Timestamp, start: Timestamp) -> String {
    let passed = moment.duration_since(start).as_millis().max(0);
    let (seconds, milliseconds) = (passed / 1_000, passed % 1_000);
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    format!("{hours}:{minutes:02}:{:02}.{milliseconds:03}", seconds % 60)
}

/// What an event says beyond its name, cut to a glance.
fn said(kind: &EventKind) -> String {
    let failed = |error: &str, cause: Option<&str>| match cause {
        Some(cause) if !cause.is_empty() => format!("{error}: {cause}"),
        Some(_) | None => error.to_owned(),
    };
    let text = match kind {
        EventKind::ExecutionStarted { input } | EventKind::StateEntered { input, .. } => input.to_string(),
        EventKind::ExecutionSucceeded { output }
        | EventKind::StateExited { output, .. }
        | EventKind::TaskSubmitted { output, .. }
        | EventKind::TaskSucceeded { output, .. } => output.to_string(),
        EventKind::ExecutionFailed { error, cause }
        | EventKind::TaskFailed { error, cause, .. }
        | EventKind::TaskSubmitFailed { error, cause, .. }
        | EventKind::MapRunFailed { error, cause }
        | EventKind::EvaluationFailed { error, cause, .. } => failed(error, cause.as_deref()),
        EventKind::TaskScheduled { resource, arguments, .. } => format!("{resource} {arguments}"),
        EventKind::TaskTimedOut { error, .. } => error.clone(),
        EventKind::MapStateStarted { length } => format!("{length} items"),
        EventKind::MapIterationStarted { index }
        | EventKind::MapIterationSucceeded { index }
        | EventKind::MapIterationFailed { index }
        | EventKind::MapIterationAborted { index } => format!("item {index}"),
        EventKind::MapRunStarted { arn } => arn.clone(),
        EventKind::ExecutionTimedOut
        | EventKind::ExecutionAborted
        | EventKind::StateAborted { .. }
        | EventKind::TaskStarted { .. }
        | EventKind::ParallelStateStarted
        | EventKind::ParallelStateSucceeded
        | EventKind::ParallelStateFailed
        | EventKind::MapRunSucceeded
        | EventKind::MapStateSucceeded
        | EventKind::MapStateFailed => String::new(),
    };
    if text.chars().count() <= GLANCE {
        return text;
    }
    text.chars().take(GLANCE - 1).chain(['…']).collect()
}

/// As much of a payload as fits a line.
const GLANCE: usize = 72;
