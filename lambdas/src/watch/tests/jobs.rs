//! Events of jobs: what is recorded, counted and told of them, and how a batch of messages fares.

use std::collections::BTreeMap;

use sluice_contract::event::{JOB_QUEUE_BLOCKED, JOB_STATE_CHANGE, JobStatus};

use super::*;
use crate::{
    log::Log,
    queue::{Batch, Message},
};

const JOB: &str = "4c7599ae";
const STREAM: &str = "greece/default/0a1b";

/// An event as AWS sends it, in the words of these tests.
struct Told<'a> {
    detail_type: &'a str,
    status: &'a str,
    /// Seconds of the minute.
    at: u32,
    /// The statusReason and the container's reason of each attempt that has ended.
    attempts: &'a [(&'a str, Option<&'a str>)],
}

fn job(status: &str, at: u32, attempts: &[(&str, Option<&str>)]) -> String {
    Told { detail_type: JOB_STATE_CHANGE, status, at, attempts }.json()
}

impl Told<'_> {
    fn json(&self) -> String {
        let attempts: Vec<_> = self
            .attempts
            .iter()
            .map(|(status_reason, reason)| {
                serde_json::json!({
                    "container": { "reason": reason, "logStreamName": STREAM, "networkInterfaces": [] },
                    "startedAt": 1, "stoppedAt": 2, "statusReason": status_reason
                })
            })
            .collect();
        let event = serde_json::json!({
            "version": "0", "id": format!("e{}", self.at), "detail-type": self.detail_type,
            "source": "aws.batch", "account": "111111111111", "region": "eu-west-1",
            "time": format!("2026-11-23T02:00:{:02}Z", self.at), "resources": [],
            "detail": {
                "jobArn": format!("arn:aws:batch:eu-west-1:111111111111:job/{JOB}"),
                "jobName": "greece-companies-load", "jobId": JOB, "status": self.status,
                "jobQueue": "arn:aws:batch:eu-west-1:111111111111:job-queue/credit-reports",
                "statusReason": (self.detail_type == JOB_QUEUE_BLOCKED)
                    .then_some("MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE"),
                "attempts": attempts, "createdAt": 100, "startedAt": 120,
                "jobDefinition":
                    "arn:aws:batch:eu-west-1:111111111111:job-definition/credit-reports-greece:3",
                "parameters": {
                    "plan": "plans/greece/1.json", "stage": "companies.load", "run": "r1", "fence": "1", "execution": "e"
                },
                "container": { "image": "x", "command": [], "environment": [] }
            }
        });
        event.to_string()
    }
}

impl Scene {
    fn hear_text(&self, json: &str) -> Outcome {
        self.watch().hear(json).unwrap()
    }

    fn job(&self) -> sluice_contract::runs::JobRecord {
        self.runs().jobs("greece", "r1").unwrap().remove(0)
    }
}

fn recorded(hosts_lost: u64, told: Option<Trouble>) -> Outcome {
    Outcome::Recorded { job: JOB.into(), hosts_lost, told }
}

#[test]
fn where_a_job_stands_is_recorded_and_an_older_event_changes_nothing() {
    let scene = Scene::default();
    assert_eq!(scene.hear_text(&job("RUNNING", 20, &[])), recorded(0, None));
    let done = job("SUCCEEDED", 30, &[("Essential container in task exited", None)]);
    assert_eq!(scene.hear_text(&done), recorded(0, None));
    for old in [done, job("RUNNABLE", 10, &[]), job("RUNNING", 20, &[])] {
        assert_eq!(scene.hear_text(&old), Outcome::Redelivered);
    }
    let job = scene.job();
    assert_eq!(
        (job.run.as_str(), job.stage.as_str(), job.status),
        ("r1", "companies.load", JobStatus::Succeeded)
    );
    assert_eq!((job.attempts, job.log_stream.as_deref(), job.created_at), (1, Some(STREAM), Some(100)));
    assert_eq!(scene.occasions(), []);
}

#[test]
fn states_of_one_second_are_in_their_order() {
    let scene = Scene::default();
    let lost = [("Host EC2 (instance i-1) terminated.", None)];
    assert_eq!(scene.hear_text(&job("RUNNING", 10, &[])), recorded(0, None));
    assert_eq!(scene.hear_text(&job("RUNNABLE", 10, &lost)), recorded(0, None));
    assert_eq!(scene.hear_text(&job("STARTING", 10, &lost)), recorded(0, None));
    assert_eq!(scene.hear_text(&job("RUNNING", 10, &[])), Outcome::Redelivered);
    assert_eq!(scene.job().status, JobStatus::Starting);
}

#[test]
fn a_lost_host_that_batch_made_good_is_counted_and_not_told() {
    let scene = Scene::default();
    let attempts = [("Your Spot Task was interrupted.", None), ("Essential container in task exited", None)];
    assert_eq!(scene.hear_text(&job("RUNNABLE", 10, &attempts[..1])), recorded(0, None));
    assert_eq!(scene.job().trouble, Some(Trouble::HostLost));
    let done = job("SUCCEEDED", 20, &attempts);
    assert_eq!(scene.hear_text(&done), recorded(1, None));
    assert_eq!(scene.hear_text(&done), Outcome::Redelivered);
    assert_eq!((scene.job().hosts_lost, scene.job().trouble), (1, None));
    assert_eq!(scene.occasions(), []);
}

#[test]
fn a_host_that_was_lost_too_often_is_told() {
    let scene = Scene::default();
    let lost = ("Host EC2 (instance i-1) terminated.", None);
    assert_eq!(scene.hear_text(&job("FAILED", 20, &[lost, lost])), recorded(2, Some(Trouble::HostLost)));
    assert_eq!(scene.last().summary, "`greece` lost the host of `companies.load` too often");
}

#[test]
fn a_programs_own_failure_is_no_trouble_of_the_compute_environment() {
    let scene = Scene::default();
    let attempts = [("Essential container in task exited", None)];
    assert_eq!(scene.hear_text(&job("FAILED", 20, &attempts)), recorded(0, None));
    assert_eq!(scene.occasions(), []);
}

#[test]
fn a_missing_image_is_told_once_with_its_line_and_log() {
    let scene = Scene::default();
    scene.started("r1", "r1", 100);
    let failed =
        job("FAILED", 20, &[("Task failed to start", Some("CannotPullContainerError: no such tag"))]);
    assert_eq!(scene.hear_text(&failed), recorded(0, Some(Trouble::Image)));
    assert_eq!(scene.hear_text(&failed), Outcome::Redelivered);
    let expected = Notification {
        occasion: Occasion::Compute,
        pipeline: "greece".into(),
        run: "r1".into(),
        stage: Some("companies.load".into()),
        summary: "the image for `companies.load` of `greece` can't be fetched".into(),
        cause: Some("CannotPullContainerError: no such tag".into()),
        help: None,
        next_step: Some("sluice resume greece --run r1".into()),
        origin: Some(line()),
        channel: None,
        log: Some(
            "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/\
             log-group/$252Fsluice$252Fcredit-reports$252Fjobs/log-events/greece$252Fdefault$252F0a1b"
                .into(),
        ),
    };
    assert_eq!(scene.last(), expected);
    assert_eq!(scene.occasions(), [Occasion::Compute]);
}

#[test]
fn memory_and_resources_are_told_in_their_own_words() {
    for (reason, trouble, summary) in [
        ("OutOfMemoryError: killed", Trouble::Memory, "`companies.load` of `greece` ran out of memory"),
        (
            "ResourceInitializationError: unable to pull secrets",
            Trouble::Resources,
            "the container for `companies.load` of `greece` can't be prepared",
        ),
    ] {
        let scene = Scene::default();
        let failed = job("FAILED", 20, &[("Essential container in task exited", Some(reason))]);
        assert_eq!(scene.hear_text(&failed), recorded(0, Some(trouble)));
        assert_eq!(scene.last().summary, summary);
    }
}

#[test]
fn a_job_that_blocks_its_queue_is_told_once_and_goes_on() {
    let scene = Scene::default();
    let _ = scene.hear_text(&job("RUNNABLE", 10, &[]));
    let blocked = Told { detail_type: JOB_QUEUE_BLOCKED, status: "RUNNABLE", at: 10, attempts: &[] }.json();
    assert_eq!(scene.hear_text(&blocked), recorded(0, Some(Trouble::Stuck)));
    assert_eq!(scene.hear_text(&blocked), Outcome::Redelivered);
    assert_eq!(scene.last().cause.as_deref(), Some("MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE"));
    assert_eq!(scene.last().next_step.as_deref(), Some("aws batch describe-jobs --jobs 4c7599ae"));
    let later = Told { detail_type: JOB_QUEUE_BLOCKED, status: "RUNNABLE", at: 40, attempts: &[] }.json();
    assert_eq!(scene.hear_text(&later), recorded(0, None));
    assert_eq!(scene.occasions(), [Occasion::Compute]);
    let _ = scene.hear_text(&job("RUNNING", 50, &[]));
    assert_eq!(scene.job().trouble, None);
}

#[test]
fn a_trouble_that_could_not_be_told_is_told_by_the_next_delivery() {
    let mut scene = Scene { told: super::Told { down: true, ..super::Told::default() }, ..Scene::default() };
    let failed = job("FAILED", 20, &[("Task failed to start", Some("CannotPullContainerError"))]);
    let _ = scene.watch().hear(&failed).unwrap_err();
    scene.told.down = false;
    assert_eq!(scene.hear_text(&failed), recorded(0, Some(Trouble::Image)));
    assert_eq!(scene.hear_text(&failed), Outcome::Redelivered);
}

#[test]
fn a_failure_links_to_the_log_of_its_stages_newest_job() {
    let scene = Scene::default();
    scene.started("r1", "r1", 100);
    let _ = scene.hear_text(&job("RUNNING", 10, &[("Host EC2 gone", None)]));
    let (at, why) = (stage("r1", "companies.load"), failure("the disk is full"));
    assert!(scene.runs().stage_failed(&at, 1, &why, 150).unwrap());
    let _ = scene.hear(&event("r1", ExecutionStatus::Failed, 150));
    assert!(scene.last().log.unwrap().ends_with("/log-events/greece$252Fdefault$252F0a1b"));
}

#[test]
fn a_failure_before_the_worker_started_names_the_stage_of_its_job() {
    let scene = Scene::default();
    let _ =
        scene.hear_text(&job("FAILED", 20, &[("Task failed to start", Some("CannotPullContainerError: x"))]));
    let _ = scene.hear(&event("r1", ExecutionStatus::Failed, 150));
    assert_eq!(scene.last().summary, "`greece` failed in `companies.load`");
    assert_eq!(scene.last().cause.as_deref(), Some("CannotPullContainerError: x"));
}

#[test]
fn a_cause_is_told_without_the_secrets_in_it() {
    let scene = Scene::default();
    scene.started("r1", "r1", 100);
    let why = failure("can't reach mysql://me:hunter2@db/gr");
    assert!(scene.runs().stage_failed(&stage("r1", "companies.load"), 1, &why, 150).unwrap());
    let _ = scene.hear(&event("r1", ExecutionStatus::Failed, 200));
    assert_eq!(scene.last().cause.as_deref(), Some("can't reach mysql://***@db/gr"));
}

#[test]
fn a_job_of_somebody_else_is_ignored_and_one_of_ours_without_parameters_is_refused() {
    let scene = Scene::default();
    let foreign = job("FAILED", 20, &[]).replace("credit-reports-greece", "billing");
    assert_eq!(scene.hear_text(&foreign), Outcome::Ignored);
    let bare = job("FAILED", 20, &[]).replace("\"run\"", "\"walk\"");
    let refused = scene.watch().hear(&bare).unwrap_err();
    assert_eq!(refused.to_string(), "the job of event `e20` has no parameter `run`");
}

#[test]
fn a_batch_counts_what_became_of_its_messages_and_gives_back_the_bad_ones() {
    let scene = Scene::default();
    let unknown = r#"{"id":"u","detail-type":"Batch Compute Weather","detail":{}}"#;
    let messages = BTreeMap::from([
        ("a", job("RUNNING", 10, &[])),
        ("b", "hunter2: no JSON".to_owned()),
        ("c", unknown.to_owned()),
        ("d", job("RUNNING", 10, &[])),
        ("e", job("RUNNING", 10, &[]).replace("RUNNING", "DANCING")),
    ]);
    let records = messages.into_iter().map(|(id, body)| Message { message_id: id.into(), body }).collect();
    let mut written = Vec::new();
    let response = scene.watch().batch(&Batch { records }, &mut Log::new(&mut written, "watch"));
    let failed: Vec<_> = response.batch_item_failures.iter().map(|it| it.item_identifier.as_str()).collect();
    assert_eq!(failed, ["b", "e"]);
    let log = String::from_utf8(written).unwrap();
    assert!(log.contains("`Batch Compute Weather` is not known and was skipped"), "{log}");
    assert!(!log.contains("hunter2"), "{log}");
    let counts = log.lines().last().unwrap();
    let values = r#""Function":"watch","Malformed":2,"Recorded":1,"Redelivered":1,"Unknown":1}"#;
    assert!(counts.ends_with(values), "{counts}");
}
