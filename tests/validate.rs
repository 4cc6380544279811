//! What `sluice validate` tells: a folder a rule under `tests/validate/`, with machines that are good and bad.
//!
//! A file whose name has `express` in it is validated as a machine of the type EXPRESS.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use proptest::prelude::*;
use serde_json::{Value, json};
use sluice::{
    diagnostics::{Code, Diagnostics, render},
    source::Sources,
    validate::{Finding, Options, Validator, findings},
};

use crate::pages::blocks;

/// The findings, and what people see of them.
pub(crate) fn told(name: &str, text: &str, express: bool) -> (Vec<Finding>, String) {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let file = sources.add(name, text);
    let _ = Validator::new(Options { express }).validate(file, &sources, &mut diagnostics);
    let human = render::human(&diagnostics, &sources, render::Style::PLAIN);
    (findings(&diagnostics, &sources), human)
}

fn codes(text: &str) -> Vec<String> {
    told("machine.asl.json", text, false).0.into_iter().map(|it| it.report.code).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    all.sort();
    all
}

/// The files of each rule by its name: good and bad ones.
fn rules() -> BTreeMap<String, Vec<(String, String)>> {
    let name = |it: &Path| it.file_name().unwrap().to_str().unwrap().to_owned();
    let folders = sorted(&root().join("tests/validate")).into_iter();
    folders
        .filter(|it| it.is_dir() && name(it) != "snapshots")
        .map(|it| {
            let files = sorted(&it).into_iter().map(|it| (name(&it), fs::read_to_string(&it).unwrap()));
            (name(&it), files.collect())
        })
        .collect()
}

#[test]
fn bad_machines_are_told_as_recorded_and_good_ones_are_fine() {
    let mut raised = BTreeSet::new();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("validate/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (rule, files) in rules() {
        let mut shown = String::new();
        for (name, text) in &files {
            let (findings, human) = told(name, text, name.contains("express"));
            if name.starts_with("good") {
                assert!(findings.is_empty(), "{rule}/{name}: {human}");
                continue;
            }
            assert!(name.starts_with("bad"), "{rule}/{name} is neither good nor bad");
            assert!(!findings.is_empty(), "{rule}/{name} is not told");
            writeln!(shown, "===== {name}").unwrap();
            for finding in findings {
                let aws = finding.aws_code.unwrap_or("unknown");
                let pointer = finding.pointer.as_deref().unwrap_or("none");
                let aws = finding.problem.as_deref().unwrap_or(aws);
                writeln!(shown, "{} at {pointer} (AWS: {aws})", finding.report.code).unwrap();
                let _ = raised.insert(finding.report.code);
            }
            shown.push_str(&human);
        }
        for kind in ["good", "bad"] {
            assert!(files.iter().any(|(name, _)| name.starts_with(kind)), "{rule} has no {kind} case");
        }
        settings.bind(|| insta::assert_snapshot!(rule.as_str(), shown));
    }
    // These need more text than a case should have.
    let tested_below = ["V0105", "V0709", "V0918"].map(str::to_owned);
    let all = Code::all().iter().map(|it| it.as_str().to_owned()).filter(|it| it.starts_with('V'));
    let missing: Vec<_> = all.filter(|it| !raised.contains(it) && !tested_below.contains(it)).collect();
    assert!(missing.is_empty(), "raised by no case: {missing:?}");
}

#[test]
fn every_rule_of_the_list_has_a_folder() {
    let rules = rules();
    for number in 1..=47 {
        let prefix = format!("rule_{number:02}_");
        assert_eq!(rules.keys().filter(|it| it.starts_with(&prefix)).count(), 1, "{prefix}");
    }
}

#[test]
fn what_is_too_large_is_told() {
    let machine = |comment: usize| {
        let state = json!({"Type": "Succeed", "Comment": "x".repeat(comment)});
        json!({"StartAt": "A", "States": {"A": state}}).to_string()
    };
    assert_eq!(codes(&machine(1_000_000)), Vec::<String>::new());
    assert_eq!(codes(&machine(1_048_576)), [Code::DefinitionTooLarge.as_str()]);
    let task = |length: usize| {
        json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
            "Arguments": {"FunctionName": "f", "Payload": {"text": "x".repeat(length)}},
        }}})
    };
    assert_eq!(codes(&task(262_100).to_string()), Vec::<String>::new());
    assert_eq!(codes(&task(262_145).to_string()), [Code::PayloadTooLarge.as_str()]);
}

#[test]
fn a_flow_that_is_too_large_is_told_however_it_is_laid_out() {
    let flow = |actions: usize, text: usize| {
        let say = |index: usize| {
            json!({"Identifier": format!("a{index}"), "Type": "MessageParticipant",
                "Parameters": {"Text": "x".repeat(text)}, "Transitions": {"NextAction": format!("a{}", index + 1)}})
        };
        let mut all: Vec<Value> = (1..actions).map(say).collect();
        all.push(
            json!({"Identifier": format!("a{actions}"), "Type": "DisconnectParticipant", "Parameters": {}}),
        );
        json!({"Version": "2019-10-30", "StartAction": "a1", "Actions": all})
    };
    assert_eq!(codes(&flow(250, 1).to_string()), Vec::<String>::new());
    assert_eq!(codes(&flow(251, 1).to_string()), [Code::FlowTooLarge.as_str()]);
    let close = flow(60, 4200);
    assert!(
        close.to_string().len() < 256_000 && serde_json::to_string_pretty(&close).unwrap().len() > 256_000
    );
    assert_eq!(codes(&serde_json::to_string_pretty(&close).unwrap()), Vec::<String>::new());
    assert_eq!(codes(&flow(60, 4300).to_string()), [Code::FlowTooLarge.as_str()]);
}

#[test]
fn examples_of_the_pages_raise_their_code_and_fixed_ones_nothing() {
    let mut wrong = Vec::new();
    for code in Code::all().iter().filter(|it| it.as_str().starts_with('V')) {
        let page = code.explanation();
        for (kind, expected) in [("fails", vec![code.as_str().to_owned()]), ("fixed", Vec::new())] {
            for block in blocks(page, &format!("json,{kind}")) {
                let mut told = codes(&block);
                told.dedup();
                if told != expected {
                    wrong.push(format!("{code}: the example that is {kind} raises {told:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_is_shipped_is_fine() {
    let mut validator = Validator::new(Options::default());
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let mut count = 0;
    for path in documents(&root().join("generated"), &[".asl.json", ".flow.json"]) {
        let file = sources.add(path.display().to_string(), fs::read_to_string(&path).unwrap());
        let _ = validator.validate(file, &sources, &mut diagnostics);
        count += 1;
    }
    assert!(count > 0 && diagnostics.is_empty(), "{diagnostics:?}");
}

/// Every state machine below a folder.
pub(crate) fn machines(folder: &Path) -> Vec<PathBuf> {
    documents(folder, &[".asl.json"])
}

/// Every file below a folder whose name ends so.
fn documents(folder: &Path, ends: &[&str]) -> Vec<PathBuf> {
    let below = |it: PathBuf| if it.is_dir() { documents(&it, ends) } else { vec![it] };
    let all = sorted(folder).into_iter().flat_map(below);
    all.filter(|it| ends.iter().any(|end| it.to_string_lossy().ends_with(end))).collect()
}

/// Machines and flows that are right, to be damaged.
static SEEDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    rules().into_values().flatten().filter(|(name, _)| name.starts_with("good")).map(|it| it.1).collect()
});

static MACHINES: LazyLock<Vec<String>> =
    LazyLock::new(|| SEEDS.iter().filter(|it| it.contains("\"States\"")).cloned().collect());

/// Every `States` in it, by the JSON pointer.
fn scopes(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                if name == "States" && value.get("StartAt").is_some() {
                    found.push(at.clone());
                }
                scopes(inner, &at, found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                scopes(inner, &format!("{at}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_validated_without_a_panic(text in "\\PC{0,200}", shaped in "[{}\\[\\]\",:a1$% ]{0,80}") {
        for text in [text, shaped] {
            let _ = told("any.json", &text, false);
        }
    }

    /// Bytes of a right machine are replaced, dropped or doubled.
    #[test]
    fn damaged_machines_are_validated_without_a_panic(
        pick in any::<prop::sample::Index>(),
        damages in prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8, "[{}\\[\\]\":,0a$.%-]"), 1..8),
        express in any::<bool>(),
    ) {
        let mut letters: Vec<char> = pick.get::<String>(&SEEDS).chars().collect();
        for (at, kind, replacement) in damages {
            if letters.is_empty() {
                break;
            }
            let at = at.index(letters.len());
            match kind {
                0 => letters[at] = replacement.chars().next().unwrap(),
                1 => drop(letters.remove(at)),
                2 => letters.insert(at, letters[at]),
                _ => letters.truncate(at),
            }
        }
        let text: String = letters.into_iter().collect();
        let _ = told("damaged.json", &text, express);
    }

    /// Values of a right machine take each other's places.
    #[test]
    fn exchanged_values_are_validated_without_a_panic(
        pick in any::<prop::sample::Index>(),
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
    ) {
        let mut machine: Value = serde_json::from_str(pick.get::<String>(&SEEDS)).unwrap();
        let mut places = Vec::new();
        pointers(&machine, String::new(), &mut places);
        let value = machine.pointer(from.get::<String>(&places)).unwrap().clone();
        *machine.pointer_mut(to.get::<String>(&places)).unwrap() = value;
        let _ = told("exchanged.json", &machine.to_string(), false);
    }

    /// A state that is gone, or a target that is misspelt, is found.
    #[test]
    fn a_machine_with_a_missing_state_is_never_fine(
        pick in any::<prop::sample::Index>(),
        scope in any::<prop::sample::Index>(),
        state in any::<prop::sample::Index>(),
        misspell in any::<bool>(),
    ) {
        let mut machine: Value = serde_json::from_str(pick.get::<String>(&MACHINES)).unwrap();
        let mut all = Vec::new();
        scopes(&machine, "", &mut all);
        let states = machine.pointer_mut(scope.get::<String>(&all)).unwrap().as_object_mut().unwrap();
        let names: Vec<String> = states.keys().cloned().collect();
        let name = state.get::<String>(&names);
        let taken = states.remove(name).unwrap();
        if misspell {
            let _ = states.insert(format!("{name}~"), taken);
        }
        prop_assert!(!codes(&machine.to_string()).is_empty(), "{machine}");
    }
}

fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                pointers(inner, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                pointers(inner, format!("{at}/{index}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    found.push(at);
}
