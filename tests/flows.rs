//! The contact flows of surveys: one survey a feature under `tests/flows/`, and laws that hold for any survey.

mod random;
mod walk;

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use proptest::prelude::*;
use sluice::{
    compile::{Compiled, compile},
    diagnostics::{Code, Diagnostics, render},
    emit::emit_environment,
    lower::Plan,
    model::survey::{Mode, Survey},
    source::{MemoryFiles, Sources},
    targets::{
        connect::{self, ActionId, BuiltFlow, WIDTH, check::faults, flow::Coordinate, flow::Flow, height},
        resources::Resources,
    },
    telephone::{self, Contact, End, Event, Pressed, cover},
    validate::{Kind, Options, Validator},
};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/flows")
}

/// The survey's text beside a platform, compiled.
fn compiled(survey: &str) -> Compiled {
    let platform = fs::read_to_string(folder().join("platform.pipe")).unwrap();
    compile(&MemoryFiles::default().with("platform.pipe", platform).with("survey.pipe", survey))
}

fn planned(survey: &str) -> (Plan, Sources) {
    let Compiled { sources, plan, diagnostics, .. } = compiled(survey);
    let told = render::human(&diagnostics, &sources, render::Style::PLAIN);
    (plan.unwrap_or_else(|| panic!("{survey}\n{told}")), sources)
}

fn flows(plan: &Plan) -> Vec<(&'static str, BuiltFlow)> {
    let environment = plan.environment("prod").unwrap();
    connect::flows(&plan.surveys[0], Resources::new(plan, environment))
}

#[test]
fn every_feature_becomes_the_flows_as_recorded() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("flows/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for case in fs::read_dir(folder()).unwrap().map(|it| it.unwrap().path()) {
            let name = case.file_stem().unwrap().to_str().unwrap().to_owned();
            if name == "platform" || case.extension().is_none_or(|it| it != "pipe") {
                continue;
            }
            let text = fs::read_to_string(&case).unwrap();
            let (plan, sources) = planned(&text);
            let environment = plan.environment("prod").unwrap();
            let mut shown = format!("----- {name}.pipe\n{text}\n");
            for (path, text) in emit_environment(&plan, environment, &sources).unwrap().files {
                if path.starts_with("surveys/") {
                    writeln!(shown, "===== {path}\n{text}").unwrap();
                }
            }
            insta::assert_snapshot!(name, shown);
        }
    });
}

/// What holds for any flow, whatever it is for.
fn hold_laws(file: &str, built: &BuiltFlow) {
    let BuiltFlow { flow, origins, given } = built;
    assert_eq!(faults(flow, given), [], "{file}");
    let text = serde_json::to_string(flow).unwrap();
    assert_eq!(serde_json::from_str::<Flow>(&text).unwrap(), *flow, "{file}");
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    for action in value["Actions"].as_array().unwrap() {
        only_texts(&action["Parameters"]);
    }
    let ids: BTreeSet<_> = flow.actions.iter().map(|it| &it.identifier).collect();
    assert_eq!(origins.keys().collect::<BTreeSet<_>>(), ids);
    assert_eq!(flow.metadata.action_metadata.keys().collect::<BTreeSet<_>>(), ids);
    no_two_overlap(flow);
}

/// The service takes texts where others would write numbers.
fn only_texts(value: &serde_json::Value) {
    match value {
        serde_json::Value::Array(values) => values.iter().for_each(only_texts),
        serde_json::Value::Object(fields) => fields.values().for_each(only_texts),
        serde_json::Value::String(_) => {}
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {
            panic!("{value} is no text")
        }
    }
}

fn no_two_overlap(flow: &Flow) {
    let whole = |it: Coordinate| match it {
        Coordinate::Whole(dots) => dots,
        Coordinate::Fraction(_) => panic!("not a whole number"),
    };
    let boxes: Vec<(i64, i64, i64)> = flow
        .actions
        .iter()
        .map(|it| {
            let position = flow.metadata.action_metadata[&it.identifier].position;
            (whole(position.x), whole(position.y), height(it))
        })
        .collect();
    for (place, (x, y, tall)) in boxes.iter().enumerate() {
        for (other_x, other_y, other_tall) in &boxes[..place] {
            let beside = (x - other_x).abs() >= WIDTH;
            let above = y + tall <= *other_y || other_y + other_tall <= *y;
            assert!(beside || above, "({x}, {y}) and ({other_x}, {other_y}) overlap");
        }
    }
}

/// Callers who answer everything are asked what the survey says, and each answer is saved.
fn hold_answers(survey: &Survey, built: &BuiltFlow, seed: &[u8]) {
    let mut choices = random::Bytes::new(seed);
    let expected = walk::expected(survey, &mut choices);
    let first = &built.flow.action(&ActionId::new("Choose language").unwrap());
    let chooses = first.is_some_and(|it| it.kind.action_type() == "GetParticipantInput");
    let played = walk::played(built, &mut walk::Knowing::new(&expected, chooses), false);
    let expected: Vec<_> = expected.into_iter().map(|it| (it.question, it.kept)).collect();
    assert_eq!(played.saved(), (expected, "completed"));
    assert_eq!(played.end, Some(End::Disconnected));
}

/// Whatever callers do, the call ends, nothing is spoken that was never set, and each answer is kept as pressed.
fn hold_for_anybody(survey: &Survey, built: &BuiltFlow, seed: &[u8]) {
    for twice in [false, true] {
        let played = walk::played(built, &mut walk::Anybody(random::Bytes::new(seed)), twice);
        assert!(played.end.is_some());
        assert!(!played.events.iter().any(|it| matches!(it, Event::Unset { .. })), "{:?}", played.events);
        assert_eq!(played.saved().0, played.answered(survey), "{:?}", played.events);
    }
}

/// Whoever could call: no way is wrong, and every action is there for somebody.
fn hold_coverage(file: &str, built: &BuiltFlow) {
    let flow = telephone::Flow::parse(&serde_json::to_string(&built.flow).unwrap()).unwrap();
    let given = built.given.iter().map(|it| (it.clone(), "given".to_owned())).collect();
    let covered = cover(&[flow], &Contact::default(), &given, &[]);
    assert!(covered.complete && covered.faults.is_empty(), "{file}: {covered:?}");
    assert_eq!(covered.never_reached, Vec::<String>::new(), "{file}");
}

/// What others would say of the file.
fn hold_validity(file: &str, built: &BuiltFlow) {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let id = sources.add(file, serde_json::to_string_pretty(&built.flow).unwrap());
    let kind = Validator::new(Options::default()).validate(id, &sources, &mut diagnostics);
    assert_eq!(kind, Some(Kind::ContactFlow));
    assert!(diagnostics.is_empty(), "{}", render::human(&diagnostics, &sources, render::Style::PLAIN));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn any_survey_becomes_flows_that_work_and_keep_what_is_pressed(
        bytes in prop::collection::vec(any::<u8>(), 60..160),
        keys in prop::collection::vec(any::<u8>(), 40..80),
    ) {
        let text = random::survey(&bytes);
        let compiled = compiled(&text);
        let Some(plan) = compiled.plan else {
            // Conditions by chance can be impossible ones, and surveys too large.
            let known = [Code::NeverTrue, Code::OverLimit];
            for diagnostic in compiled.diagnostics.sorted() {
                let told = diagnostic.code.severity() == sluice::diagnostics::Severity::Warning;
                prop_assert!(told || known.contains(&diagnostic.code), "{}\n{:?}", text, diagnostic);
            }
            return Ok(());
        };
        for (file, built) in flows(&plan) {
            hold_laws(file, &built);
            hold_validity(file, &built);
            // A search costs as much as all the rest.
            if keys.first().is_some_and(|it| it % 4 == 0) {
                hold_coverage(file, &built);
            }
            if file == "outbound.flow.json" || file == "post_call.flow.json" {
                hold_answers(&plan.surveys[0], &built, &keys);
                hold_for_anybody(&plan.surveys[0], &built, &keys);
            }
        }
    }
}

#[test]
fn whoever_says_nothing_or_presses_wrong_keys_is_asked_again_so_often_and_no_more() {
    let text = fs::read_to_string(folder().join("two_digits.pipe")).unwrap();
    let (plan, _) = planned(&text);
    let built = flows(&plan).into_iter().find(|(file, _)| *file == "outbound.flow.json").unwrap().1;
    let keys = |it: &str| Pressed::Keys(it.to_owned());
    for (pressed, asked, status) in
        [(Pressed::Silence, 4, "silent"), (keys("11"), 2, "invalid"), (keys("*"), 1, "declined")]
    {
        let played = walk::played(&built, &mut walk::Always(pressed), false);
        let heard = played.events.iter().filter(|it| matches!(it, Event::Asked { .. })).count();
        assert_eq!(heard, asked, "{status}");
        assert_eq!(played.saved(), (Vec::new(), status));
    }
}

#[test]
fn a_flow_that_was_made_wrong_is_found_by_its_graph() {
    let text = fs::read_to_string(folder().join("branches.pipe")).unwrap();
    let (plan, _) = planned(&text);
    let built = flows(&plan).into_iter().find(|(file, _)| *file == "outbound.flow.json").unwrap().1;
    let BuiltFlow { flow, given, .. } = &built;
    // Each action that is left out, each branch that is: something is always wrong then, or nothing was read.
    for place in 0..flow.actions.len() {
        let mut broken = flow.clone();
        drop(broken.actions.remove(place));
        assert!(!faults(&broken, given).is_empty(), "without {}", flow.actions[place].identifier);
    }
    let told = faults(flow, &BTreeSet::new());
    assert!(told.iter().any(|it| it.to_string().contains("$.Attributes.OriginalContactID")), "{told:?}");
    // A circle that nothing counts.
    let mut broken = flow.clone();
    for action in &mut broken.actions {
        if action.identifier.as_str() == "Count wrong rating" {
            action.transitions.next_action = Some(flow.start_action.clone());
        }
    }
    assert!(faults(&broken, given).iter().any(|it| it.to_string().contains("for ever")));
}

#[test]
fn an_external_survey_has_no_inbound_flow() {
    let text = fs::read_to_string(folder().join("scale.pipe")).unwrap();
    let (plan, _) = planned(&text);
    assert_eq!(plan.surveys[0].mode, Mode::External);
    let files: Vec<_> = flows(&plan).into_iter().map(|(file, _)| file).collect();
    assert_eq!(files, ["outbound.flow.json"]);
}
