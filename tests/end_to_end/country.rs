//! A country's life in an account: it runs, fails, is gone on with, and is never run twice at a time.

use serde_json::json;

use crate::{account::told, world::World};

/// What Greece is made of.
const STAGES: [&str; 10] = [
    "cleanup",
    "companies.extract",
    "companies.load",
    "companies.translate",
    "companies.dedupe",
    "companies.verify",
    "companies.publish",
    "officers.extract",
    "officers.sort",
    "officers.publish",
];

/// A time of its schedule.
const NIGHT: &str = "2020-01-01T00:30:00Z";
const NEXT_NIGHT: &str = "2020-01-02T00:30:00Z";

/// What is published.
const ROWS: &str = "SELECT * FROM companies ORDER BY registration_no";

#[test]
fn a_country_is_deployed_started_by_its_schedule_and_published() {
    let world = World::with_greece(1_200);
    let execution = world.scheduled(NIGHT, "first");
    assert_eq!(world.ended(&execution), "SUCCEEDED", "{:#}", world.jobs());
    let run = world.recorded(&execution);
    assert_eq!((&run["status"], &run["fence"]), (&json!("succeeded"), &json!(1)));
    let stages = run["stages"].as_array().unwrap();
    assert_eq!(stages.iter().map(|it| it["stage"].as_str().unwrap()).collect::<Vec<_>>(), STAGES);
    assert!(stages.iter().all(|it| it["status"] == "done"), "{run:#}");
    assert_eq!(world.stages_of(&execution), STAGES);

    assert_eq!(world.published("SELECT count(*) FROM companies WHERE country = 'GR'"), ["1200"]);
    let row = "00000001|GR|Company 1|Athens|2026-01-02 03:04:05";
    assert_eq!(world.published("SELECT * FROM companies ORDER BY registration_no LIMIT 1"), [row]);
    assert_eq!(world.published("SELECT count(*) FROM officers WHERE country = 'GR'"), ["50"]);
    let run = run["run"].as_str().unwrap();
    let shown = told(&world.sluice("runs greece --environment test"));
    assert!(shown.contains(run) && shown.contains("succeeded"), "{shown}");
    let shown = told(&world.sluice("logs greece --environment test"));
    for stage in STAGES {
        assert!(shown.contains(&format!("{stage}: run {run}, job ")), "{stage}\n{shown}");
    }
    let lock = world.lock();
    assert_eq!((&lock["owner"], &lock["fence"]["N"]), (&json!(null), &json!("1")));

    // Once for one time of its schedule, however often that calls.
    let again = world.scheduled(NIGHT, "second");
    assert_eq!(world.ended(&again), "SUCCEEDED");
    assert_eq!(world.recorded(&again)["status"], "skipped");
    assert_eq!(world.stages_of(&again), Vec::<String>::new());
    assert_eq!(world.cards(), Vec::<String>::new(), "nobody wants to know");
}

#[test]
fn a_run_that_failed_is_told_with_the_command_that_goes_on_from_there() {
    let world = World::with_greece(1_200);
    world.hold("companies.load");
    let failed = world.scheduled(NIGHT, "first");
    world.submitted(&failed, "companies.load");
    world.change_password(false);
    world.let_go("companies.load");
    assert_eq!(world.ended(&failed), "FAILED");
    let run = world.recorded(&failed)["run"].as_str().unwrap().to_owned();
    assert_eq!(world.lock()["owner"], json!(null), "whoever comes next needs nobody's help");
    let card = world.card(1);
    for said in
        ["greece failed in companies.load", &format!("sluice resume greece --run {run} --environment test")]
    {
        assert!(card.contains(said), "{card}");
    }

    world.change_password(true);
    let resumed = world.json("resume greece --environment test --detach");
    assert_eq!(resumed["run"], json!(run));
    let execution = resumed["execution"].as_str().unwrap();
    assert_eq!(world.ended(execution), "SUCCEEDED");
    let recorded = world.recorded(execution);
    assert_eq!((&recorded["run"], &recorded["status"]), (&json!(run), &json!("succeeded")));
    // What was done before is not done again.
    let attempts = |stage: &str| {
        let stages = recorded["stages"].as_array().unwrap();
        stages.iter().find(|it| it["stage"] == stage).unwrap()["statistics"]["attempts"].as_i64().unwrap()
    };
    let of_extract = (attempts("cleanup"), attempts("companies.extract"));
    assert_eq!((of_extract, attempts("companies.load")), ((1, 1), 2), "{recorded:#}");
    assert_eq!(world.published("SELECT count(*) FROM companies WHERE country = 'GR'"), ["1200"]);
    let card = world.card(2);
    assert!(card.contains("greece has succeeded again"), "{card}");
}

#[test]
fn too_few_rows_are_not_published_and_told() {
    let world = World::with_greece(800);
    let execution = world.scheduled(NIGHT, "first");
    assert_eq!(world.ended(&execution), "FAILED");
    let card = world.card(1);
    for said in
        ["Quality gate", "greece failed in companies.verify", "sluice start greece --environment test"]
    {
        assert!(card.contains(said), "{card}");
    }
    assert_eq!(world.published("SELECT count(*) FROM companies"), ["0"]);
}

/// Aborts an execution, and runs the country's next night to its end.
fn take_over(world: &World, aborted: &str) {
    world.abort(aborted);
    let next = world.scheduled(NEXT_NIGHT, "second");
    assert_eq!(world.ended(&next), "SUCCEEDED");
    assert_eq!(world.recorded(&next)["fence"], 2);
}

/// Waits until the worker of the first night is refused, which changes no row.
fn is_refused(world: &World, published: &[String]) {
    let log = world.failed_job();
    assert!(log.contains("P0605") && log.contains("this stage carries fence 1, 2 was given since"), "{log}");
    assert_eq!(world.published(ROWS), published);
}

#[test]
fn a_job_that_outlives_its_execution_is_refused() {
    let world = World::with_greece(1_200);
    world.hold("companies.publish");
    let aborted = world.scheduled(NIGHT, "first");
    world.submitted(&aborted, "companies.publish");
    take_over(&world, &aborted);
    let published = world.published(ROWS);
    assert_eq!(published.len(), 1_200);

    world.let_go("companies.publish");
    is_refused(&world, &published);
}

#[test]
fn a_worker_that_is_overtaken_at_its_work_writes_nothing() {
    let world = World::with_greece(1_200);
    world.stop("companies.publish");
    let aborted = world.scheduled(NIGHT, "first");
    world.stopped("companies.publish");
    // It has looked at the lock, and held it.
    let runs = world.json("runs greece --environment test");
    let stages = runs[0]["stages"].as_array().unwrap();
    let publish = stages.iter().find(|it| it["stage"] == "companies.publish").unwrap();
    assert_eq!(publish["status"], "running", "{runs:#}");
    take_over(&world, &aborted);
    // What it would write is there, and would be seen.
    assert_eq!(world.published("SELECT count(*) FROM staging_greece_companies"), ["1200"]);
    world.change_published("UPDATE companies SET name = 'changed since'");
    let published = world.published(ROWS);
    assert_eq!(published.len(), 1_200);

    world.go_on("companies.publish", &[]);
    is_refused(&world, &published);
    assert_eq!(world.published("SELECT fence FROM sluice_fence"), ["2"]);
}

#[test]
fn a_worker_whose_host_goes_is_tried_again() {
    let world = World::with_greece(1_200);
    world.stop("companies.publish");
    let execution = world.scheduled(NIGHT, "first");
    world.stopped("companies.publish");
    world.go_on("companies.publish", &["SIGTERM"]);
    assert_eq!(world.ended(&execution), "SUCCEEDED");
    assert_eq!(world.recorded(&execution)["status"], "succeeded");
    assert_eq!(world.stages_of(&execution), STAGES, "the job is tried again, the stage is not");
    let jobs = world.jobs();
    let ended = |stage: &str| {
        let job = jobs.as_array().unwrap().iter().find(|it| it["parameters"]["stage"] == stage).unwrap();
        let attempts = job["attempts"].as_array().unwrap();
        attempts.iter().map(|it| it["container"]["exitCode"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((ended("companies.publish"), ended("officers.publish")), (vec![75, 0], vec![0]), "{jobs:#}");
    assert_eq!(world.published("SELECT count(*) FROM companies WHERE country = 'GR'"), ["1200"]);
    assert_eq!(world.cards(), Vec::<String>::new(), "nobody wants to know");
}

#[test]
fn a_country_is_not_run_twice_at_a_time_and_that_is_told() {
    let world = World::with_greece(1_200);
    world.hold("companies.extract");
    let first = world.scheduled(NIGHT, "first");
    world.submitted(&first, "companies.extract");
    let second = world.scheduled(NEXT_NIGHT, "second");
    assert_eq!(world.ended(&second), "SUCCEEDED");
    assert_eq!(world.recorded(&second)["status"], "skipped");
    assert_eq!(world.stages_of(&second), Vec::<String>::new());
    let card = world.card(1);
    assert!(card.contains("greece did not start, because run greece-first of it was still going"), "{card}");
    world.let_go("companies.extract");
    assert_eq!(world.ended(&first), "SUCCEEDED");
    assert_eq!(world.published("SELECT count(*) FROM companies WHERE country = 'GR'"), ["1200"]);
}
