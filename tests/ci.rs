//! What `docs/ci.md` tells people to run is run, as far as it needs no account.

use std::{fs, path::Path, process::Command};

use clap::CommandFactory;
use sluice::cli::Cli;

use crate::support::Scene;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The script's `check` in that folder: whether it succeeded, and all that it said.
fn check(folder: &Path) -> (bool, String) {
    let script = root().join("docs/ci-example.sh");
    let mut command = Command::new("bash");
    let _ = command.arg(script).arg("check").current_dir(folder).env("SLUICE", env!("CARGO_BIN_EXE_sluice"));
    let answer = command.output().unwrap();
    let told = [answer.stdout, answer.stderr].concat();
    (answer.status.success(), String::from_utf8(told).unwrap())
}

#[test]
fn the_shell_equivalent_checks_the_shipped_program_and_finds_what_is_wrong() {
    let scene = Scene::program_only();
    let built = Command::new(env!("CARGO_BIN_EXE_sluice")).arg("build").current_dir(scene.path("")).output();
    assert!(built.unwrap().status.success());
    let (fine, told) = check(&scene.path(""));
    assert!(fine, "{told}");
    let scenarios = fs::read_to_string(scene.path("reports/scenarios.xml")).unwrap();
    assert!(scenarios.contains("<testsuites"), "{scenarios}");
    let cost: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(scene.path("reports/cost.json")).unwrap()).unwrap();
    assert_eq!(cost["pipelines"].as_array().unwrap().len(), 30);

    let stale = scene.path("generated/prod/platform.template.json");
    fs::write(&stale, "{}").unwrap();
    let (fine, told) = check(&scene.path(""));
    assert!(!fine && told.contains("platform.template.json"), "{told}");
}

/// The lines between the marks.
fn workflow() -> String {
    let page = fs::read_to_string(root().join("docs/ci.md")).unwrap();
    let after = page.split("<!-- workflow -->\n```yaml\n").nth(1).unwrap();
    after.split("```\n<!-- end -->").next().unwrap().to_owned()
}

#[test]
fn the_workflow_is_yaml_with_a_job_for_each_step() {
    let python = root().join("tests/validators/.venv/bin/python");
    let mut command = Command::new(python);
    let script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.argv[1]), default=str))";
    let answer = command.args(["-c", script, &workflow()]).output();
    let answer = answer.expect("`scripts/test` installs what this needs");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let read: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
    let jobs: Vec<&str> = read["jobs"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(jobs, ["check", "plan", "deploy"]);
    for job in ["plan", "deploy"] {
        assert_eq!(read["jobs"][job]["permissions"]["id-token"], "write");
    }
    assert_eq!(read["permissions"], serde_json::json!({ "contents": "read" }));
}

#[test]
fn each_command_of_the_workflow_is_one_of_the_command_line() {
    let mut found = 0;
    for line in workflow().lines() {
        let Some((_, command)) = line.split_once("sluice ") else { continue };
        if !line.contains("run:") {
            continue;
        }
        let words = command.split_whitespace().take_while(|it| *it != ">");
        let read = Cli::command().try_get_matches_from(std::iter::once("sluice").chain(words));
        assert!(read.is_ok(), "{line}: {read:?}");
        found += 1;
    }
    assert_eq!(found, 5);
}
