//! `sluice test`, as a user sees it, and the examples of `docs/testing.md`.

use crate::{pages::blocks, support::Scene};

const PAGE: &str = include_str!("../docs/testing.md");

/// The shipped program with these scenarios only.
fn with(scenarios: &str) -> Scene {
    let scene = Scene::program_only();
    for shipped in ["greece", "morocco"] {
        std::fs::remove_file(scene.path(&format!("pipelines/{shipped}.test.pipe"))).unwrap();
    }
    scene.write("pipelines/case.test.pipe", scenarios);
    scene
}

#[test]
fn the_shipped_scenarios_hold() {
    let scene = Scene::program_only();
    let _ = scene.sluice("test").fine().says(" scenarios, 0 failed");
    let _ = scene.sluice("test greece --environment local").fine();
    let _ = scene.sluice("fmt --check").fine();
}

#[test]
fn the_documented_scenarios_hold_and_every_documented_line_is_read() {
    let scene = with(&blocks(PAGE, "scenario").concat());
    let _ = scene.sluice("test").fine().says("2 scenarios, 0 failed");
    let rows = PAGE.lines().filter_map(|it| it.strip_prefix("| `")).filter_map(|it| it.split(" | ").next());
    let mut lines = Vec::new();
    for row in rows {
        let first = row.split('`').next().unwrap();
        let line = first.replace("… fails", "when extract companies fails");
        lines.push(line);
    }
    assert!(lines.len() > 15, "the tables have gone");
    for line in lines {
        let also = if line.starts_with("when") { "then  the run fails" } else { "" };
        scene.write(
            "pipelines/case.test.pipe",
            &format!("scenario \"x\" of greece {{\n    {line}\n    {also}\n}}\n"),
        );
        let told = scene.sluice("test");
        let read = told.err.is_empty() && told.out.contains("1 scenario,");
        assert!(read, "`{line}`\n{}{}", told.out, told.err);
    }
}

#[test]
fn what_does_not_come_about_is_told_with_its_place() {
    let scene = with(
        "scenario \"wrong\" of greece {\n    when  extract companies fails\n    then  the run succeeds\n    \
         and   data_team is told of recovery\n    and   extract companies runs twice\n    \
         and   the lock is held\n}\nscenario \"right\" of greece {\n    then  the run succeeds\n}\n",
    );
    let told = scene.sluice("test");
    assert_eq!(told.code, Some(1));
    insta::assert_snapshot!(told.out);
    let told = scene.sluice("test --format junit");
    assert_eq!(told.code, Some(1));
    insta::assert_snapshot!(told.out);
    let told = scene.sluice("test --only right --format json").fine().json();
    assert_eq!(told["scenarios"][0]["passed"], true);
    assert_eq!(scene.sluice("test --format json").json()["scenarios"][0]["unmet"][0]["code"], "P0930");
}

#[test]
fn what_cant_be_read_is_told_with_its_place() {
    let scene = with(
        "scenari \"a\" of greece {\n}\nscenario \"b\" of greece {\n    wen  extract companies fails\n    \
         then  the run succeds\n    when  extract companies fails tree times\n}\nscenario \"c\" of greece {\n    \
         when  extract companies fails\n}\nscenario \"d\" of greece {\n    and  the run succeeds\n}\n\
         scenario \"e\" of greece\n",
    );
    let told = scene.sluice("test").problem("P0932");
    insta::assert_snapshot!(told.err);
}

#[test]
fn names_that_nothing_has_are_told() {
    let scene = with(
        "scenario \"a\" of grece {\n    then  the run succeeds\n}\nscenario \"b\" of greece {\n    \
         then  extract compnies runs\n}\nscenario \"c\" of greece {\n    then  data_tem is told\n}\n",
    );
    let told = scene.sluice("test").problem("P0931").problem("P0908").problem("P0206");
    insta::assert_snapshot!(told.err);
    let _ = scene.sluice("test grece").problem("P0908").says("did you mean `greece`?");
    let _ = scene.sluice("check").fine();
}

#[test]
fn a_title_that_no_scenario_has_is_an_error_and_the_nearest_is_told_first() {
    let scene = with(
        "scenario \"overlap is told\" of greece {\n    then  the run succeeds\n}\n\
         scenario \"a lost host\" of greece {\n    then  the run succeeds\n}\n",
    );
    let told = scene.sluice("test greece --only losthost").problem("P0933");
    let _ = told.says("there is `a lost host` and `overlap is told`");
    let _ = scene.sluice("test ireland --only lost").problem("P0933").says("there are none");
    let _ = scene.sluice("test greece --only lost").fine();
}
