//! Telephone surveys: what flows and Lambdas call things, and `survey.json`, the Lambdas' whole instruction.
//!
//! A flow hands texts to the result function and reads nothing back: what a caller hears never waits for more than
//! whether the answer was kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::plan::Origin;

/// The version of [`SurveyDocument`]'s shape.
pub const FORMAT: u32 = 1;

/// Attributes of contacts. Answers are kept in attributes too, each under its question's name: those start with a
/// small letter and these with a capital.
pub mod attribute {
    /// `True` on contacts that are called back for a survey.
    pub const CANDIDATE: &str = "SurveyCandidate";
    /// The survey's name: on candidates, and on the call back.
    pub const SURVEY: &str = "Survey";
    /// `en-US`: the language that the survey is spoken in, where it has several.
    pub const LANGUAGE: &str = "SurveyLanguage";
    /// On the call back: the first contact of the chain that it follows.
    pub const ORIGINAL_CONTACT: &str = "OriginalContactID";
    /// `No` until a caller who stays on the line is asked, then `Yes`.
    pub const ASKED: &str = "SurveyAsked";
}

/// What a flow hands to the result function, all of it texts.
pub mod parameter {
    /// The survey's name.
    pub const SURVEY: &str = "survey";
    /// The contact that the survey is about: the key of one caller's answers.
    pub const CONTACT: &str = "contact_id";
    /// The caller's number: E.164.
    pub const PHONE_NUMBER: &str = "phone_number";
    /// One of [`super::Progress`].
    pub const STATUS: &str = "status";
    /// The question; with [`super::Progress::Answered`] only.
    pub const QUESTION: &str = "question";
    /// What was answered: a number on a scale, and a word otherwise; with [`super::Progress::Answered`] only.
    pub const ANSWER: &str = "answer";
    /// `en-US`: what was spoken.
    pub const LANGUAGE: &str = "language";
}

/// What a flow tells the result function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// One question was answered.
    Answered,
    /// Everything was asked and answered.
    Completed,
    /// The caller did not want to answer.
    Declined,
    /// A question was met with silence too often.
    Silent,
    /// A question was met with other keys too often.
    Invalid,
    /// The telephone system could not go on.
    Failed,
}

impl Progress {
    /// As the flow says it: `answered`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Completed => "completed",
            Self::Declined => "declined",
            Self::Silent => "silent",
            Self::Invalid => "invalid",
            Self::Failed => "failed",
        }
    }
}

/// A survey in one environment, for those who call people and who keep their answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyDocument {
    /// [`FORMAT`].
    pub format: u32,
    /// `prod`.
    pub environment: String,
    /// `satisfaction`.
    pub survey: String,
    /// What people call it.
    pub title: String,
    /// The line that declares it.
    pub origin: Origin,
    /// How callers come to it.
    pub mode: SurveyMode,
    /// The ID of the Connect instance.
    pub instance: String,
    /// The name of the flow that asks.
    pub flow: String,
    /// The queue that callers are called from.
    pub queue: Resource,
    /// How they are called back; none where they stay on the line.
    pub calls: Option<Calls>,
    /// The contact's attribute that says the language, where there are several and it is known before the call.
    pub language_attribute: Option<String>,
    /// In the order that they are asked in.
    pub questions: Vec<SurveyQuestion>,
    /// Whom certain answers are told.
    pub alerts: Vec<SurveyAlert>,
}

/// How callers come to a survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurveyMode {
    /// Offered before the agent, and called back.
    InCall,
    /// Marked by somebody else, and called back.
    External,
    /// They stay on the line.
    PostCall,
}

/// Something that exists in the telephone system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// As its people call it.
    pub name: String,
    /// Its ID there; none where the program does not say it, and it is found by name.
    pub id: Option<String>,
}

/// How people are called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// Minutes since midnight: from this one on.
    pub from_minute: u32,
    /// Up to this minute.
    pub to_minute: u32,
    /// An IANA time zone; the caller's own where there is none.
    pub zone: Option<String>,
    /// How often one person is called; none is no limit.
    pub limit: Option<CallLimit>,
    /// How long after the contact.
    pub delay_seconds: u32,
    /// How often a call that nobody takes is tried: the first attempt counted.
    pub attempts: u32,
    /// The time between two attempts.
    pub between_attempts_seconds: u32,
    /// How long it rings.
    pub ring_seconds: u32,
    /// Whether answering machines are detected, which takes the traffic type `CAMPAIGN`.
    pub detect_machines: bool,
}

/// Not more than so many calls in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallLimit {
    /// At least one.
    pub calls: u32,
    /// In so long.
    pub each_seconds: u32,
}

/// A question, and what counts as its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyQuestion {
    /// `rating`.
    pub name: String,
    /// What its answer is kept under.
    pub stored_as: String,
    /// What can be answered.
    pub answers: SurveyAnswers,
}

/// What can be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurveyAnswers {
    /// A number.
    Scale {
        /// From this one.
        least: u32,
        /// To this one.
        most: u32,
    },
    /// A word, by the key that is pressed for it.
    Words(BTreeMap<u32, String>),
}

impl SurveyAnswers {
    /// Whether this is an answer: a number of the scale in its plain form, or one of the words.
    pub fn includes(&self, answer: &str) -> bool {
        match self {
            Self::Scale { least, most } => {
                answer.bytes().all(|it| it.is_ascii_digit())
                    && answer.parse::<u32>().is_ok_and(|it| (*least..=*most).contains(&it))
            }
            Self::Words(words) => words.values().any(|it| it == answer),
        }
    }
}

/// Whom certain answers are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyAlert {
    /// The channel.
    pub channel: String,
    /// Of what.
    pub condition: AnswerCondition,
}

/// What answers are held against. Once it holds, further answers can't change that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerCondition {
    /// One answer against one value.
    Compare {
        /// Whose answer.
        question: String,
        /// How.
        relation: AnswerRelation,
        /// A number, or a word.
        value: String,
    },
    /// All of them hold.
    All(Vec<AnswerCondition>),
    /// One of them holds.
    Any(Vec<AnswerCondition>),
}

/// How an answer is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerRelation {
    /// The same.
    Equal,
    /// Another one.
    NotEqual,
    /// A smaller number.
    Less,
    /// A smaller number, or the same.
    LessOrEqual,
    /// A greater number.
    Greater,
    /// A greater number, or the same.
    GreaterOrEqual,
}

impl AnswerCondition {
    /// Whether it holds for these answers, by question; a comparison with an answer that is not there does not.
    pub fn holds(&self, answers: &BTreeMap<String, String>) -> bool {
        match self {
            Self::Compare { question, relation, value } => {
                answers.get(question).is_some_and(|it| relation.holds(it, value))
            }
            Self::All(parts) => parts.iter().all(|it| it.holds(answers)),
            Self::Any(parts) => parts.iter().any(|it| it.holds(answers)),
        }
    }
}

impl AnswerRelation {
    fn holds(self, answer: &str, value: &str) -> bool {
        let numbers = || Some((answer.parse::<u32>().ok()?, value.parse::<u32>().ok()?));
        let is_same = numbers().map_or(answer == value, |(left, right)| left == right);
        match self {
            Self::Equal => is_same,
            Self::NotEqual => !is_same,
            Self::Less => numbers().is_some_and(|(left, right)| left < right),
            Self::LessOrEqual => numbers().is_some_and(|(left, right)| left <= right),
            Self::Greater => numbers().is_some_and(|(left, right)| left > right),
            Self::GreaterOrEqual => numbers().is_some_and(|(left, right)| left >= right),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_number_of_the_scale_or_one_of_the_words() {
        let scale = SurveyAnswers::Scale { least: 0, most: 10 };
        for (answer, expected) in [("0", true), ("10", true), ("11", false), ("Timeout", false), ("", false)]
        {
            assert_eq!(scale.includes(answer), expected, "{answer}");
        }
        assert!(!scale.includes("+5") && !scale.includes("*"));
        let words = SurveyAnswers::Words(BTreeMap::from([(1, "yes".to_owned()), (2, "no".to_owned())]));
        assert!(words.includes("yes") && !words.includes("1"));
    }

    #[test]
    fn an_alert_waits_for_the_answers_that_it_needs() {
        let compare = |question: &str, relation, value: &str| AnswerCondition::Compare {
            question: question.to_owned(),
            relation,
            value: value.to_owned(),
        };
        let condition = AnswerCondition::All(vec![
            compare("rating", AnswerRelation::LessOrEqual, "2"),
            compare("reason", AnswerRelation::NotEqual, "price"),
        ]);
        let mut answers = BTreeMap::from([("rating".to_owned(), "2".to_owned())]);
        assert!(!condition.holds(&answers));
        let _ = answers.insert("reason".to_owned(), "service".to_owned());
        assert!(condition.holds(&answers));
    }
}
