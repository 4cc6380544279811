//! What others say of the generated state machines and templates: asl-validator, cfn-lint and checkov, each in one
//! process for all.
//!
//! The first two have nothing to say against them; each finding of checkov's is explained in
//! `tests/checkov/explained.json`. A document that is wrong goes along, so that a validator that does nothing at all is
//! noticed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use crate::validate::machines;

/// A machine with a field that does not exist.
const WRONG: &str = "tests/validate/rule_10_known_fields/bad_misspelt.json";

/// A template with a property that does not exist.
const WRONG_TEMPLATE: &str = "tests/validators/wrong.template.json";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn asl_validator_has_nothing_to_say() {
    takes_all(Command::new("node").arg("tests/validators/asl-validator.mjs"), generated_machines(), WRONG);
}

#[test]
fn cfn_lint_has_nothing_to_say() {
    let mut cfn_lint = Command::new("tests/validators/.venv/bin/python");
    takes_all(cfn_lint.arg("tests/validators/cfn_lint.py"), generated_machines(), WRONG);
}

#[test]
fn cfn_lint_has_nothing_to_say_of_templates() {
    let mut cfn_lint = Command::new("tests/validators/.venv/bin/python");
    takes_all(cfn_lint.arg("tests/validators/cfn_lint_templates.py"), templates(), WRONG_TEMPLATE);
}

#[test]
fn each_finding_of_checkov_is_explained_and_each_explanation_has_its_finding() {
    #[derive(serde::Deserialize)]
    struct Explained {
        resources: BTreeSet<String>,
        reason: String,
    }
    let explained = fs::read_to_string(root().join("tests/checkov/explained.json")).unwrap();
    let explained: BTreeMap<String, Explained> = serde_json::from_str(&explained).unwrap();
    assert!(explained.values().all(|it| it.reason.len() > 60));
    let explained: BTreeMap<_, _> = explained.into_iter().map(|(check, it)| (check, it.resources)).collect();
    for template in templates() {
        let mut checkov = Command::new("tests/checkov/.venv/bin/checkov");
        let flags = ["--framework", "cloudformation", "--skip-download", "--quiet", "--output", "json"];
        let answer = checkov.current_dir(root()).args(flags).args(["--file", &template]).output();
        let answer = answer.expect("`scripts/test` installs what this needs");
        let told: serde_json::Value = serde_json::from_slice(&answer.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&answer.stderr)));
        assert!(told["summary"]["passed"].as_u64().unwrap() > 0, "{told:#}");
        assert_eq!(told["summary"]["parsing_errors"], 0, "{told:#}");
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for finding in told["results"]["failed_checks"].as_array().unwrap() {
            let text = |field: &str| finding[field].as_str().unwrap().to_owned();
            let id = text("resource").rsplit('.').next().unwrap().to_owned();
            let _ = found.entry(text("check_id")).or_default().insert(id);
        }
        assert_eq!(found, explained, "of {template}");
    }
}

fn generated_machines() -> Vec<String> {
    let generated = machines(&root().join("generated"));
    generated.iter().map(|it| it.strip_prefix(root()).unwrap().display().to_string()).collect()
}

/// Of the environments that have an account.
fn templates() -> Vec<String> {
    let paths = fs::read_dir(root().join("generated")).unwrap().map(|it| it.unwrap().path());
    let mut paths: Vec<String> = paths
        .map(|it| it.join(sluice::emit::PLATFORM_PATH))
        .filter(|it| it.exists())
        .map(|it| it.strip_prefix(root()).unwrap().display().to_string())
        .collect();
    paths.sort();
    paths
}

/// The program reads paths and writes what it has against each that it does not take.
fn takes_all(program: &mut Command, mut paths: Vec<String>, wrong: &str) {
    assert!(!paths.is_empty());
    paths.push(wrong.to_owned());
    let mut running = program
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("`scripts/test` installs what this needs");
    running.stdin.take().unwrap().write_all(paths.join("\n").as_bytes()).unwrap();
    let answer = running.wait_with_output().unwrap();
    let trouble = String::from_utf8_lossy(&answer.stderr);
    assert!(answer.status.success(), "`scripts/test` installs what this needs: {trouble}");
    let told: BTreeMap<String, Vec<String>> = serde_json::from_slice(&answer.stdout).unwrap();
    assert_eq!(told.keys().map(String::as_str).collect::<Vec<_>>(), [wrong], "{told:#?}");
}
