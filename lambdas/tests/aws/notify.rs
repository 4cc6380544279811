//! `notify`: a topic's message in, a card in the channel out.

use std::process::Command;

use serde_json::{Value, json};

use crate::{channel::Channel, emulator::Emulator, function::Function};

const PROGRAM: &str = env!("CARGO_BIN_EXE_notify");
const CHANNELS: &str = r#"[
    {"name": "data_team", "kind": "teams", "secret": "reports/teams", "occasions": ["failure"]},
    {"name": "others", "kind": "slack", "secret": "reports/slack", "occasions": ["recovery"]}
]"#;

fn start(emulator: &Emulator) -> Function {
    let own = [("SLUICE_CHANNELS", CHANNELS)];
    let environment: Vec<_> = emulator.environment().into_iter().chain(own).collect();
    Function::start(PROGRAM, &environment)
}

fn event(message: &str) -> Value {
    json!({ "Records": [{
        "EventVersion": "1.0", "EventSource": "aws:sns", "EventSubscriptionArn": "x",
        "Sns": { "MessageId": "m1", "Type": "Notification", "Subject": "x", "Message": message,
                 "Timestamp": "2026-11-23T02:00:00.000Z", "MessageAttributes": {} }
    }] })
}

fn failure() -> Value {
    let notification = json!({
        "occasion": "failure", "pipeline": "greece", "run": "r1", "stage": "companies.load",
        "summary": "`greece` failed in `companies.load`", "cause": "Pwd=hunter2;Port=1 was refused",
        "next_step": "sluice resume greece --run r1", "origin": { "file": "greece.pipe", "line": 8 },
        "log": "https://eu-central-1.console.aws.amazon.com/cloudwatch/home"
    });
    event(&notification.to_string())
}

#[test]
fn a_busy_channel_gets_the_card_in_the_end_and_nobody_its_address() {
    let (emulator, channel) = (Emulator::start(), Channel::open(&[(429, Some("1")), (200, None)]));
    emulator.make_secret("reports/teams", &json!({ "url": channel.address }).to_string());
    let function = start(&emulator);
    assert_eq!(function.invoke(&failure()).unwrap(), Value::Null, "{}", function.log());

    let received = channel.received();
    assert_eq!(received.len(), 2);
    let card: Value = serde_json::from_str(&received[1]).unwrap();
    let content = &card["attachments"][0]["content"];
    assert_eq!((&content["type"], &content["version"]), (&json!("AdaptiveCard"), &json!("1.5")));
    let texts: Vec<_> = content["body"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|it| it["inlines"].as_array().unwrap())
        .map(|it| it["text"].as_str().unwrap().trim())
        .collect();
    let expected = [
        "Failure",
        "greece failed in companies.load",
        "cause",
        "Pwd=***;Port=1 was refused",
        "run",
        "r1",
        "line",
        "greece.pipe:8",
        "next",
        "sluice resume greece --run r1",
    ];
    assert_eq!(texts, expected);
    let log = function.log();
    assert!(log.contains(r#""Delivered":1"#) && !log.contains("hunter2"), "{log}");
}

#[test]
fn a_refusal_is_counted_and_not_repeated() {
    let (emulator, channel) = (Emulator::start(), Channel::open(&[(404, None), (200, None)]));
    emulator.make_secret("reports/teams", &channel.address);
    let function = start(&emulator);
    assert_eq!(function.invoke(&failure()).unwrap(), Value::Null, "{}", function.log());
    assert_eq!(channel.received().len(), 1);
    let log = function.log();
    assert!(log.contains("it answered 404: said by the channel"), "{log}");
    assert!(log.contains(r#""Refused":1"#) && !log.contains("hunter2"), "{log}");
}

#[test]
fn what_may_pass_is_an_error_with_a_stable_name() {
    let emulator = Emulator::start();
    let function = start(&emulator);
    let error = function.invoke(&failure()).unwrap_err();
    assert_eq!(error["errorType"], "Sluice.Notify");
    assert_eq!(error["errorMessage"], "not every channel could be told: data_team");
    assert!(function.log().contains("secret `reports/teams` can't be read"), "{}", function.log());
    let error = function.invoke(&event("hello")).unwrap_err();
    assert_eq!(error["errorType"], "Sluice.Notify");
    let error = function.invoke(&json!({ "Records": [{}] })).unwrap_err();
    assert_eq!(error["errorType"], "Sluice.Event");
}

#[test]
fn channels_that_are_none_are_told_by_the_name_of_their_variable() {
    for (channels, said) in
        [("", "the variable `SLUICE_CHANNELS` is not set"), ("{}", "the variable `SLUICE_CHANNELS`: ")]
    {
        let variables = [("AWS_LAMBDA_FUNCTION_NAME", "notify"), ("SLUICE_CHANNELS", channels)];
        let ended = Command::new(PROGRAM).env_clear().envs(variables).output().unwrap();
        assert_eq!(ended.status.code(), Some(1));
        let told = String::from_utf8(ended.stderr).unwrap();
        assert!(told.contains(said), "{told}");
    }
}
