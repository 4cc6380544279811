//! The emulator's bucket, looked at past the worker, and jobs that find it.

use std::process::Command;

use crate::{
    emulator::{Emulator, TABLE},
    support::{PLAN, Place, RUN, plan},
};

pub(crate) const BUCKET: &str = "credit-reports";
/// Never to be read in any log.
pub(crate) const SECRET_KEY: &str = "hunter2-hunter2-hunter2";

/// A pipeline with its emulated account.
pub(crate) struct Account {
    pub(crate) emulator: Emulator,
    pub(crate) place: Place,
}

impl Account {
    pub(crate) fn new(rows: u32, parts: Option<u32>) -> Self {
        let account = Self { emulator: Emulator::start(), place: Place::with_companies(rows) };
        account.emulator.make_table();
        account.put("", "");
        account.put(&format!("/{PLAN}"), &plan(parts).to_string());
        account
    }

    /// A job's process, not started yet, with what its job definition and its role give it.
    pub(crate) fn job(&self, stage: &str, fence: i64, part: Option<u32>) -> Command {
        self.job_of(RUN, stage, fence, part)
    }

    /// The same in a run of that name.
    pub(crate) fn job_of(&self, run: &str, stage: &str, fence: i64, part: Option<u32>) -> Command {
        let mut command = self.place.job_of(run, stage, fence, part);
        let _ = command
            .envs(self.emulator.environment())
            .env("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
            .env("SLUICE_BUCKET", BUCKET)
            .env("SLUICE_RUNS_TABLE", TABLE)
            .env("SLUICE_TRANSLATOR", "offline")
            .env("AWS_BATCH_JOB_ID", "job-1")
            .env("AWS_BATCH_JOB_ATTEMPT", "2");
        command
    }

    /// Puts an object, or makes the bucket.
    pub(crate) fn put(&self, path: &str, text: &str) {
        let url = format!("{}/{BUCKET}{path}", self.emulator.endpoint);
        let region = "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint>\
                      </CreateBucketConfiguration>";
        let text = if path.is_empty() { region } else { text };
        let _ = ureq::put(url).header("authorization", AUTHORIZATION).send(text).unwrap();
    }

    fn get(&self, query: &str) -> String {
        let url = format!("{}/{BUCKET}{query}", self.emulator.endpoint);
        let mut answer = ureq::get(url).header("authorization", AUTHORIZATION).call().unwrap();
        answer.body_mut().read_to_string().unwrap()
    }

    /// The keys of the objects that are there.
    pub(crate) fn keys(&self) -> Vec<String> {
        all(&self.get("?list-type=2"), "Key")
    }

    /// The ids of the uploads that have begun and not ended.
    pub(crate) fn uploads(&self) -> Vec<String> {
        all(&self.get("?uploads"), "UploadId")
    }
}

/// The emulator reads which service and region are meant, and checks no signature.
const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=test/20261123/eu-central-1/s3/aws4_request, \
                             SignedHeaders=host, Signature=0";

fn all(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let values = xml.split(&open).skip(1).filter_map(|it| it.split_once(&close));
    values.map(|(value, _)| value.to_owned()).collect()
}
