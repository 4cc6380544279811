//! Batch: a submitted job is the worker, linked in, told by the job definition's own command.
//!
//! The children of an array run as many at a time as the machine has threads for, one thread each. As with Batch, one
//! that fails stops none of the others, and the array has failed when all have ended and one of them failed.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use futures::{FutureExt as _, StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sluice_contract::{error_name, job::JobParameters};
use sluice_worker::{Arguments, Progress, Site, WorkerError, run_stage};

use super::{read, to_value};
use crate::engine::{Clock, TaskError};

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

/// What is read of `SubmitJob`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SubmitJob {
    job_name: String,
    job_definition: String,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    array_properties: Option<ArrayProperties>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ArrayProperties {
    size: u32,
}

/// What a machine reads of a job that has ended: `DescribeJobs`, times in milliseconds since 1970.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct EndedJob<'a> {
    job_id: String,
    job_name: &'a str,
    job_definition: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_reason: Option<String>,
    started_at: i64,
    stopped_at: i64,
    parameters: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    array_properties: Option<ArrayProperties>,
}

impl Jobs {
    /// Runs the job to its end. Dropping the future stops the worker at its next batch.
    pub(super) async fn run(&self, arguments: Value, clock: &Clock) -> Result<Value, TaskError> {
        let submitted: SubmitJob = read(arguments)?;
        let refused = |why: String| TaskError::new("Batch.ClientException", why);
        let command = self.command(&submitted).map_err(refused)?;
        let job = Arguments::parse(command).map_err(|error| refused(error.to_string()))?.job;
        let started_at = clock.now().as_millisecond();
        let stop = StopOnDrop(Arc::new(AtomicBool::new(false)));
        let site = Site { cancelled: Arc::clone(&stop.0), ..self.site.clone() };
        let failure = match submitted.array_properties {
            None => self.work(job, site).await,
            Some(array) => self.children(&job, &site, array.size).await,
        };
        let ended = EndedJob {
            job_id: format!("{}-{started_at}", submitted.job_name),
            job_name: &submitted.job_name,
            job_definition: &submitted.job_definition,
            status: if failure.is_none() { "SUCCEEDED" } else { "FAILED" },
            status_reason: failure,
            started_at,
            stopped_at: clock.now().as_millisecond(),
            parameters: &submitted.parameters,
            array_properties: submitted.array_properties,
        };
        let answer = to_value(&ended)?;
        if ended.status_reason.is_some() {
            return Err(TaskError::new(error_name::TASK_FAILED, answer.to_string()));
        }
        Ok(answer)
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
    fn command(&self, submitted: &SubmitJob) -> Result<Vec<String>, String> {
        let name = submitted.job_definition.rsplit('/').next().unwrap_or_default();
        let definition = self
            .definitions
            .iter()
            .find(|it| it.job_definition_name == name)
            .ok_or_else(|| format!("there is no job definition `{name}`"))?;
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
                    .ok_or_else(|| format!("the job's parameter `{parameter}` is missing")),
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
