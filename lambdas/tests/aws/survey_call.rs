//! A whole survey: a contact record on the stream, the call that is placed for it, the generated flow with its keys
//! pressed, and the caller's item.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    emulator::TOPIC,
    function::Function,
    survey_dispatch::{CALLER, Scene},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_survey_result");
const TABLE: &str = "SurveyCustomerInfo";
const FLOW: &str = include_str!("../../../generated/prod/surveys/satisfaction/outbound.flow.json");

/// What a caller does at a question; after the last of these the caller hangs up.
#[derive(Clone, Copy)]
enum Does {
    Presses(&'static str),
    Waits,
}
use Does::{Presses, Waits};

/// As much of Connect as the generated flow asks for.
struct Call<'a> {
    flow: Value,
    function: &'a Function,
    attributes: BTreeMap<String, String>,
    stored: String,
    loops: BTreeMap<String, u32>,
    said: Vec<String>,
}

impl<'a> Call<'a> {
    /// As the placed call has it.
    fn new(placed: &Value, function: &'a Function) -> Self {
        let attributes = serde_json::from_value(placed["Attributes"].clone()).unwrap();
        let flow = serde_json::from_str(FLOW).unwrap();
        Self { flow, function, attributes, stored: String::new(), loops: BTreeMap::new(), said: Vec::new() }
    }

    fn play(&mut self, does: &[Does]) {
        let mut does = does.iter();
        let mut at = self.flow["StartAction"].as_str().unwrap().to_owned();
        for _ in 0..200 {
            let all = self.flow["Actions"].as_array().unwrap();
            let action = all.iter().find(|it| it["Identifier"] == at.as_str()).unwrap().clone();
            let (parameters, transitions) = (&action["Parameters"], &action["Transitions"]);
            let next = transitions["NextAction"].as_str().unwrap_or_default();
            at = match action["Type"].as_str().unwrap() {
                "DisconnectParticipant" => return,
                "GetParticipantInput" => match (does.next(), parameters["StoreInput"] == "True") {
                    (None, _) => return,
                    (Some(it), true) => {
                        self.stored = if let Presses(key) = it { (*key).into() } else { "Timeout".into() };
                        next.to_owned()
                    }
                    (Some(Presses(key)), false) => self.choose(transitions, key, "NoMatchingCondition"),
                    (Some(Waits), false) => error(transitions, "InputTimeLimitExceeded"),
                },
                "Compare" => {
                    let value = self.resolve(parameters["ComparisonValue"].as_str().unwrap());
                    self.choose(transitions, &value, "NoMatchingCondition")
                }
                "Loop" => {
                    let most: u32 = parameters["LoopCount"].as_str().unwrap().parse().unwrap();
                    let count = self.loops.entry(at.clone()).or_default();
                    *count += 1;
                    let word = if *count > most { "DoneLooping" } else { "ContinueLooping" };
                    self.choose(transitions, word, "")
                }
                "UpdateContactAttributes" => {
                    for (name, value) in parameters["Attributes"].as_object().unwrap() {
                        let value = self.resolve(value.as_str().unwrap());
                        let _ = self.attributes.insert(name.clone(), value);
                    }
                    next.to_owned()
                }
                "InvokeLambdaFunction" => {
                    let given = parameters["LambdaInvocationAttributes"].as_object().unwrap();
                    let given =
                        given.iter().map(|(name, it)| (name.clone(), self.resolve(it.as_str().unwrap())));
                    let event = event(&given.collect());
                    // Connect asks again where an answer is late.
                    for _ in 0..2 {
                        let reply = self.function.invoke(&event).unwrap();
                        assert!(reply.as_object().unwrap().values().all(Value::is_string), "{reply}");
                    }
                    next.to_owned()
                }
                "MessageParticipant" => {
                    self.said.push(self.resolve(parameters["Text"].as_str().unwrap()));
                    next.to_owned()
                }
                "UpdateContactTextToSpeechVoice"
                | "UpdateFlowLoggingBehavior"
                | "UpdateContactRecordingBehavior" => next.to_owned(),
                other => panic!("{other}"),
            };
        }
        panic!("the call does not end");
    }

    fn choose(&self, transitions: &Value, value: &str, otherwise: &str) -> String {
        let number = |text: &str| text.parse::<f64>().ok();
        let holds = |it: &&Value| {
            let operand = self.resolve(it["Condition"]["Operands"][0].as_str().unwrap());
            let numbers = number(value).zip(number(&operand));
            match it["Condition"]["Operator"].as_str().unwrap() {
                "Equals" => value == operand,
                "NumberLessThan" => numbers.is_some_and(|(it, than)| it < than),
                "NumberLessOrEqualTo" => numbers.is_some_and(|(it, than)| it <= than),
                "NumberGreaterThan" => numbers.is_some_and(|(it, than)| it > than),
                "NumberGreaterOrEqualTo" => numbers.is_some_and(|(it, than)| it >= than),
                other => panic!("{other}"),
            }
        };
        let found = transitions["Conditions"].as_array().unwrap().iter().find(holds);
        found
            .map_or_else(|| error(transitions, otherwise), |it| it["NextAction"].as_str().unwrap().to_owned())
    }

    fn resolve(&self, text: &str) -> String {
        let mut resolved =
            text.replace("$.StoredCustomerInput", &self.stored).replace("$.CustomerEndpoint.Address", CALLER);
        for (name, value) in &self.attributes {
            resolved = resolved.replace(&format!("$.Attributes.{name}"), value);
        }
        assert!(!resolved.contains("$."), "`{resolved}` is read and never set");
        resolved
    }
}

fn error(transitions: &Value, kind: &str) -> String {
    let errors = transitions["Errors"].as_array().unwrap();
    let found = errors.iter().find(|it| it["ErrorType"] == kind).unwrap();
    found["NextAction"].as_str().unwrap().to_owned()
}

fn event(parameters: &BTreeMap<String, String>) -> Value {
    json!({
        "Name": "ContactFlowEvent",
        "Details": {
            "ContactData": { "ContactId": "call", "Channel": "VOICE", "InitiationMethod": "API", "Queue": null },
            "Parameters": parameters
        }
    })
}

/// What is left of a survey of a caller who does this: the entries and the status, and what was said.
fn survey(does: &[Does]) -> (Value, String, Vec<String>) {
    let scene = Scene::start(true);
    scene.emulator.make_table_with(TABLE, &["PhoneNumber"]);
    let _ = scene.emulator.make_topic();
    let surveys = format!("[{}]", include_str!("../../../generated/prod/surveys/satisfaction/survey.json"));
    let own =
        [("SLUICE_SURVEYS", surveys.as_str()), ("SLUICE_ANSWERS_TABLE", TABLE), ("SLUICE_TOPIC_ARN", TOPIC)];
    let environment: Vec<_> = scene.emulator.environment().into_iter().chain(own).collect();
    let function = Function::start(PROGRAM, &environment);

    // Delivered twice, called once.
    scene.put(&scene.record("c1"));
    scene.put(&scene.record("c1"));
    assert_eq!(scene.run(), Vec::<Value>::new(), "{}", scene.function.log());
    let calls = scene.connect.calls();
    assert_eq!(calls.len(), 1, "{}", scene.function.log());
    let mut call = Call::new(&calls[0], &function);
    call.play(does);

    let mut item = scene.emulator.items_of(TABLE)[0].take();
    let status = item["SurveyCalls"]["L"][0]["M"]["Status"]["S"].as_str().unwrap_or_default().to_owned();
    let mut entries = item["SurveyData"]["L"].take();
    for entry in entries.as_array_mut().into_iter().flatten() {
        let date = entry["M"].as_object_mut().unwrap().remove("Date").unwrap();
        assert!(sluice_lambdas::survey::moment(date["S"].as_str().unwrap()).is_some(), "{date}");
    }
    (entries, status, call.said)
}

#[test]
fn a_rating_ends_in_the_reference_shape() {
    let (entries, status, said) = survey(&[Presses("4")]);
    assert_eq!(entries, json!([{ "M": { "ContactID": { "S": "c1" }, "NPS_Rating": { "N": "4" } } }]));
    // A reference ends at a blank, or the full stop would be part of it.
    assert_eq!(
        (status.as_str(), said.last().unwrap().as_str()),
        ("completed", "Thank you for rating us 4 .")
    );
}

#[test]
fn a_low_one_has_its_reason_after_silence_and_wrong_keys() {
    let (entries, status, _) = survey(&[Waits, Presses("9"), Presses("2"), Presses("8"), Presses("1")]);
    let kept = json!([{ "M": {
        "ContactID": { "S": "c1" }, "NPS_Rating": { "N": "2" }, "reason": { "S": "price" }
    } }]);
    assert_eq!((entries, status.as_str()), (kept, "completed"));
}

#[test]
fn who_hangs_up_between_two_questions_has_answered_the_first() {
    let (entries, status, _) = survey(&[Presses("1")]);
    assert_eq!(entries, json!([{ "M": { "ContactID": { "S": "c1" }, "NPS_Rating": { "N": "1" } } }]));
    assert_eq!(status, "answered");
}

#[test]
fn who_says_nothing_leaves_no_rating() {
    let (entries, status, _) = survey(&[Waits; 9]);
    assert_eq!((entries, status.as_str()), (Value::Null, "silent"));
}

#[test]
fn who_presses_other_keys_leaves_no_rating_either() {
    let (entries, status, _) = survey(&[Presses("*"); 9]);
    assert_eq!((entries, status.as_str()), (Value::Null, "invalid"));
}
