//! What an operator does, on a cloud in memory: the runs table is the embedded one, executions are a list.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use sluice_contract::{
    plan::Origin,
    runs::{RunEnd, RunStatus, StageFailure, StageKey},
    statistics::Statistics,
};
use sluice_worker::embedded::EmbeddedItems;

use super::*;
use crate::{compile::compile, diagnostics::Code, lower::Plan, source::MemoryFiles};

const PROGRAM: &str = r#"
platform credit_reports {
    environment local
    environment prod {
        account  222222222222
        region   eu-west-1
    }
    connection registry {
        local  sqlite "r.db"
        prod   mysql secret "credit-reports/prod/registry"
    }
    connection reports {
        prod  mysql secret "credit-reports/prod/reports"
    }
    target reports
}

table companies {
    registration_no  text(32)  key
}

pipeline greece {
    country  gr
    source   registry

    into companies {
        extract  "companies.sql"
        publish  upsert
    }
}
"#;

/// 2026-11-23 02:30:00 UTC.
const NOW: i64 = 1_795_401_000_000;

#[derive(Debug)]
struct World {
    plan: Plan,
    items: EmbeddedItems,
    executions: RefCell<Vec<Known>>,
    logs: RefCell<BTreeMap<String, Vec<(i64, String)>>>,
    fails: Cell<Option<&'static str>>,
    /// What happens while somebody waits, in this order.
    happenings: RefCell<Vec<fn(&World)>>,
    flags: Flags,
}

impl World {
    fn new() -> Self {
        let files = MemoryFiles::default()
            .with("main.pipe", PROGRAM)
            .with("companies.sql", "SELECT registration_no FROM companies");
        let compiled = compile(&files);
        Self {
            plan: compiled.plan.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics)),
            items: EmbeddedItems::open(std::path::Path::new(":memory:")).unwrap(),
            executions: RefCell::default(),
            logs: RefCell::default(),
            fails: Cell::new(None),
            happenings: RefCell::default(),
            flags: Flags::new([("--environment", "prod")]),
        }
    }

    fn deployment(&self) -> Deployment<'_> {
        Deployment {
            resources: Resources::new(&self.plan, self.plan.environment("prod").unwrap()),
            cloud: self,
            items: &self.items,
            patience: self,
            flags: &self.flags,
        }
    }

    fn runs(&self) -> RunsTable<'_> {
        RunsTable::new(&self.items, "credit-reports-runs")
    }

    fn add(&self, name: &str, status: ExecutionStatus, input: &str, is_redrivable: bool) -> String {
        let machine = "arn:aws:states:eu-west-1:222222222222:stateMachine:credit-reports-greece";
        let execution_arn = format!("{}:{name}", machine.replace("stateMachine", "execution"));
        let detail = ExecutionDetail {
            execution_arn: execution_arn.clone(),
            state_machine_arn: machine.to_owned(),
            name: name.to_owned(),
            status,
            start_date: NOW,
            stop_date: None,
            input: Some(input.to_owned()),
            output: None,
            error: None,
            cause: None,
        };
        self.executions.borrow_mut().push(Known { detail, is_redrivable });
        execution_arn
    }

    /// A run whose extract failed, as the worker and `watch` record it.
    fn failed_run(&self, run: &str, is_redrivable: bool) -> String {
        let arn = self.add(run, ExecutionStatus::Failed, "{}", is_redrivable);
        let runs = self.runs();
        assert!(runs.run_started("greece", run, 1, NOW).unwrap());
        let stage = StageKey { pipeline: "greece", run, stage: "companies.extract" };
        let origin = Origin { file: "main.pipe".to_owned(), line: 25 };
        assert!(runs.stage_started(&stage, &origin, 1, NOW).unwrap());
        let why = StageFailure { code: "P0603", cause: "the connection was refused", help: "" };
        assert!(runs.stage_failed(&stage, 1, &why, NOW + 1).unwrap());
        assert!(runs.run_ended("greece", &ended(run, &arn, RunStatus::Failed)).unwrap());
        arn
    }

    fn set(&self, execution: usize, status: ExecutionStatus, output: Option<&str>) {
        let mut all = self.executions.borrow_mut();
        all[execution].detail.status = status;
        all[execution].detail.output = output.map(str::to_owned);
    }
}

fn ended<'a>(run: &'a str, execution: &'a str, status: RunStatus) -> RunEnd<'a> {
    RunEnd { run, execution, status, started_at: NOW, ended_at: NOW + 5_000, cause: None }
}

impl Cloud for World {
    fn start(&self, machine: &str, name: &str, input: &str) -> Result<String, CloudError> {
        assert_eq!(machine, "arn:aws:states:eu-west-1:222222222222:stateMachine:credit-reports-greece");
        if let Some(code) = self.fails.get() {
            return Err(CloudError { code: Some(code.to_owned()), message: "no".to_owned() });
        }
        let other_input = |it: &Known| it.detail.name == name && it.detail.input.as_deref() != Some(input);
        if self.executions.borrow().iter().any(other_input) {
            let code = Some("ExecutionAlreadyExists".to_owned());
            return Err(CloudError { code, message: "taken".to_owned() });
        }
        Ok(self.add(name, ExecutionStatus::Running, input, false))
    }

    fn redrive(&self, execution: &str) -> Result<(), CloudError> {
        let mut all = self.executions.borrow_mut();
        let known = all.iter_mut().find(|it| it.detail.execution_arn == execution).unwrap();
        assert!(known.is_redrivable);
        known.detail.status = ExecutionStatus::PendingRedrive;
        Ok(())
    }

    fn stop(&self, execution: &str, cause: &str) -> Result<(), CloudError> {
        let mut all = self.executions.borrow_mut();
        let known = all.iter_mut().find(|it| it.detail.execution_arn == execution).unwrap();
        known.detail.status = ExecutionStatus::Aborted;
        known.detail.cause = Some(cause.to_owned());
        Ok(())
    }

    fn known(&self, execution: &str) -> Result<Option<Known>, CloudError> {
        Ok(self.executions.borrow().iter().find(|it| it.detail.execution_arn == execution).cloned())
    }

    fn running(&self, _machine: &str) -> Result<Vec<String>, CloudError> {
        let all = self.executions.borrow();
        let running = all.iter().filter(|it| it.detail.status == ExecutionStatus::Running);
        Ok(running.map(|it| it.detail.execution_arn.clone()).collect())
    }

    fn log(&self, group: &str, stream: &str, from: Option<&str>) -> Result<LogPage, CloudError> {
        assert_eq!(group, "/sluice/credit-reports/jobs");
        let logs = self.logs.borrow();
        let lines = logs.get(stream).cloned().unwrap_or_default();
        let from: usize = from.map_or(0, |it| it.parse().unwrap());
        let lines: Vec<_> = lines.into_iter().skip(from).take(2).collect();
        let next = Some((from + lines.len()).to_string());
        Ok(LogPage { lines, next })
    }
}

impl Patience for World {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(NOW).unwrap()
    }

    fn pause(&self, _duration: Duration) {
        let mut happenings = self.happenings.borrow_mut();
        let next = if happenings.is_empty() { None } else { Some(happenings.remove(0)) };
        drop(happenings);
        if let Some(next) = next {
            next(self);
        }
    }
}

#[derive(Default)]
struct Lines(Vec<String>);

impl Follower for Lines {
    fn stage(&mut self, stage: &StageRecord) {
        self.0.push(format!("{} {}", stage.stage, stage.status.word()));
    }
}

const RUN: &str = "greece-20261123-023000";

#[test]
fn a_started_run_is_followed_to_its_recorded_end() {
    let world = World::new();
    let started = world.deployment().start("greece").unwrap();
    assert_eq!((started.run.as_str(), started.redriven), (RUN, false));
    let stage = StageKey { pipeline: "greece", run: RUN, stage: "companies.extract" };
    let begins: fn(&World) = |world| {
        let stage = StageKey { pipeline: "greece", run: RUN, stage: "companies.extract" };
        let origin = Origin { file: "main.pipe".to_owned(), line: 25 };
        assert!(world.runs().run_started("greece", RUN, 1, NOW).unwrap());
        assert!(world.runs().stage_started(&stage, &origin, 1, NOW).unwrap());
    };
    let done: fn(&World) = |world| {
        let stage = StageKey { pipeline: "greece", run: RUN, stage: "companies.extract" };
        assert!(world.runs().stage_done(&stage, 1, &Statistics::default(), NOW + 1).unwrap());
        world.set(0, ExecutionStatus::Succeeded, Some(r#"{"outcome":"published"}"#));
    };
    // `watch` records the end behind a queue, some looks later.
    let nothing: fn(&World) = |_| {};
    let settled: fn(&World) = |world| {
        let arn = world.executions.borrow()[0].detail.execution_arn.clone();
        assert!(world.runs().run_ended("greece", &ended(RUN, &arn, RunStatus::Succeeded)).unwrap());
    };
    *world.happenings.borrow_mut() = vec![begins, nothing, done, nothing, settled];
    let mut lines = Lines::default();
    let ended = world.deployment().follow(&started, &mut lines).unwrap();
    assert_eq!(lines.0, ["companies.extract running", "companies.extract done"]);
    assert!(ended.published());
    assert_eq!(ended.summary.run.status, RunStatus::Succeeded);
    assert_eq!(ended.summary.stages[0].stage, stage.stage);
}

#[test]
fn an_execution_that_can_be_redriven_goes_on_itself() {
    let world = World::new();
    let arn = world.failed_run("r1", true);
    let started = world.deployment().resume("greece", None).unwrap();
    assert_eq!((started.run.as_str(), started.execution.as_str()), ("r1", arn.as_str()));
    assert!(started.redriven);
    assert_eq!(world.executions.borrow().len(), 1);
}

#[test]
fn a_run_whose_execution_can_t_be_redriven_is_gone_on_with_by_a_new_one() {
    let world = World::new();
    let _ = world.failed_run("r1", false);
    let started = world.deployment().resume("greece", Some("r1")).unwrap();
    assert_eq!((started.run.as_str(), started.redriven), ("r1", false));
    let all = world.executions.borrow();
    assert_eq!(all[1].detail.input.as_deref(), Some(r#"{"run":"r1"}"#));
}

#[test]
fn a_run_is_resumed_in_the_second_that_it_was_started_in() {
    let world = World::new();
    let _ = world.failed_run(RUN, false);
    let started = world.deployment().resume("greece", None).unwrap();
    assert!(started.execution.ends_with(":greece-20261123-023000-2"), "{}", started.execution);
}

#[test]
fn a_run_that_goes_on_is_not_resumed() {
    let world = World::new();
    let _ = world.failed_run("r1", false);
    world.set(0, ExecutionStatus::Running, None);
    let failure = world.deployment().resume("greece", None).unwrap_err();
    assert_eq!(failure.code, Code::RunStillGoing);
    assert!(failure.help.unwrap().contains("sluice cancel greece --run r1 --environment prod"));
}

#[test]
fn what_there_is_not_to_resume_is_told_with_what_starts_a_run() {
    let world = World::new();
    let failure = world.deployment().resume("greece", None).unwrap_err();
    assert_eq!(failure.code, Code::NoSuchRun);
    assert!(failure.help.unwrap().contains("sluice start greece --environment prod"));
    let failure = world.deployment().logs("greece", Some("r9"), None, false, &mut |_| Ok::<(), ()>(()));
    assert_eq!(failure.unwrap_err().code, Code::NoSuchRun);
}

#[test]
fn only_the_executions_of_the_named_run_are_stopped() {
    let world = World::new();
    let _ = world.add("r1", ExecutionStatus::Running, "{}", false);
    let resuming = world.add("r3", ExecutionStatus::Running, r#"{"run":"r2"}"#, false);
    let stopped = world.deployment().cancel("greece", Some("r2")).unwrap();
    assert_eq!(stopped.iter().map(|it| it.execution.as_str()).collect::<Vec<_>>(), [resuming]);
    assert_eq!(world.deployment().cancel("greece", None).unwrap().len(), 1);
    assert_eq!(world.deployment().cancel("greece", None).unwrap(), []);
}

#[test]
fn the_lines_of_all_jobs_come_in_the_order_of_time_and_each_once() {
    let world = World::new();
    let arn = world.failed_run("r1", false);
    assert!(world.runs().run_started("greece", "r1", 2, NOW).unwrap(), "{arn}");
    let job = |job: &str, stage: &str| sluice_contract::runs::JobRecord {
        run: "r1".to_owned(),
        job: job.to_owned(),
        stage: stage.to_owned(),
        status: sluice_contract::event::JobStatus::Running,
        reason: None,
        trouble: None,
        attempts: 0,
        hosts_lost: 0,
        log_stream: Some(format!("stream-{job}")),
        created_at: Some(NOW),
        started_at: Some(NOW),
        ended_at: None,
        version: "1".to_owned(),
    };
    for (id, stage) in [("1", "companies.extract"), ("2", "companies.load")] {
        assert!(world.runs().job_changed("greece", &job(id, stage)).unwrap());
    }
    let line = |at: i64, text: &str| (at, text.to_owned());
    *world.logs.borrow_mut() = BTreeMap::from([
        ("stream-1".to_owned(), vec![line(1, "a"), line(3, "c"), line(5, "e")]),
        ("stream-2".to_owned(), vec![line(2, "b"), line(4, "d")]),
    ]);
    let more: fn(&World) =
        |world| world.logs.borrow_mut().get_mut("stream-2").unwrap().push((6, "f".to_owned()));
    let over: fn(&World) = |world| {
        let arn = world.executions.borrow()[0].detail.execution_arn.clone();
        let end = RunEnd { ended_at: NOW + 9_000, ..ended("r1", &arn, RunStatus::Failed) };
        assert!(world.runs().run_ended("greece", &end).unwrap());
    };
    // A line that comes behind the run's end.
    let late: fn(&World) =
        |world| world.logs.borrow_mut().get_mut("stream-1").unwrap().push((7, "g".to_owned()));
    *world.happenings.borrow_mut() = vec![more, over, late];
    let mut told = String::new();
    let mut tell = |line: &LogLine| {
        told.push_str(&line.text);
        Ok::<(), ()>(())
    };
    world.deployment().logs("greece", None, None, true, &mut tell).unwrap().unwrap();
    assert_eq!(told, "abcdefg");
    let mut count = 0;
    let mut tell = |line: &LogLine| {
        assert_eq!(line.stage, "companies.load");
        count += 1;
        Ok::<(), ()>(())
    };
    world.deployment().logs("greece", None, Some("companies.load"), false, &mut tell).unwrap().unwrap();
    assert_eq!(count, 3);
}

#[test]
fn what_aws_refuses_is_told_with_a_way_out() {
    let world = World::new();
    for (name, code) in [
        ("ExpiredTokenException", Code::CredentialsMissing),
        ("AccessDeniedException", Code::CallDenied),
        ("StateMachineDoesNotExist", Code::NotDeployed),
        ("ThrottlingException", Code::CallFailed),
    ] {
        world.fails.set(Some(name));
        let failure = world.deployment().start("greece").unwrap_err();
        assert_eq!(failure.code, code, "{name}");
        assert!(failure.help.is_some(), "{name}");
    }
}
