//! Several processes at one country: one runs, the others do what `overlap` says; one that was taken over while it
//! was paused does no harm any more; one is stopped by another.

use std::{
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use rusqlite::Connection;
use serde_json::Value;

use crate::support::{Scene, Told};

const RUN: &str = "run greece --format json";

fn spawn(scene: &Scene, arguments: &str) -> Child {
    scene.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn told(scene: &Scene, child: Child) -> Told {
    Told::of(child.wait_with_output().unwrap(), &scene.path(""))
}

#[track_caller]
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let came = (0..60_000).inspect(|_| thread::sleep(Duration::from_millis(1))).any(|_| holds());
    assert!(came, "never came: {what}");
}

fn signal(process: u32, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), process.to_string()]).status().unwrap();
    assert!(sent.success());
}

/// The executions that are doing a stage: its job has started and not ended.
fn working(scene: &Scene, state: &str) -> Option<String> {
    scene.executions().into_iter().find(|it| {
        let of_state: Vec<_> = scene.history(it).into_iter().filter(|it| it.contains(state)).collect();
        let has = |word: &str| of_state.iter().any(|it| it.contains(word));
        has("TaskStarted") && !has("TaskSucceeded") && !has("TaskFailed")
    })
}

/// Whether the worker has recorded the beginning of that stage.
fn has_begun(scene: &Scene, state: &str) -> bool {
    let (word, table) = state.split_once(' ').unwrap();
    let key = format!("%#STAGE#{table}.{}", word.to_lowercase());
    let items = Connection::open(scene.path(".sluice/items.db")).unwrap();
    items.busy_timeout(Duration::from_mins(1)).unwrap();
    let running = "SELECT count(*) FROM items WHERE sk LIKE ?1 AND item ->> '$.status.S' = 'running'";
    items.query_row(running, [key], |row| row.get::<_, i64>(0)).unwrap() > 0
}

/// The process of an execution.
fn process(scene: &Scene, execution: &str) -> u32 {
    scene.read(&format!(".sluice/executions/{execution}/alive")).parse().unwrap()
}

/// Holds a database against writers, for a moment when nobody else does.
fn hold(scene: &Scene, database: &str) -> Option<Connection> {
    let connection = Connection::open(scene.path(database)).unwrap();
    connection.busy_timeout(Duration::ZERO).unwrap();
    let held = (0..200_000).any(|_| connection.execute_batch("BEGIN IMMEDIATE").is_ok());
    held.then_some(connection)
}

/// Pauses whoever does that stage, while it holds nothing that another process would wait for; its execution and
/// process.
fn pause(scene: &Scene, state: &str) -> Option<(String, u32)> {
    until(state, || working(scene, state).is_some() && has_begun(scene, state));
    let target = hold(scene, ".sluice/reports.db")?;
    let items = hold(scene, ".sluice/items.db")?;
    let execution = working(scene, state)?;
    let process = process(scene, &execution);
    signal(process, "STOP");
    let status = format!("/proc/{process}/status");
    until("the pause", || std::fs::read_to_string(&status).is_ok_and(|it| it.contains("State:\tT")));
    drop((target, items));
    Some((execution, process))
}

/// The published tables of a run that nobody disturbed.
fn undisturbed(rows: u32) -> [Vec<String>; 2] {
    let scene = Scene::shipped(rows);
    let _ = scene.sluice(RUN).fine();
    tables(&scene)
}

fn tables(scene: &Scene) -> [Vec<String>; 2] {
    ["companies", "officers"].map(|it| scene.rows(it))
}

/// So many processes at once: one is paused at its work until all others have ended, then it goes on to its end.
fn at_once(scene: &Scene, count: usize) -> (Told, Vec<Told>) {
    let mut children: Vec<_> = (0..count).map(|_| spawn(scene, RUN)).collect();
    let (_, winner) = pause(scene, "Extract companies").expect("it is extracting");
    let place = children.iter().position(|it| it.id() == winner).unwrap();
    let first = children.swap_remove(place);
    let others = children.into_iter().map(|it| told(scene, it)).collect();
    signal(winner, "CONT");
    (told(scene, first), others)
}

#[test]
fn of_processes_that_start_a_country_at_once_one_runs_and_the_others_skip() {
    let rows = 6_000;
    let expected = undisturbed(rows);
    for count in [2, 10] {
        let scene = Scene::shipped(rows);
        let (first, others) = at_once(&scene, count);
        let first = first.fine().json();
        assert_eq!(first["outcome"], "published");
        assert_eq!(others.len(), count - 1);
        for other in others {
            let other = other.fine().json();
            assert_eq!(other["outcome"], "skipped");
            assert_eq!(other["stages"].as_array().unwrap().len(), 0);
            assert_eq!(other["notifications"][0]["occasion"], "overlap");
        }
        assert!(tables(&scene) == expected);
        let runs = scene.sluice("runs --format json").fine().json();
        let with = |status: &str| runs.as_array().unwrap().iter().filter(|it| it["status"] == status).count();
        assert_eq!((with("succeeded"), with("skipped")), (1, count - 1));
    }
}

#[test]
fn of_processes_that_start_a_country_at_once_one_runs_and_the_others_fail() {
    let scene = Scene::shipped(6_000);
    scene.edit("pipelines/platform.pipe", "overlap  skip", "overlap  fail");
    let (first, others) = at_once(&scene, 10);
    assert_eq!(first.fine().json()["outcome"], "published");
    for other in others {
        assert_eq!(other.code, Some(1), "{}{}", other.out, other.err);
        let other = other.json();
        assert_eq!(
            (&other["status"], &other["notifications"][0]["occasion"]),
            (&"FAILED".into(), &"overlap".into())
        );
    }
    // The last that was started did nothing, and is not what is resumed.
    let _ = scene.sluice("resume greece").problem("P0610");
}

#[test]
fn of_processes_that_resume_a_run_at_once_one_goes_on_and_the_others_wait_for_it() {
    let rows = 3_000;
    let expected = undisturbed(rows);
    for count in [2, 10] {
        let scene = Scene::shipped(rows);
        scene.edit("pipelines/platform.pipe", "overlap  skip", "overlap  wait");
        let mut killed = spawn(&scene, RUN);
        until("the load", || working(&scene, "Load companies").is_some());
        killed.kill().unwrap();
        let _ = killed.wait().unwrap();
        let run = scene.executions().remove(0);
        // A resumed run goes on with its own machine; one second of waiting is enough here.
        let machine = format!(".sluice/executions/{run}/state-machine.asl.json");
        scene.edit(&machine, "\"Seconds\": 60", "\"Seconds\": 1");
        let resume = format!("resume greece --run {run} --format json");
        let children: Vec<_> = (0..count).map(|_| spawn(&scene, &resume)).collect();
        for child in children {
            let report = told(&scene, child).fine().json();
            assert_eq!((&report["outcome"], &report["run"]), (&"published".into(), &run.as_str().into()));
        }
        assert!(tables(&scene) == expected);
        let runs = scene.sluice("runs --format json").fine().json();
        assert_eq!(runs.as_array().unwrap().len(), 1);
        assert_eq!(runs[0]["status"], "succeeded");
        for stage in runs[0]["stages"].as_array().unwrap() {
            let killed = ["companies.load", "officers.load"].iter().any(|it| stage["stage"] == *it);
            let attempts = stage["statistics"]["attempts"].as_u64().unwrap();
            assert!(attempts == 1 || (killed && attempts == 2), "{stage}");
        }
    }
}

#[test]
fn a_second_resume_says_that_the_run_goes_on_elsewhere() {
    let scene = Scene::shipped(6_000);
    let mut killed = spawn(&scene, RUN);
    until("the extraction", || working(&scene, "Extract companies").is_some());
    killed.kill().unwrap();
    let _ = killed.wait().unwrap();
    let run = scene.executions().remove(0);
    let first = spawn(&scene, "resume greece --format json");
    // The killed execution's history stays as it was.
    std::fs::remove_file(scene.path(&format!(".sluice/executions/{run}/history.jsonl"))).unwrap();
    let (resumed, process) = pause(&scene, "Extract companies").expect("it is extracting");
    let second = scene.sluice(&format!("resume greece --run {run} --format json")).fine();
    let report = second.json();
    assert_eq!((&report["status"], &report["outcome"]), (&"SUCCEEDED".into(), &"skipped".into()));
    assert_ne!(report["run"], run.as_str());
    assert!(report["execution"].as_str().unwrap().ends_with(report["run"].as_str().unwrap()));
    assert_eq!(report["stages"].as_array().unwrap().len(), 0);
    let words = scene.sluice("resume greece").fine();
    let _ = words
        .says(&format!("`greece` was not resumed, because run `{run}` was going on in another execution"))
        .says("as `overlap skip` asks");
    signal(process, "CONT");
    let report = told(&scene, first).fine().json();
    assert_eq!((&report["outcome"], &report["run"]), (&"published".into(), &run.as_str().into()));
    assert!(report["execution"].as_str().unwrap().ends_with(&resumed));
}

/// A run is paused at that stage and taken over; then it wakes up.
fn taken_over(rows: u32, state: &str, takeover: &str, expected: &[Vec<String>; 2]) {
    for _ in 0..10 {
        let scene = Scene::shipped(rows);
        let mut paused = spawn(&scene, "run greece");
        let Some((execution, process)) = pause(&scene, state) else {
            // It was through before it could be paused: another try.
            let _ = paused.kill();
            let _ = paused.wait().unwrap();
            continue;
        };
        let told_of = scene.sluice("cancel greece --force").fine();
        let _ = told_of.says("ended run").says("without waiting for its process").says("was stopped");
        // Nothing tells the process that it is over, as nothing tells a container that has lost its network.
        std::fs::remove_file(scene.path(&format!(".sluice/executions/{execution}/stop"))).unwrap();
        let report = scene.sluice(&format!("{takeover} --format json")).fine().json();
        assert_eq!(report["outcome"], "published");
        let recorded = stages(&scene, &report);
        signal(process, "CONT");
        let woken = told(&scene, paused);
        assert_eq!(woken.code, Some(1), "{}{}", woken.out, woken.err);
        if takeover == "run greece" {
            // Its next write is refused, or, where the job had none to do, its next job finds the lock with another.
            let _ = woken.problem("P0605");
        }
        assert!(tables(&scene) == *expected, "{state}, {takeover}");
        assert_eq!(stages(&scene, &report), recorded, "{state}, {takeover}");
        return;
    }
    panic!("never paused in {state}");
}

/// What is recorded of a report's run.
fn stages(scene: &Scene, report: &Value) -> Value {
    let runs = scene.sluice("runs greece --format json").fine().json();
    runs.as_array().unwrap().iter().find(|it| it["run"] == report["run"]).unwrap().clone()
}

#[test]
fn what_a_paused_run_writes_after_another_has_taken_over_is_refused() {
    let rows = 6_000;
    let expected = undisturbed(rows);
    for state in ["Extract companies", "Publish companies"] {
        for takeover in ["run greece", "resume greece"] {
            taken_over(rows, state, takeover, &expected);
        }
    }
}

#[test]
fn a_run_is_stopped_from_another_process_and_can_be_resumed() {
    let scene = Scene::shipped(20_000);
    let _ = scene.sluice("cancel greece").fine().says("nothing of `greece` is running");
    let run = spawn(&scene, "run greece");
    until("the extraction", || working(&scene, "Extract companies").is_some());
    let stopped = scene.sluice("cancel greece --format json").fine().json();
    assert_eq!((&stopped[0]["pipeline"], &stopped[0]["how"]), (&"greece".into(), &"stopped".into()));
    let ended = told(&scene, run).problem("P0620").says("greece: aborted");
    let _ = ended.says("next sluice resume greece --run");
    let name = stopped[0]["run"].as_str().unwrap();
    let _ = scene.sluice("runs").fine().says("aborted");
    for command in ["cancel greece".to_owned(), format!("cancel greece --run {name}")] {
        let _ = scene.sluice(&command).fine().says("nothing of `greece` is running");
    }
    let _ = scene.sluice("cancel greece --run nothing").problem("P0610");
    let _ = scene.sluice("cancel grece").fine().says("did you mean `greece`?");
    let _ = scene.sluice("resume greece").fine().says("greece: published");
}
