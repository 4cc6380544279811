//! Compares the local engine's expressions with the reference implementation, npm `jsonata` 2.0.6, which AWS
//! runs: those of `tests/reference/corpus.json`, every one that `generated/` holds and those of the engine's
//! cases.
//!
//! A difference that is known stands in the corpus with its reason, and the test fails when it goes away.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sluice::engine::{Clock, evaluate_alone};

const MILLIS: i64 = 1_795_314_600_000;

/// An expression and what its variables are.
#[derive(Debug, Clone)]
struct Case {
    expression: String,
    bindings: Map<String, Value>,
}

#[test]
fn the_corpus_evaluates_as_the_reference_does() {
    let corpus = corpus();
    let bindings = corpus["bindings"].as_object().unwrap();
    let expressions = texts(&corpus["expressions"]);
    assert!(expressions.len() >= 80, "the corpus has shrunk: {}", expressions.len());
    let differences: BTreeSet<String> = corpus["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|difference| {
            assert!(difference["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{difference}");
            difference["expression"].as_str().unwrap().to_owned()
        })
        .collect();
    let cases = expressions.into_iter().chain(differences.iter().cloned());
    let cases: Vec<Case> = cases.map(|expression| Case { expression, bindings: bindings.clone() }).collect();
    let mut problems = Vec::new();
    for (case, problem) in cases.iter().zip(compare(&cases)) {
        match (problem, differences.contains(&case.expression)) {
            (Some(problem), false) => problems.push(problem),
            (None, true) => problems.push(format!("{} is no difference any more", case.expression)),
            (Some(_), true) | (None, false) => {}
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// `generated/` may hold nothing yet; the engine's own cases keep the comparison from being empty.
#[test]
fn what_the_compiler_emits_evaluates_as_the_reference_does() {
    let states = corpus()["bindings"]["states"].clone();
    let mut expressions = BTreeSet::new();
    for file in ["generated", "tests/engine"].iter().flat_map(|folder| machines(&root().join(folder))) {
        let document: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        collect(&document, &mut expressions);
    }
    // Chance can't be compared.
    expressions.retain(|text| !["$random(", "$uuid(", "$shuffle("].iter().any(|name| text.contains(name)));
    let leaves = [None, Some(json!("text")), Some(json!(7)), Some(json!(true)), Some(json!(["one", "two"]))];
    let cases: Vec<Case> = expressions
        .iter()
        .flat_map(|expression| {
            leaves.iter().map(|leaf| Case {
                expression: expression.clone(),
                bindings: synthetic(expression, &states, leaf.as_ref()),
            })
        })
        .collect();
    let problems: Vec<String> = compare(&cases).into_iter().flatten().collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn synthetic_bindings_follow_the_paths_of_an_expression() {
    let bindings = synthetic("$plan.a.b & $x & $f($states.input.q)", &json!({"input": {}}), Some(&json!(1)));
    let expected = json!({"plan": {"a": {"b": 1}}, "x": 1, "states": {"input": {"q": 1}}});
    assert_eq!(Value::Object(bindings), expected);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn corpus() -> Value {
    serde_json::from_str(&fs::read_to_string(root().join("tests/reference/corpus.json")).unwrap()).unwrap()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// For each case what differs, if anything does.
fn compare(cases: &[Case]) -> Vec<Option<String>> {
    let start = Timestamp::from_millisecond(MILLIS).unwrap();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let ours = |case: &Case| {
        runtime.block_on(async { evaluate_alone(&case.expression, &case.bindings, Clock::starting(start)) })
    };
    cases
        .iter()
        .zip(reference(cases))
        .map(|(case, reference)| {
            let ours = ours(case);
            let same = match &ours {
                Ok(Some(value)) => reference.get("value") == Some(value),
                Ok(None) => reference.get("undefined").is_some(),
                Err(_) => reference.get("error").is_some(),
            };
            let told = || format!("{}\n    engine:    {ours:?}\n    reference: {reference}", case.expression);
            (!same).then(told)
        })
        .collect()
}

/// What the reference implementation says of each case.
fn reference(cases: &[Case]) -> Vec<Value> {
    const HELP: &str = "the reference implementation is not installed: run `npm ci --prefix tests/reference`";
    let folder = root().join("tests/reference");
    let package = fs::read_to_string(folder.join("node_modules/jsonata/package.json")).expect(HELP);
    let package: Value = serde_json::from_str(&package).unwrap();
    assert_eq!(package["version"], "2.0.6", "{HELP}");
    let mut node = Command::new("node")
        .arg(folder.join("evaluate.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node.js runs the reference implementation: install `node`");
    let cases: Vec<Value> =
        cases.iter().map(|case| json!({"expression": case.expression, "bindings": case.bindings})).collect();
    let question = json!({"millis": MILLIS, "cases": cases}).to_string();
    node.stdin.take().unwrap().write_all(question.as_bytes()).unwrap();
    let answer = node.wait_with_output().unwrap();
    assert!(answer.status.success(), "node tests/reference/evaluate.mjs failed");
    serde_json::from_slice(&answer.stdout).unwrap()
}

/// Every `*.asl.json` below a folder, which need not exist.
fn machines(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() {
                machines(&path)
            } else if path.to_string_lossy().ends_with(".asl.json") {
                vec![path]
            } else {
                Vec::new()
            }
        })
        .collect();
    found.sort();
    found
}

fn collect(value: &Value, expressions: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let inner = text.strip_prefix("{%").and_then(|text| text.strip_suffix("%}"));
            expressions.extend(inner.map(|text| text.trim().to_owned()));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, expressions)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, expressions)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Bindings in which every path from a variable that the expression mentions ends at `leaf`.
fn synthetic(expression: &str, states: &Value, leaf: Option<&Value>) -> Map<String, Value> {
    let mut bindings = json!({"states": states});
    let name = |text: &str| {
        text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect::<String>()
    };
    for mention in expression.split('$').skip(1) {
        let mut path = vec![name(mention)];
        let mut rest = mention.strip_prefix(path[0].as_str()).unwrap();
        while let Some(after) = rest.strip_prefix('.').filter(|after| !name(after).is_empty()) {
            path.push(name(after));
            rest = after.strip_prefix(path.last().unwrap().as_str()).unwrap();
        }
        let is_function = rest.starts_with('(');
        if let (Some(leaf), false, false) = (leaf, is_function, path[0].is_empty()) {
            put(&mut bindings, &path, leaf);
        }
    }
    bindings.as_object().unwrap().clone()
}

fn put(value: &mut Value, path: &[String], leaf: &Value) {
    let Some((first, rest)) = path.split_first() else {
        if !value.is_object() {
            *value = leaf.clone();
        }
        return;
    };
    if !value.is_object() {
        *value = json!({});
    }
    put(value.as_object_mut().unwrap().entry(first.clone()).or_insert(Value::Null), rest, leaf);
}
