//! Whether an end is worth telling, and in which words.

use sluice_contract::{
    dynamodb::ItemStoreError,
    event::JobStatus,
    notification::{Notification, Occasion},
    runs::{JobRecord, RunStatus, RunsTable, StageRecord, StageStatus},
};

use super::{ending::Ending, link};
use crate::redact::redact;

/// None where there is nothing to tell: a success that follows a success.
pub(super) fn compose(
    ending: &Ending,
    ended_before: bool,
    runs: RunsTable<'_>,
    platform: &str,
) -> Result<Option<Notification>, ItemStoreError> {
    if ending.overlapped {
        return overlap(ending, runs).map(Some);
    }
    match ending.status {
        RunStatus::Failed | RunStatus::TimedOut | RunStatus::Aborted => {
            failure(ending, runs, platform).map(Some)
        }
        RunStatus::Succeeded => {
            let recovered = ended_before || previous_run_failed(ending, runs)?;
            Ok(recovered.then(|| recovery(ending)))
        }
        RunStatus::Running | RunStatus::Skipped => Ok(None),
    }
}

fn failure(ending: &Ending, runs: RunsTable<'_>, platform: &str) -> Result<Notification, ItemStoreError> {
    let stages = runs.stages(&ending.pipeline, &ending.run)?;
    let mut jobs = runs.jobs(&ending.pipeline, &ending.run)?;
    // The jobs of the execution that ended, not of one that the run was begun with.
    jobs.retain(|it| it.created_at.is_none_or(|at| at >= ending.started_at));
    // A container that never started its worker leaves its job as the only trace.
    let job_only = failed_job(&jobs).filter(|job| !stages.iter().any(|it| it.stage == job.stage));
    let stage = culprit(stages);
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
        next_step: Some(format!("sluice resume {} --run {}", ending.pipeline, ending.run)),
        log: stream.and_then(|it| link::log(&ending.execution, platform, it)),
        stage: name,
        cause: cause.or_else(|| ending.cause.clone()).map(|it| redact(&it)),
        ..notification(ending, Occasion::Failure, format!("`{}` {how} {place}", ending.pipeline))
    })
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
    let other = holder.map_or_else(|| "another run".to_owned(), |it| format!("run `{it}`"));
    let summary = format!("`{}` did not start, because {other} of it was still going", ending.pipeline);
    Ok(notification(ending, Occasion::Overlap, summary))
}

fn notification(ending: &Ending, occasion: Occasion, summary: String) -> Notification {
    Notification {
        occasion,
        pipeline: ending.pipeline.clone(),
        run: ending.run.clone(),
        stage: None,
        summary,
        cause: None,
        next_step: None,
        origin: None,
        log: None,
    }
}
