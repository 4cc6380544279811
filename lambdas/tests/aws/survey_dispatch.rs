//! `survey_dispatch`: contact records from a stream in, telephone calls and schedules out.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{connect::Connect, emulator::Emulator, function::Function};

const PROGRAM: &str = env!("CARGO_BIN_EXE_survey_dispatch");
const TABLE: &str = "credit-reports-survey-calls";
pub(crate) const CALLER: &str = "+302101234567";
const IDS: &str = r#"{"flows":{"credit-reports-satisfaction-outbound":"f1"},"queues":{"BasicQueue":"q1"}}"#;

/// The survey, with a window that is open now, or closed for hours.
fn survey(is_open: bool, now: i64) -> Value {
    let text = include_str!("../../../generated/prod/surveys/satisfaction/survey.json");
    let mut document: Value = serde_json::from_str(text).unwrap();
    let minute = now / 60_000 % 1440;
    let (from, to) = if is_open { (0, 1440) } else { ((minute + 120) % 1440, (minute + 180) % 1440) };
    document["calls"]["from_minute"] = json!(from);
    document["calls"]["to_minute"] = json!(to);
    document["calls"]["zone"] = json!("UTC");
    document
}

/// The function, with all that it asks.
pub(crate) struct Scene {
    pub(crate) emulator: Emulator,
    pub(crate) connect: Connect,
    pub(crate) function: Function,
    now: i64,
}

impl Scene {
    pub(crate) fn start(is_open: bool) -> Self {
        let now = now();
        let (emulator, connect) = (Emulator::start(), Connect::start());
        emulator.make_table_with(TABLE, &["pk", "sk"]);
        emulator.make_stream();
        emulator.make_schedule_group();
        let surveys = format!("[{}]", survey(is_open, now));
        let own = [
            ("AWS_ENDPOINT_URL_CONNECT", connect.endpoint.as_str()),
            ("SLUICE_SURVEYS", &surveys),
            ("SLUICE_CALLS_TABLE", TABLE),
            ("SLUICE_CONNECT_IDS", IDS),
            ("SLUICE_SCHEDULE_GROUP", "calls"),
            ("SLUICE_SCHEDULE_ROLE_ARN", "arn:aws:iam::123456789012:role/schedules"),
        ];
        let environment: Vec<_> = emulator.environment().into_iter().chain(own).collect();
        let function = Function::start(PROGRAM, &environment);
        Self { emulator, connect, function, now }
    }

    pub(crate) fn put(&self, record: &Value) {
        self.emulator.put_record(&STANDARD.encode(record.to_string()));
    }

    /// The failures of what the whole stream is answered with.
    pub(crate) fn run(&self) -> Vec<Value> {
        let response = self.function.invoke(&self.emulator.stream_event()).unwrap();
        response["batchItemFailures"].as_array().unwrap().clone()
    }

    pub(crate) fn record(&self, contact: &str) -> Value {
        json!({
            "AWSAccountId": "123456789012", "AWSContactTraceRecordFormatVersion": "2017-03-10",
            "ContactId": contact, "InitialContactId": null, "NextContactId": null, "PreviousContactId": null,
            "Channel": "VOICE", "InitiationMethod": "INBOUND", "DisconnectReason": "CUSTOMER_DISCONNECT",
            "Attributes": { "SurveyCandidate": "True", "Survey": "satisfaction" },
            "CustomerEndpoint": { "Address": CALLER, "Type": "TELEPHONE_NUMBER" },
            "ConnectedToSystemTimestamp": moment(self.now - 300_000),
            "DisconnectTimestamp": moment(self.now - 60_000),
            "Agent": null, "Queue": null, "Recordings": null, "Tags": { "aws:connect:instanceId": "x" }
        })
    }

    fn state(&self) -> Vec<String> {
        let items = self.emulator.items_of(TABLE);
        let states = items.as_array().unwrap().iter().filter_map(|it| it["state"]["S"].as_str());
        states.map(str::to_owned).collect()
    }
}

fn now() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "the program under test has the same clock")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    i64::try_from(now).unwrap()
}

fn moment(milliseconds: i64) -> String {
    sluice_lambdas::survey::text(milliseconds)
}

#[test]
fn a_candidate_on_the_stream_is_called_once_however_often_the_record_comes() {
    let scene = Scene::start(true);
    scene.emulator.put_record(&STANDARD.encode("{broken"));
    scene.put(&json!({ "AgentARN": "arn:aws:connect:x", "EventType": "HEART_BEAT", "EventId": "e" }));
    scene.put(&scene.record("c1"));
    let mut transferred = scene.record("c2");
    transferred["InitialContactId"] = json!("c1");
    transferred["InitiationMethod"] = json!("TRANSFER");
    scene.put(&transferred);
    scene.put(&scene.record("c1"));
    assert_eq!(scene.run(), Vec::<Value>::new(), "{}", scene.function.log());
    let expected = json!({
        "DestinationPhoneNumber": CALLER, "ContactFlowId": "f1", "QueueId": "q1",
        "InstanceId": "b94c7e20-8d15-4f6a-a3e2-70c5d1f8b622", "ClientToken": "survey-satisfaction-c1-1",
        "Attributes": { "Survey": "satisfaction", "OriginalContactID": "c1" },
        "RingTimeoutInSeconds": 30, "TrafficType": "GENERAL"
    });
    assert_eq!(scene.connect.calls(), [expected]);
    // The whole stream again, and the record of the call itself.
    let mut own = scene.record("call-27");
    own["InitiationMethod"] = json!("API");
    own["Attributes"] =
        json!({ "Survey": "satisfaction", "OriginalContactID": "c1", "SurveyCandidate": "True" });
    scene.put(&own);
    assert_eq!(scene.run(), Vec::<Value>::new());
    assert_eq!(scene.connect.calls(), Vec::<Value>::new(), "{}", scene.function.log());
    // And another contact of the same person, a day after.
    scene.put(&scene.record("c9"));
    assert_eq!(scene.run(), Vec::<Value>::new());
    assert_eq!(scene.connect.calls(), Vec::<Value>::new());
    assert!(scene.state().contains(&"limited".to_owned()), "{:?}", scene.state());
    let log = scene.function.log();
    assert!(log.contains(r#""AgentEvents":1,"Broken":1,"Called":1,"Known":2}"#), "{log}");
    assert!(!log.contains(CALLER), "{log}");
}

#[test]
fn what_fails_is_where_the_stream_goes_on_from() {
    let scene = Scene::start(true);
    scene.put(&json!({ "ContactId": "c0", "Attributes": null }));
    scene.put(&scene.record("c1"));
    scene.put(&scene.record("c2"));
    scene.connect.refuse(500, "InternalServiceException");
    let failures = scene.run();
    let second = &scene.emulator.stream_event()["Records"][1]["kinesis"]["sequenceNumber"];
    assert_eq!(failures, [json!({ "itemIdentifier": second })], "{}", scene.function.log());
    assert_eq!(scene.connect.calls().len(), 1);
    assert_eq!(scene.run(), Vec::<Value>::new());
    assert_eq!(scene.connect.calls().len(), 1);
}

#[test]
fn what_can_never_be_called_is_recorded_and_blocks_nothing() {
    let scene = Scene::start(true);
    scene.put(&scene.record("c1"));
    scene.connect.refuse(403, "DestinationNotAllowedException");
    assert_eq!(scene.run(), Vec::<Value>::new(), "{}", scene.function.log());
    assert_eq!(scene.state(), ["refused"]);
    assert_eq!(scene.connect.calls().len(), 1);
    assert_eq!(scene.run(), Vec::<Value>::new());
    assert_eq!(scene.connect.calls(), Vec::<Value>::new());
}

#[test]
fn a_call_out_of_the_window_is_on_the_schedule_once_and_made_when_that_wakes_the_function() {
    let scene = Scene::start(false);
    scene.put(&scene.record("c1"));
    assert_eq!(scene.run(), Vec::<Value>::new(), "{}", scene.function.log());
    assert_eq!(scene.run(), Vec::<Value>::new(), "{}", scene.function.log());
    assert_eq!(scene.connect.calls(), Vec::<Value>::new());
    let schedules = scene.emulator.schedules();
    assert_eq!(schedules.len(), 1, "{schedules:?}");
    let schedule = &schedules[0];
    assert_eq!(schedule["Target"]["Arn"], "arn:aws:lambda:eu-central-1:1:function:function");
    assert_eq!(schedule["ActionAfterCompletion"], "DELETE");
    assert_eq!(schedule["ScheduleExpressionTimezone"], "UTC");
    let input = schedule["Target"]["Input"].as_str().unwrap();
    let due: Value = serde_json::from_str(input).unwrap();
    assert_eq!(due, json!({ "survey": "satisfaction", "contact": "c1", "attempt": 1 }));
    // Too early, the window is looked at again.
    assert_eq!(scene.function.invoke(&due), Ok(json!({ "batchItemFailures": [] })));
    assert_eq!(scene.connect.calls(), Vec::<Value>::new());
    assert_eq!(scene.emulator.schedules().len(), 1);
}

#[test]
fn when_all_lines_are_busy_the_call_is_put_off_and_made_then() {
    let scene = Scene::start(true);
    scene.put(&scene.record("c1"));
    scene.connect.refuse(429, "LimitExceededException");
    assert_eq!(scene.run(), Vec::<Value>::new(), "{}", scene.function.log());
    let schedules = scene.emulator.schedules();
    assert_eq!(schedules.len(), 1, "{}", scene.function.log());
    assert_eq!(scene.connect.calls().len(), 1);
    let due: Value = serde_json::from_str(schedules[0]["Target"]["Input"].as_str().unwrap()).unwrap();
    assert_eq!(scene.function.invoke(&due), Ok(json!({ "batchItemFailures": [] })));
    // It is not due yet: two minutes have not passed.
    assert_eq!(scene.connect.calls(), Vec::<Value>::new());
}

#[test]
fn what_is_neither_a_streams_nor_a_schedules_is_an_error_with_a_stable_name() {
    let scene = Scene::start(true);
    assert_eq!(scene.function.invoke(&json!({ "x": 1 })).unwrap_err()["errorType"], "Sluice.Event");
    let unknown = json!({ "survey": "satisfaction", "contact": "c9", "attempt": 1 });
    assert_eq!(scene.function.invoke(&unknown), Ok(json!({ "batchItemFailures": [] })));
}
