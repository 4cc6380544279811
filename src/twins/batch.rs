//! `batch:submitJob.sync`.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sluice_contract::error_name;

use super::to_value;
use crate::engine::TaskError;

/// What is read of `SubmitJob`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SubmitJob {
    job_name: String,
    job_definition: String,
    #[serde(default)]
    pub(crate) parameters: BTreeMap<String, String>,
    timeout: Option<Timeout>,
    array_properties: Option<ArrayProperties>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ArrayProperties {
    size: u32,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Timeout {
    attempt_duration_seconds: u64,
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

impl SubmitJob {
    /// The definition's name, without the rest of its ARN and its revision.
    pub(crate) fn definition(&self) -> &str {
        let name = self.job_definition.rsplit('/').next().unwrap_or_default();
        name.split(':').next().unwrap_or_default()
    }

    /// How long each attempt may take.
    pub(crate) fn longest_attempt(&self) -> Option<Duration> {
        self.timeout.as_ref().map(|it| Duration::from_secs(it.attempt_duration_seconds))
    }

    /// How many children the job has, where it is an array.
    pub(crate) fn array_size(&self) -> Option<u32> {
        self.array_properties.map(|it| it.size)
    }

    /// The refusal of a job whose definition is not there.
    pub(crate) fn undefined(&self) -> TaskError {
        refused(format!("there is no job definition `{}`", self.definition()))
    }

    /// The answer for a job that worked from then to then, or the failure that the machine sees.
    pub(crate) fn ended(
        &self,
        [started_at, stopped_at]: [i64; 2],
        failure: Option<String>,
    ) -> Result<Value, TaskError> {
        let failed = failure.is_some();
        let answer = to_value(&EndedJob {
            job_id: format!("{}-{started_at}", self.job_name),
            job_name: &self.job_name,
            job_definition: &self.job_definition,
            status: if failed { "FAILED" } else { "SUCCEEDED" },
            status_reason: failure,
            started_at,
            stopped_at,
            parameters: &self.parameters,
            array_properties: self.array_properties,
        })?;
        if failed {
            return Err(TaskError::new(error_name::TASK_FAILED, answer.to_string()));
        }
        Ok(answer)
    }
}

/// A submission that Batch does not take.
pub(crate) fn refused(why: impl Into<String>) -> TaskError {
    TaskError::new("Batch.ClientException", why.into())
}
