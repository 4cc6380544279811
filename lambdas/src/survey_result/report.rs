//! What a flow tells, checked against the survey that it says it is of.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use sluice_contract::survey::{Progress, SurveyAnswers, SurveyDocument, SurveyQuestion, parameter};

use super::SurveyResultError;
use crate::survey::{Surveys, is_phone_number};

/// What a flow tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Report<'a> {
    pub(super) survey: &'a SurveyDocument,
    pub(super) contact: &'a str,
    pub(super) phone_number: &'a str,
    pub(super) language: &'a str,
    pub(super) progress: Progress,
    /// With [`Progress::Answered`], and never without.
    pub(super) answer: Option<Answered<'a>>,
}

/// An answer that the survey has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Answered<'a> {
    pub(super) question: &'a SurveyQuestion,
    pub(super) answer: &'a str,
}

/// Why something is not to be kept. Nobody's number is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The flow did not say something.
    #[error("the parameter `{0}` is missing or empty")]
    Missing(&'static str),
    /// There is no such survey here.
    #[error("there is no survey `{0}`")]
    Survey(String),
    /// The survey does not ask that.
    #[error("the survey asks no question `{0}`")]
    Question(String),
    /// The question has no such answer.
    #[error("`{answer}` is no answer to `{question}`")]
    Answer {
        /// What was asked.
        question: String,
        /// What came.
        answer: String,
    },
    /// The flow is at no point that is known.
    #[error("`{0}` is no status of a survey")]
    Status(String),
    /// The caller has no number that an item could be kept under.
    #[error("the caller's address is no telephone number")]
    PhoneNumber,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event<'a> {
    #[serde(borrow)]
    details: Details<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Details<'a> {
    // A reference to what is not set comes as null.
    #[serde(borrow)]
    parameters: BTreeMap<&'a str, Option<&'a str>>,
}

impl<'a> Report<'a> {
    pub(super) fn read(
        event: &'a Value,
        surveys: &'a Surveys,
    ) -> Result<Result<Self, Refusal>, SurveyResultError> {
        let event = Event::deserialize(event).map_err(|it| SurveyResultError::Malformed(it.to_string()))?;
        Ok(Self::of(&event.details.parameters, surveys))
    }

    fn of(parameters: &BTreeMap<&'a str, Option<&'a str>>, surveys: &'a Surveys) -> Result<Self, Refusal> {
        let parameter = |name: &'static str| {
            let value = parameters.get(name).copied().flatten();
            value.filter(|it| !it.is_empty()).ok_or(Refusal::Missing(name))
        };
        let name = parameter(parameter::SURVEY)?;
        let survey = surveys.get(name).ok_or_else(|| Refusal::Survey(name.to_owned()))?;
        let phone_number = parameter(parameter::PHONE_NUMBER)?;
        if !is_phone_number(phone_number) {
            return Err(Refusal::PhoneNumber);
        }
        let progress = progress(parameter(parameter::STATUS)?)?;
        let answer = match progress {
            Progress::Answered => {
                let question = parameter(parameter::QUESTION)?;
                Some(Answered::of(survey, question, parameter(parameter::ANSWER))?)
            }
            Progress::Completed
            | Progress::Declined
            | Progress::Silent
            | Progress::Invalid
            | Progress::Failed => None,
        };
        Ok(Self {
            survey,
            contact: parameter(parameter::CONTACT)?,
            phone_number,
            language: parameter(parameter::LANGUAGE).unwrap_or_default(),
            progress,
            answer,
        })
    }
}

impl<'a> Answered<'a> {
    fn of(
        survey: &'a SurveyDocument,
        question: &str,
        answer: Result<&'a str, Refusal>,
    ) -> Result<Self, Refusal> {
        let asked = survey.questions.iter().find(|it| it.name == question);
        let asked = asked.ok_or_else(|| Refusal::Question(question.to_owned()))?;
        let answer = answer?;
        if !asked.answers.includes(answer) {
            let answer = answer.chars().take(32).collect();
            return Err(Refusal::Answer { question: question.to_owned(), answer });
        }
        Ok(Self { question: asked, answer })
    }

    /// The answer on a scale.
    pub(super) fn number(&self) -> Option<i64> {
        match self.question.answers {
            SurveyAnswers::Scale { .. } => self.answer.parse().ok(),
            SurveyAnswers::Words(_) => None,
        }
    }
}

fn progress(word: &str) -> Result<Progress, Refusal> {
    let all = [
        Progress::Answered,
        Progress::Completed,
        Progress::Declined,
        Progress::Silent,
        Progress::Invalid,
        Progress::Failed,
    ];
    let found = all.into_iter().find(|it| it.word() == word);
    found.ok_or_else(|| Refusal::Status(word.chars().take(32).collect()))
}
