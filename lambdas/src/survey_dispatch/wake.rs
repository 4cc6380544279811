//! A call that is not to be made now: who wakes this function when it is.
//!
//! A call that waits for the morning must not keep the records behind it waiting, and must not be lost. A queue
//! can't hold a message back for longer than 15 minutes, and a table would have to be searched every minute; so each
//! call has a schedule of its own, which calls this function once and is gone.
//!
//! Source: `CreateSchedule`, EventBridge Scheduler API reference.

use serde::{Deserialize, Serialize};

use crate::survey::text;

/// Whoever wakes this function.
pub trait Wake: std::fmt::Debug {
    /// Hands `call` to this function at `at`, in milliseconds since 1970. Asked twice it is done once.
    fn wake(&self, at: i64, call: &DueCall) -> Result<(), WakeError>;
}

/// It can't be woken; to be asked again is safe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the call can't be put on the schedule: {0}")]
pub struct WakeError(pub String);

/// What this function is woken with. All else is in the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DueCall {
    /// The survey.
    pub survey: String,
    /// The first contact of the chain.
    pub contact: String,
    /// Which attempt.
    pub attempt: u32,
}

/// Where schedules are made, and whom they call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedules {
    /// The group that they are in.
    pub group: String,
    /// The ARN of this function.
    pub function: String,
    /// The ARN of the role that may call it.
    pub role: String,
}

/// `CreateSchedule`: its name is in the path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateSchedule {
    group_name: String,
    schedule_expression: String,
    schedule_expression_timezone: &'static str,
    flexible_time_window: FlexibleTimeWindow,
    action_after_completion: &'static str,
    target: Target,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct FlexibleTimeWindow {
    mode: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Target {
    arn: String,
    role_arn: String,
    input: String,
}

impl Schedules {
    /// The path of the request, and the request. The name is the call's and the moment's: whoever asks again asks
    /// for what is there.
    pub fn request(&self, at: i64, call: &DueCall) -> Result<(String, CreateSchedule), serde_json::Error> {
        // Never before the moment: schedules know whole seconds.
        let seconds = at.div_euclid(1000) + i64::from(at.rem_euclid(1000) > 0);
        let when = text(seconds * 1000);
        let path = format!("/schedules/{}-{}-{seconds}", call.contact, call.attempt);
        let request = CreateSchedule {
            group_name: self.group.clone(),
            schedule_expression: format!("at({})", when.trim_end_matches('Z')),
            schedule_expression_timezone: "UTC",
            flexible_time_window: FlexibleTimeWindow { mode: "OFF" },
            action_after_completion: "DELETE",
            target: Target {
                arn: self.function.clone(),
                role_arn: self.role.clone(),
                input: serde_json::to_string(call)?,
            },
        };
        Ok((path, request))
    }
}

/// What an answer over HTTP means; `name` is the service's name for an error.
pub fn outcome(status: u16, name: Option<&str>, body: &str) -> Result<(), WakeError> {
    match name {
        _ if status == 200 => Ok(()),
        Some("ConflictException") => Ok(()),
        other => Err(WakeError(format!("{status} `{}`: {body}", other.unwrap_or_default()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_made_once_for_a_call_and_a_moment() {
        let schedules = Schedules { group: "reports".into(), function: "arn:f".into(), role: "arn:r".into() };
        let call = DueCall { survey: "satisfaction".into(), contact: "c1".into(), attempt: 2 };
        let (path, request) = schedules.request(1_795_426_200_001, &call).unwrap();
        assert_eq!(path, "/schedules/c1-2-1795426201");
        assert_eq!(
            serde_json::to_string(&request).unwrap(),
            "{\"GroupName\":\"reports\",\"ScheduleExpression\":\"at(2026-11-23T09:30:01)\",\
             \"ScheduleExpressionTimezone\":\"UTC\",\"FlexibleTimeWindow\":{\"Mode\":\"OFF\"},\
             \"ActionAfterCompletion\":\"DELETE\",\"Target\":{\"Arn\":\"arn:f\",\"RoleArn\":\"arn:r\",\
             \"Input\":\"{\\\"survey\\\":\\\"satisfaction\\\",\\\"contact\\\":\\\"c1\\\",\\\"attempt\\\":2}\"}}"
        );
        assert_eq!(outcome(409, Some("ConflictException"), ""), Ok(()));
        assert!(outcome(429, Some("ThrottlingException"), "slow").is_err());
    }
}
