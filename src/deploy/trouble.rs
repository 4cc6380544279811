//! What went wrong with a deployment, as it is told.

use super::{
    cloud::{CloudError, Problem},
    resource::{Key, Resource, Unit},
};
use crate::diagnostics::{Code, Diagnostic};
use sluice_contract::plan::Origin;

/// One thing that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What it is about.
    pub key: Option<Key>,
    /// What that belongs to.
    pub unit: Option<Unit>,
    /// The declaration that asked for it.
    pub origin: Option<Origin>,
    /// What failed.
    pub error: Box<CloudError>,
}

/// About no resource.
impl From<CloudError> for Trouble {
    fn from(error: CloudError) -> Self {
        Self { key: None, unit: None, origin: None, error: Box::new(error) }
    }
}

impl Trouble {
    /// About no resource.
    pub(super) fn of(error: CloudError) -> Self {
        Self::from(error)
    }

    /// About a resource that the program wants.
    pub(super) fn with(resource: &Resource, error: CloudError) -> Self {
        Self {
            key: Some(resource.key.clone()),
            unit: Some(resource.unit.clone()),
            origin: resource.origin.clone(),
            error: Box::new(error),
        }
    }

    /// About a resource that nobody wants any longer.
    pub(super) fn at(key: &Key, unit: &Unit, error: CloudError) -> Self {
        Self { key: Some(key.clone()), unit: Some(unit.clone()), origin: None, error: Box::new(error) }
    }

    /// About a resource that is somebody else's.
    pub(super) fn not_ours(resource: &Resource, whose: &str) -> Self {
        Self::at_plan(resource, Problem::NotOurs, whose)
    }

    /// About contact records that go to another place.
    pub(super) fn records_elsewhere(resource: &Resource, place: &str) -> Self {
        Self::at_plan(resource, Problem::RecordsElsewhere, place)
    }

    fn at_plan(resource: &Resource, problem: Problem, message: &str) -> Self {
        let (operation, message) = ("plan".to_owned(), message.to_owned());
        Self::with(resource, CloudError { problem, operation, message, problems: Vec::new() })
    }

    /// For people and programs.
    pub fn diagnostic(&self, environment: &str) -> Diagnostic {
        let about = match (&self.key, &self.origin) {
            (Some(key), Some(origin)) => format!("{key} ({}:{})", origin.file, origin.line),
            (Some(key), None) => key.to_string(),
            (None, _) => format!("environment `{environment}`"),
        };
        let CloudError { problem, operation, message, problems } = &*self.error;
        let (code, text, help) = match problem {
            Problem::Credentials => (
                Code::CredentialsMissing,
                format!("AWS does not know who asks: {message}"),
                "give credentials that hold: `AWS_PROFILE`, or `AWS_ACCESS_KEY_ID` and what belongs to it; whoever signs \
                 in through a browser takes them from `aws configure export-credentials --format env`"
                    .to_owned(),
            ),
            Problem::WrongAccount => (
                Code::WrongAccount,
                message.clone(),
                "choose the profile of that account with `AWS_PROFILE`, or another environment".to_owned(),
            ),
            Problem::Denied => (
                Code::CallDenied,
                format!("{about} can't be deployed: `{operation}` is not allowed: {message}"),
                "give whoever deploys that right: docs/deploy.md has the policy".to_owned(),
            ),
            Problem::Refused => (
                Code::DocumentRefused,
                format!("AWS refuses {about}: {message}{}", listed(problems)),
                "this should have been found before: `sluice build` checks what it writes, so please report it with \
                 the `.pipe` file that brings it about"
                    .to_owned(),
            ),
            Problem::NotOurs => (
                Code::NotOurs,
                format!("{about} is there already and is not of this program: {message}"),
                "rename the platform or the pipeline, or remove what is there if nobody needs it: sluice does not touch \
                 what it has not made"
                    .to_owned(),
            ),
            Problem::OtherProcessor => (
                Code::OtherProcessor,
                message.clone(),
                "give `--parameter Architecture=x86_64` (or `arm64`) if that is where they are to run, or package them \
                 for the other processor: docs/platform.md; nothing was uploaded"
                    .to_owned(),
            ),
            Problem::RecordsElsewhere => (
                Code::RecordsElsewhere,
                format!("nobody is called by {about}: the Connect instance puts its contact records on {message}"),
                "an instance has one place for them: have whoever reads there pass them on to the platform's stream, or \
                 end the association (Connect's console: Data streaming), and the next deployment makes the platform's"
                    .to_owned(),
            ),
            Problem::OtherProgram => (
                Code::OtherProgram,
                message.clone(),
                "give the platform of one of them another name, or the environment another account; if both are one \
                 program, put back the `program.id` that it was deployed with"
                    .to_owned(),
            ),
            Problem::ValueMissing => (
                Code::ValueMissing,
                message.clone(),
                "give it once with `--parameter NAME=VALUE`; later deployments keep it".to_owned(),
            ),
            Problem::LockLost => (
                Code::DeploymentLocked,
                message.clone(),
                "wait until it has ended, then run the command again: nothing is half done that it would not finish"
                    .to_owned(),
            ),
            Problem::Unavailable => (
                Code::CallFailed,
                format!("{about}: `{operation}` failed: {message}{}", listed(problems)),
                "check the network, and the environment's `region` if no service answers there; then run the command \
                 again: it goes on where it stopped"
                    .to_owned(),
            ),
            Problem::Failed => (
                Code::CallFailed,
                format!("{about}: `{operation}` failed: {message}{}", listed(problems)),
                "run the command again: it goes on where it stopped".to_owned(),
            ),
        };
        Diagnostic::new(code, text).help(help)
    }
}

/// Each problem on a line of its own.
fn listed(problems: &[String]) -> String {
    problems.iter().fold(String::new(), |text, it| text + "\n  - " + it)
}
