//! Channels that take, refuse or do not answer, and what they are sent.

use std::{cell::RefCell, collections::BTreeMap};

use serde_json::Value;
use sluice_contract::plan::Origin;

use super::*;

const ADDRESS: &str = "https://acme.webhook.office.com/webhookb2/0a@1b/IncomingWebhook/2c";

/// Answers in turn; the last answer stays.
#[derive(Debug, Default)]
struct Scene {
    answers: RefCell<Vec<Result<Answer, Unreachable>>>,
    posted: RefCell<Vec<(String, String)>>,
    paused: RefCell<Vec<u64>>,
    secret: Option<&'static str>,
}

impl Web for Scene {
    fn post(&self, address: &str, json: &str) -> Result<Answer, Unreachable> {
        self.posted.borrow_mut().push((address.to_owned(), json.to_owned()));
        let mut answers = self.answers.borrow_mut();
        if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() }
    }
}

impl Pause for Scene {
    fn pause(&self, seconds: u64) {
        self.paused.borrow_mut().push(seconds);
    }
}

impl Secrets for Scene {
    fn read(&self, name: &str) -> Result<String, String> {
        assert!(name.starts_with("reports/"));
        self.secret.map(str::to_owned).ok_or_else(|| "password=hunter2 was refused".to_owned())
    }
}

fn answered(status: u16) -> Answer {
    Answer { status, ..Answer::default() }
}

fn notification() -> Notification {
    Notification {
        occasion: Occasion::Failure,
        pipeline: "greece".into(),
        run: "r1".into(),
        stage: Some("companies.load".into()),
        summary: "`greece` failed in `companies.load`".into(),
        cause: Some("can't reach mysql://me:hunter2@db: <timeout> & `more`".into()),
        help: Some("see that the address, password=hunter2 included, is right".into()),
        next_step: Some("sluice resume greece --run r1".into()),
        origin: Some(Origin { file: "greece.pipe".into(), line: 8 }),
        channel: None,
        log: Some("https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#x".into()),
    }
}

fn channel(name: &str, kind: ChannelKind, occasions: &[Occasion]) -> Channel {
    Channel { name: name.into(), kind, secret: format!("reports/{name}"), occasions: occasions.to_vec() }
}

fn event(message: &str) -> TopicEvent {
    let sns = TopicText { message_id: "m1".into(), message: message.into() };
    TopicEvent { records: vec![TopicRecord { sns }] }
}

/// What became of it, and what was logged.
fn notify(scene: &Scene, channels: &[Channel], message: &str) -> (Result<(), NotifyError>, String) {
    let mut written = Vec::new();
    let notifier = Notifier { channels, secrets: scene, web: scene, pause: scene, now: 9 };
    let told = notifier.event(&event(message), &mut Log::new(&mut written, "notify"));
    (told, String::from_utf8(written).unwrap())
}

fn tell(answers: Vec<Result<Answer, Unreachable>>) -> (Scene, Result<(), NotifyError>, String) {
    let scene = Scene { answers: RefCell::new(answers), secret: Some(ADDRESS), ..Scene::default() };
    let channels = [channel("data_team", ChannelKind::Teams, &[Occasion::Failure])];
    let (told, log) = notify(&scene, &channels, &serde_json::to_string(&notification()).unwrap());
    for line in log.lines() {
        assert!(!line.contains("IncomingWebhook") && !line.contains("hunter2"), "{line}");
    }
    (scene, told, log)
}

#[test]
fn a_card_shows_everything_but_secrets() {
    let json = teams::render(&redacted(&notification())).unwrap();
    insta::assert_snapshot!(by_name(&json));
}

#[test]
fn blocks_show_everything_but_secrets() {
    let json = slack::render(&redacted(&notification())).unwrap();
    insta::assert_snapshot!(by_name(&json));
}

/// With the keys in the order of their names, whether or not another crate has `serde_json` keep them as written.
fn by_name(json: &str) -> String {
    fn sorted(value: Value) -> Value {
        match value {
            Value::Object(fields) => {
                let fields: BTreeMap<_, _> = fields.into_iter().collect();
                fields.into_iter().map(|(name, value)| (name, sorted(value))).collect()
            }
            Value::Array(items) => items.into_iter().map(sorted).collect(),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
        }
    }
    serde_json::to_string_pretty(&sorted(serde_json::from_str(json).unwrap())).unwrap()
}

#[test]
fn channels_hear_of_their_occasions_only() {
    let scene = Scene {
        answers: RefCell::new(vec![Ok(answered(200))]),
        secret: Some(r#"{"url":"https://hooks.slack.com/services/T/B/x"}"#),
        ..Scene::default()
    };
    let channels = [
        channel("a", ChannelKind::Slack, &[Occasion::Recovery]),
        channel("b", ChannelKind::Slack, &[Occasion::Overlap, Occasion::Failure]),
    ];
    let (told, log) = notify(&scene, &channels, &serde_json::to_string(&notification()).unwrap());
    assert_eq!(told, Ok(()));
    assert_eq!(scene.posted.borrow().len(), 1);
    assert_eq!(scene.posted.borrow()[0].0, "https://hooks.slack.com/services/T/B/x");
    assert!(log.contains(r#""Delivered":1"#), "{log}");
}

#[test]
fn an_overloaded_channel_says_when_to_come_again() {
    let busy = Ok(Answer { status: 429, retry_after: Some(7), ..Answer::default() });
    let patient = Ok(Answer { status: 429, retry_after: Some(9_999), ..Answer::default() });
    let hidden = Ok(Answer {
        status: 200,
        body: "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429"
            .into(),
        ..Answer::default()
    });
    let (scene, told, _) = tell(vec![busy, patient, hidden, Ok(answered(202))]);
    assert_eq!(told, Ok(()));
    assert_eq!(*scene.paused.borrow(), [7, 30, 4]);
}

#[test]
fn a_channel_that_never_answers_is_an_error_that_may_pass() {
    let down = Err(Unreachable { reason: format!("{ADDRESS}: connection refused") });
    let (scene, told, log) = tell(vec![Ok(answered(503)), down]);
    assert_eq!(told, Err(NotifyError::Unanswered { channels: vec!["data_team".into()] }));
    assert_eq!(*scene.paused.borrow(), [1, 2, 4, 8]);
    assert!(log.contains("in 5 attempts: ***: connection refused"), "{log}");
}

#[test]
fn a_refusal_is_told_and_not_repeated() {
    let gone = Ok(Answer { status: 410, body: format!("{ADDRESS} is gone"), ..Answer::default() });
    let (scene, told, log) = tell(vec![gone]);
    assert_eq!(told, Ok(()));
    assert_eq!(scene.posted.borrow().len(), 1);
    assert!(log.contains("channel `data_team` was not told: it answered 410: *** is gone"), "{log}");
    assert!(log.contains(r#""Refused":1"#), "{log}");
}

#[test]
fn one_channel_that_fails_keeps_no_other_from_being_told() {
    let scene = Scene {
        answers: RefCell::new(vec![Ok(answered(404)), Ok(answered(200))]),
        secret: Some(ADDRESS),
        ..Scene::default()
    };
    let channels = [
        channel("a", ChannelKind::Teams, &[Occasion::Failure]),
        channel("b", ChannelKind::Slack, &[Occasion::Failure]),
    ];
    let (told, log) = notify(&scene, &channels, &serde_json::to_string(&notification()).unwrap());
    assert_eq!(told, Ok(()));
    assert!(log.contains("channel `b` was told"), "{log}");
}

#[test]
fn a_secret_that_is_no_address_or_can_not_be_read_is_told_without_its_text() {
    let channels = [channel("a", ChannelKind::Teams, &[Occasion::Failure])];
    let message = serde_json::to_string(&notification()).unwrap();
    let scene = Scene { secret: Some("http://example.com/hunter2"), ..Scene::default() };
    let (told, log) = notify(&scene, &channels, &message);
    assert_eq!(told, Ok(()));
    assert!(log.contains("secret `reports/a` holds no `https` address") && !log.contains("hunter2"), "{log}");
    let (told, log) = notify(&Scene::default(), &channels, &message);
    assert_eq!(told, Err(NotifyError::Unanswered { channels: vec!["a".into()] }));
    assert!(log.contains("password=***") && !log.contains("hunter2"), "{log}");
}

#[test]
fn a_message_that_is_no_notification_is_refused() {
    let scene = Scene::default();
    let (told, _) = notify(&scene, &[], "hello");
    assert!(told.unwrap_err().to_string().starts_with("message `m1` is not a notification: expected value"));
}

#[test]
fn channels_are_read_from_their_configuration() {
    let json = r#"[{"name":"a","kind":"teams","secret":"reports/a","occasions":["failure","quality_gate"]}]"#;
    let channels: Vec<Channel> = serde_json::from_str(json).unwrap();
    assert_eq!(channels, [channel("a", ChannelKind::Teams, &[Occasion::Failure, Occasion::QualityGate])]);
}
