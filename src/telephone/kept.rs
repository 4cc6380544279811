//! What surveys' flows hand over, kept to be shown. It takes everything: what may be kept is for the function to know
//! that keeps answers, and a flow from a file comes without the survey that says so.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use sluice_contract::survey::{Progress, parameter};

use super::functions::{FunctionError, Functions, Invocation};

/// The answers of one contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// The survey.
    pub survey: String,
    /// The contact that it is about.
    pub contact: String,
    /// The caller's number.
    pub phone_number: String,
    /// What was answered, by question, in the order that it came in.
    pub answers: Vec<(String, String)>,
    /// The last that was told: `answered`, `completed`, `declined`.
    pub status: String,
}

/// Keeps answers in memory, each once however often it comes.
#[derive(Debug, Default)]
pub struct KeptAnswers {
    contacts: BTreeMap<(String, String), Kept>,
}

impl KeptAnswers {
    /// By contact.
    pub fn all(&self) -> impl Iterator<Item = &Kept> {
        self.contacts.values()
    }
}

impl Functions for KeptAnswers {
    fn invoke(&mut self, invocation: &Invocation) -> Result<Value, FunctionError> {
        let given = |name: &str| invocation.parameters.get(name).cloned().unwrap_or_default();
        let status = given(parameter::STATUS);
        if status.is_empty() {
            // No survey's: it is taken, and nothing is known of it.
            return Ok(Value::Object(Map::new()));
        }
        let key = (given(parameter::SURVEY), given(parameter::CONTACT));
        let kept = self.contacts.entry(key.clone()).or_insert_with(|| Kept {
            survey: key.0,
            contact: key.1,
            phone_number: given(parameter::PHONE_NUMBER),
            answers: Vec::new(),
            status: String::new(),
        });
        if status == Progress::Answered.word() {
            let (question, answer) = (given(parameter::QUESTION), given(parameter::ANSWER));
            match kept.answers.iter_mut().find(|(known, _)| *known == question) {
                Some((_, old)) => *old = answer,
                None => kept.answers.push((question, answer)),
            }
        }
        kept.status = status;
        let answer = [("result".to_owned(), Value::String("kept".to_owned()))];
        Ok(Value::Object(answer.into_iter().collect()))
    }
}
