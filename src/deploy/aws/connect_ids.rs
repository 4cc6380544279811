//! What Connect calls flows and queues, as the platform's stack is told.

use std::sync::PoisonError;

use super::{Account, calls::field, stack_values::pairs};
use crate::deploy::cloud::{CloudError, Problem};

/// The parameter that says it.
const CONNECT_IDS: &str = "ConnectIds";

impl Account<'_> {
    /// Tells the platform what Connect calls the flows and queues: its functions call back through them.
    pub(super) fn tell_ids(&self, ids: &str) -> Result<(), CloudError> {
        let name = self.scope.stack.as_str();
        let one_at_a_time = self.stack_changes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(stack) = self.settled(name)? else { return Ok(()) };
        let parameters: Vec<_> = pairs(&stack, "Parameters", "ParameterKey", "ParameterValue").collect();
        if !parameters.iter().any(|(name, value)| name == CONNECT_IDS && value != ids) {
            return Ok(());
        }
        let mut input = vec![
            field("StackName", name),
            field("Capabilities.member.1", "CAPABILITY_NAMED_IAM"),
            field("UsePreviousTemplate", "true"),
        ];
        for ((name, _), number) in parameters.iter().zip(1..) {
            let at = |what: &str| format!("Parameters.member.{number}.{what}");
            input.push(field(at("ParameterKey"), name));
            input.push(if name == CONNECT_IDS {
                field(at("ParameterValue"), ids)
            } else {
                field(at("UsePreviousValue"), "true")
            });
        }
        match self.formation("UpdateStack", &input) {
            Ok(_) => {}
            // Without programs there is no function that it could be told.
            Err(refusal) if refusal.is_no_change() => return Ok(()),
            Err(refusal) => return Err(refusal.into()),
        }
        let settled = self.settled(name)?;
        drop(one_at_a_time);
        let status = settled.as_ref().and_then(|it| it.text_of("StackStatus")).unwrap_or("gone");
        if status == "UPDATE_COMPLETE" {
            return Ok(());
        }
        Err(CloudError {
            problem: Problem::Failed,
            operation: "cloudformation:UpdateStack".to_owned(),
            message: format!("the stack is {status}"),
            problems: self.reasons(name)?,
        })
    }

    /// What the platform was told that Connect calls the flows and queues; none where nobody asks.
    pub(super) fn told_ids(&self) -> Result<Option<String>, CloudError> {
        let stack = self.stack(&self.scope.stack)?;
        let parameters =
            stack.iter().flat_map(|it| pairs(it, "Parameters", "ParameterKey", "ParameterValue"));
        Ok(parameters.filter(|(name, _)| name == CONNECT_IDS).map(|(_, value)| value).next())
    }
}
