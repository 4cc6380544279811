//! A stage that is worked on by an array of jobs, one for each part.
//!
//! Nobody waits for anybody. Each child records its own part when it is there, and then asks whether all are; the one
//! that sees them all ends the stage. Writes of parts have an order in the store, and every child asks after its own:
//! so the last of them sees all, whichever that is, and if it is lost before it could end the stage, the attempt
//! after it finds its part done and asks again. Two that see all at once write the same.

use super::{PartRecord, RunsTable, StageKey, StageStatus, expires_at, part_key, stage_key};
use crate::{
    dynamodb::{AttributeValue, Item, ItemStoreError},
    plan::Origin,
};

impl RunsTable<'_> {
    /// A child joins its stage: the first of its fence begins it, and so does one whose part is what failed. False
    /// where there is nothing to begin: the stage is going on, or a greater fence has begun it.
    pub fn stage_joined(
        &self,
        at: &StageKey<'_>,
        origin: &Origin,
        part: u32,
        fence: i64,
        now: i64,
    ) -> Result<bool, ItemStoreError> {
        self.updated_if(
            at.pipeline,
            &stage_key(at.run, at.stage),
            "attribute_not_exists(#fence) OR #fence < :fence \
             OR (#fence = :fence AND #status = :failed AND #part = :part)",
            "SET #status = :status, #fence = :fence, #started_at = :now, #file = :file, #line = :line, \
             #expires_at = :expires_at REMOVE #ended_at, #cause, #code, #help, #part ADD #attempts :one",
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
                "part",
                "attempts",
            ],
            [
                (":status", StageStatus::Running.word().into()),
                (":failed", StageStatus::Failed.word().into()),
                (":fence", fence.into()),
                (":part", i64::from(part).into()),
                (":now", now.into()),
                (":file", origin.file.as_str().into()),
                (":line", i64::from(origin.line).into()),
                (":expires_at", expires_at(now)),
                (":one", 1.into()),
            ],
        )
    }

    /// Which part the failure is of that [`RunsTable::stage_failed`] has recorded.
    pub fn failed_in_part(&self, at: &StageKey<'_>, part: u32, fence: i64) -> Result<bool, ItemStoreError> {
        self.updated_if(
            at.pipeline,
            &stage_key(at.run, at.stage),
            "#fence = :fence AND #status = :failed",
            "SET #part = :part",
            &["fence", "status", "part"],
            [
                (":fence", fence.into()),
                (":failed", StageStatus::Failed.word().into()),
                (":part", i64::from(part).into()),
            ],
        )
    }

    /// The greatest fence that has begun the stage; none where none has.
    pub fn stage_fence(&self, at: &StageKey<'_>) -> Result<Option<i64>, ItemStoreError> {
        let item = self.get(at.pipeline, &stage_key(at.run, at.stage))?;
        Ok(item.and_then(|it| it.get("fence").and_then(AttributeValue::number)))
    }

    /// The parts that are there, by number.
    pub fn parts(&self, at: &StageKey<'_>) -> Result<Vec<PartRecord>, ItemStoreError> {
        let items = self.query(at.pipeline, format!("{}#PART#", stage_key(at.run, at.stage)))?;
        Ok(items.iter().filter_map(PartRecord::from_item).collect())
    }

    /// A part is there; false, and nothing written, where a greater fence has written it.
    pub fn part_done(&self, at: &StageKey<'_>, part: &PartRecord, now: i64) -> Result<bool, ItemStoreError> {
        let count = |value: u64| AttributeValue::N(value.to_string());
        self.updated_if(
            at.pipeline,
            &part_key(at.run, at.stage, part.part),
            "attribute_not_exists(#fence) OR #fence <= :fence",
            "SET #fence = :fence, #rows = :rows, #bytes = :bytes, #sha256 = :sha256, #expires_at = :expires_at",
            &["fence", "rows", "bytes", "sha256", "expires_at"],
            [
                (":fence", part.fence.into()),
                (":rows", count(part.rows)),
                (":bytes", count(part.bytes)),
                (":sha256", part.sha256.as_str().into()),
                (":expires_at", expires_at(now)),
            ],
        )
    }
}

impl PartRecord {
    /// From the item's attributes; none where it is not a part's item.
    pub fn from_item(item: &Item) -> Option<Self> {
        let count = |name: &str| item.get(name)?.number().and_then(|it| u64::try_from(it).ok());
        let (_, part) = item.get(super::SK)?.text()?.rsplit_once("#PART#")?;
        Some(Self {
            part: part.parse().ok()?,
            fence: item.get("fence")?.number()?,
            rows: count("rows")?,
            bytes: count("bytes")?,
            sha256: item.get("sha256")?.text()?.to_owned(),
        })
    }
}
