//! Answers of services, in the form of Step Functions Local's `MockConfigFile.json`.
//!
//! Source: "Using mocked service integrations", Step Functions guide. `AfterSeconds` and `HeartbeatSeconds` beside
//! `Return` and `Throw` are ours: how long an answer takes, and how often its heart beats until then.

use std::{cell::RefCell, collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::ObjectFolder;
use crate::engine::{ObjectAnswer, ObjectRequest, ServiceCall, Services, TaskError};

/// A file of mocks, read.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct MockFile {
    state_machines: IndexMap<String, MockedMachine>,
    mocked_responses: IndexMap<String, IndexMap<String, Answer>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct MockedMachine {
    test_cases: IndexMap<String, IndexMap<String, String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Answer {
    #[serde(default, deserialize_with = "given")]
    r#return: Option<Value>,
    throw: Option<Throw>,
    after_seconds: Option<f64>,
    heartbeat_seconds: Option<f64>,
}

/// A `null` that was written is a value, too.
fn given<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Throw {
    error: String,
    #[serde(default)]
    cause: String,
}

/// What is wrong with a file of mocks, or with the choice of a case in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is, with the same words")]
pub enum MockProblem {
    #[error("the mocks can't be read: {problem}")]
    Unreadable { problem: String },
    #[error("the mocks have no state machine `{wanted}`, only {}", ticked(found))]
    NoMachine { wanted: String, found: Vec<String> },
    #[error("the state machine `{machine}` has no test case `{wanted}`, only {}", ticked(found))]
    NoCase { machine: String, wanted: String, found: Vec<String> },
    #[error("the test case `{case}` names the response `{response}`, which `MockedResponses` does not have")]
    NoResponse { case: String, response: String },
    #[error(
        "the response `{response}` has the key `{key}`, which is neither a number nor a range such as `1-2`"
    )]
    BadKey { response: String, key: String },
    #[error("the response `{response}` has an answer at `{key}` without exactly one of `Return` and `Throw`")]
    NotOneAnswer { response: String, key: String },
}

/// A call that no mock answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The state that called.
    pub state: String,
    /// What it called.
    pub resource: String,
    /// How many calls of that state had been answered before.
    pub call: usize,
}

/// The services of an execution: every answer is mocked.
#[derive(Debug, Default)]
pub struct Mocked {
    answers: BTreeMap<String, Vec<(usize, usize, Answer)>>,
    objects: Option<ObjectFolder>,
    calls: RefCell<BTreeMap<String, usize>>,
    missing: RefCell<Option<Missing>>,
}

impl MockFile {
    /// Reads the text of a file.
    pub fn parse(text: &str) -> Result<Self, MockProblem> {
        serde_json::from_str(text).map_err(|problem| MockProblem::Unreadable { problem: problem.to_string() })
    }

    /// The answers of one test case. Where there is one machine, or one case, it need not be named.
    pub fn case(&self, machine: &str, named: bool, case: Option<&str>) -> Result<Mocked, MockProblem> {
        let (machine, cases) = self.machine(machine, named)?;
        let listed = || cases.test_cases.keys().cloned().collect::<Vec<_>>();
        let only = cases.test_cases.iter().next().filter(|_| cases.test_cases.len() == 1);
        let found = match case {
            Some(case) => cases.test_cases.get_key_value(case),
            None => only,
        };
        let (case, states) = found.ok_or_else(|| MockProblem::NoCase {
            machine: machine.to_owned(),
            wanted: case.unwrap_or_default().to_owned(),
            found: listed(),
        })?;
        let mut answers = BTreeMap::new();
        for (state, response) in states {
            let found = self
                .mocked_responses
                .get(response)
                .ok_or_else(|| MockProblem::NoResponse { case: case.clone(), response: response.clone() })?;
            let _ = answers.insert(state.clone(), ranges(response, found)?);
        }
        Ok(Mocked { answers, ..Mocked::default() })
    }

    fn machine(&self, wanted: &str, named: bool) -> Result<(&str, &MockedMachine), MockProblem> {
        if let Some((name, found)) = self.state_machines.get_key_value(wanted) {
            return Ok((name, found));
        }
        match self.state_machines.iter().next() {
            Some((name, only)) if self.state_machines.len() == 1 && !named => Ok((name, only)),
            Some(_) | None => Err(MockProblem::NoMachine {
                wanted: wanted.to_owned(),
                found: self.state_machines.keys().cloned().collect(),
            }),
        }
    }
}

fn ranges(
    response: &str,
    answers: &IndexMap<String, Answer>,
) -> Result<Vec<(usize, usize, Answer)>, MockProblem> {
    let read = |(key, answer): (&String, &Answer)| {
        let (first, last) = key.split_once('-').unwrap_or((key, key));
        let bad = || MockProblem::BadKey { response: response.to_owned(), key: key.clone() };
        let first: usize = first.trim().parse().map_err(|_| bad())?;
        let last: usize = last.trim().parse().map_err(|_| bad())?;
        if last < first {
            return Err(bad());
        }
        if answer.r#return.is_some() == answer.throw.is_some() {
            return Err(MockProblem::NotOneAnswer { response: response.to_owned(), key: key.clone() });
        }
        Ok((first, last, answer.clone()))
    };
    answers.iter().map(read).collect()
}

impl Mocked {
    /// With a folder that stands for S3.
    #[must_use]
    pub fn with_objects(mut self, objects: Option<ObjectFolder>) -> Self {
        self.objects = objects;
        self
    }

    /// The answer that the next call of something by that name gets, at once: a value, or error and cause. None where
    /// no mock answers it.
    pub fn answer(&self, name: &str) -> Option<Result<Value, (String, String)>> {
        let count = self.calls.borrow().get(name).copied().unwrap_or(0);
        let answers = self.answers.get(name)?;
        let (_, _, answer) = answers.iter().find(|(first, last, _)| (*first..=*last).contains(&count))?;
        *self.calls.borrow_mut().entry(name.to_owned()).or_default() += 1;
        Some(match (&answer.throw, &answer.r#return) {
            (Some(throw), _) => Err((throw.error.clone(), throw.cause.clone())),
            (None, value) => Ok(value.clone().unwrap_or_default()),
        })
    }

    /// The first call that no mock answered.
    pub fn missing(&self) -> Option<Missing> {
        self.missing.borrow().clone()
    }

    /// The answer that the state's next call gets.
    fn next(&self, call: &ServiceCall) -> Result<Answer, TaskError> {
        let count = self.calls.borrow().get(&call.state).copied().unwrap_or(0);
        let answers = self.answers.get(&call.state).map(Vec::as_slice).unwrap_or_default();
        let found = answers.iter().find(|(first, last, _)| (*first..=*last).contains(&count));
        if let Some((_, _, answer)) = found {
            return Ok(answer.clone());
        }
        let missing = Missing { state: call.state.clone(), resource: call.resource.clone(), call: count };
        let text = format!("no mock answers call {count} of the state `{}`", call.state);
        let _ = self.missing.borrow_mut().get_or_insert(missing);
        // Nothing catches this: a machine that goes on without an answer proves nothing.
        Err(TaskError::new("States.Runtime", text))
    }

    fn count(&self, call: &ServiceCall) {
        *self.calls.borrow_mut().entry(call.state.clone()).or_default() += 1;
    }
}

#[async_trait(?Send)]
impl Services for Mocked {
    async fn submit(&self, call: &ServiceCall) -> Result<Value, TaskError> {
        let answer = self.next(call)?;
        match answer.throw.filter(|throw| is_of_the_request(&call.resource, &throw.error)) {
            Some(throw) => {
                self.count(call);
                Err(TaskError::new(throw.error, throw.cause))
            }
            None => Ok(Value::Object(serde_json::Map::new())),
        }
    }

    async fn call(&self, call: ServiceCall) -> Result<Value, TaskError> {
        let answer = self.next(&call)?;
        self.count(&call);
        if let Some(seconds) = answer.after_seconds.and_then(|it| Duration::try_from_secs_f64(it).ok()) {
            let beats = answer.heartbeat_seconds.and_then(|it| Duration::try_from_secs_f64(it).ok());
            beating(&call, seconds, beats.filter(|it| !it.is_zero())).await;
        }
        match (answer.throw, answer.r#return) {
            (Some(throw), _) => Err(TaskError::new(throw.error, throw.cause)),
            (None, value) => Ok(value.unwrap_or_default()),
        }
    }

    async fn object(&self, request: ObjectRequest) -> Result<ObjectAnswer, TaskError> {
        match &self.objects {
            Some(objects) => objects.answer(request),
            None => Err(TaskError::new(
                "S3.NoSuchBucket",
                "no folder stands for S3 here: name one with `--objects DIR`",
            )),
        }
    }
}

async fn beating(call: &ServiceCall, all: Duration, every: Option<Duration>) {
    let mut left = all;
    while let Some(every) = every.filter(|it| *it < left) {
        tokio::time::sleep(every).await;
        call.heart.beat();
        left -= every;
    }
    tokio::time::sleep(left).await;
}

/// Whether an error is one of the request itself, before anything is waited for: `Batch.ServerException`.
fn is_of_the_request(resource: &str, error: &str) -> bool {
    let service = resource.split(":states:::").nth(1).and_then(|it| it.rsplit_once(':')).map(|(it, _)| it);
    let service = service.and_then(|it| it.rsplit(':').next());
    let prefix = error.split_once('.').map(|(it, _)| it);
    matches!((service, prefix), (Some(service), Some(prefix)) if service.eq_ignore_ascii_case(prefix))
}

fn ticked(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}
