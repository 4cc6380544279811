//! What others say of the generated state machines: asl-validator and cfn-lint, each in one process for all.
//!
//! Neither has anything to say against them. A machine that is wrong goes along, so that a validator that does
//! nothing at all is noticed.

use std::{
    collections::BTreeMap,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use crate::validate::machines;

/// A machine with a field that does not exist.
const WRONG: &str = "tests/validate/rule_10_known_fields/bad_misspelt.json";

#[test]
fn asl_validator_has_nothing_to_say() {
    takes_all(Command::new("node").arg("tests/validators/asl-validator.mjs"));
}

#[test]
fn cfn_lint_has_nothing_to_say() {
    takes_all(Command::new("tests/validators/.venv/bin/python").arg("tests/validators/cfn_lint.py"));
}

/// The program reads paths and writes what it has against each that it does not take.
fn takes_all(program: &mut Command) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let generated = machines(&root.join("generated"));
    let generated = generated.iter().map(|it| it.strip_prefix(root).unwrap().display().to_string());
    let mut paths: Vec<String> = generated.collect();
    assert!(!paths.is_empty());
    paths.push(WRONG.to_owned());
    let mut running = program
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("`scripts/test` installs what this needs");
    running.stdin.take().unwrap().write_all(paths.join("\n").as_bytes()).unwrap();
    let answer = running.wait_with_output().unwrap();
    let wrong = String::from_utf8_lossy(&answer.stderr);
    assert!(answer.status.success(), "`scripts/test` installs what this needs: {wrong}");
    let told: BTreeMap<String, Vec<String>> = serde_json::from_slice(&answer.stdout).unwrap();
    assert_eq!(told.keys().map(String::as_str).collect::<Vec<_>>(), [WRONG], "{told:#?}");
}
