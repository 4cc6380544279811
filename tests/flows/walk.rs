//! Walks through a flow as a caller would; what survey it is of is not asked.

use std::collections::BTreeMap;

use sluice::{
    model::survey::{Answers, Step, Survey},
    targets::connect::flow::{Action, ActionKind, ErrorType, Flag, Flow, Message, Operator},
};

use super::random::Bytes;

/// What a caller answers to one question.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) question: String,
    /// What is said; it is the question's name and a question mark.
    said: String,
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
                answers.push(Answer {
                    question: question.name.clone(),
                    said: format!("{}?", question.name),
                    pressed: number.to_string(),
                    kept,
                });
            }
            Step::When(branch) if branch.condition.holds(pressed) => {
                self::steps(survey, &branch.steps, choices, pressed, answers);
            }
            Step::When(_) => {}
        }
    }
}

/// A caller in a flow.
pub(super) struct Walker<'f> {
    flow: &'f Flow,
    answers: Vec<Answer>,
    /// What is pressed whatever is asked.
    always: Option<String>,
    pub(super) attributes: BTreeMap<String, String>,
    typed: String,
    loops: BTreeMap<String, u32>,
    /// How often something was asked.
    pub(super) asked: usize,
    /// Status, and question and answer, of each call of the function.
    pub(super) saved: Vec<(String, Option<(String, String)>)>,
}

impl<'f> Walker<'f> {
    pub(super) fn new(flow: &'f Flow, answers: Vec<Answer>) -> Self {
        Self {
            flow,
            answers,
            always: None,
            attributes: BTreeMap::new(),
            typed: String::new(),
            loops: BTreeMap::new(),
            asked: 0,
            saved: Vec::new(),
        }
    }

    pub(super) fn always(flow: &'f Flow, pressed: &str) -> Self {
        Self { always: Some(pressed.to_owned()), ..Self::new(flow, Vec::new()) }
    }

    /// To the end of the flow.
    pub(super) fn walk(&mut self) {
        let mut id = &self.flow.start_action;
        for _ in 0..1000 {
            let action = self.flow.action(id).unwrap();
            let result = self.visit(action);
            match next(action, result.as_deref()) {
                Some(next) => id = next,
                None => return,
            }
        }
        panic!("it does not end");
    }

    fn visit(&mut self, action: &Action) -> Option<String> {
        match &action.kind {
            ActionKind::UpdateContactAttributes(it) => {
                for (name, value) in &it.attributes {
                    let value = self.value(value);
                    drop(self.attributes.insert(name.clone(), value));
                }
                None
            }
            ActionKind::GetParticipantInput(it) => {
                let Message::Text(said) = &it.message else { panic!("no words") };
                self.asked += 1;
                let found = self.answers.iter().find(|answer| answer.said == *said);
                let pressed = match &self.always {
                    Some(pressed) => pressed.clone(),
                    // What chooses a language is no question of the survey.
                    None => found.map_or_else(|| "1".to_owned(), |it| it.pressed.clone()),
                };
                if it.store_input == Flag::True {
                    self.typed = pressed;
                    return None;
                }
                Some(pressed)
            }
            ActionKind::Compare(it) => Some(self.value(&it.comparison_value)),
            ActionKind::Loop(it) => {
                let most: u32 = it.loop_count.parse().unwrap();
                let count = self.loops.entry(action.identifier.to_string()).or_default();
                *count = if *count == most { 0 } else { *count + 1 };
                Some(if *count == 0 { "DoneLooping" } else { "ContinueLooping" }.to_owned())
            }
            ActionKind::CheckOutboundCallStatus(_) => Some("CallAnswered".to_owned()),
            ActionKind::InvokeLambdaFunction(it) => {
                let given = &it.lambda_invocation_attributes;
                let value = |name: &str| given.get(name).map(|it| self.value(it));
                let saved = (value("status").unwrap(), value("question").zip(value("answer")));
                self.saved.push(saved);
                None
            }
            ActionKind::MessageParticipant(_)
            | ActionKind::MessageParticipantIteratively(_)
            | ActionKind::DisconnectParticipant(_)
            | ActionKind::EndFlowExecution(_)
            | ActionKind::UpdateContactTargetQueue(_)
            | ActionKind::TransferContactToQueue(_)
            | ActionKind::UpdateContactTextToSpeechVoice(_)
            | ActionKind::UpdateContactEventHooks(_)
            | ActionKind::CheckHoursOfOperation(_)
            | ActionKind::Other(_) => None,
        }
    }

    fn value(&self, text: &str) -> String {
        if text == "$.StoredCustomerInput" {
            return self.typed.clone();
        }
        match text.strip_prefix("$.Attributes.") {
            Some(name) => self.attributes.get(name).cloned().unwrap_or_default(),
            None => text.to_owned(),
        }
    }
}

/// Where the result leads: the first condition that is true, else the branch of no condition, else on.
fn next<'f>(action: &'f Action, result: Option<&str>) -> Option<&'f sluice::targets::connect::ActionId> {
    let transitions = &action.transitions;
    let Some(result) = result else { return transitions.next_action.as_ref() };
    let holds = |operator: Operator, operand: &str| {
        let numbers = || Some((result.parse::<u32>().ok()?, operand.parse::<u32>().ok()?));
        let compare = |by: fn(u32, u32) -> bool| numbers().is_some_and(|(left, right)| by(left, right));
        match operator {
            Operator::Equals => result == operand,
            Operator::NumberLessThan => compare(|left, right| left < right),
            Operator::NumberLessOrEqualTo => compare(|left, right| left <= right),
            Operator::NumberGreaterThan => compare(|left, right| left > right),
            Operator::NumberGreaterOrEqualTo => compare(|left, right| left >= right),
            Operator::TextStartsWith => result.starts_with(operand),
            Operator::TextEndsWith => result.ends_with(operand),
            Operator::TextContains => result.contains(operand),
        }
    };
    let condition =
        transitions.conditions.iter().find(|it| holds(it.condition.operator, &it.condition.operands[0]));
    let otherwise = transitions.errors.iter().find(|it| it.error_type == ErrorType::NoMatchingCondition);
    condition
        .map(|it| &it.next_action)
        .or(otherwise.map(|it| &it.next_action))
        .or(transitions.next_action.as_ref())
}
