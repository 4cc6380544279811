//! Batch, whose jobs do what the scenario says: they take a while, fail, lose their host.

use std::{cell::RefCell, collections::BTreeMap, time::Duration};

use serde_json::Value;
use sluice_contract::{
    job::{EXIT_FAILED, EXIT_TRY_AGAIN},
    plan::Work,
    runs::{StageFailure, StageKey, StageStatus},
    statistics::Statistics,
};

use super::{
    retry::{Exit, RetryStrategy},
    world::{Attempt, World},
};
use crate::{
    engine::{Clock, TaskError},
    syntax::ast::Fault,
    twins::{SubmitJob, broken},
};

/// How long a stage takes where the scenario does not say.
const MINUTE: Duration = Duration::from_mins(1);

/// What Batch says of an attempt that ran longer than it may.
const TIMED_OUT: &str = "Job attempt duration exceeded timeout";

/// What the scenario says of the stages in one run.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// How often each still happens; none for always.
    pub(super) failures: RefCell<Vec<(String, Option<u64>, Fault)>>,
    pub(super) durations: BTreeMap<String, Duration>,
}

impl Faults {
    /// What happens to the next attempt, or to the next submission.
    pub(super) fn next(&self, stage: &str, is_submission: bool) -> Option<Fault> {
        let mut failures = self.failures.borrow_mut();
        let fits = |fault: &Fault| (*fault == Fault::Throttling) == is_submission;
        let (_, left, fault) =
            failures.iter_mut().find(|(of, left, it)| of == stage && *left != Some(0) && fits(it))?;
        *left = left.map(|it| it - 1);
        Some(fault.clone())
    }

    pub(super) fn duration(&self, stage: &str) -> Duration {
        self.durations.get(stage).copied().unwrap_or(MINUTE)
    }
}

/// Runs a job to its end, as Batch and the worker would.
pub(super) async fn job(
    world: &World<'_>,
    faults: &Faults,
    submitted: &SubmitJob,
    clock: &Clock,
) -> Result<Value, TaskError> {
    let parameter = |name: &str| submitted.parameters.get(name).map(String::as_str).unwrap_or_default();
    let key = StageKey { pipeline: &world.pipeline.name, run: parameter("run"), stage: parameter("stage") };
    let fence: i64 = parameter("fence").parse().unwrap_or_default();
    let started_at = clock.now().as_millisecond();
    let failure = attempts(world, faults, submitted, &key, fence, clock).await?;
    submitted.ended([started_at, clock.now().as_millisecond()], failure)
}

/// Why the last attempt failed; none where one succeeded, now or in an earlier execution of the run.
async fn attempts(
    world: &World<'_>,
    faults: &Faults,
    submitted: &SubmitJob,
    key: &StageKey<'_>,
    fence: i64,
    clock: &Clock,
) -> Result<Option<String>, TaskError> {
    let runs = world.runs();
    let stage = runs.stage(key.pipeline, key.run, key.stage).map_err(|it| broken(&it))?;
    if stage.is_some_and(|it| it.status == StageStatus::Done) {
        return Ok(None);
    }
    let strategy = strategy(world, submitted)?;
    let planned = world.plan.stage(key.stage);
    let planned = planned.ok_or_else(|| broken(&format!("the plan has no stage `{}`", key.stage)))?;
    for number in 1.. {
        let now = clock.now().as_millisecond();
        let begun = runs.run_started(key.pipeline, key.run, fence, now).map_err(|it| broken(&it))?
            && runs.stage_started(key, &planned.origin, fence, now).map_err(|it| broken(&it))?;
        if !begun {
            return Ok(Some("P0605: another run has taken over".to_owned()));
        }
        let Some(exit) = attempt(world, faults, submitted, key.stage, clock).await else {
            let now = clock.now().as_millisecond();
            let _ = runs.stage_done(key, fence, &Statistics::default(), now).map_err(|it| broken(&it))?;
            return Ok(None);
        };
        // A worker whose host is gone writes nothing down.
        if exit.code.is_some() {
            let is_gate = match &planned.work {
                Work::Verify { .. } => true,
                Work::Sort { expectations, .. } => !expectations.is_empty(),
                Work::Cleanup { .. }
                | Work::Extract { .. }
                | Work::Load { .. }
                | Work::Translate { .. }
                | Work::Dedupe { .. }
                | Work::Publish { .. }
                | Work::Run { .. }
                | Work::Task { .. } => false,
            };
            let code = if is_gate { "P0606" } else { "P0601" };
            let why = StageFailure { code, cause: &exit.status_reason, help: "" };
            let _ = runs
                .stage_failed(key, fence, &why, clock.now().as_millisecond())
                .map_err(|it| broken(&it))?;
        }
        // Batch does not try again what ran out of time, whatever its strategy says.
        if exit.status_reason == TIMED_OUT || !strategy.tries_again(&exit, number) {
            return Ok(Some(exit.status_reason));
        }
    }
    Ok(None)
}

/// One attempt; how it failed, where it did.
async fn attempt(
    world: &World<'_>,
    faults: &Faults,
    submitted: &SubmitJob,
    stage: &str,
    clock: &Clock,
) -> Option<Exit> {
    let number = world.attempts.borrow().len();
    world.attempts.borrow_mut().push(Attempt { stage: stage.to_owned(), start: clock.now(), end: None });
    let duration = faults.duration(stage);
    let longest = submitted.longest_attempt();
    tokio::time::sleep(longest.map_or(duration, |longest| longest.min(duration))).await;
    if let Some(it) = world.attempts.borrow_mut().get_mut(number) {
        it.end = Some(clock.now());
    }
    let ended = |code, reason: &str| Exit { code, status_reason: reason.to_owned() };
    if longest.is_some_and(|longest| longest < duration) {
        return Some(ended(None, TIMED_OUT));
    }
    match faults.next(stage, false)? {
        Fault::HostLoss => Some(ended(None, "Host EC2 (instance i-0123456789abcdef0) terminated.")),
        Fault::SpotLoss => Some(ended(None, "Your Spot Task was interrupted.")),
        Fault::ConnectionLoss => Some(ended(Some(EXIT_TRY_AGAIN), "the connection was lost")),
        Fault::Failure(words) => Some(ended(Some(EXIT_FAILED), &words)),
        Fault::Throttling => None,
    }
}

fn strategy<'w>(world: &'w World<'_>, submitted: &SubmitJob) -> Result<&'w RetryStrategy, TaskError> {
    let found = world.definitions.iter().find(|it| it.job_definition_name == submitted.definition());
    found.map(|it| &it.retry_strategy).ok_or_else(|| submitted.undefined())
}
