//! The access patterns of the runs table, written once over whichever store answers.

use std::collections::BTreeMap;

use super::{
    LOCK, LockRecord, RunRecord, RunStatus, StageFailure, StageKey, StageRecord, StageStatus, expires_at,
    key, partition, run_key, stage_key,
};
use crate::{
    dynamodb::{AttributeValue, GetItem, Item, ItemStore, ItemStoreError, QueryPrefix, UpdateItem},
    plan::Origin,
    statistics::Statistics,
};

/// The runs table of one platform.
#[derive(Debug, Clone, Copy)]
pub struct RunsTable<'a> {
    store: &'a dyn ItemStore,
    name: &'a str,
}

impl<'a> RunsTable<'a> {
    /// The table of that name in that store.
    pub fn new(store: &'a dyn ItemStore, name: &'a str) -> Self {
        Self { store, name }
    }

    /// The pipeline's lock, held or free; none before its first run.
    pub fn lock(&self, pipeline: &str) -> Result<Option<LockRecord>, ItemStoreError> {
        Ok(self.get(pipeline, LOCK)?.as_ref().map(LockRecord::from_item))
    }

    /// Frees the pipeline's lock if that execution holds it; whether it did.
    pub fn free_lock(&self, pipeline: &str, owner: &str) -> Result<bool, ItemStoreError> {
        let attributes = ["owner", "run", "since"];
        let request = UpdateItem {
            condition_expression: Some("#owner = :owner".to_owned()),
            ..self.request(
                pipeline,
                LOCK,
                "REMOVE #owner, #run, #since",
                &attributes,
                [(":owner", owner.into())],
            )
        };
        self.accepted(&request)
    }

    /// Begins the pipeline's fences after that number, where none was ever given.
    pub fn begin_fences(&self, pipeline: &str, after: i64) -> Result<(), ItemStoreError> {
        let request = UpdateItem {
            condition_expression: Some("attribute_not_exists(#fence)".to_owned()),
            ..self.request(pipeline, LOCK, "SET #fence = :after", &["fence"], [(":after", after.into())])
        };
        self.accepted(&request).map(drop)
    }

    /// Every run of the pipeline, oldest first.
    pub fn runs(&self, pipeline: &str) -> Result<Vec<RunRecord>, ItemStoreError> {
        let mut runs: Vec<_> =
            self.query(pipeline, "RUN#".to_owned())?.iter().filter_map(RunRecord::from_item).collect();
        runs.sort_by(|left, right| (left.started_at, &left.run).cmp(&(right.started_at, &right.run)));
        Ok(runs)
    }

    /// One run; none where it never started a stage.
    pub fn run(&self, pipeline: &str, run: &str) -> Result<Option<RunRecord>, ItemStoreError> {
        Ok(self.get(pipeline, &run_key(run))?.as_ref().and_then(RunRecord::from_item))
    }

    /// Every stage of a run that was ever started, by id.
    pub fn stages(&self, pipeline: &str, run: &str) -> Result<Vec<StageRecord>, ItemStoreError> {
        let items = self.query(pipeline, format!("{}#STAGE#", run_key(run)))?;
        Ok(items.iter().filter_map(StageRecord::from_item).collect())
    }

    /// One stage of a run; none where it never started.
    pub fn stage(
        &self,
        pipeline: &str,
        run: &str,
        stage: &str,
    ) -> Result<Option<StageRecord>, ItemStoreError> {
        Ok(self.get(pipeline, &stage_key(run, stage))?.as_ref().and_then(StageRecord::from_item))
    }

    /// The run goes on (again): its first start is kept, its end is taken back. False, and nothing written, where a
    /// greater fence works on it.
    pub fn run_started(
        &self,
        pipeline: &str,
        run: &str,
        fence: i64,
        now: i64,
    ) -> Result<bool, ItemStoreError> {
        self.fenced(
            pipeline,
            &run_key(run),
            "SET #status = :status, #fence = :fence, #started_at = if_not_exists(#started_at, :now), \
             #expires_at = :expires_at REMOVE #ended_at, #cause",
            &["status", "fence", "started_at", "expires_at", "ended_at", "cause"],
            [
                (":status", RunStatus::Running.word().into()),
                (":fence", fence.into()),
                (":now", now.into()),
                (":expires_at", expires_at(now)),
            ],
        )
    }

    /// An attempt at a stage begins; false, and nothing written, where a greater fence has begun one, or the stage is
    /// done.
    pub fn stage_started(
        &self,
        at: &StageKey<'_>,
        origin: &Origin,
        fence: i64,
        now: i64,
    ) -> Result<bool, ItemStoreError> {
        self.updated_if(
            at.pipeline,
            &stage_key(at.run, at.stage),
            NOT_ENDED,
            "SET #status = :status, #fence = :fence, #started_at = :now, #file = :file, #line = :line, \
             #expires_at = :expires_at REMOVE #ended_at, #cause, #code, #help ADD #attempts :one",
            &[
                "status",
                "fence",
                "started_at",
                "file",
                "line",
                "expires_at",
                "ended_at",
                "cause",
                "code",
                "help",
                "attempts",
            ],
            [
                (":status", StageStatus::Running.word().into()),
                (":done", StageStatus::Done.word().into()),
                (":fence", fence.into()),
                (":now", now.into()),
                (":expires_at", expires_at(now)),
                (":file", origin.file.as_str().into()),
                (":line", i64::from(origin.line).into()),
                (":one", 1.into()),
            ],
        )
    }

    /// A stage is done; `attempts` of the statistics is not written, the starts have counted them. False, and nothing
    /// written, where a greater fence has begun it since.
    pub fn stage_done(
        &self,
        at: &StageKey<'_>,
        fence: i64,
        counted: &Statistics,
        now: i64,
    ) -> Result<bool, ItemStoreError> {
        let count = |value: u64| AttributeValue::N(value.to_string());
        self.fenced(
            at.pipeline,
            &stage_key(at.run, at.stage),
            "SET #status = :status, #fence = :fence, #ended_at = :now, #rows_read = :rows_read, #rows_written = :rows_written, \
             #rows_rejected = :rows_rejected, #duplicates = :duplicates, #untranslated = :untranslated, \
             #bytes = :bytes, #parts = :parts, #milliseconds = :milliseconds REMOVE #cause, #code, #help, #part",
            &[
                "status", "fence", "ended_at", "rows_read", "rows_written", "rows_rejected", "duplicates",
                "untranslated", "bytes", "parts", "milliseconds", "cause", "code", "help", "part",
            ],
            [
                (":status", StageStatus::Done.word().into()),
                (":fence", fence.into()),
                (":now", now.into()),
                (":rows_read", count(counted.rows_read)),
                (":rows_written", count(counted.rows_written)),
                (":rows_rejected", count(counted.rows_rejected)),
                (":duplicates", count(counted.duplicates)),
                (":untranslated", count(counted.untranslated)),
                (":bytes", count(counted.bytes)),
                (":parts", count(counted.parts)),
                (":milliseconds", count(counted.milliseconds)),
            ],
        )
    }

    /// An attempt at a stage failed; false, and nothing written, where a greater fence has begun one since, or
    /// another worker has done the stage meanwhile.
    pub fn stage_failed(
        &self,
        at: &StageKey<'_>,
        fence: i64,
        why: &StageFailure<'_>,
        now: i64,
    ) -> Result<bool, ItemStoreError> {
        self.updated_if(
            at.pipeline,
            &stage_key(at.run, at.stage),
            NOT_ENDED,
            "SET #status = :status, #fence = :fence, #ended_at = :now, #code = :code, #cause = :cause, #help = :help",
            &["status", "fence", "ended_at", "code", "cause", "help"],
            [
                (":status", StageStatus::Failed.word().into()),
                (":done", StageStatus::Done.word().into()),
                (":fence", fence.into()),
                (":now", now.into()),
                (":code", why.code.into()),
                (":cause", why.cause.into()),
                (":help", why.help.into()),
            ],
        )
    }

    pub(super) fn get(&self, pipeline: &str, sk: &str) -> Result<Option<Item>, ItemStoreError> {
        self.store.get_item(&GetItem {
            table_name: self.name.to_owned(),
            key: key(&partition(pipeline), sk),
            consistent_read: Some(true),
        })
    }

    pub(super) fn query(&self, pipeline: &str, sk_prefix: String) -> Result<Vec<Item>, ItemStoreError> {
        self.store.query_prefix(&QueryPrefix {
            table_name: self.name.to_owned(),
            pk: partition(pipeline),
            sk_prefix,
        })
    }

    /// An update by whoever holds `:fence`: refused where the item has a greater one.
    fn fenced<const N: usize>(
        &self,
        pipeline: &str,
        sk: &str,
        expression: &str,
        attributes: &[&str],
        values: [(&str, AttributeValue); N],
    ) -> Result<bool, ItemStoreError> {
        self.updated_if(pipeline, sk, NOT_TAKEN_OVER, expression, attributes, values)
    }

    /// An update that is refused unless the condition holds; whether it did.
    pub(super) fn updated_if<const N: usize>(
        &self,
        pipeline: &str,
        sk: &str,
        condition: &str,
        expression: &str,
        attributes: &[&str],
        values: [(&str, AttributeValue); N],
    ) -> Result<bool, ItemStoreError> {
        self.accepted(&UpdateItem {
            condition_expression: Some(condition.to_owned()),
            ..self.request(pipeline, sk, expression, attributes, values)
        })
    }

    pub(super) fn request<const N: usize>(
        &self,
        pipeline: &str,
        sk: &str,
        expression: &str,
        attributes: &[&str],
        values: [(&str, AttributeValue); N],
    ) -> UpdateItem {
        UpdateItem {
            table_name: self.name.to_owned(),
            key: key(&partition(pipeline), sk),
            update_expression: expression.to_owned(),
            condition_expression: None,
            expression_attribute_names: names(attributes),
            expression_attribute_values: values
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            return_values: None,
        }
    }

    /// Whether the update's condition held.
    pub(super) fn accepted(&self, request: &UpdateItem) -> Result<bool, ItemStoreError> {
        match self.store.update_item(request) {
            Ok(_) => Ok(true),
            Err(ItemStoreError::ConditionFailed) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// One who was taken over may live on; what it still has to say of the run is no news.
const NOT_TAKEN_OVER: &str = "attribute_not_exists(#fence) OR #fence <= :fence";

/// Nor is what one has to say who works on a stage that another of the same fence has done: a host that was taken for
/// lost, and lives.
const NOT_ENDED: &str = "attribute_not_exists(#fence) OR (#fence <= :fence AND #status <> :done)";

/// `#name` for every attribute: DynamoDB reserves hundreds of words, `status` and `owner` among them.
pub fn names(attributes: &[&str]) -> BTreeMap<String, String> {
    attributes.iter().map(|it| (format!("#{it}"), (*it).to_owned())).collect()
}
