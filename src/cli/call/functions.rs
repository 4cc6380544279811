//! The functions that a flow calls: what a file of mocks answers, else the code of the function that keeps answers.
//!
//! Where the flow is a survey's of the program, its document is known, and what the flow tells is taken by the very
//! code that takes it in the cloud, alerts included. A flow from a file has no document: what it hands over is shown.

use serde_json::Value;
use sluice_contract::{notification::Notification, survey::parameter};
use sluice_lambdas::{
    announce,
    survey::Surveys,
    survey_result::{MemoryAnswers, Outcome, handle},
};

use super::{CallArguments, KeptAnswers, target::Target};
use crate::{
    diagnostics::{Code, Diagnostic},
    exec::{self, MockFile},
    telephone::{FunctionError, Functions, Invocation, Kept},
};

pub(super) struct Called {
    mocks: Option<exec::Mocked>,
    /// What was handed over and taken.
    shown: KeptAnswers,
    keeper: Option<Keeper>,
}

/// `survey_result`, with its store in memory.
struct Keeper {
    surveys: Surveys,
    answers: MemoryAnswers,
    told: announce::Kept,
    /// Milliseconds since 1970.
    now: i64,
}

impl Keeper {
    fn new(target: &Target, now: i64) -> Result<Option<Self>, Diagnostic> {
        let Some(document) = target.survey.clone() else { return Ok(None) };
        let surveys = Surveys::new([document])
            .map_err(|error| Diagnostic::new(Code::FlowUnplayable, error.to_string()))?;
        Ok(Some(Self { surveys, answers: MemoryAnswers::default(), told: announce::Kept::default(), now }))
    }

    /// The reply, and whether what was told is kept now.
    fn call(&self, invocation: &Invocation) -> Result<(Value, bool), FunctionError> {
        let outcome = handle(&invocation.event(), &self.surveys, &self.answers, &self.told, self.now)
            .map_err(|error| FunctionError::Failed(error.to_string()))?;
        let reply = outcome.reply().into_iter().map(|(name, it)| (name.to_owned(), Value::String(it)));
        Ok((Value::Object(reply.collect()), matches!(outcome, Outcome::Kept { .. })))
    }
}

impl Called {
    pub(super) fn new(arguments: &CallArguments, target: &Target, now: i64) -> Result<Self, Diagnostic> {
        let mocks = Self::mocks(arguments, &target.name)?;
        Ok(Self { mocks, shown: KeptAnswers::default(), keeper: Keeper::new(target, now)? })
    }

    fn mocks(arguments: &CallArguments, flow: &str) -> Result<Option<exec::Mocked>, Diagnostic> {
        let Some(path) = &arguments.mocks else { return Ok(None) };
        let text = super::super::file::text(
            path,
            "check the path; it starts at the folder that the command runs in",
        )?;
        let case = MockFile::parse(&text).and_then(|it| it.case(flow, false, arguments.case.as_deref()));
        let mocks = case.map_err(|problem| {
            Diagnostic::new(Code::MocksUnusable, format!("`{}`: {problem}", path.display()))
                .help("`sluice explain P0922` shows the form: a state is an action, a machine is a flow")
        })?;
        Ok(Some(mocks))
    }

    /// What is kept of whom, and who was told what.
    pub(super) fn into_kept(self) -> (Vec<Kept>, Vec<Notification>) {
        let told = self.keeper.map_or_else(Vec::new, |it| it.told.into_vec());
        (self.shown.all().cloned().collect(), told)
    }

    fn keep(&mut self, invocation: &Invocation) -> Result<Value, FunctionError> {
        let is_told = invocation.parameters.contains_key(parameter::STATUS);
        let Some(keeper) = self.keeper.as_ref().filter(|_| is_told) else {
            return self.shown.invoke(invocation);
        };
        let (reply, is_kept) = keeper.call(invocation)?;
        if is_kept {
            let _ = self.shown.invoke(invocation);
        }
        Ok(reply)
    }
}

impl Functions for Called {
    fn invoke(&mut self, invocation: &Invocation) -> Result<Value, FunctionError> {
        match self.mocks.as_ref().and_then(|it| it.answer(&invocation.action)) {
            Some(Ok(answer)) => {
                // What the mock answers is what the flow sees; what was handed over is shown all the same.
                let _ = self.keep(invocation);
                Ok(answer)
            }
            Some(Err((error, _))) if error == "TimedOut" => Err(FunctionError::TimedOut),
            Some(Err((error, cause))) => {
                Err(FunctionError::Failed(if cause.is_empty() { error } else { format!("{error}: {cause}") }))
            }
            None => self.keep(invocation),
        }
    }
}
