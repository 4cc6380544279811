//! Ends of executions, and what is recorded and told of them.

#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod jobs;
mod store;

use std::cell::RefCell;

use sluice_contract::{
    dynamodb::{AttributeValue, ItemStore, UpdateItem},
    event::{EXECUTION_STATUS_CHANGE, ExecutionDetail, ExecutionStatus},
    notification::Notification,
    plan::Origin,
    runs::{LOCK, StageFailure, StageKey, key, names, partition},
    statistics::Statistics,
};

use super::*;
use store::MemoryStore;

const NOW: i64 = 9_000;

/// Keeps what it is told, or refuses it.
#[derive(Debug, Default)]
struct Told {
    notifications: RefCell<Vec<Notification>>,
    down: bool,
}

impl Announcer for Told {
    fn announce(&self, notification: &Notification) -> Result<(), AnnounceError> {
        if self.down {
            return Err(AnnounceError { reason: "no answer".into() });
        }
        self.notifications.borrow_mut().push(notification.clone());
        Ok(())
    }
}

fn arn(execution: &str) -> String {
    format!("arn:aws:states:eu-west-1:111111111111:execution:credit-reports-greece:{execution}")
}

fn event(execution: &str, status: ExecutionStatus, ended_at: i64) -> ExecutionEvent {
    ExecutionEvent {
        id: format!("{execution}-{ended_at}"),
        detail_type: EXECUTION_STATUS_CHANGE.into(),
        detail: ExecutionDetail {
            execution_arn: arn(execution),
            state_machine_arn: "arn:aws:states:eu-west-1:111111111111:stateMachine:credit-reports-greece"
                .into(),
            name: execution.into(),
            status,
            start_date: ended_at - 50,
            stop_date: Some(ended_at),
            input: Some("{}".into()),
            output: None,
            error: None,
            cause: None,
        },
    }
}

fn resuming(run: &str, mut event: ExecutionEvent) -> ExecutionEvent {
    event.detail.input = Some(format!(r#"{{"run":"{run}"}}"#));
    event
}

fn skipped(execution: &str, ended_at: i64) -> ExecutionEvent {
    let mut event = event(execution, ExecutionStatus::Succeeded, ended_at);
    event.detail.output = Some(r#"{"outcome":"skipped","holder":"r0"}"#.into());
    event
}

fn line() -> Origin {
    Origin { file: "greece.pipe".into(), line: 8 }
}

fn failure(cause: &str) -> StageFailure<'_> {
    StageFailure { code: "P0607", cause, help: "make room" }
}

/// A runs table, whoever listens to it, and the short words of these tests.
#[derive(Debug, Default)]
struct Scene {
    store: MemoryStore,
    told: Told,
}

impl Scene {
    fn runs(&self) -> RunsTable<'_> {
        RunsTable::new(&self.store, "credit-reports-runs")
    }

    fn hear(&self, event: &ExecutionEvent) -> Outcome {
        self.watch().execution(event).unwrap()
    }

    fn watch(&self) -> Watch<'_> {
        Watch {
            platform: "credit-reports",
            runs: self.runs(),
            announcer: &self.told,
            now: NOW,
            commands: Commands { start: "run", flags: "" },
        }
    }

    /// A run that has taken the lock and begun its first stage.
    fn started(&self, run: &str, execution: &str, at: i64) {
        let request = UpdateItem {
            table_name: "credit-reports-runs".into(),
            key: key(&partition("greece"), LOCK),
            update_expression: "SET #owner = :owner, #run = :run".into(),
            condition_expression: None,
            expression_attribute_names: names(&["owner", "run"]),
            expression_attribute_values: [(":owner", arn(execution)), (":run", run.to_owned())]
                .map(|(name, value)| (name.to_owned(), AttributeValue::S(value)))
                .into(),
            return_values: None,
        };
        let _ = self.store.update_item(&request).unwrap();
        assert!(self.runs().run_started("greece", run, 1, at).unwrap());
        assert!(self.runs().stage_started(&stage(run, "companies.load"), &line(), 1, at).unwrap());
    }

    fn run_status(&self, run: &str) -> RunStatus {
        self.runs().run("greece", run).unwrap().unwrap().status
    }

    fn lock_owner(&self) -> Option<String> {
        self.runs().lock("greece").unwrap().and_then(|it| it.owner)
    }

    fn occasions(&self) -> Vec<Occasion> {
        self.told.notifications.borrow().iter().map(|it| it.occasion).collect()
    }

    fn last(&self) -> Notification {
        self.told.notifications.borrow().last().unwrap().clone()
    }
}

fn stage<'a>(run: &'a str, stage: &'a str) -> StageKey<'a> {
    StageKey { pipeline: "greece", run, stage }
}

#[test]
fn a_success_is_recorded_frees_the_lock_and_is_no_news() {
    let scene = Scene::default();
    scene.started("r1", "r1", 100);
    let outcome = scene.hear(&event("r1", ExecutionStatus::Succeeded, 200));
    let expected =
        Outcome::Settled { run: "r1".into(), status: RunStatus::Succeeded, told: None, held_minutes: 0 };
    assert_eq!(outcome, expected);
    let run = scene.runs().run("greece", "r1").unwrap().unwrap();
    assert_eq!((run.started_at, run.ended_at, run.cause), (100, Some(200), None));
    assert_eq!(scene.lock_owner(), None);
    assert_eq!(scene.occasions(), []);
}

#[test]
fn a_failure_names_the_stage_its_line_the_cause_and_the_way_on() {
    let scene = Scene::default();
    scene.started("r1", "r1", 100);
    assert!(
        scene
            .runs()
            .stage_failed(&stage("r1", "companies.load"), 1, &failure("the disk is full"), 150)
            .unwrap()
    );
    let mut ended = event("r1", ExecutionStatus::Failed, 200);
    ended.detail.cause = Some("the job failed".into());
    let _ = scene.hear(&ended);
    let expected = Notification {
        occasion: Occasion::Failure,
        pipeline: "greece".into(),
        run: "r1".into(),
        stage: Some("companies.load".into()),
        summary: "`greece` failed in `companies.load`".into(),
        cause: Some("the disk is full".into()),
        help: Some("make room".into()),
        next_step: Some("sluice resume greece --run r1".into()),
        origin: Some(line()),
        channel: None,
        log: None,
    };
    assert_eq!(scene.last(), expected);
    let run = scene.runs().run("greece", "r1").unwrap().unwrap();
    assert_eq!((run.status, run.cause.as_deref()), (RunStatus::Failed, Some("the disk is full")));
}

#[test]
fn the_way_on_is_one_that_can_succeed_and_has_the_flags_of_every_command() {
    for (code, command) in [
        ("P0607", "sluice resume greece --run r1 --environment prod"),
        ("P0606", "sluice start greece --environment prod"),
        ("P0613", "sluice start greece --environment prod"),
        ("P0605", "sluice runs greece --environment prod"),
    ] {
        let scene = Scene::default();
        scene.started("r1", "r1", 100);
        let why = StageFailure { code, ..failure("why") };
        assert!(scene.runs().stage_failed(&stage("r1", "companies.load"), 1, &why, 150).unwrap());
        let watch =
            Watch { commands: Commands { start: "start", flags: "--environment prod" }, ..scene.watch() };
        let ended = event("r1", ExecutionStatus::Failed, 200);
        let _ = watch.execution(&ended).unwrap();
        assert_eq!(scene.last().next_step.as_deref(), Some(command), "{code}");
    }
}

#[test]
fn what_a_stage_says_after_it_was_taken_over_is_not_recorded() {
    let scene = Scene::default();
    let at = stage("r1", "companies.load");
    assert!(scene.runs().stage_started(&at, &line(), 2, 100).unwrap());
    assert!(!scene.runs().stage_started(&at, &line(), 1, 110).unwrap());
    assert!(!scene.runs().stage_failed(&at, 1, &failure("late"), 120).unwrap());
    assert!(!scene.runs().stage_done(&at, 1, &Statistics::default(), 130).unwrap());
    assert!(scene.runs().run_started("greece", "r1", 2, 100).unwrap());
    assert!(!scene.runs().run_started("greece", "r1", 1, 140).unwrap());
    let record = scene.runs().stage("greece", "r1", "companies.load").unwrap().unwrap();
    assert_eq!((record.started_at, record.ended_at, record.cause), (100, None, None));
    assert!(scene.runs().stage_done(&at, 2, &Statistics::default(), 150).unwrap());
}

#[test]
fn of_several_failed_stages_the_first_is_named() {
    let scene = Scene::default();
    scene.started("r1", "r1", 100);
    assert!(
        scene.runs().stage_failed(&stage("r1", "companies.load"), 1, &failure("the second"), 160).unwrap()
    );
    assert!(scene.runs().stage_failed(&stage("r1", "officers.load"), 1, &failure("the first"), 150).unwrap());
    let _ = scene.hear(&event("r1", ExecutionStatus::Failed, 200));
    assert_eq!(scene.last().cause.as_deref(), Some("the first"));
}

#[test]
fn an_aborted_run_names_the_stage_it_was_at() {
    let scene = Scene::default();
    assert!(scene.runs().stage_started(&stage("r1", "cleanup"), &line(), 1, 90).unwrap());
    assert!(scene.runs().stage_done(&stage("r1", "cleanup"), 1, &Statistics::default(), 95).unwrap());
    scene.started("r1", "r1", 100);
    let _ = scene.hear(&event("r1", ExecutionStatus::Aborted, 200));
    assert_eq!(scene.last().summary, "`greece` was stopped in `companies.load`");
    assert_eq!(scene.last().next_step.as_deref(), Some("sluice resume greece --run r1"));
    assert_eq!(scene.run_status("r1"), RunStatus::Aborted);
    assert_eq!(scene.lock_owner(), None);
}

#[test]
fn a_run_that_failed_before_its_first_stage_is_told_with_the_services_reason() {
    let scene = Scene::default();
    let mut ended = event("r1", ExecutionStatus::Failed, 200);
    ended.detail.cause = Some(r#"{"JobName":"x","StatusReason":"CannotPullContainerError"}"#.into());
    let _ = scene.hear(&ended);
    assert_eq!(scene.last().summary, "`greece` failed outside its stages");
    assert_eq!(scene.last().cause.as_deref(), Some("CannotPullContainerError"));
    assert_eq!(scene.run_status("r1"), RunStatus::Failed);
}

#[test]
fn a_long_cause_is_cut_between_characters() {
    let scene = Scene::default();
    let mut ended = event("r1", ExecutionStatus::TimedOut, 200);
    ended.detail.cause = Some("\n  ".to_owned() + &"é".repeat(400));
    let _ = scene.hear(&ended);
    assert_eq!(scene.last().cause.unwrap(), "é".repeat(299) + "…");
    assert_eq!(scene.last().summary, "`greece` ran longer than its timeout outside its stages");
}

#[test]
fn the_same_event_twice_is_told_once() {
    let scene = Scene::default();
    let ended = event("r1", ExecutionStatus::Failed, 200);
    let _ = scene.hear(&ended);
    assert_eq!(scene.hear(&ended), Outcome::Redelivered);
    assert_eq!(scene.occasions(), [Occasion::Failure]);
}

#[test]
fn an_old_failure_delivered_again_does_not_touch_the_resumed_run() {
    let scene = Scene::default();
    scene.started("r1", "r1", 100);
    let failed = event("r1", ExecutionStatus::Failed, 200);
    let _ = scene.hear(&failed);
    scene.started("r1", "resume-1", 300);
    assert_eq!(scene.hear(&failed), Outcome::Redelivered);
    assert_eq!(scene.run_status("r1"), RunStatus::Running);
    assert_eq!(scene.lock_owner(), Some(arn("resume-1")));
}

#[test]
fn a_resumed_run_that_succeeds_is_a_recovery_of_the_run_it_resumed() {
    let scene = Scene::default();
    let _ = scene.hear(&event("r1", ExecutionStatus::Failed, 200));
    let _ = scene.hear(&resuming("r1", event("resume-1", ExecutionStatus::Succeeded, 400)));
    assert_eq!(scene.occasions(), [Occasion::Failure, Occasion::Recovery]);
    assert_eq!(scene.last().run, "r1");
    assert_eq!(scene.run_status("r1"), RunStatus::Succeeded);
    assert_eq!(scene.runs().runs("greece").unwrap().len(), 1);
}

#[test]
fn the_first_success_after_a_failed_run_is_a_recovery_and_the_second_is_no_news() {
    let scene = Scene::default();
    let _ = scene.hear(&event("r1", ExecutionStatus::TimedOut, 200));
    let _ = scene.hear(&skipped("r2", 300));
    let _ = scene.hear(&event("r3", ExecutionStatus::Succeeded, 400));
    let _ = scene.hear(&event("r4", ExecutionStatus::Succeeded, 500));
    assert_eq!(scene.occasions(), [Occasion::Failure, Occasion::Overlap, Occasion::Recovery]);
    assert_eq!(scene.last().run, "r3");
}

#[test]
fn a_skipped_execution_names_the_run_that_goes_on_and_leaves_its_lock() {
    let scene = Scene::default();
    scene.started("r1", "r1", 100);
    let _ = scene.hear(&skipped("r2", 200));
    assert_eq!(scene.run_status("r2"), RunStatus::Skipped);
    assert_eq!(scene.last().occasion, Occasion::Overlap);
    assert_eq!(scene.last().summary, "`greece` did not start, because run `r1` of it was still going");
    assert_eq!(scene.lock_owner(), Some(arn("r1")));
}

#[test]
fn a_skipped_resume_leaves_the_record_of_the_run_it_was_to_resume() {
    let scene = Scene::default();
    scene.started("r1", "r1", 100);
    let _ = scene.hear(&resuming("r1", skipped("resume-1", 200)));
    assert_eq!(scene.run_status("r1"), RunStatus::Running);
    assert_eq!(scene.run_status("resume-1"), RunStatus::Skipped);
    let told = "`greece` was not resumed, because run `r1` was going on in another execution";
    assert_eq!(scene.last().summary, told);
}

#[test]
fn a_start_that_was_delivered_twice_is_recorded_and_not_told() {
    let scene = Scene::default();
    scene.started("r1", "r1", 100);
    let mut ended = event("r2", ExecutionStatus::Succeeded, 200);
    ended.detail.output = Some(r#"{"outcome":"skipped","scheduled":"2026-11-22T02:30:00Z"}"#.into());
    let _ = scene.hear(&ended);
    assert_eq!(scene.run_status("r2"), RunStatus::Skipped);
    assert!(scene.occasions().is_empty());
    assert_eq!(scene.lock_owner(), Some(arn("r1")));
}

#[test]
fn an_overlap_that_is_to_fail_fails_and_is_told_as_an_overlap() {
    let scene = Scene::default();
    scene.started("r1", "r1", 100);
    let mut ended = event("r2", ExecutionStatus::Failed, 200);
    ended.detail.error = Some("Sluice.Overlap".into());
    let _ = scene.hear(&ended);
    assert_eq!(scene.occasions(), [Occasion::Overlap]);
    assert_eq!(scene.run_status("r2"), RunStatus::Failed);
    assert_eq!(scene.lock_owner(), Some(arn("r1")));
}

#[test]
fn how_long_a_lock_was_held_is_counted_when_it_ends_and_when_another_run_finds_it() {
    let scene = Scene::default();
    scene.started("r1", "r1", 100);
    let hours = |it: i64| it * 3_600_000;
    let since = UpdateItem {
        table_name: "credit-reports-runs".into(),
        key: key(&partition("greece"), LOCK),
        update_expression: "SET #since = :since".into(),
        condition_expression: None,
        expression_attribute_names: names(&["since"]),
        expression_attribute_values: [(
            ":since".to_owned(),
            AttributeValue::S("1970-01-01T01:00:00.500Z".into()),
        )]
        .into(),
        return_values: None,
    };
    let _ = scene.store.update_item(&since).unwrap();
    let held = |outcome: Outcome| {
        let Outcome::Settled { held_minutes, .. } = outcome else { panic!("{outcome:?}") };
        held_minutes
    };
    assert_eq!(held(scene.hear(&skipped("r2", hours(5)))), 239);
    let mut twice = event("r3", ExecutionStatus::Succeeded, hours(5));
    twice.detail.output = Some(r#"{"outcome":"skipped","scheduled":"2026-11-22T02:30:00Z"}"#.into());
    assert_eq!(held(scene.hear(&twice)), 0, "a start that was delivered twice says nothing of the lock");
    assert_eq!(held(scene.hear(&event("r1", ExecutionStatus::Failed, hours(26)))), 25 * 60 - 1);
    assert_eq!(held(scene.hear(&event("r1", ExecutionStatus::Failed, hours(27)))), 0, "it was freed");
}

#[test]
fn what_could_not_be_told_is_told_by_the_next_delivery() {
    let mut scene = Scene { told: Told { down: true, ..Told::default() }, ..Scene::default() };
    let ended = event("r1", ExecutionStatus::Failed, 200);
    let refused = scene.watch().execution(&ended);
    assert_eq!(refused, Err(WatchError::Announce(AnnounceError { reason: "no answer".into() })));
    scene.told.down = false;
    let _ = scene.hear(&ended);
    assert_eq!(scene.occasions(), [Occasion::Failure]);
    assert_eq!(scene.hear(&ended), Outcome::Redelivered);
}

#[test]
fn an_execution_that_goes_on_changes_nothing() {
    let scene = Scene::default();
    assert_eq!(scene.hear(&event("r1", ExecutionStatus::Running, 200)), Outcome::Ignored);
    assert_eq!(scene.hear(&event("r1", ExecutionStatus::PendingRedrive, 200)), Outcome::Ignored);
    assert_eq!(scene.runs().runs("greece").unwrap(), []);
}

#[test]
fn an_event_of_something_else_changes_nothing() {
    let scene = Scene::default();
    let mut other = event("r1", ExecutionStatus::Failed, 200);
    other.detail_type = "Batch Job State Change".into();
    assert_eq!(scene.hear(&other), Outcome::Ignored);
}

#[test]
fn an_event_that_names_no_state_machine_is_refused() {
    let scene = Scene::default();
    let mut broken = event("r1", ExecutionStatus::Failed, 200);
    broken.detail.state_machine_arn = "greece".into();
    let refused = scene.watch().execution(&broken).unwrap_err();
    assert_eq!(refused.to_string(), "the event `r1-200` names no state machine of this platform: `greece`");
}

#[test]
fn an_end_without_a_moment_of_its_own_takes_the_present_one() {
    let scene = Scene::default();
    let mut ended = event("r1", ExecutionStatus::Aborted, 200);
    ended.detail.stop_date = None;
    let _ = scene.hear(&ended);
    assert_eq!(scene.runs().run("greece", "r1").unwrap().unwrap().ended_at, Some(NOW));
}
