//! Functions whose answers are in a file of mocks; those that are not there are taken by the local twin.

use serde_json::Value;

use super::{CallArguments, KeptAnswers};
use crate::{
    diagnostics::{Code, Diagnostic},
    exec::{self, MockFile},
    telephone::{FunctionError, Functions, Invocation, Kept},
};

pub(super) struct Mocked {
    mocks: Option<exec::Mocked>,
    answers: KeptAnswers,
}

impl Mocked {
    pub(super) fn new(
        arguments: &CallArguments,
        flow: &str,
        answers: KeptAnswers,
    ) -> Result<Self, Diagnostic> {
        let Some(path) = &arguments.mocks else { return Ok(Self { mocks: None, answers }) };
        let text = std::fs::read_to_string(path).map_err(|error| {
            Diagnostic::new(Code::FileUnreadable, format!("`{}` can't be read: {error}", path.display()))
        })?;
        let case = MockFile::parse(&text).and_then(|it| it.case(flow, false, arguments.case.as_deref()));
        let mocks = case.map_err(|problem| {
            Diagnostic::new(Code::MocksUnusable, format!("`{}`: {problem}", path.display()))
                .help("`sluice explain P0922` shows the form: a state is an action, a machine is a flow")
        })?;
        Ok(Self { mocks: Some(mocks), answers })
    }

    pub(super) fn kept(&self) -> impl Iterator<Item = &Kept> {
        self.answers.all()
    }
}

impl Functions for Mocked {
    fn invoke(&mut self, invocation: &Invocation) -> Result<Value, FunctionError> {
        match self.mocks.as_ref().and_then(|it| it.answer(&invocation.action)) {
            Some(Ok(answer)) => {
                // What the mock answers is what the flow sees; what was handed over is shown all the same.
                let _ = self.answers.invoke(invocation);
                Ok(answer)
            }
            Some(Err((error, _))) if error == "TimedOut" => Err(FunctionError::TimedOut),
            Some(Err((error, cause))) => {
                Err(FunctionError::Failed(if cause.is_empty() { error } else { format!("{error}: {cause}") }))
            }
            None => self.answers.invoke(invocation),
        }
    }
}
