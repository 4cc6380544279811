//! Records, calls and schedules, with a table and a telephone in memory.

use std::{
    cell::{Cell, RefCell},
    sync::Mutex,
};

use serde_json::{Value, json};
use sluice_contract::dynamodb::{
    AttributeValue, DeleteItem, GetItem, Item, ItemStore, PutItem, QueryPrefix, UpdateItem,
};

use super::*;
use crate::{log::Log, survey::moment};

/// Ten in the morning, in Athens.
const MORNING: &str = "2026-11-23T08:00:00Z";
const CALLER: &str = "+302101234567";

/// As much of a table as the ledger asks for.
#[derive(Debug, Default)]
struct Table(Mutex<BTreeMap<(String, String), Item>>);

impl Table {
    fn key(item: &Item) -> (String, String) {
        let text = |name: &str| item[name].text().unwrap().to_owned();
        (text("pk"), text("sk"))
    }

    fn states(&self) -> Vec<String> {
        let items = self.0.lock().unwrap();
        items.values().filter_map(|it| it.get("state")?.text().map(str::to_owned)).collect()
    }
}

impl ItemStore for Table {
    fn get_item(&self, request: &GetItem) -> Result<Option<Item>, ItemStoreError> {
        Ok(self.0.lock().unwrap().get(&Self::key(&request.key)).cloned())
    }

    fn put_item(&self, request: &PutItem) -> Result<(), ItemStoreError> {
        let mut items = self.0.lock().unwrap();
        let key = Self::key(&request.item);
        let there = items.get(&key);
        let same = |attribute: &str, value: &str| {
            there.and_then(|it| it.get(attribute)) == request.expression_attribute_values.get(value)
        };
        let holds = match request.condition_expression.as_deref().unwrap() {
            "attribute_not_exists(#pk)" => there.is_none(),
            "attribute_not_exists(#pk) OR #revision = :revision" => {
                there.is_none() || same("revision", ":revision")
            }
            "#state = :state AND #attempt = :attempt" => {
                same("state", ":state") && same("attempt", ":attempt")
            }
            other => panic!("{other}"),
        };
        if !holds {
            return Err(ItemStoreError::ConditionFailed);
        }
        drop(items.insert(key, request.item.clone()));
        Ok(())
    }

    fn update_item(&self, _: &UpdateItem) -> Result<Option<Item>, ItemStoreError> {
        unreachable!()
    }

    fn delete_item(&self, _: &DeleteItem) -> Result<(), ItemStoreError> {
        unreachable!()
    }

    fn query_prefix(&self, _: &QueryPrefix) -> Result<Vec<Item>, ItemStoreError> {
        unreachable!()
    }
}

/// A telephone, and a clock that wakes nobody.
#[derive(Debug)]
struct Scene {
    surveys: Surveys,
    ids: ConnectIds,
    table: Table,
    calls: RefCell<Vec<VoiceContact>>,
    refusal: RefCell<Option<CallError>>,
    wakes: RefCell<Vec<(String, DueCall)>>,
    is_asleep: Cell<bool>,
}

impl Telephone for Scene {
    fn call(&self, request: &VoiceContact) -> Result<String, CallError> {
        if let Some(error) = self.refusal.borrow().clone() {
            return Err(error);
        }
        let mut calls = self.calls.borrow_mut();
        if let Some(at) = calls.iter().position(|it| it.client_token == request.client_token) {
            return Ok(format!("call{}", at + 1));
        }
        calls.push(request.clone());
        Ok(format!("call{}", calls.len()))
    }
}

impl Wake for Scene {
    fn wake(&self, at: i64, call: &DueCall) -> Result<(), WakeError> {
        if self.is_asleep.get() {
            return Err(WakeError("it sleeps".into()));
        }
        self.wakes.borrow_mut().push((crate::survey::text(at), call.clone()));
        Ok(())
    }
}

impl Scene {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl Fn(&mut Calls)) -> Self {
        let text = include_str!("../../../generated/prod/surveys/satisfaction/survey.json");
        let mut document: SurveyDocument = serde_json::from_str(text).unwrap();
        document.language_attribute = Some("SurveyLanguage".into());
        change(document.calls.as_mut().unwrap());
        let ids = json!({
            "flows": { "credit-reports-satisfaction-outbound": "arn:aws:connect:x:1:instance/i/contact-flow/f1" },
            "queues": { "BasicQueue": "q1" }
        });
        Self {
            surveys: Surveys::new([document]).unwrap(),
            ids: serde_json::from_value(ids).unwrap(),
            table: Table::default(),
            calls: RefCell::default(),
            refusal: RefCell::default(),
            wakes: RefCell::default(),
            is_asleep: Cell::default(),
        }
    }

    fn at(&self, now: &str) -> Dispatch<'_> {
        Dispatch {
            surveys: &self.surveys,
            ids: &self.ids,
            ledger: Ledger::new(&self.table, "calls"),
            telephone: self,
            wake: self,
            now: moment(now).unwrap(),
        }
    }

    fn hear(&self, now: &str, record: &Value) -> Outcome {
        self.at(now).record(record.to_string().as_bytes()).unwrap()
    }

    fn tokens(&self) -> Vec<String> {
        self.calls.borrow().iter().map(|it| it.client_token.clone()).collect()
    }
}

fn record(contact: &str) -> Value {
    json!({
        "ContactId": contact, "InitialContactId": null, "PreviousContactId": null, "NextContactId": null,
        "Channel": "VOICE", "InitiationMethod": "INBOUND", "DisconnectReason": "CUSTOMER_DISCONNECT",
        "Attributes": { "SurveyCandidate": "True", "Survey": "satisfaction", "SurveyLanguage": "el-GR" },
        "CustomerEndpoint": { "Address": CALLER, "Type": "TELEPHONE_NUMBER" },
        "ConnectedToSystemTimestamp": "2026-11-23T07:50:00Z", "DisconnectTimestamp": "2026-11-23T07:55:00Z",
        "Agent": null, "Queue": null, "Recordings": null, "SomethingNew": { "x": [1] }
    })
}

fn with(mut record: Value, changes: &[(&str, Value)]) -> Value {
    for (pointer, value) in changes {
        *record.pointer_mut(pointer).unwrap() = value.clone();
    }
    record
}

/// The record of a call of ours.
fn own(call: &str, contact: &str, taken: bool) -> Value {
    let connected = if taken { json!("2026-11-23T08:00:20Z") } else { Value::Null };
    with(
        record(call),
        &[
            ("/InitiationMethod", json!("API")),
            ("/ConnectedToSystemTimestamp", connected),
            ("/Attributes", json!({ "Survey": "satisfaction", "OriginalContactID": contact, "rating": "4" })),
        ],
    )
}

fn ended(state: State) -> Outcome {
    Outcome::Ended { state, reason: None }
}

#[test]
fn a_candidate_is_called_with_what_the_flow_reads() {
    let scene = Scene::new();
    assert_eq!(scene.hear(MORNING, &record("c1")), Outcome::Called { call: "call1".into() });
    let request = serde_json::to_value(&scene.calls.borrow()[0]).unwrap();
    let expected = json!({
        "DestinationPhoneNumber": CALLER, "ContactFlowId": "f1", "QueueId": "q1",
        "InstanceId": "b94c7e20-8d15-4f6a-a3e2-70c5d1f8b622", "ClientToken": "survey-satisfaction-c1-1",
        "Attributes": { "Survey": "satisfaction", "OriginalContactID": "c1", "SurveyLanguage": "el-GR" },
        "RingTimeoutInSeconds": 30, "TrafficType": "GENERAL"
    });
    assert_eq!(request, expected);
}

#[test]
fn redelivery_and_transfers_call_nobody_twice() {
    let scene = Scene::new();
    let transferred =
        with(record("c2"), &[("/InitialContactId", json!("c1")), ("/InitiationMethod", json!("TRANSFER"))]);
    assert!(matches!(scene.hear(MORNING, &record("c1")), Outcome::Called { .. }));
    for again in [record("c1"), transferred, record("c1")] {
        assert_eq!(scene.hear(MORNING, &again), Outcome::Known);
    }
    assert_eq!(scene.tokens(), ["survey-satisfaction-c1-1"]);
}

#[test]
fn a_crash_after_the_call_makes_no_second_one() {
    let scene = Scene::new();
    assert!(matches!(scene.hear(MORNING, &record("c1")), Outcome::Called { .. }));
    for item in scene.table.0.lock().unwrap().values_mut() {
        if item.contains_key("state") {
            drop(item.insert("state".into(), AttributeValue::from("waiting")));
        }
    }
    assert_eq!(scene.hear(MORNING, &record("c1")), Outcome::Called { call: "call1".into() });
    assert_eq!(scene.tokens().len(), 1);
}

#[test]
fn only_candidates_are_called() {
    let scene = Scene::new();
    for (pointer, value) in [
        ("/Attributes/SurveyCandidate", json!("False")),
        ("/Attributes", Value::Null),
        ("/Channel", json!("CHAT")),
        ("/InitiationMethod", json!("API")),
        ("/InitiationMethod", json!("DISCONNECT")),
        ("/InitiationMethod", Value::Null),
        ("/NextContactId", json!("c2")),
        ("/DisconnectTimestamp", Value::Null),
    ] {
        let outcome = scene.hear(MORNING, &with(record("c1"), &[(pointer, value)]));
        assert!(matches!(outcome, Outcome::Ignored(_)), "{pointer}: {outcome:?}");
    }
    for (pointer, value) in [
        ("/Attributes/Survey", json!("weather")),
        ("/Attributes/Survey", Value::Null),
        ("/CustomerEndpoint", Value::Null),
        ("/CustomerEndpoint/Address", json!("anonymous")),
        ("/CustomerEndpoint/Address", json!("00302101234567")),
        ("/CustomerEndpoint/Type", json!("CONTACT_FLOW")),
    ] {
        let outcome = scene.hear(MORNING, &with(record("c1"), &[(pointer, value)]));
        assert!(matches!(outcome, Outcome::Refused(_)), "{pointer}: {outcome:?}");
    }
    let agent =
        json!({ "AgentARN": "arn:x", "EventType": "HEART_BEAT", "EventId": "e", "Version": "2017-10-01" });
    assert_eq!(scene.hear(MORNING, &agent), Outcome::Agent);
    for broken in [json!({}), json!([]), json!({ "ContactId": 7 }), json!({ "ContactId": "../x" })] {
        assert!(matches!(scene.hear(MORNING, &broken), Outcome::Broken(_)), "{broken}");
    }
    assert_eq!(scene.tokens(), Vec::<String>::new());
}

#[test]
fn the_record_of_the_survey_call_starts_no_other_one() {
    let scene = Scene::new();
    let _ = scene.hear(MORNING, &record("c1"));
    // Even where the attributes were copied.
    let copied = with(own("call1", "c1", true), &[("/InitiationMethod", json!("INBOUND"))]);
    let mut marked = copied.clone();
    marked["Attributes"]["SurveyCandidate"] = json!("True");
    assert_eq!(scene.hear(MORNING, &marked), ended(State::Taken));
    assert_eq!(scene.hear(MORNING, &own("call1", "c1", false)), Outcome::Known);
    assert!(matches!(scene.hear(MORNING, &own("other", "c7", true)), Outcome::Ignored(_)));
    assert_eq!(scene.tokens().len(), 1);
}

#[test]
fn what_is_out_of_the_window_is_woken_when_it_opens() {
    let scene = Scene::new();
    let late = with(record("c1"), &[("/DisconnectTimestamp", json!("2026-11-23T19:00:00Z"))]);
    let opens = "2026-11-24T07:00:00Z";
    let at = moment(opens).unwrap();
    for _ in 0..2 {
        assert_eq!(scene.hear("2026-11-23T19:01:00Z", &late), Outcome::Planned { at });
    }
    let (when, due) = scene.wakes.borrow()[0].clone();
    assert_eq!(scene.wakes.borrow()[1], (when.clone(), due.clone()));
    assert_eq!(when, opens);
    assert_eq!(scene.tokens(), Vec::<String>::new());
    assert_eq!(scene.at(opens).due(&due), Ok(Outcome::Called { call: "call1".into() }));
    assert_eq!(scene.at(opens).due(&due), Ok(Outcome::Known));
    let unknown = DueCall { contact: "c9".into(), ..due };
    assert!(matches!(scene.at(opens).due(&unknown), Ok(Outcome::Ignored(_))));
}

#[test]
fn a_delay_counts_from_the_end_of_the_contact() {
    let scene = Scene::with(|it| it.delay_seconds = 600);
    let at = moment("2026-11-23T08:05:00Z").unwrap();
    assert_eq!(scene.hear(MORNING, &record("c1")), Outcome::Planned { at });
    assert!(matches!(scene.hear("2026-11-23T08:05:00Z", &record("c1")), Outcome::Called { .. }));
}

#[test]
fn a_person_is_called_so_often() {
    let scene = Scene::new();
    assert!(matches!(scene.hear(MORNING, &record("c1")), Outcome::Called { .. }));
    assert_eq!(scene.hear(MORNING, &record("c2")), ended(State::Limited));
    let other = with(record("c3"), &[("/CustomerEndpoint/Address", json!("+302101234568"))]);
    assert!(matches!(scene.hear(MORNING, &other), Outcome::Called { .. }));
    let month_later = "2026-12-24T08:00:00Z";
    let later = with(record("c4"), &[("/DisconnectTimestamp", json!("2026-12-24T07:59:00Z"))]);
    assert!(matches!(scene.hear(month_later, &later), Outcome::Called { .. }));
    assert_eq!(scene.hear(month_later, &later), Outcome::Known);
}

#[test]
fn who_was_not_called_does_not_count_as_called() {
    let scene = Scene::new();
    let refusal =
        CallError::Refused { name: "DestinationNotAllowedException".into(), message: "not there".into() };
    *scene.refusal.borrow_mut() = Some(refusal.clone());
    let refused = Outcome::Ended { state: State::Refused, reason: Some(refusal.to_string()) };
    assert_eq!(scene.hear(MORNING, &record("c1")), refused);
    assert_eq!(scene.hear(MORNING, &record("c1")), Outcome::Known);
    *scene.refusal.borrow_mut() = None;
    assert!(matches!(scene.hear(MORNING, &record("c2")), Outcome::Called { .. }));
}

#[test]
fn when_all_lines_are_busy_the_call_waits_and_nobody_else_does() {
    let scene = Scene::new();
    *scene.refusal.borrow_mut() = Some(CallError::Busy { name: "LimitExceededException".into() });
    let at = moment(MORNING).unwrap() + 120_000;
    assert_eq!(scene.hear(MORNING, &record("c1")), Outcome::Planned { at });
    *scene.refusal.borrow_mut() = None;
    let due = scene.wakes.borrow()[0].1.clone();
    assert!(matches!(scene.at("2026-11-23T08:02:00Z").due(&due), Ok(Outcome::Called { .. })));
}

#[test]
fn what_fails_comes_again_and_is_gone_on_with() {
    let scene = Scene::new();
    *scene.refusal.borrow_mut() = Some(CallError::Failed("500".into()));
    let json = record("c1").to_string();
    assert!(matches!(scene.at(MORNING).record(json.as_bytes()), Err(DispatchError::Telephone(_))));
    *scene.refusal.borrow_mut() = None;
    assert!(matches!(scene.hear(MORNING, &record("c1")), Outcome::Called { .. }));

    let delayed = Scene::with(|it| it.delay_seconds = 600);
    delayed.is_asleep.set(true);
    assert!(matches!(delayed.at(MORNING).record(json.as_bytes()), Err(DispatchError::Wake(_))));
    delayed.is_asleep.set(false);
    assert!(matches!(delayed.hear(MORNING, &record("c1")), Outcome::Planned { .. }));
}

#[test]
fn nobody_from_last_week_is_called() {
    let scene = Scene::new();
    assert_eq!(scene.hear("2026-11-30T08:00:00Z", &record("c1")), ended(State::Stale));
    let waiting = Scene::with(|it| it.delay_seconds = 600);
    let _ = waiting.hear(MORNING, &record("c1"));
    let due = waiting.wakes.borrow()[0].1.clone();
    assert_eq!(waiting.at("2026-11-30T08:00:00Z").due(&due), Ok(ended(State::Stale)));
    assert_eq!(waiting.table.states(), ["stale"]);
}

#[test]
fn a_call_that_nobody_took_is_tried_again_so_often() {
    let scene = Scene::with(|it| {
        it.attempts = 2;
        it.between_attempts_seconds = 3600;
    });
    let _ = scene.hear(MORNING, &record("c1"));
    let at = moment("2026-11-23T09:00:00Z").unwrap();
    for _ in 0..2 {
        assert_eq!(scene.hear(MORNING, &own("call1", "c1", false)), Outcome::Planned { at });
    }
    let due = scene.wakes.borrow()[0].1.clone();
    assert_eq!(due.attempt, 2);
    assert!(matches!(scene.at("2026-11-23T09:00:00Z").due(&due), Ok(Outcome::Called { .. })));
    // The limit of one call counts the person's call, not its attempts.
    assert_eq!(scene.tokens(), ["survey-satisfaction-c1-1", "survey-satisfaction-c1-2"]);
    assert_eq!(scene.hear(MORNING, &own("call1", "c1", false)), Outcome::Known);
    assert_eq!(scene.hear(MORNING, &own("call2", "c1", false)), ended(State::Untaken));
    assert_eq!(scene.hear(MORNING, &record("c1")), Outcome::Known);
}

#[test]
fn machines_are_detected_where_the_survey_asks_for_it() {
    let scene = Scene::with(|it| {
        it.detect_machines = true;
        it.ring_seconds = 5;
    });
    let _ = scene.hear(MORNING, &record("c1"));
    let request = scene.calls.borrow()[0].clone();
    assert_eq!((request.traffic_type, request.ring_timeout_in_seconds), (TrafficType::Campaign, 15));
    assert!(request.answer_machine_detection_config.unwrap().enable_answer_machine_detection);
}

#[test]
fn a_number_of_no_country_is_called_only_where_the_survey_says_the_zone() {
    let scene = Scene::new();
    let satellite = with(record("c1"), &[("/CustomerEndpoint/Address", json!("+881612345678"))]);
    assert!(matches!(scene.hear(MORNING, &satellite), Outcome::Ended { state: State::Refused, .. }));
    let in_zone = Scene::with(|it| it.zone = Some("Europe/Athens".into()));
    assert!(matches!(in_zone.hear(MORNING, &satellite), Outcome::Called { .. }));
}

#[test]
fn a_missing_id_is_told_by_name() {
    let mut scene = Scene::new();
    scene.ids.queues.clear();
    let json = record("c1").to_string();
    let error = scene.at(MORNING).record(json.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "there is no ID for the queue `BasicQueue`");
}

fn batch(payloads: &[String]) -> Value {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let record = |(at, payload): (usize, &String)| {
        json!({ "eventSource": "aws:kinesis", "eventID": "shardId-0:1", "kinesis": {
            "sequenceNumber": format!("s{at}"), "partitionKey": "p", "data": STANDARD.encode(payload),
            "approximateArrivalTimestamp": 1.5, "kinesisSchemaVersion": "1.0" } })
    };
    json!({ "Records": payloads.iter().enumerate().map(record).collect::<Vec<_>>() })
}

#[test]
fn a_batch_goes_on_from_the_first_record_that_failed_and_none_is_lost_or_stops_it() {
    let scene = Scene::new();
    let other = with(record("c2"), &[("/CustomerEndpoint/Address", json!("+302101234568"))]);
    let agent = json!({ "AgentARN": "arn:x", "EventType": "LOGIN" });
    let payloads = ["{broken".to_owned(), agent.to_string(), record("c1").to_string(), other.to_string()];
    let event = Event::read(batch(&payloads)).unwrap();
    let run = |scene: &Scene| {
        let mut written = Vec::new();
        let answer = scene.at(MORNING).event(&event, &mut Log::new(&mut written, "survey_dispatch")).unwrap();
        (serde_json::to_string(&answer).unwrap(), String::from_utf8(written).unwrap())
    };
    *scene.refusal.borrow_mut() = Some(CallError::Failed("500".into()));
    assert_eq!(run(&scene).0, r#"{"batchItemFailures":[{"itemIdentifier":"s2"}]}"#);
    *scene.refusal.borrow_mut() = None;
    let (answer, log) = run(&scene);
    assert_eq!(answer, r#"{"batchItemFailures":[]}"#);
    assert!(log.contains(r#""AgentEvents":1,"Broken":1,"Called":2}"#), "{log}");
    assert!(!log.contains(CALLER), "{log}");
    assert_eq!(scene.tokens().len(), 2);
    let due = Event::read(json!({ "survey": "s", "contact": "c", "attempt": 1 })).unwrap();
    assert!(matches!(due, Event::Due(_)));
    assert!(matches!(Event::read(json!({ "Recrods": [] })), Err(DispatchError::Malformed(_))));
}
