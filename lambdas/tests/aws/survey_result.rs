//! `survey_result`: what a flow tells in, the caller's item in the reference shape.

use serde_json::{Value, json};

use crate::{
    emulator::{Emulator, TOPIC},
    function::Function,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_survey_result");
const TABLE: &str = "SurveyCustomerInfo";
const CALLER: &str = "+302101234567";

fn start(emulator: &Emulator) -> Function {
    let document = include_str!("../../../generated/prod/surveys/satisfaction/survey.json");
    let list = format!("[{document}]");
    let own =
        [("SLUICE_SURVEYS", list.as_str()), ("SLUICE_ANSWERS_TABLE", TABLE), ("SLUICE_TOPIC_ARN", TOPIC)];
    let environment: Vec<_> = emulator.environment().into_iter().chain(own).collect();
    Function::start(PROGRAM, &environment)
}

fn event(contact: &str, parameters: &[(&str, &str)]) -> Value {
    let mut all = json!({
        "survey": "satisfaction", "contact_id": contact, "phone_number": CALLER, "status": "answered",
        "language": "en-US"
    });
    for (name, value) in parameters {
        all[*name] = json!(value);
    }
    json!({
        "Name": "ContactFlowEvent",
        "Details": {
            "ContactData": {
                "Attributes": {}, "Channel": "VOICE", "ContactId": "a9", "InitialContactId": "a9",
                "CustomerEndpoint": { "Address": CALLER, "Type": "TELEPHONE_NUMBER" }, "Queue": null
            },
            "Parameters": all
        }
    })
}

fn rating(contact: &str, answer: &str) -> Value {
    event(contact, &[("question", "rating"), ("answer", answer)])
}

fn without_dates(mut items: Value) -> Value {
    for item in items.as_array_mut().unwrap() {
        for list in ["SurveyData", "SurveyCalls"] {
            for entry in item[list]["L"].as_array_mut().unwrap() {
                let date = entry["M"].as_object_mut().unwrap().remove("Date").unwrap();
                assert!(date["S"].as_str().unwrap().ends_with('Z'), "{date}");
            }
        }
    }
    items
}

#[test]
fn answers_are_kept_in_the_callers_item_beside_what_others_keep_there() {
    let emulator = Emulator::start();
    emulator.make_table_with(TABLE, &["PhoneNumber"]);
    let _ = emulator.make_topic();
    let queue = emulator.make_queue();
    let theirs = json!({
        "PhoneNumber": { "S": CALLER }, "Tags": { "SS": ["vip"] },
        "SurveyData": { "L": [{ "M": { "ContactID": { "S": "old" }, "Date": { "S": "Z" }, "NPS_Rating": { "N": "3" } } }] }
    });
    let put = json!({ "TableName": TABLE, "Item": theirs });
    let _ = emulator.json("dynamodb", "DynamoDB_20120810.PutItem", &put);
    let function = start(&emulator);

    let kept = json!({ "result": "kept" });
    let known = json!({ "result": "known" });
    assert_eq!(function.invoke(&rating("c1", "2")), Ok(kept.clone()), "{}", function.log());
    // Connect asks again where an answer is late.
    assert_eq!(function.invoke(&rating("c1", "2")), Ok(known.clone()), "{}", function.log());
    let reason = event("c1", &[("question", "reason"), ("answer", "price")]);
    assert_eq!(function.invoke(&reason), Ok(kept.clone()), "{}", function.log());
    let done = event("c1", &[("status", "completed")]);
    assert_eq!(function.invoke(&done), Ok(kept.clone()));
    assert_eq!(function.invoke(&done), Ok(known));
    // Hung up after the first answer.
    assert_eq!(function.invoke(&rating("c2", "5")), Ok(kept));

    let expected = json!([{
        "PhoneNumber": { "S": CALLER }, "Tags": { "SS": ["vip"] },
        "SurveyData": { "L": [
            { "M": { "ContactID": { "S": "old" }, "NPS_Rating": { "N": "3" } } },
            { "M": { "ContactID": { "S": "c1" }, "NPS_Rating": { "N": "2" }, "reason": { "S": "price" } } },
            { "M": { "ContactID": { "S": "c2" }, "NPS_Rating": { "N": "5" } } }
        ] },
        "SurveyCalls": { "L": [
            { "M": { "ContactID": { "S": "c1" }, "Survey": { "S": "satisfaction" }, "Language": { "S": "en-US" },
                     "Status": { "S": "completed" }, "Told": { "L": [{ "N": "0" }] } } },
            { "M": { "ContactID": { "S": "c2" }, "Survey": { "S": "satisfaction" }, "Language": { "S": "en-US" },
                     "Status": { "S": "answered" } } }
        ] }
    }]);
    assert_eq!(without_dates(emulator.items_of(TABLE)), expected);

    let heard = emulator.heard(&queue);
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(heard[0]["MessageAttributes"]["occasion"]["Value"], "survey_alert");
    let told: Value = serde_json::from_str(heard[0]["Message"].as_str().unwrap()).unwrap();
    assert_eq!((&told["channel"], &told["run"]), (&json!("data_team"), &json!("c1")));
    let log = function.log();
    assert!(!log.contains(CALLER) && !heard[0].to_string().contains(CALLER), "{log}");
}

#[test]
fn what_is_no_answer_leaves_no_trace() {
    let emulator = Emulator::start();
    emulator.make_table_with(TABLE, &["PhoneNumber"]);
    let function = start(&emulator);
    for answer in ["Timeout", "*", "7", ""] {
        let reply = function.invoke(&rating("c1", answer)).unwrap();
        assert_eq!(reply["result"], "refused", "{answer}");
        assert!(reply.as_object().unwrap().values().all(Value::is_string), "{reply}");
    }
    let hidden = function.invoke(&event("c1", &[("phone_number", "anonymous")])).unwrap();
    assert_eq!(hidden["reason"], "the caller's address is no telephone number");
    assert_eq!(emulator.items_of(TABLE), json!([]));
    assert!(function.log().contains("`Timeout` is no answer to `rating`"), "{}", function.log());
}

#[test]
fn a_table_that_is_not_there_is_an_error_and_so_is_what_no_flow_sends() {
    let emulator = Emulator::start();
    let function = start(&emulator);
    assert_eq!(function.invoke(&rating("c1", "5")).unwrap_err()["errorType"], "Sluice.Survey");
    assert_eq!(function.invoke(&json!({ "Records": [] })).unwrap_err()["errorType"], "Sluice.Event");
    emulator.make_table_with(TABLE, &["PhoneNumber"]);
    assert_eq!(function.invoke(&rating("c1", "5")), Ok(json!({ "result": "kept" })));
}

#[test]
fn an_alert_that_nobody_took_is_told_by_the_next_attempt() {
    let emulator = Emulator::start();
    emulator.make_table_with(TABLE, &["PhoneNumber"]);
    let function = start(&emulator);
    assert_eq!(function.invoke(&rating("c1", "1")).unwrap_err()["errorType"], "Sluice.Survey");
    let _ = emulator.make_topic();
    let queue = emulator.make_queue();
    assert_eq!(function.invoke(&rating("c1", "1")), Ok(json!({ "result": "kept" })), "{}", function.log());
    assert_eq!(function.invoke(&rating("c1", "1")), Ok(json!({ "result": "known" })));
    assert_eq!(emulator.heard(&queue).len(), 1);
}
