//! Callers of all kinds, and what must be kept of what they press.

use std::{
    cell::RefCell,
    collections::{BTreeMap, VecDeque},
    convert::Infallible,
};

use sluice::{
    model::survey::{Answers, Question, Step, Survey},
    targets::connect::BuiltFlow,
    telephone::{
        Call, Caller, Clock, Contact, End, Event, Flow, Input, Kept, KeptAnswers, Pressed, Settings, play,
    },
};

use super::random::Bytes;

/// What a caller answers to one question.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) question: String,
    pressed: String,
    /// What is kept of it.
    pub(super) kept: String,
}

/// What is answered by chance, as far as the survey asks.
pub(super) fn expected(survey: &Survey, choices: &mut Bytes<'_>) -> Vec<Answer> {
    let mut pressed = BTreeMap::new();
    let mut answers = Vec::new();
    steps(survey, &survey.steps, choices, &mut pressed, &mut answers);
    answers
}

fn steps<'s>(
    survey: &Survey,
    steps: &'s [Step],
    choices: &mut Bytes<'_>,
    pressed: &mut BTreeMap<&'s str, u32>,
    answers: &mut Vec<Answer>,
) {
    for step in steps {
        match step {
            Step::Ask(question) => {
                let numbers = question.answers.numbers();
                let number = numbers[choices.below(numbers.len())];
                let _ = pressed.insert(&question.name, number);
                let kept = match &question.answers {
                    Answers::Scale { .. } => number.to_string(),
                    Answers::Choices(_) | Answers::YesNo => survey.attribute_value(&question.name, number),
                };
                answers.push(Answer { question: question.name.clone(), pressed: number.to_string(), kept });
            }
            Step::When(branch) if branch.condition.holds(pressed) => {
                self::steps(survey, &branch.steps, choices, pressed, answers);
            }
            Step::When(_) => {}
        }
    }
}

/// What happened in a call, and what is kept of it.
pub(super) struct Played {
    pub(super) events: Vec<Event>,
    pub(super) end: Option<End>,
    pub(super) kept: Vec<Kept>,
}

impl Played {
    /// The answers, and the last status.
    pub(super) fn saved(&self) -> (Vec<(String, String)>, &str) {
        match self.kept.as_slice() {
            [] => (Vec::new(), ""),
            [one] => (one.answers.clone(), &one.status),
            _ => panic!("several contacts"),
        }
    }

    /// What the caller heard and did, by question: an answer to each.
    pub(super) fn answered(&self, survey: &Survey) -> Vec<(String, String)> {
        let mut asked = None;
        let mut answers = Vec::new();
        for event in &self.events {
            if let Event::Asked { text, .. } = event {
                asked = Some(text.trim_end_matches('?'));
            } else if let Event::Pressed { keys, .. } = event {
                let question = survey.questions().into_iter().find(|it| Some(it.name.as_str()) == asked);
                let answer = question.and_then(|it| kept(survey, it, keys));
                answers.extend(answer.map(|it| (asked.unwrap_or_default().to_owned(), it)));
            }
        }
        answers
    }
}

/// What is to be kept of these keys; nothing where they are no answer.
fn kept(survey: &Survey, question: &Question, keys: &str) -> Option<String> {
    let typed: String = keys.trim_end_matches('#').chars().take(question.answers.digits()).collect();
    let number: u32 = typed.parse().ok().filter(|it: &u32| it.to_string() == typed)?;
    question.answers.numbers().contains(&number).then(|| match &question.answers {
        Answers::Scale { .. } => typed,
        Answers::Choices(_) | Answers::YesNo => survey.attribute_value(&question.name, number),
    })
}

struct AlwaysOpen;

impl Clock for AlwaysOpen {
    fn is_open(&self, _hours: Option<&str>) -> bool {
        true
    }
}

/// Plays the flow for the caller; `twice` as the service's retries would.
pub(super) fn played(built: &BuiltFlow, caller: &mut dyn Caller, twice: bool) -> Played {
    let flow = [Flow::parse(&serde_json::to_string(&built.flow).unwrap()).unwrap()];
    let contact = Contact::default();
    let given = built.given.iter().map(|it| (it.clone(), "given".to_owned()));
    let mut call = Call::new(&flow, &contact, given, &[]).unwrap();
    let settings = Settings { clock: &AlwaysOpen, twice, answered_by: "CallAnswered" };
    let mut functions = KeptAnswers::default();
    let events = RefCell::new(Vec::new());
    let mut tell = |event: &Event| {
        events.borrow_mut().push(event.clone());
        Ok::<(), Infallible>(())
    };
    let end = play(&mut call, caller, &mut functions, &settings, &mut tell).unwrap().unwrap();
    Played { events: events.into_inner(), end, kept: functions.all().cloned().collect() }
}

/// Answers each question as was decided before; what chooses a language is none.
pub(super) struct Knowing {
    left: VecDeque<String>,
}

impl Knowing {
    pub(super) fn new(answers: &[Answer], chooses_language: bool) -> Self {
        let first = chooses_language.then(|| "1".to_owned());
        let wide = |it: &Answer| format!("{}#", it.pressed);
        Self { left: first.into_iter().chain(answers.iter().map(wide)).collect() }
    }
}

impl Caller for Knowing {
    fn listens(&mut self) -> bool {
        true
    }

    fn presses(&mut self, _input: &Input) -> Option<Pressed> {
        self.left.pop_front().map(Pressed::Keys)
    }
}

/// Does the same whatever is asked.
pub(super) struct Always(pub(super) Pressed);

impl Caller for Always {
    fn listens(&mut self) -> bool {
        true
    }

    fn presses(&mut self, _input: &Input) -> Option<Pressed> {
        Some(self.0.clone())
    }
}

/// Does anything.
pub(super) struct Anybody<'b>(pub(super) Bytes<'b>);

impl Caller for Anybody<'_> {
    fn listens(&mut self) -> bool {
        self.0.below(30) > 0
    }

    fn presses(&mut self, _input: &Input) -> Option<Pressed> {
        Some(match self.0.below(20) {
            0 => Pressed::HangUp,
            1 | 2 => Pressed::Silence,
            3 => Pressed::Keys("*".to_owned()),
            4 => Pressed::Keys("#".to_owned()),
            _ => Pressed::Keys(format!("{}#", self.0.below(45))),
        })
    }
}
