//! Cases of mocks and of the folder that stands for S3.

use super::{MockFile, MockProblem, Mocked, ObjectFolder, Record};
use crate::engine::{Ended, Execution, Machine, ObjectAnswer, ObjectRequest, Time, run_blocking};

const MOCKS: &str = r#"{
    "StateMachines": {"orders": {"TestCases": {
        "Happy": {"Charge": "Charged"},
        "Later": {"Charge": "ChargedAtLast"},
        "Silent": {"Charge": "NotHeardOf"},
        "Gap": {"Charge": "OnlyTheSecond"},
        "Lost": {"Charge": "Nowhere"}
    }}},
    "MockedResponses": {
        "Charged": {"0": {"Return": {"paid": true}}},
        "ChargedAtLast": {
            "0": {"Throw": {"Error": "Lambda.ServiceException", "Cause": "try again"}},
            "1-2": {"Throw": {"Error": "Card.Declined"}},
            "3": {"Return": {"paid": true}, "AfterSeconds": 90, "HeartbeatSeconds": 20}
        },
        "NotHeardOf": {"0-9": {"Return": 1, "AfterSeconds": 90}},
        "OnlyTheSecond": {"1": {"Return": 1}}
    }
}"#;

const MACHINE: &str = r#"{"QueryLanguage": "JSONata", "StartAt": "Charge", "States": {"Charge": {
    "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "HeartbeatSeconds": 30,
    "Arguments": {"Payload": {"token": "{% $states.context.Task.Token %}"}},
    "Retry": [{"ErrorEquals": ["States.ALL"], "JitterStrategy": "NONE", "MaxAttempts": 3}], "End": true
}}}"#;

fn execute(case: &str) -> (Ended, Vec<String>, Mocked) {
    let machine = Machine::parse(MACHINE).unwrap();
    let mocked = MockFile::parse(MOCKS).unwrap().case("orders", true, Some(case)).unwrap();
    let execution = Execution {
        id: "arn:aws:states:local:000000000000:execution:orders:one".to_owned(),
        name: "one".to_owned(),
        machine_id: "arn:aws:states:local:000000000000:stateMachine:orders".to_owned(),
        machine_name: "orders".to_owned(),
        role_arn: String::new(),
        input: serde_json::Value::Null,
        start: "2026-11-22T02:30:00Z".parse().unwrap(),
        seed: 1,
    };
    let record = Record::default();
    let stop = std::future::pending();
    let ended = run_blocking(&machine, execution, &mocked, &record, Time::Virtual, stop).unwrap();
    let names = record.events().iter().map(|it| it.kind.name()).collect();
    (ended, names, mocked)
}

#[test]
fn each_call_gets_its_own_answer() {
    let (ended, names, _) = execute("Later");
    assert_eq!(ended.status.as_str(), "SUCCEEDED", "{ended:?}");
    let count = |name: &str| names.iter().filter(|it| *it == name).count();
    // The service refused the first request; the other errors came back for the token.
    assert_eq!((count("TaskSubmitFailed"), count("TaskSubmitted"), count("TaskFailed")), (1, 3, 2));
}

#[test]
fn an_answer_that_lets_nobody_hear_of_it_is_too_late() {
    let (ended, names, _) = execute("Silent");
    assert_eq!(ended.error.as_deref(), Some("States.HeartbeatTimeout"));
    assert_eq!(names.iter().filter(|it| *it == "TaskTimedOut").count(), 4);
}

#[test]
fn a_call_without_an_answer_ends_the_execution_and_is_told() {
    let (ended, _, mocked) = execute("Gap");
    assert_eq!(ended.error.as_deref(), Some("States.Runtime"));
    let missing = mocked.missing().unwrap();
    assert_eq!((missing.state.as_str(), missing.call), ("Charge", 0));
}

#[test]
fn what_is_wrong_with_the_mocks_is_told() {
    let file = MockFile::parse(MOCKS).unwrap();
    assert!(file.case("machine", false, Some("Happy")).is_ok(), "the only machine need not be named");
    let told = |problem: MockProblem| problem.to_string();
    assert!(told(file.case("order", true, None).unwrap_err()).contains("only `orders`"));
    assert!(told(file.case("orders", true, Some("Sad")).unwrap_err()).contains("`Happy`, `Later`"));
    assert!(told(file.case("orders", true, Some("Lost")).unwrap_err()).contains("`Nowhere`"));
    assert!(told(MockFile::parse("{").unwrap_err()).contains("can't be read"));
    for (answers, expected) in
        [(r#"{"x": {"Return": 1}}"#, "neither a number"), (r#"{"0": {}}"#, "exactly one of")]
    {
        let text = format!(
            r#"{{"StateMachines": {{"m": {{"TestCases": {{"c": {{"S": "R"}}}}}}}}, "MockedResponses": {{"R": {answers}}}}}"#
        );
        assert!(told(MockFile::parse(&text).unwrap().case("m", true, None).unwrap_err()).contains(expected));
    }
}

#[test]
fn objects_are_files_and_stay_in_their_folder() {
    let folder = tempfile::tempdir().unwrap();
    let objects = ObjectFolder::new(folder.path());
    let name = |key: &str| ("b".to_owned(), key.to_owned());
    let (bucket, key) = name("x/y.json");
    let put = ObjectRequest::Put { bucket, key, body: "1".to_owned() };
    assert_eq!(objects.answer(put).unwrap(), ObjectAnswer::Written);
    let (bucket, prefix) = name("x/");
    let ObjectAnswer::Listed(found) = objects.answer(ObjectRequest::List { bucket, prefix }).unwrap() else {
        panic!("not a list")
    };
    assert_eq!((found[0].key.as_str(), found[0].size), ("x/y.json", 1));
    for key in ["../../etc/passwd", "none"] {
        let (bucket, key) = name(key);
        let refused = objects.answer(ObjectRequest::Get { bucket, key }).unwrap_err();
        assert_eq!(refused.error, "S3.NoSuchKeyException");
    }
}
