//! Whether an end is worth telling, and in which words.

use sluice_contract::{
    dynamodb::ItemStoreError,
    notification::{Notification, Occasion},
    runs::{RunStatus, RunsTable, StageRecord, StageStatus},
};

use super::{Hints, ending::Ending};

/// None where there is nothing to tell: a success that follows a success.
pub(super) fn compose(
    ending: &Ending,
    ended_before: bool,
    runs: RunsTable<'_>,
    hints: Hints<'_>,
) -> Result<Option<Notification>, ItemStoreError> {
    if ending.overlapped {
        return overlap(ending, runs).map(Some);
    }
    match ending.status {
        RunStatus::Failed | RunStatus::TimedOut | RunStatus::Aborted => {
            failure(ending, runs, hints).map(Some)
        }
        RunStatus::Succeeded => {
            let recovered = ended_before || previous_run_failed(ending, runs)?;
            Ok(recovered.then(|| recovery(ending)))
        }
        RunStatus::Running | RunStatus::Skipped => Ok(None),
    }
}

fn failure(ending: &Ending, runs: RunsTable<'_>, hints: Hints<'_>) -> Result<Notification, ItemStoreError> {
    let stage = culprit(runs.stages(&ending.pipeline, &ending.run)?);
    let cause = stage.as_ref().and_then(|it| it.cause.clone()).or_else(|| ending.cause.clone());
    let way = WayOn::after(stage.as_ref().and_then(|it| it.code.as_deref()));
    let help = stage.as_ref().and_then(|it| it.help.clone());
    let name = stage.map(|it| it.stage);
    let how = match ending.status {
        RunStatus::TimedOut => "ran longer than its timeout",
        RunStatus::Aborted => "was stopped",
        RunStatus::Failed | RunStatus::Running | RunStatus::Succeeded | RunStatus::Skipped => "failed",
    };
    let place = name.as_ref().map_or_else(|| "outside its stages".to_owned(), |it| format!("in `{it}`"));
    Ok(Notification {
        origin: name.as_ref().and_then(|it| hints.plan?.stage(it)).map(|it| it.origin.clone()),
        help,
        next_step: Some(way.command(ending, hints.flags)),
        stage: name,
        cause,
        ..notification(ending, Occasion::Failure, format!("`{}` {how} {place}", ending.pipeline))
    })
}

/// The command that goes on from a failure.
#[derive(Debug, Clone, Copy)]
enum WayOn {
    /// What is done is kept.
    Resume,
    /// The plan of this run, or what it has extracted, can't become right any more.
    RunAnew,
    /// Another run goes on.
    Look,
}

/// The failures that a resumed run would only repeat: its plan holds the SQL, the declarations and the expectations,
/// and its parts hold the rows.
const IN_THE_PLAN: [&str; 11] =
    ["P0601", "P0602", "P0606", "P0611", "P0613", "P0614", "P0615", "P0618", "P0619", "P0622", "P0625"];
/// A newer run has taken over.
const TAKEN_OVER: &str = "P0605";

impl WayOn {
    fn after(code: Option<&str>) -> Self {
        match code {
            Some(TAKEN_OVER) => Self::Look,
            Some(code) if IN_THE_PLAN.contains(&code) => Self::RunAnew,
            Some(_) | None => Self::Resume,
        }
    }

    fn command(self, ending: &Ending, flags: &str) -> String {
        let Ending { pipeline, run, .. } = ending;
        let command = match self {
            Self::Resume => format!("sluice resume {pipeline} --run {run}"),
            Self::RunAnew => format!("sluice run {pipeline}"),
            Self::Look => format!("sluice runs {pipeline}"),
        };
        [command.as_str(), flags].join(" ").trim_end().to_owned()
    }
}

/// The stage that failed first; where none did, one that was being worked on when the run was ended.
fn culprit(mut stages: Vec<StageRecord>) -> Option<StageRecord> {
    stages.retain(|it| it.status != StageStatus::Done);
    stages.sort_by_key(|it| (it.status == StageStatus::Running, it.ended_at, it.started_at));
    stages.into_iter().next()
}

fn recovery(ending: &Ending) -> Notification {
    let summary = format!("`{}` has succeeded again", ending.pipeline);
    notification(ending, Occasion::Recovery, summary)
}

/// Whether the run of the pipeline that ended last before this one ended without success.
fn previous_run_failed(ending: &Ending, runs: RunsTable<'_>) -> Result<bool, ItemStoreError> {
    let ended = runs.runs(&ending.pipeline)?.into_iter().filter(|it| {
        it.run != ending.run
            && it.status != RunStatus::Skipped
            && it.ended_at.is_some_and(|at| at <= ending.ended_at)
    });
    let previous = ended.max_by_key(|it| it.ended_at);
    Ok(previous.is_some_and(|it| it.status != RunStatus::Succeeded))
}

fn overlap(ending: &Ending, runs: RunsTable<'_>) -> Result<Notification, ItemStoreError> {
    let holder = runs.lock(&ending.pipeline)?.and_then(|it| it.run);
    let pipeline = &ending.pipeline;
    let summary = match (&ending.resumed, holder) {
        (Some(run), Some(holder)) if *run == holder => {
            format!("`{pipeline}` was not resumed, because run `{run}` was going on in another execution")
        }
        (Some(run), Some(holder)) => {
            format!("run `{run}` of `{pipeline}` was not resumed, because run `{holder}` was still going")
        }
        (None, Some(holder)) => {
            format!("`{pipeline}` did not start, because run `{holder}` of it was still going")
        }
        (_, None) => format!("`{pipeline}` did not start, because another run of it was still going"),
    };
    let help = if ending.status == RunStatus::Skipped {
        "nothing was done, as `overlap skip` asks; the run that went on was not disturbed"
    } else {
        "nothing was done, and this ended as a failure, as `overlap fail` asks; the run that went on was not disturbed"
    };
    Ok(Notification { help: Some(help.to_owned()), ..notification(ending, Occasion::Overlap, summary) })
}

fn notification(ending: &Ending, occasion: Occasion, summary: String) -> Notification {
    Notification {
        occasion,
        pipeline: ending.pipeline.clone(),
        run: ending.run.clone(),
        stage: None,
        summary,
        cause: None,
        help: None,
        next_step: None,
        origin: None,
    }
}
