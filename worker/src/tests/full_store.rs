//! An object store that has no room left: the stage fails with the code for it and leaves nothing half; after room is
//! made it goes on, and ends as if there had always been enough.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, UploadPart, path::Path,
};
use sluice_contract::statistics::Statistics;

use super::harness::{Case, Lab, cases, files_below};

pub(super) const CASES: &[Case] = cases![a_full_store_fails_the_stage_and_loses_nothing];

/// Objects of another store, in so many bytes.
#[derive(Debug)]
struct Limited {
    inner: Arc<dyn ObjectStore>,
    room: Arc<Room>,
}

#[derive(Debug)]
struct Room {
    left: AtomicU64,
    taken: AtomicU64,
}

impl Room {
    /// Refuses what a full disk refuses, as the disk does.
    fn take(&self, payload: &PutPayload) -> Result<()> {
        let bytes = payload.content_length() as u64;
        let taken = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |it| it.checked_sub(bytes));
        let _ = self.taken.fetch_add(bytes, Ordering::SeqCst);
        taken.map(drop).map_err(|_| object_store::Error::Generic {
            store: "LocalFileSystem",
            source: Box::new(std::io::Error::from(std::io::ErrorKind::StorageFull)),
        })
    }
}

impl std::fmt::Display for Limited {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "limited {}", self.inner)
    }
}

#[async_trait]
impl ObjectStore for Limited {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.room.take(&payload)?;
        self.inner.put_opts(location, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let inner = self.inner.put_multipart_opts(location, options).await?;
        Ok(Box::new(LimitedUpload { inner, room: Arc::clone(&self.room) }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

#[derive(Debug)]
struct LimitedUpload {
    inner: Box<dyn MultipartUpload>,
    room: Arc<Room>,
}

#[async_trait]
impl MultipartUpload for LimitedUpload {
    fn put_part(&mut self, payload: PutPayload) -> UploadPart {
        match self.room.take(&payload) {
            Ok(()) => self.inner.put_part(payload),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }
    }

    async fn complete(&mut self) -> Result<PutResult> {
        self.inner.complete().await
    }

    async fn abort(&mut self) -> Result<()> {
        self.inner.abort().await
    }
}

/// A lab with rejects and with texts to translate, and the room of its store.
fn lab() -> (Lab, Arc<Room>) {
    let mut lab = Lab::with_companies(4000);
    let change = "UPDATE companies SET name = 'Εταιρεία ' || id WHERE id % 7 = 0;
                  UPDATE companies SET name = 'more than twenty characters ' || id WHERE id % 400 = 3";
    lab.source().execute_batch(change).unwrap();
    lab.split("updated_at", 4);
    let room = Arc::new(Room { left: AtomicU64::new(u64::MAX), taken: AtomicU64::new(0) });
    lab.site.objects = Arc::new(Limited { inner: lab.site.objects.clone(), room: Arc::clone(&room) });
    (lab, room)
}

/// All but what differs between attempts.
fn counts(statistics: Statistics) -> Statistics {
    Statistics { attempts: 0, milliseconds: 0, ..statistics }
}

fn plan_bytes(lab: &Lab, room: &Room) -> u64 {
    let before = room.taken.load(Ordering::SeqCst);
    lab.write_plan();
    room.taken.load(Ordering::SeqCst) - before
}

#[test]
fn a_full_store_fails_the_stage_and_loses_nothing() {
    let (whole, room) = lab();
    let mut stages = Vec::new();
    for stage in whole.stages() {
        // The plan itself is written by the lab, not by the stage.
        let plan = plan_bytes(&whole, &room);
        let before = room.taken.load(Ordering::SeqCst);
        let counted = counts(whole.stage(&stage).unwrap());
        stages.push((stage, room.taken.load(Ordering::SeqCst) - before - plan, counted));
    }
    let writing: Vec<_> = stages.iter().filter(|it| it.1 > 0).map(|it| it.0.as_str()).collect();
    let expected = ["companies.extract", "companies.load", "companies.translate"].map(|it| whole.id(it));
    assert_eq!(writing, expected[..writing.len()]);
    for (full, bytes, _) in stages.iter().filter(|it| it.1 > 0) {
        // A server takes its time.
        let rooms = [bytes / 3, 0, bytes - 1];
        for left in rooms.into_iter().take(if whole.mariadb().is_some() { 1 } else { rooms.len() }) {
            let (lab, room) = lab();
            for (stage, _, expected) in &stages {
                if stage == full {
                    let plan = plan_bytes(&lab, &room);
                    let objects = files_below(&lab.path("objects"));
                    room.left.store(left + plan, Ordering::SeqCst);
                    let error = lab.stage(stage).unwrap_err();
                    assert_eq!(
                        (error.code(), error.transient()),
                        ("P0643", false),
                        "{stage} {left}: {error}"
                    );
                    assert_eq!(error.help(), "make room where the objects are, then resume");
                    if left == 0 {
                        assert_eq!(files_below(&lab.path("objects")), objects, "{stage}");
                    }
                    room.left.store(u64::MAX, Ordering::SeqCst);
                }
                assert_eq!(counts(lab.stage(stage).unwrap()), *expected, "{stage} {left}");
            }
            assert_eq!(lab.published(), whole.published(), "{full} {left}");
            let rejects = |lab: &Lab| {
                let parts =
                    (0..4).map(|it| lab.part(&format!("rejects/greece/r1/companies/part-{it:05}.csv.gz")));
                parts.collect::<Vec<_>>()
            };
            assert_eq!(rejects(&lab), rejects(&whole));
        }
    }
}
