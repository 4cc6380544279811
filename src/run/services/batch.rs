//! Batch: a submitted job is the worker, linked in, told by the job definition's own command.
//!
//! The children of an array run as many at a time as the machine has threads for, one thread each. As with Batch, one
//! that fails stops none of the others, and the array has failed when all have ended and one of them failed.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use futures::{FutureExt as _, StreamExt as _, stream};
use serde::Deserialize;
use serde_json::Value;
use sluice_contract::job::JobParameters;
use sluice_worker::{Arguments, Progress, Site, WorkerError, run_stage};

use crate::{
    engine::{Clock, TaskError},
    twins::{SubmitJob, read, refused},
};

/// The jobs of one pipeline.
pub(crate) struct Jobs {
    pub(crate) definitions: Vec<JobDefinition>,
    pub(crate) site: Site,
    pub(crate) progress: Arc<dyn Progress>,
}

/// What is read of `job-definitions.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobDefinition {
    job_definition_name: String,
    container_properties: ContainerProperties,
}

#[derive(Debug, Clone, Deserialize)]
struct ContainerProperties {
    command: Vec<String>,
}

impl Jobs {
    /// Runs the job to its end. Dropping the future stops the worker at its next batch.
    pub(super) async fn run(&self, arguments: Value, clock: &Clock) -> Result<Value, TaskError> {
        let submitted: SubmitJob = read(arguments)?;
        let command = self.command(&submitted)?;
        let job = Arguments::parse(command).map_err(|error| refused(error.to_string()))?.job;
        let started_at = clock.now().as_millisecond();
        let stop = StopOnDrop(Arc::new(AtomicBool::new(false)));
        let site = Site { cancelled: Arc::clone(&stop.0), ..self.site.clone() };
        let failure = match submitted.array_size() {
            None => self.work(job, site).await,
            Some(count) => self.children(&job, &site, count).await,
        };
        submitted.ended([started_at, clock.now().as_millisecond()], failure)
    }

    /// One job, or one child of an array; why it failed, if it did.
    async fn work(&self, job: JobParameters, site: Site) -> Option<String> {
        let progress = Arc::clone(&self.progress);
        match tokio::task::spawn_blocking(move || run_stage(&job, &site, &*progress)).await {
            Ok(Ok(_statistics)) => None,
            Ok(Err(error)) => Some(reason(&error)),
            Err(error) => Some(format!("the worker broke off: {error}")),
        }
    }

    /// Every child of an array; why the first of those failed that did.
    async fn children(&self, job: &JobParameters, site: &Site, count: u32) -> Option<String> {
        let child = |part: u32| {
            let site = Site { part: Some(part), threads: 1, ..site.clone() };
            self.work(job.clone(), site).map(move |failed| failed.map(|why| (part, why)))
        };
        let ended: Vec<_> =
            stream::iter((0..count).map(child)).buffer_unordered(site.threads.max(1)).collect().await;
        let (part, why) = ended.into_iter().flatten().min()?;
        Some(format!("Array Child Job failed: part {part}: {why}"))
    }

    /// The definition's command with its parameters put in.
    fn command(&self, submitted: &SubmitJob) -> Result<Vec<String>, TaskError> {
        let definition = self
            .definitions
            .iter()
            .find(|it| it.job_definition_name == submitted.definition())
            .ok_or_else(|| submitted.undefined())?;
        definition
            .container_properties
            .command
            .iter()
            .map(|word| match word.strip_prefix("Ref::") {
                None => Ok(word.clone()),
                Some(parameter) => submitted
                    .parameters
                    .get(parameter)
                    .cloned()
                    .ok_or_else(|| refused(format!("the job's parameter `{parameter}` is missing"))),
            })
            .collect()
    }
}

fn reason(error: &WorkerError) -> String {
    format!("{}: {error}", error.code())
}

/// Raises the worker's flag when the engine lets go of the task.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
