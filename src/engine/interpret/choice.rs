//! Choice: the first rule whose condition holds.

use serde_json::Value;

use super::branch::Exit;
use super::visit::{Told, Visit};
use crate::engine::failure::Failure;
use crate::engine::machine::Choice;

impl<'v> Visit<'v> {
    pub(super) fn choice(&self, choice: &'v Choice) -> Result<Exit<'v>, Failure> {
        let mut moment = self.moment(Told::Nothing)?;
        for (index, rule) in choice.rules.iter().enumerate() {
            let field = format!("Choices[{index}]/Condition");
            if self.evaluate_as(&mut moment, &rule.condition, &field, "boolean", Value::as_bool)? {
                return self.leave(&mut moment, &rule.effects, || self.input.clone(), Some(&rule.next));
            }
        }
        match &choice.default {
            Some(next) => self.leave(&mut moment, &choice.effects, || self.input.clone(), Some(next)),
            None => Err(Failure::no_choice_matched(
                self.sentence("No choice rule matched, and the state has no default."),
            )),
        }
    }
}
