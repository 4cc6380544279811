//! What a checked survey is: every name resolved, every default put in.

use std::collections::BTreeMap;

pub use super::said::{Choose, Chosen, Engine, Prompt, PromptPart, QuestionWords, Voice, Words};
use crate::source::Span;
pub use crate::syntax::ast::{Mode, Relation};

/// What callers are asked by telephone.
#[derive(Debug, Clone)]
pub struct Survey {
    /// `satisfaction`.
    pub name: String,
    /// Its name in the declaration.
    pub span: Span,
    /// What its file calls it, or its name.
    pub title: String,
    /// How callers come to it.
    pub mode: Mode,
    /// What is said beside the questions; offered, but in the mode `external`.
    pub words: Words,
    /// The same in other languages.
    pub translations: Vec<Words>,
    /// How callers get to their language, where there are several.
    pub choose: Option<Chosen>,
    /// What those press who do not want to be asked.
    pub offer_decline: Option<Key>,
    /// The queue that they are put into, and called from.
    pub queue: Named,
    /// The hours of operation in which it is offered; always, where there are none.
    pub hours: Option<Named>,
    /// How they are called back; none in the mode `post_call`.
    pub calls: Option<Calls>,
    /// One after the other. A question that stays without an answer ends the survey, so what stands behind it
    /// can rely on its answer.
    pub steps: Vec<Step>,
    /// Whom certain answers are told.
    pub alerts: Vec<Alert>,
    /// The names that answers are kept under, by question; one without keeps its own.
    pub stored_as: BTreeMap<String, String>,
}

/// Something in the telephone system.
#[derive(Debug, Clone)]
pub struct Named {
    /// As its people call it.
    pub name: String,
    /// Where it is named.
    pub span: Span,
}

/// How people are called.
#[derive(Debug, Clone)]
pub struct Calls {
    /// When.
    pub window: Window,
    /// How often one person is; none is no limit.
    pub limit: Option<CallLimit>,
    /// How long after the contact.
    pub delay_seconds: u32,
    /// How often a call that nobody takes is tried: the first attempt counted.
    pub attempts: u32,
    /// The time between two attempts.
    pub between_attempts_seconds: u32,
    /// How long it rings.
    pub ring_seconds: u32,
    /// What is done about answering machines; none does not look for them.
    pub machine: Option<Machine>,
}

/// From one time of day up to another, in minutes since midnight; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// From this minute on.
    pub from: u32,
    /// Up to this minute.
    pub to: u32,
    /// An IANA time zone; the caller's own where there is none.
    pub zone: Option<String>,
}

/// Not more than so many calls in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallLimit {
    /// At least one.
    pub calls: u32,
    /// In so long.
    pub each_seconds: u32,
}

/// What is done when an answering machine takes the call.
#[derive(Debug, Clone)]
pub enum Machine {
    /// Nothing is said.
    HangUp,
    /// This is.
    Leave(Prompt),
}

/// What is done on the telephone.
#[derive(Debug, Clone)]
pub enum Step {
    /// A question.
    Ask(Question),
    /// Steps for certain answers only.
    When(Branch),
}

/// Steps for certain answers only.
#[derive(Debug, Clone)]
pub struct Branch {
    /// The word `when`.
    pub span: Span,
    /// For which.
    pub condition: Condition,
    /// In order.
    pub steps: Vec<Step>,
}

/// A question.
#[derive(Debug, Clone)]
pub struct Question {
    /// What its answer is called.
    pub name: String,
    /// Its name in the declaration.
    pub span: Span,
    /// What is said.
    pub words: QuestionWords,
    /// The same in each of the survey's translations.
    pub translations: Vec<QuestionWords>,
    /// What can be pressed.
    pub answers: Answers,
    /// How often it is asked again after a key that is no answer.
    pub retries: u32,
    /// How often it is asked again when no key is pressed.
    pub silence_retries: u32,
    /// What those press who do not want to answer.
    pub decline: Option<Key>,
}

/// A key beside the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// `0` to `9`
    Digit(u32),
    /// `*`
    Star,
}

/// What can be pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answers {
    /// A number of one or two digits.
    Scale {
        /// From this one.
        least: u32,
        /// To this one.
        most: u32,
    },
    /// One key of these.
    Choices(Vec<Choice>),
    /// 1 is yes and 2 is no.
    YesNo,
}

/// A key and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// One digit.
    pub key: u32,
    /// `price`.
    pub answer: String,
}

/// The keys of `yes_no`.
pub(super) const YES_NO: [(&str, u32); 2] = [("yes", 1), ("no", 2)];

impl Answers {
    /// Every number that can be pressed.
    pub fn numbers(&self) -> Vec<u32> {
        match self {
            Self::Scale { least, most } => (*least..=*most).collect(),
            Self::Choices(choices) => choices.iter().map(|it| it.key).collect(),
            Self::YesNo => YES_NO.iter().map(|(_, key)| *key).collect(),
        }
    }

    /// The words that stand for keys; none on a scale.
    pub fn words(&self) -> Vec<(&str, u32)> {
        match self {
            Self::Scale { .. } => Vec::new(),
            Self::Choices(choices) => choices.iter().map(|it| (it.answer.as_str(), it.key)).collect(),
            Self::YesNo => YES_NO.to_vec(),
        }
    }

    /// How many digits the longest has.
    pub fn digits(&self) -> usize {
        if self.numbers().iter().any(|it| *it > 9) { 2 } else { 1 }
    }
}

/// What answers are held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// One answer against one number.
    Comparison {
        /// Whose answer.
        question: String,
        /// How.
        relation: Relation,
        /// What would be pressed for it.
        number: u32,
    },
    /// All of them hold.
    All(Vec<Condition>),
    /// One of them holds.
    Any(Vec<Condition>),
}

impl Condition {
    /// Whether it holds for these answers; a comparison with an answer that is not there does not.
    pub fn holds(&self, answers: &BTreeMap<&str, u32>) -> bool {
        match self {
            Self::Comparison { question, relation, number } => {
                answers.get(question.as_str()).is_some_and(|it| relation.holds(*it, *number))
            }
            Self::All(parts) => parts.iter().all(|it| it.holds(answers)),
            Self::Any(parts) => parts.iter().any(|it| it.holds(answers)),
        }
    }

    /// Each of its comparisons: the question, how, and the number.
    pub fn comparisons(&self) -> Vec<(&str, Relation, u32)> {
        match self {
            Self::Comparison { question, relation, number } => vec![(question, *relation, *number)],
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::comparisons).collect(),
        }
    }
}

/// Whom certain answers are told.
#[derive(Debug, Clone)]
pub struct Alert {
    /// The channel.
    pub channel: String,
    /// Of what. A question of it need not have been asked.
    pub condition: Condition,
}

impl Survey {
    /// Every question, in written order.
    pub fn questions(&self) -> Vec<&Question> {
        questions_of(&self.steps)
    }

    /// What is kept of a question when that is pressed: a word where there is one, and a number otherwise.
    pub fn attribute_value(&self, question: &str, pressed: u32) -> String {
        let questions = self.questions();
        let words = questions.iter().find(|it| it.name == question).map(|it| it.answers.words());
        let word = words.and_then(|it| it.into_iter().find(|(_, key)| *key == pressed));
        word.map_or_else(|| pressed.to_string(), |(word, _)| word.to_owned())
    }
}

fn questions_of(steps: &[Step]) -> Vec<&Question> {
    let mut questions = Vec::new();
    for step in steps {
        match step {
            Step::Ask(question) => questions.push(question),
            Step::When(branch) => questions.extend(questions_of(&branch.steps)),
        }
    }
    questions
}
