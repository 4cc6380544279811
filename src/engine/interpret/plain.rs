//! The states that call nothing and hold no others: Pass, Wait, Succeed, Fail.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::branch::{Exit, target};
use super::visit::{Told, Visit};
use crate::engine::expression::Moment;
use crate::engine::failure::Failure;
use crate::engine::machine::{Fail, Pass, Succeed, Wait, WaitUntil};
use crate::engine::template::Template;

/// What AWS accepts as a number of seconds.
pub(super) const LONGEST_SECONDS: u64 = 99_999_999;

impl<'v> Visit<'v> {
    pub(super) fn pass(&self, pass: &'v Pass) -> Result<Exit<'v>, Failure> {
        let mut moment = self.moment(Told::Nothing)?;
        self.leave(&mut moment, &pass.effects, || self.input.clone(), target(&pass.transition))
    }

    pub(super) async fn wait(&self, wait: &'v Wait) -> Result<Exit<'v>, Failure> {
        let mut moment = self.moment(Told::Nothing)?;
        tokio::time::sleep(self.delay(&mut moment, &wait.until)?).await;
        let mut moment = self.moment(Told::Nothing)?;
        self.leave(&mut moment, &wait.effects, || self.input.clone(), target(&wait.transition))
    }

    pub(super) fn succeed(&self, succeed: &Succeed) -> Result<Exit<'v>, Failure> {
        let output = match &succeed.output {
            None => self.input.clone(),
            Some(template) => self.evaluate(&mut self.moment(Told::Nothing)?, template, "Output")?,
        };
        self.check_size(&output)?;
        Ok(Exit { output, assigned: Map::new(), next: None })
    }

    /// The failure that the state is for, or the one of not being able to say it.
    pub(super) fn fail(&self, fail: &Fail) -> Failure {
        let text = |moment: &mut Moment, template: &Option<Template>, field: &str| match template {
            None => Ok(None),
            Some(template) => self
                .evaluate_as(moment, template, field, "string", |value| value.as_str().map(str::to_owned))
                .map(Some),
        };
        let failure = || -> Result<Failure, Failure> {
            let mut moment = self.moment(Told::Nothing)?;
            let error = text(&mut moment, &fail.error, "Error")?.unwrap_or_default();
            Ok(Failure::new(error, text(&mut moment, &fail.cause, "Cause")?))
        };
        failure().unwrap_or_else(|problem| problem)
    }

    fn delay(&self, moment: &mut Moment, until: &WaitUntil) -> Result<Duration, Failure> {
        match until {
            WaitUntil::Seconds(template) => {
                self.evaluate_as(moment, template, "Seconds", "number of seconds", |value| seconds(value, 0))
            }
            WaitUntil::Timestamp(template) => {
                let timestamp =
                    self.evaluate_as(moment, template, "Timestamp", "RFC3339 timestamp", |value| {
                        value.as_str().and_then(|text| text.parse::<Timestamp>().ok())
                    })?;
                let now = self.branch.interpreter.clock.now();
                Ok(Duration::try_from(timestamp.duration_since(now)).unwrap_or(Duration::ZERO))
            }
        }
    }
}

/// A whole number of seconds within AWS's bounds.
pub(super) fn seconds(value: &Value, least: u64) -> Option<Duration> {
    let seconds = value.as_u64().filter(|seconds| (least..=LONGEST_SECONDS).contains(seconds))?;
    Some(Duration::from_secs(seconds))
}
