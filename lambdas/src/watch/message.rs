//! Whether an end is worth telling, and in which words.

use sluice_contract::{
    dynamodb::ItemStoreError,
    event::JobStatus,
    notification::{Notification, Occasion},
    runs::{JobRecord, RunStatus, RunsTable, StageRecord, StageStatus},
};

use super::{Commands, Watch, ending::Ending, link};
use crate::redact::redact;

/// None where there is nothing to tell: a success that follows a success.
pub(super) fn compose(
    ending: &Ending,
    ended_before: bool,
    watch: &Watch<'_>,
) -> Result<Option<Notification>, ItemStoreError> {
    if ending.overlapped {
        return overlap(ending, watch.runs).map(Some);
    }
    match ending.status {
        RunStatus::Failed | RunStatus::TimedOut | RunStatus::Aborted => failure(ending, watch).map(Some),
        RunStatus::Succeeded => {
            let recovered = ended_before || previous_run_failed(ending, watch.runs)?;
            Ok(recovered.then(|| recovery(ending)))
        }
        RunStatus::Running | RunStatus::Skipped => Ok(None),
    }
}

fn failure(ending: &Ending, watch: &Watch<'_>) -> Result<Notification, ItemStoreError> {
    let stages = watch.runs.stages(&ending.pipeline, &ending.run)?;
    let mut jobs = watch.runs.jobs(&ending.pipeline, &ending.run)?;
    // The jobs of the execution that ended, not of one that the run was begun with.
    jobs.retain(|it| it.created_at.is_none_or(|at| at >= ending.started_at));
    // A container that never started its worker leaves its job as the only trace.
    let job_only = failed_job(&jobs).filter(|job| !stages.iter().any(|it| it.stage == job.stage));
    let stage = culprit(stages);
    let is_gate = stage.as_ref().is_some_and(|it| it.code.as_deref() == Some(EXPECTATION_FAILED));
    let occasion = if is_gate { Occasion::QualityGate } else { Occasion::Failure };
    let way = WayOn::after(stage.as_ref().and_then(|it| it.code.as_deref()));
    let help = stage.as_ref().and_then(|it| it.help.as_deref()).map(redact);
    let (name, cause, origin) = match (stage, job_only) {
        (Some(stage), _) => (Some(stage.stage), stage.cause, stage.origin),
        (None, Some(job)) => (Some(job.stage.clone()), job.reason.clone(), None),
        (None, None) => (None, None, None),
    };
    let newest = jobs.iter().filter(|it| Some(&it.stage) == name.as_ref()).max_by_key(|it| &it.version);
    let stream = newest.and_then(|it| it.log_stream.as_deref());
    let how = match ending.status {
        RunStatus::TimedOut => "ran longer than its timeout",
        RunStatus::Aborted => "was stopped",
        RunStatus::Failed | RunStatus::Running | RunStatus::Succeeded | RunStatus::Skipped => "failed",
    };
    let place = name.as_ref().map_or_else(|| "outside its stages".to_owned(), |it| format!("in `{it}`"));
    Ok(Notification {
        origin,
        help,
        next_step: Some(way.command(ending, watch.commands)),
        channel: None,
        log: stream.and_then(|it| link::log(&ending.execution, watch.platform, it)),
        stage: name,
        cause: cause.or_else(|| ending.cause.clone()).map(|it| redact(&it)),
        ..notification(ending, occasion, format!("`{}` {how} {place}", ending.pipeline))
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
/// The rows are not as the program expects them.
const EXPECTATION_FAILED: &str = "P0606";
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

    fn command(self, ending: &Ending, commands: Commands<'_>) -> String {
        let Ending { pipeline, run, .. } = ending;
        commands.typed(&match self {
            Self::Resume => format!("resume {pipeline} --run {run}"),
            Self::RunAnew => format!("{} {pipeline}", commands.start),
            Self::Look => format!("runs {pipeline}"),
        })
    }
}

/// The stage that failed first; where none did, one that was being worked on when the run was ended.
fn culprit(mut stages: Vec<StageRecord>) -> Option<StageRecord> {
    stages.retain(|it| it.status != StageStatus::Done);
    stages.sort_by_key(|it| (it.status == StageStatus::Running, it.ended_at, it.started_at));
    stages.into_iter().next()
}

fn failed_job(jobs: &[JobRecord]) -> Option<&JobRecord> {
    jobs.iter().filter(|it| it.status == JobStatus::Failed).min_by_key(|it| &it.version)
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
        channel: None,
        log: None,
    }
}
