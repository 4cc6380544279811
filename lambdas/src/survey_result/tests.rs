//! What flows tell, with answers kept in memory.

use std::sync::Mutex;

use proptest::prelude::*;
use serde_json::{Value, json};
use sluice_contract::{
    dynamodb::{AttributeValue, Item},
    notification::Notification,
};

use super::*;
use crate::announce::AnnounceError;

const NOW: i64 = 1_795_426_200_000;
const CALLER: &str = "+302101234567";

#[derive(Debug, Default)]
struct Told {
    silent: Mutex<bool>,
    heard: Mutex<Vec<Notification>>,
}

impl Announcer for Told {
    fn announce(&self, notification: &Notification) -> Result<(), AnnounceError> {
        if *self.silent.lock().unwrap() {
            return Err(AnnounceError { reason: "nobody is there".into() });
        }
        self.heard.lock().unwrap().push(notification.clone());
        Ok(())
    }
}

#[derive(Debug, Default)]
struct Scene {
    answers: MemoryAnswers,
    told: Told,
}

impl Scene {
    fn handle(&self, event: &Value) -> Result<Outcome, SurveyResultError> {
        handle(event, &surveys(), &self.answers, &self.told, NOW)
    }

    fn heard(&self) -> Vec<Notification> {
        self.told.heard.lock().unwrap().clone()
    }

    fn item(&self) -> Value {
        let items = self.answers.items();
        assert_eq!(items.len(), 1, "{items:?}");
        serde_json::to_value(&items[0]).unwrap()
    }
}

fn surveys() -> Surveys {
    let text = include_str!("../../../generated/prod/surveys/satisfaction/survey.json");
    Surveys::read(&format!("[{text}]")).unwrap()
}

fn event(parameters: &[(&str, &str)]) -> Value {
    let standard = [
        ("survey", "satisfaction"),
        ("contact_id", "c1"),
        ("phone_number", CALLER),
        ("status", "answered"),
        ("language", "en-US"),
    ];
    let mut all = serde_json::Map::new();
    for (name, value) in standard.iter().chain(parameters) {
        drop(all.insert((*name).to_owned(), json!(value)));
    }
    json!({
        "Name": "ContactFlowEvent",
        "Details": {
            "ContactData": { "ContactId": "c9", "Channel": "VOICE", "Queue": null, "Attributes": {} },
            "Parameters": all
        }
    })
}

fn rating(answer: &str) -> Value {
    event(&[("question", "rating"), ("answer", answer)])
}

fn status(word: &str) -> Value {
    event(&[("status", word)])
}

#[test]
fn answers_are_kept_in_the_reference_shape_as_they_are_given() {
    let scene = Scene::default();
    assert_eq!(scene.handle(&rating("5")), Ok(Outcome::Kept { told: 0 }));
    let entry = json!({ "M": {
        "ContactID": { "S": "c1" }, "Date": { "S": "2026-11-23T09:30:00Z" }, "NPS_Rating": { "N": "5" }
    } });
    let call = |status: &str| {
        json!({ "M": {
            "ContactID": { "S": "c1" }, "Date": { "S": "2026-11-23T09:30:00Z" },
            "Survey": { "S": "satisfaction" }, "Language": { "S": "en-US" }, "Status": { "S": status }
        } })
    };
    let item = json!({
        "PhoneNumber": { "S": CALLER }, "SurveyData": { "L": [entry] }, "SurveyCalls": { "L": [call("answered")] }
    });
    assert_eq!(scene.item(), item);
    assert_eq!(scene.handle(&status("completed")), Ok(Outcome::Kept { told: 0 }));
    assert_eq!(scene.item()["SurveyCalls"]["L"], json!([call("completed")]));
    assert_eq!(scene.heard(), []);
}

#[test]
fn what_comes_twice_is_kept_once() {
    let scene = Scene::default();
    for event in [rating("4"), status("completed")] {
        assert_eq!(scene.handle(&event), Ok(Outcome::Kept { told: 0 }));
        let before = scene.item();
        assert_eq!(scene.handle(&event), Ok(Outcome::Known));
        assert_eq!(scene.item(), before);
    }
    // A late repetition of the answer takes the end back as little as another end does.
    for late in [rating("4"), rating("1"), status("silent")] {
        assert_eq!(scene.handle(&late), Ok(Outcome::Known));
    }
    assert_eq!(scene.item()["SurveyCalls"]["L"][0]["M"]["Status"]["S"], "completed");
}

#[test]
fn who_hangs_up_after_the_first_answer_has_given_one() {
    let scene = Scene::default();
    let _ = scene.handle(&rating("2")).unwrap();
    assert_eq!(scene.item()["SurveyData"]["L"][0]["M"]["NPS_Rating"], json!({ "N": "2" }));
    let second = event(&[("question", "reason"), ("answer", "price"), ("contact_id", "c2")]);
    let _ = scene.handle(&second).unwrap();
    let _ = scene.handle(&event(&[("question", "reason"), ("answer", "other")])).unwrap();
    let item = scene.item();
    assert_eq!(item["SurveyData"]["L"].as_array().unwrap().len(), 2);
    assert_eq!(item["SurveyData"]["L"][0]["M"]["reason"], json!({ "S": "other" }));
    assert_eq!(item["SurveyData"]["L"][1]["M"].get("NPS_Rating"), None);
}

#[test]
fn what_is_no_answer_is_refused_and_not_kept() {
    let scene = Scene::default();
    for (event, reason) in [
        (rating("Timeout"), "`Timeout` is no answer to `rating`"),
        (rating("*"), "`*` is no answer to `rating`"),
        (rating("7"), "`7` is no answer to `rating`"),
        (rating("0"), "`0` is no answer to `rating`"),
        (rating(""), "the parameter `answer` is missing or empty"),
        (event(&[]), "the parameter `question` is missing or empty"),
        (event(&[("question", "age"), ("answer", "5")]), "the survey asks no question `age`"),
        (event(&[("question", "reason"), ("answer", "1")]), "`1` is no answer to `reason`"),
        (event(&[("survey", "weather")]), "there is no survey `weather`"),
        (event(&[("status", "asleep")]), "`asleep` is no status of a survey"),
        (event(&[("phone_number", "anonymous")]), "the caller's address is no telephone number"),
        (
            event(&[("status", "declined"), ("contact_id", "")]),
            "the parameter `contact_id` is missing or empty",
        ),
    ] {
        let outcome = scene.handle(&event).unwrap();
        assert!(matches!(outcome, Outcome::Refused(_)), "{event}");
        let reply = outcome.reply();
        assert_eq!((reply["result"].as_str(), reply["reason"].as_str()), ("refused", reason));
    }
    assert!(scene.answers.items().is_empty());
    let unset = json!({ "Details": { "Parameters": { "survey": null } } });
    assert_eq!(scene.handle(&unset), Ok(Outcome::Refused(Refusal::Missing("survey"))));
    for broken in
        [json!({}), json!({ "Records": [] }), json!(null), json!({ "Details": { "Parameters": [7] } })]
    {
        assert!(matches!(scene.handle(&broken), Err(SurveyResultError::Malformed(_))), "{broken}");
    }
}

#[test]
fn a_low_score_is_told_once_and_again_only_where_nobody_heard_it() {
    let scene = Scene::default();
    *scene.told.silent.lock().unwrap() = true;
    assert!(matches!(scene.handle(&rating("1")), Err(SurveyResultError::Announce(_))));
    assert_eq!(scene.item()["SurveyData"]["L"][0]["M"]["NPS_Rating"], json!({ "N": "1" }));
    *scene.told.silent.lock().unwrap() = false;
    assert_eq!(scene.handle(&rating("1")), Ok(Outcome::Kept { told: 1 }));
    assert_eq!(scene.handle(&rating("1")), Ok(Outcome::Known));
    assert_eq!(scene.handle(&status("completed")), Ok(Outcome::Kept { told: 0 }));
    let heard = scene.heard();
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0].channel.as_deref(), Some("data_team"));
    assert!(!serde_json::to_string(&heard).unwrap().contains(CALLER));
    let expected = "Survey: a caller of `satisfaction` answered `rating` with `1`\n  \
                    call  c1\n  \
                    line  satisfaction.pipe:2\n  \
                    help  After-call survey: the caller's number is with this contact, in Connect's contact search\n";
    assert_eq!(crate::text::render(&heard[0]), expected);
}

#[test]
fn what_others_keep_in_the_item_stays() {
    let stranger = Item::from([("Note".to_owned(), AttributeValue::from("hello"))]);
    let mut customer = Customer { entries: vec![Entry(Item::new()), Entry(stranger.clone())], calls: vec![] };
    let (event, surveys) = (rating("3"), surveys());
    let report = Report::read(&event, &surveys).unwrap().unwrap();
    let (change, alerts) = customer.note(&report, NOW).unwrap();
    assert_eq!(alerts, Vec::<usize>::new());
    customer.apply(&change);
    assert_eq!(customer.entries.len(), 3);
    assert_eq!(customer.entries[1].0, stranger);
}

proptest! {
    /// Connect calls again, late and out of order; what is kept depends on what came first and on nothing else.
    #[test]
    fn repetitions_change_nothing(
        firsts in prop::collection::vec((0..3usize, 0..7usize), 1..12),
        again in prop::collection::vec(any::<prop::sample::Index>(), 0..24),
    ) {
        let tell = |(contact, what): (usize, usize)| {
            let contact = ["c1", "c2", "c3"][contact];
            let parameters: &[(&str, &str)] = match what {
                0 => &[("question", "rating"), ("answer", "1")],
                1 => &[("question", "rating"), ("answer", "5")],
                2 => &[("question", "reason"), ("answer", "price")],
                3 => &[("question", "rating"), ("answer", "Timeout")],
                4 => &[("status", "completed")],
                5 => &[("status", "silent")],
                _ => &[("question", "reason"), ("answer", "other")],
            };
            let mut event = event(parameters);
            event["Details"]["Parameters"]["contact_id"] = json!(contact);
            event
        };
        let (once, often) = (Scene::default(), Scene::default());
        for (at, it) in firsts.iter().enumerate() {
            let _ = once.handle(&tell(*it)).unwrap();
            let _ = often.handle(&tell(*it)).unwrap();
            // Any of those that came until now comes again.
            for index in &again {
                let _ = often.handle(&tell(firsts[index.index(at + 1)])).unwrap();
            }
        }
        prop_assert_eq!(once.answers.items(), often.answers.items());
        prop_assert_eq!(once.heard(), often.heard());
        let contacts: Vec<_> = once.answers.items().iter().flat_map(|it| Customer::from_item(it).entries).collect();
        prop_assert!(contacts.len() <= 3, "{:?}", contacts);
    }
}

/// Another function writes between each reading and writing.
#[derive(Debug, Default)]
struct Contended(MemoryAnswers);

impl Answers for Contended {
    fn customer(&self, phone_number: &str) -> Result<Customer, AnswersError> {
        let seen = self.0.customer(phone_number)?;
        let number = seen.calls.len();
        let other = Item::from([("ContactID".to_owned(), format!("other{number}").as_str().into())]);
        let call = Placed { at: number, before: None, after: other };
        assert!(self.0.change(phone_number, &Change { entry: None, call: Some(call) }).unwrap());
        Ok(seen)
    }

    fn change(&self, phone_number: &str, change: &Change) -> Result<bool, AnswersError> {
        self.0.change(phone_number, change)
    }
}

#[test]
fn who_is_always_too_late_says_so() {
    let answers = Contended::default();
    let outcome = handle(&rating("3"), &surveys(), &answers, &Told::default(), NOW);
    assert_eq!(outcome, Err(SurveyResultError::Contended));
}

#[test]
fn the_log_knows_no_number() {
    let (scene, mut written) = (Scene::default(), Vec::new());
    for event in [rating("1"), rating("9"), json!({})] {
        let mut log = Log::new(&mut written, "survey_result");
        drop(call(&event, &surveys(), &scene.answers, &scene.told, NOW, &mut log));
    }
    let log = String::from_utf8(written).unwrap();
    assert!(!log.contains(CALLER), "{log}");
    assert!(log.contains(r#""Kept":1,"Told":1}"#) && log.contains(r#""Refused":1"#), "{log}");
    assert!(log.contains(r#""Malformed":1"#), "{log}");
}
