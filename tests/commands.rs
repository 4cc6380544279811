//! Small commands, as a user sees them when something is not as it should be.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use crate::support::{Scene, Told};

/// A pipeline whose last brace was forgotten.
const UNCLOSED: &str = "pipeline greece {\n    country gr\n";

/// The command with those bytes on its standard input.
fn with_input(scene: &Scene, arguments: &str, input: &[u8]) -> Told {
    let mut command: Command = scene.command(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    Told::of(child.wait_with_output().unwrap(), &scene.path(""))
}

#[test]
fn fmt_looks_at_the_standard_input_without_laying_it_out() {
    let scene = Scene::empty();
    let told = with_input(&scene, "fmt - --check", b"table t {\n id integer\n}\n").problem("P0906");
    assert_eq!(told.out, "");
    let _ = told.says("+ id integer");
    let told = with_input(&scene, "fmt --check -", b"table t {\n    id  integer\n}\n").fine();
    assert!(!told.out.contains("table"), "{}", told.out);
    assert_eq!(
        with_input(&scene, "fmt -", b"table t {\n id integer\n}\n").fine().out,
        "table t {\n    id  integer\n}\n"
    );
}

#[test]
fn fmt_tells_of_braces_that_do_not_fit_and_leaves_the_file() {
    let scene = Scene::program_only();
    scene.write("pipelines/greece.pipe", UNCLOSED);
    for check in ["", " --check"] {
        let _ = scene.sluice(&format!("fmt{check}")).problem("P0103").says("greece.pipe");
        assert_eq!(scene.read("pipelines/greece.pipe"), UNCLOSED);
        let told = with_input(&scene, &format!("fmt -{check}"), UNCLOSED.as_bytes()).problem("P0103");
        assert!(!told.out.contains("country"), "{}", told.out);
    }
    let told = scene.sluice("fmt --check --format json");
    assert_eq!(told.code, Some(1));
    assert_eq!(told.json()["damaged"][0], "pipelines/greece.pipe");
    assert_eq!(told.json()["diagnostics"][0]["code"], "P0103");
    let told = scene.sluice("fmt --check --format github");
    assert!(told.out.contains("P0103"), "{}", told.out);
}

#[test]
fn fmt_tells_of_text_that_is_not_utf_8() {
    let scene = Scene::empty();
    let _ = with_input(&scene, "fmt -", &[b'#', 0xff, b'\n'])
        .problem("P0902")
        .says("`<stdin>` is not UTF-8 text (line 1, column 2)");
    std::fs::write(scene.path("bad.pipe"), [b'#', b' ', 0xff]).unwrap();
    let _ =
        scene.sluice("fmt bad.pipe").problem("P0902").says("`bad.pipe` is not UTF-8 text (line 1, column 3)");
}

#[test]
fn an_unknown_environment_is_told_by_every_command() {
    let scene = Scene::program_only();
    for command in ["graph greece", "runs", "schedule", "build", "run greece", "check"] {
        let _ = scene
            .sluice(&format!("{command} --environment prd"))
            .problem("P0205")
            .says("did you mean `prod`?");
    }
}

#[test]
fn schedule_starts_from_a_day_or_a_moment() {
    let scene = Scene::program_only();
    for from in ["2026-03-29", "2026-03-29T00:00", "2026-03-29T00:00Z", "2026-03-29T02:00+02:00"] {
        let told = scene.sluice(&format!("schedule --from {from} --days 1 --format json")).fine();
        assert_eq!(told.json()["from"], "2026-03-29T00:00:00Z", "{from}");
    }
    for (from, words) in [
        ("29.03.2026", "write a day such as `2026-03-29`"),
        ("0001-01-01", "schedules know the years 1970 to 2199"),
        ("2200-01-01T00:00Z", "schedules know the years 1970 to 2199"),
    ] {
        let told = scene.sluice(&format!("schedule --from {from}"));
        assert_eq!(told.code, Some(2));
        let _ = told.says(words);
    }
}

#[test]
fn a_new_country_has_the_code_of_its_name() {
    let scene = Scene::empty();
    let _ = scene.sluice("new country germany --program there").fine().says("sluice check --program there");
    assert!(scene.read("there/germany.pipe").contains("country   de\n"));
    let _ = scene.sluice("new country uk").fine().says("3. sluice check, and then sluice run uk");
    assert!(scene.read("pipelines/uk.pipe").contains("country   gb\n"));
    let _ = scene.sluice("new country germny").problem("P0311").says("did you mean `germany`?");
    let _ = scene.sluice("new country north").problem("P0311").says("--code gr");
    let _ = scene.sluice("new country wales --code uk").problem("P0311").says("did you mean `--code gb`?");
    let _ = scene.sluice("new country wales_north --code GB").fine();
    assert!(scene.read("pipelines/wales_north.pipe").contains("country   gb\n"));
}

#[cfg(not(feature = "aws"))]
#[test]
fn an_account_is_out_of_reach_of_a_program_without_aws() {
    let scene = Scene::program_only();
    let operators = ["start greece", "resume greece", "cancel greece", "runs", "logs greece"];
    for command in ["plan", "deploy", "destroy", "rollback greece"].into_iter().chain(operators) {
        let told = scene.sluice(&format!("{command} --environment test")).problem("P0701");
        let _ = told.says("--features aws");
    }
    let _ = scene.sluice("plan").problem("P0709").says("--environment");
    for command in ["plan", "start greece", "logs greece"] {
        let _ = scene.sluice(&format!("{command} --environment local")).problem("P0709").says("no account");
    }
    let _ = scene.sluice("start grece --environment test").problem("P0908").says("`greece`");
    let _ = scene.sluice("runs --here --environment test").fine().says("no runs yet");
}
