//! The ends of a run, of which each is told once.

use super::{RunEnd, RunsTable, expires_at, run_key};
use crate::dynamodb::{AttributeValue, ItemStoreError, UpdateItem};

impl RunsTable<'_> {
    /// The run has ended; false, and nothing written, where this end or a later one is settled already.
    pub fn run_ended(&self, pipeline: &str, end: &RunEnd<'_>) -> Result<bool, ItemStoreError> {
        let request = UpdateItem {
            condition_expression: Some(NOT_SETTLED.to_owned()),
            ..self.request(
                pipeline,
                &run_key(end.run),
                "SET #status = :status, #execution = :execution, \
                 #started_at = if_not_exists(#started_at, :started), #ended_at = :ended, #cause = :cause, \
                 #expires_at = :expires_at",
                &["status", "execution", "started_at", "ended_at", "cause", "expires_at", "settled_at"],
                [
                    (":status", end.status.word().into()),
                    (":execution", end.execution.into()),
                    (":started", end.started_at.into()),
                    (":ended", end.ended_at.into()),
                    (":expires_at", expires_at(end.ended_at)),
                    (":cause", end.cause.map_or(AttributeValue::Null(true), AttributeValue::from)),
                ],
            )
        };
        self.accepted(&request)
    }

    /// When the newest settled end of the run was; none where it never ended before.
    pub fn settled_at(&self, pipeline: &str, run: &str) -> Result<Option<i64>, ItemStoreError> {
        let item = self.get(pipeline, &run_key(run))?;
        Ok(item.and_then(|it| it.get("settled_at").and_then(AttributeValue::number)))
    }

    /// Marks the run's end at that moment as told; false where it, or a later one, is marked already.
    pub fn settle(&self, pipeline: &str, run: &str, ended_at: i64) -> Result<bool, ItemStoreError> {
        let request = UpdateItem {
            condition_expression: Some(NOT_SETTLED.to_owned()),
            ..self.settling(pipeline, run, [(":ended", ended_at.into())])
        };
        self.accepted(&request)
    }

    /// Takes the mark of [`Self::settle`] back, so that the next delivery of the same end is told after all.
    pub fn unsettle(&self, pipeline: &str, run: &str, ended_at: i64) -> Result<(), ItemStoreError> {
        // One less, not none: ends older than this one stay settled.
        let values = [(":ended", (ended_at - 1).into()), (":marked", ended_at.into())];
        let request = UpdateItem {
            condition_expression: Some("#settled_at = :marked".to_owned()),
            ..self.settling(pipeline, run, values)
        };
        self.accepted(&request).map(drop)
    }

    fn settling<const N: usize>(
        &self,
        pipeline: &str,
        run: &str,
        values: [(&str, AttributeValue); N],
    ) -> UpdateItem {
        self.request(pipeline, &run_key(run), "SET #settled_at = :ended", &["settled_at"], values)
    }
}

/// A run may end several times, after each resume once more; an end is news only if it is later than all told.
const NOT_SETTLED: &str = "attribute_not_exists(#settled_at) OR #settled_at < :ended";
