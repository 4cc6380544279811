//! The one door: does a stage of a plan, once, and records it.

use serde::Deserialize;
use sluice_contract::{
    dynamodb::ItemStoreError,
    job::JobParameters,
    plan::{FORMAT, PlanDocument, Stage, Table},
    runs::{Hold, Holder, RunRecord, RunStatus, RunsTable, StageFailure, StageKey, StageStatus},
    statistics::Statistics,
};

use crate::{
    error::WorkerError,
    objects::Objects,
    site::{Progress, Site},
    stages::{self, Worked},
    target::{self, Target},
};

/// Does one stage of one plan in one run, with the retries that the plan allows, and records it in the runs table.
///
/// A stage that is done already in this run is not done again; its figures are given at once. Blocks until the stage
/// has ended: never call it from inside an async task (a `spawn_blocking` thread is fine).
pub fn run_stage(
    parameters: &JobParameters,
    site: &Site,
    progress: &dyn Progress,
) -> Result<Statistics, WorkerError> {
    let plan_failed = |message: String| WorkerError::Plan { key: parameters.plan.clone(), message };
    let objects = Objects::new(site.objects.clone(), site.runtime.clone());
    let fence: i64 = parameters
        .fence
        .parse()
        .map_err(|_| plan_failed(format!("the fence `{}` is not a number", parameters.fence)))?;
    let plan = read_plan(&objects, &parameters.plan)?;
    let stage = plan.stage(&parameters.stage).ok_or_else(|| {
        let known: Vec<_> = plan.stages.iter().map(|it| format!("`{}`", it.id)).collect();
        plan_failed(format!("it has no stage `{}`, only {}", parameters.stage, known.join(", ")))
    })?;
    let mut context = Context {
        site,
        objects,
        plan: &plan,
        plan_key: &parameters.plan,
        stage,
        run: &parameters.run,
        execution: &parameters.execution,
        fence,
        run_started_at: 0,
        progress,
    };
    context.run()
}

/// What the work of one stage needs to know.
pub(crate) struct Context<'a> {
    pub(crate) site: &'a Site,
    pub(crate) objects: Objects,
    pub(crate) plan: &'a PlanDocument,
    plan_key: &'a str,
    pub(crate) stage: &'a Stage,
    pub(crate) run: &'a str,
    execution: &'a str,
    pub(crate) fence: i64,
    /// Milliseconds since 1970, of the run's first attempt: the same however often it is resumed.
    pub(crate) run_started_at: i64,
    pub(crate) progress: &'a dyn Progress,
}

impl Context<'_> {
    /// The declared table of that name.
    pub(crate) fn table(&self, name: &str) -> Result<&Table, WorkerError> {
        self.plan.tables.get(name).ok_or_else(|| self.plan_failed(format!("it has no table `{name}`")))
    }

    /// A connection to the target.
    pub(crate) fn open_target(&self) -> Result<Box<dyn Target + '_>, WorkerError> {
        let name = &self.plan.target;
        let connection = self
            .plan
            .connections
            .get(name)
            .ok_or_else(|| self.plan_failed(format!("it has no connection `{name}`")))?;
        let writer = target::Writer {
            connection: name.clone(),
            pipeline: self.plan.pipeline.clone(),
            run: self.run.to_owned(),
            fence: self.fence,
        };
        target::open(self.site, connection, writer)
    }

    pub(crate) fn plan_failed(&self, message: String) -> WorkerError {
        WorkerError::Plan { key: self.plan_key.to_owned(), message }
    }

    pub(crate) fn run_state_failed(&self, error: &ItemStoreError) -> WorkerError {
        WorkerError::RunState {
            table: self.site.runs_table.clone(),
            message: error.to_string(),
            transient: matches!(error, ItemStoreError::Unavailable(_)),
        }
    }

    /// The last run that succeeded, of those that started before this one: the same however often this is resumed.
    pub(crate) fn last_success(&self) -> Result<Option<RunRecord>, WorkerError> {
        let runs = self.runs().runs(&self.plan.pipeline).map_err(|it| self.run_state_failed(&it))?;
        let earlier = |it: &RunRecord| {
            it.status == RunStatus::Succeeded && it.run != self.run && it.started_at <= self.run_started_at
        };
        Ok(runs.into_iter().rev().find(earlier))
    }

    /// What a stage of a run counted; none where it is not done.
    pub(crate) fn figures(&self, run: &str, stage: &str) -> Result<Option<Statistics>, WorkerError> {
        let record = self.runs().stage(&self.plan.pipeline, run, stage);
        let record = record.map_err(|it| self.run_state_failed(&it))?;
        Ok(record.filter(|it| it.status == StageStatus::Done).map(|it| it.statistics))
    }

    pub(crate) fn runs(&self) -> RunsTable<'_> {
        RunsTable::new(&*self.site.items, &self.site.runs_table)
    }

    /// So many rows more; an error once the stage has been stopped from outside.
    pub(crate) fn advance(&self, rows: u64, bytes: u64) -> Result<(), WorkerError> {
        self.progress.advance(&self.stage.id, rows, bytes);
        self.site.check_cancelled()
    }

    /// The stage's key in the runs table.
    pub(crate) fn key(&self) -> StageKey<'_> {
        StageKey { pipeline: &self.plan.pipeline, run: self.run, stage: &self.stage.id }
    }

    fn run(&mut self) -> Result<Statistics, WorkerError> {
        let (pipeline, site) = (&self.plan.pipeline, self.site);
        let runs = RunsTable::new(&*site.items, &site.runs_table);
        let at = StageKey { pipeline, run: self.run, stage: &self.stage.id };
        if let Some(done) = self.figures(self.run, at.stage)? {
            return Ok(done);
        }
        let started = self.hold_lock(&runs).and_then(|()| self.start_run(&runs));
        if let Err(error) = &started {
            let _ = runs.stage_started(&at, &self.stage.origin, self.fence, self.now());
            self.record_failure(&runs, &at, error);
        }
        self.run_started_at = started?;
        let retry = self.stage.retry;
        let mut wait = u64::from(retry.from_seconds);
        for left in (0..=retry.times).rev() {
            let error = match self.attempt(&runs, &at) {
                Ok(statistics) => return Ok(statistics),
                Err(error) => error,
            };
            // A worker that was taken for lost may live, and have done it meanwhile.
            if let Ok(Some(done)) = self.figures(self.run, at.stage) {
                return Ok(done);
            }
            self.record_failure(&runs, &at, &error);
            if left == 0 || !error.transient() || error == WorkerError::Stopped {
                return Err(error);
            }
            site.wait(wait)?;
            wait = wait.saturating_mul(u64::from(retry.factor));
        }
        Err(WorkerError::Stopped)
    }

    /// What stopped an attempt matters more than whether it could be recorded.
    fn record_failure(&self, runs: &RunsTable<'_>, at: &StageKey<'_>, error: &WorkerError) {
        let (cause, help) = (error.to_string(), error.help());
        let why = StageFailure { code: error.code(), cause: &cause, help: &help };
        let _ = runs.stage_failed(at, self.fence, &why, self.now());
        if let Some(part) = self.site.part {
            let _ = runs.failed_in_part(at, part, self.fence);
        }
    }

    /// Records that the run goes on, unless that is known; when it first started.
    fn start_run(&self, runs: &RunsTable<'_>) -> Result<i64, WorkerError> {
        let pipeline = &self.plan.pipeline;
        let failed = |error: ItemStoreError| self.run_state_failed(&error);
        let now = self.now();
        match runs.run(pipeline, self.run).map_err(failed)? {
            Some(record) if record.fence == self.fence && record.status == RunStatus::Running => {
                Ok(record.started_at)
            }
            Some(record) => {
                self.check_newest(record.fence, runs)?;
                let accepted = runs.run_started(pipeline, self.run, self.fence, now).map_err(failed)?;
                self.held(accepted)?;
                Ok(record.started_at)
            }
            None => {
                let accepted = runs.run_started(pipeline, self.run, self.fence, now).map_err(failed)?;
                self.held(accepted)?;
                // Two stages may start at once; the first of them is what the item keeps.
                let record = runs.run(pipeline, self.run).map_err(failed)?;
                Ok(record.map_or(now, |it| it.started_at))
            }
        }
    }

    fn attempt(&self, runs: &RunsTable<'_>, at: &StageKey<'_>) -> Result<Statistics, WorkerError> {
        let failed = |error: ItemStoreError| self.run_state_failed(&error);
        self.site.check_cancelled()?;
        let started_at = match self.site.part {
            None => {
                let now = self.now();
                let accepted = runs.stage_started(at, &self.stage.origin, self.fence, now).map_err(failed)?;
                if !accepted && let Some(done) = self.figures(at.run, at.stage)? {
                    return Ok(done);
                }
                self.held(accepted)?;
                now
            }
            Some(part) => self.join(runs, at, part)?,
        };
        let mut statistics = match stages::work(self)? {
            Worked::All(statistics) => statistics,
            Worked::Part(statistics) => return Ok(statistics),
        };
        let ended_at = self.now();
        statistics.milliseconds = u64::try_from(ended_at - started_at).unwrap_or_default();
        self.held(runs.stage_done(at, self.fence, &statistics, ended_at).map_err(failed)?)?;
        let record = runs.stage(at.pipeline, at.run, at.stage).map_err(failed)?;
        let statistics = record.map_or(statistics, |it| it.statistics);
        self.progress.finished(at.stage, &statistics);
        Ok(statistics)
    }

    /// Joins the other children of the stage's array; when the stage began.
    fn join(&self, runs: &RunsTable<'_>, at: &StageKey<'_>, part: u32) -> Result<i64, WorkerError> {
        let failed = |error: ItemStoreError| self.run_state_failed(&error);
        if !runs.stage_joined(at, &self.stage.origin, part, self.fence, self.now()).map_err(failed)? {
            let known = runs.stage_fence(at).map_err(failed)?.unwrap_or(self.fence);
            self.held(known <= self.fence)?;
        }
        let record = runs.stage(at.pipeline, at.run, at.stage).map_err(failed)?;
        Ok(record.map_or_else(|| self.now(), |it| it.started_at))
    }

    /// An error where another execution has taken the pipeline's lock.
    fn hold_lock(&self, runs: &RunsTable<'_>) -> Result<(), WorkerError> {
        let pipeline = &self.plan.pipeline;
        let holder = Holder { execution: self.execution, run: self.run, fence: self.fence };
        let now = self.site.clock.now().to_string();
        match runs.hold_lock(pipeline, holder, &now).map_err(|it| self.run_state_failed(&it))? {
            Hold::Held => Ok(()),
            Hold::Lost(known) => {
                Err(WorkerError::Fence { pipeline: pipeline.clone(), fence: self.fence, known })
            }
        }
    }

    /// An error where another run has begun since this one was last worked on, with that fence: it has emptied
    /// staging, and its rows must not be taken for this run's.
    fn check_newest(&self, last_fence: i64, runs: &RunsTable<'_>) -> Result<(), WorkerError> {
        let all = runs.runs(&self.plan.pipeline).map_err(|it| self.run_state_failed(&it))?;
        match all.into_iter().rev().find(|it| it.run != self.run && it.fence > last_fence) {
            Some(newer) => Err(WorkerError::Superseded { run: self.run.to_owned(), newer: newer.run }),
            None => Ok(()),
        }
    }

    /// An error where a record was refused, because a greater fence works on the run.
    pub(crate) fn held(&self, accepted: bool) -> Result<(), WorkerError> {
        if accepted {
            return Ok(());
        }
        let pipeline = self.plan.pipeline.clone();
        let record = self.runs().run(&pipeline, self.run).map_err(|it| self.run_state_failed(&it))?;
        let known = record.map_or(self.fence, |it| it.fence);
        Err(WorkerError::Fence { pipeline, fence: self.fence, known })
    }

    fn now(&self) -> i64 {
        self.site.clock.now().as_millisecond()
    }
}

fn read_plan(objects: &Objects, key: &str) -> Result<PlanDocument, WorkerError> {
    #[derive(Deserialize)]
    struct Version {
        format: u32,
    }
    let failed = |message: String| WorkerError::Plan { key: key.to_owned(), message };
    let bytes = objects.get(key)?.ok_or_else(|| failed("there is no such object".to_owned()))?;
    let version: Version = serde_json::from_slice(&bytes).map_err(|error| failed(error.to_string()))?;
    if version.format != FORMAT {
        return Err(failed(format!("it is of format {}, this worker knows {FORMAT}", version.format)));
    }
    serde_json::from_slice(&bytes).map_err(|error| failed(error.to_string()))
}
