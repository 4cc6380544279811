//! Tables of figures for people.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use indicatif::{HumanBytes, HumanCount};
use sluice_contract::runs::{StageRecord, StageStatus};

use crate::run::Member;

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
