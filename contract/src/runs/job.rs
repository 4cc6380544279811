//! The item of a Batch job: what became of it, kept after Batch has forgotten it.

use super::{
    RunsTable, expires_at, job_key,
    record::{number, text},
};
use crate::{
    dynamodb::{AttributeValue, Item, ItemStoreError, UpdateItem},
    event::JobStatus,
    job::Trouble,
};

/// A Batch job of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRecord {
    /// The run.
    pub run: String,
    /// The job's id.
    pub job: String,
    /// The stage it works on.
    pub stage: String,
    /// Where it stands.
    pub status: JobStatus,
    /// Why it stands there.
    pub reason: Option<String>,
    /// What is wrong with its compute environment.
    pub trouble: Option<Trouble>,
    /// Attempts that have ended.
    pub attempts: i64,
    /// Of these, how many ended because their host went away.
    pub hosts_lost: i64,
    /// Where its newest log lines are.
    pub log_stream: Option<String>,
    /// Milliseconds since 1970.
    pub created_at: Option<i64>,
    /// Milliseconds since 1970.
    pub started_at: Option<i64>,
    /// Milliseconds since 1970.
    pub ended_at: Option<i64>,
    /// When it came to stand there: texts that sort in the order of the moments.
    pub version: String,
}

impl JobRecord {
    /// From the item's attributes; none where it is not a job's item.
    pub fn from_item(item: &Item) -> Option<Self> {
        let sk = text(item, super::SK)?;
        let (run, job) = sk.strip_prefix("JOB#")?.split_once('#')?;
        Some(Self {
            run: run.to_owned(),
            job: job.to_owned(),
            stage: text(item, "stage")?,
            status: JobStatus::parse(&text(item, "status")?)?,
            reason: text(item, "reason"),
            trouble: text(item, "trouble").and_then(|it| Trouble::parse(&it)),
            attempts: number(item, "attempts").unwrap_or_default(),
            hosts_lost: number(item, "hosts_lost").unwrap_or_default(),
            log_stream: text(item, "log_stream"),
            created_at: number(item, "created_at"),
            started_at: number(item, "started_at"),
            ended_at: number(item, "ended_at"),
            version: text(item, "version").unwrap_or_default(),
        })
    }
}

impl RunsTable<'_> {
    /// Every job of the run that was ever heard of, by id.
    pub fn jobs(&self, pipeline: &str, run: &str) -> Result<Vec<JobRecord>, ItemStoreError> {
        let items = self.query(pipeline, job_key(run, ""))?;
        Ok(items.iter().filter_map(JobRecord::from_item).collect())
    }

    /// The job stands there now; false, and nothing written, where that or something newer is known already.
    pub fn job_changed(&self, pipeline: &str, job: &JobRecord) -> Result<bool, ItemStoreError> {
        let number = |it: Option<i64>| it.map_or(AttributeValue::Null(true), AttributeValue::from);
        let text = |it: Option<&str>| it.map_or(AttributeValue::Null(true), AttributeValue::from);
        let request = UpdateItem {
            condition_expression: Some("attribute_not_exists(#version) OR #version < :version".to_owned()),
            ..self.request(
                pipeline,
                &job_key(&job.run, &job.job),
                "SET #stage = :stage, #status = :status, #reason = :reason, #trouble = :trouble, \
                 #attempts = :attempts, #hosts_lost = :hosts_lost, #log_stream = :log_stream, \
                 #created_at = :created, #started_at = :started, #ended_at = :ended, #version = :version, \
                 #expires_at = :expires_at",
                &[
                    "stage",
                    "status",
                    "reason",
                    "trouble",
                    "attempts",
                    "hosts_lost",
                    "log_stream",
                    "created_at",
                    "started_at",
                    "ended_at",
                    "version",
                    "expires_at",
                ],
                [
                    (":stage", job.stage.as_str().into()),
                    (":status", job.status.word().into()),
                    (":reason", text(job.reason.as_deref())),
                    (":trouble", text(job.trouble.map(Trouble::word))),
                    (":attempts", job.attempts.into()),
                    (":hosts_lost", job.hosts_lost.into()),
                    (":log_stream", text(job.log_stream.as_deref())),
                    (":created", number(job.created_at)),
                    (":started", number(job.started_at)),
                    (":ended", number(job.ended_at)),
                    (":version", job.version.as_str().into()),
                    (":expires_at", job.created_at.map_or(AttributeValue::Null(true), expires_at)),
                ],
            )
        };
        self.accepted(&request)
    }

    /// Marks the job's trouble as told; false where it is marked already.
    pub fn tell_trouble(
        &self,
        pipeline: &str,
        job: &JobRecord,
        trouble: Trouble,
    ) -> Result<bool, ItemStoreError> {
        let mark = told(trouble);
        let request = UpdateItem {
            condition_expression: Some(format!("attribute_not_exists(#{mark})")),
            ..self.request(
                pipeline,
                &job_key(&job.run, &job.job),
                &format!("SET #{mark} = :version"),
                &[&mark],
                [(":version", job.version.as_str().into())],
            )
        };
        self.accepted(&request)
    }

    /// Takes the mark of [`Self::tell_trouble`] back, so that the next delivery is told after all.
    pub fn untell_trouble(
        &self,
        pipeline: &str,
        job: &JobRecord,
        trouble: Trouble,
    ) -> Result<(), ItemStoreError> {
        let mark = told(trouble);
        let item = job_key(&job.run, &job.job);
        self.accepted(&self.request(pipeline, &item, &format!("REMOVE #{mark}"), &[&mark], [])).map(drop)
    }
}

fn told(trouble: Trouble) -> String {
    format!("told_{}", trouble.word())
}
