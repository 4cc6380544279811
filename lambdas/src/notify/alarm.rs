//! CloudWatch's alarms, told like everything else: they ring when what tells of runs is broken, too.
//!
//! Source: "Amazon SNS notification" of alarms, CloudWatch user guide.

use serde::Deserialize;
use sluice_contract::notification::{Notification, Occasion};

/// What an alarm publishes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Alarm {
    #[serde(rename = "AlarmName")]
    name: String,
    #[serde(rename = "AlarmDescription")]
    description: Option<String>,
    new_state_value: State,
    new_state_reason: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum State {
    Alarm,
    Ok,
    InsufficientData,
}

/// A message in words of ours; none where it is no alarm's.
pub(super) fn read(message: &str) -> Option<Notification> {
    let alarm: Alarm = serde_json::from_str(message).ok()?;
    let (occasion, summary) = match alarm.new_state_value {
        State::Alarm | State::InsufficientData => {
            (Occasion::Failure, format!("the alarm `{}` rings", alarm.name))
        }
        State::Ok => (Occasion::Recovery, format!("the alarm `{}` has ended", alarm.name)),
    };
    Some(Notification {
        channel: None,
        occasion,
        pipeline: String::new(),
        run: String::new(),
        stage: None,
        summary,
        cause: alarm.new_state_reason,
        help: alarm.description,
        next_step: None,
        origin: None,
        log: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_says_why_it_rings_and_what_to_do() {
        let message = r#"{"AlarmName":"p-events-late","AlarmDescription":"Events wait. What to do: docs/platform.md",
            "NewStateValue":"ALARM","NewStateReason":"Threshold Crossed","OldStateValue":"OK","Region":"EU (Ireland)"}"#;
        let told = read(message).unwrap();
        assert_eq!(
            (told.occasion, told.summary.as_str()),
            (Occasion::Failure, "the alarm `p-events-late` rings")
        );
        assert_eq!(told.cause.as_deref(), Some("Threshold Crossed"));
        assert_eq!(told.help.as_deref(), Some("Events wait. What to do: docs/platform.md"));
        let ended = read(&message.replace("\"ALARM\"", "\"OK\"")).unwrap();
        assert_eq!(
            (ended.occasion, ended.summary.as_str()),
            (Occasion::Recovery, "the alarm `p-events-late` has ended")
        );
        assert_eq!(read("{}"), None);
    }
}
