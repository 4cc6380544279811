//! Questions and branches of the flow that asks.
//!
//! A scale keeps what is typed and compares it; choices decide by one key. Silence on a scale is not an error of the
//! action: what was typed is then the word `Timeout`.

use sluice_contract::survey::Progress;

use super::{
    actions::menu,
    asking::Asking,
    flow::{
        ActionKind, Comparison, CustomValidation, DtmfConfiguration, ErrorType, Flag, Input, InputValidation,
        LoopCount, Message, Operator, Transitions,
    },
    inbound::key_text,
    lane::{self, WAIT_SECONDS},
    name::ActionId,
};
use crate::{
    model::survey::{Answers, Condition, Key, Prompt, Question, Relation, Step},
    source::Span,
};

const TYPED: &str = "$.StoredCustomerInput";
/// What is typed when nothing is.
const NOTHING_TYPED: &str = "Timeout";
/// Up to so many numbers are compared one by one, so that `05` is not 5.
const MOST_EQUALS: usize = 11;

impl Asking<'_, '_> {
    /// The steps, one after the other: where they begin.
    pub(super) fn steps(&mut self, steps: &[Step], next: &ActionId) -> ActionId {
        // Identifiers are given in the order that callers meet what they are for.
        let entries: Vec<Vec<ActionId>> = steps.iter().map(|it| self.entries(it)).collect();
        for (index, (step, ids)) in steps.iter().zip(&entries).enumerate() {
            let next = entries.get(index + 1).and_then(|it| it.first()).unwrap_or(next);
            match (step, ids.first()) {
                (Step::Ask(question), Some(id)) => self.ask(question, id, next),
                (Step::When(branch), Some(_)) => {
                    let inside = self.steps(&branch.steps, next);
                    self.decide(&branch.condition, branch.span, ids, &inside, next);
                }
                (_, None) => {}
            }
        }
        entries.first().and_then(|it| it.first()).unwrap_or(next).clone()
    }

    fn entries(&mut self, step: &Step) -> Vec<ActionId> {
        match step {
            Step::Ask(question) => vec![self.id(&format!("Ask {}", question.name))],
            Step::When(branch) => {
                let comparisons = branch.condition.comparisons();
                comparisons
                    .iter()
                    .map(|(name, relation, number)| {
                        let value = self.lane.survey.attribute_value(name, *number);
                        self.id(&format!("If {name} {} {value}", said(*relation)))
                    })
                    .collect()
            }
        }
    }

    fn ask(&mut self, question: &Question, ask: &ActionId, next: &ActionId) {
        let words = self.lane.question(question);
        let name = &question.name;
        let save = self.id(&format!("Save {name}"));
        self.save(&save, question.span, Progress::Answered, Some(name), next);
        let (invalid, silent) = (self.ends.invalid.clone(), self.ends.silent.clone());
        let wrong = self.again("wrong", question, question.retries, words.invalid.as_ref(), ask, &invalid);
        let silence =
            self.again("silence", question, question.silence_retries, words.silence.as_ref(), ask, &silent);
        let text = lane::text(&words.prompt);
        match &question.answers {
            Answers::Scale { .. } => self.scale(question, text, ask, [&save, &wrong, &silence]),
            Answers::Choices(_) | Answers::YesNo => {
                self.choices(question, text, ask, [&save, &wrong, &silence]);
            }
        }
    }

    fn scale(&mut self, question: &Question, text: String, ask: &ActionId, to: [&ActionId; 3]) {
        let [save, wrong, silence] = to;
        let name = &question.name;
        let [check, keep] = ["Check", "Keep"].map(|it| self.id(&format!("{it} {name}")));
        let failed = self.ends.failed.clone();
        let digits = question.answers.digits();
        // A star that declines must not forget what was typed.
        let disable_cancel_key = if question.decline == Some(Key::Star) { Flag::True } else { Flag::False };
        let kind = ActionKind::GetParticipantInput(Input {
            message: Message::Text(text),
            store_input: Flag::True,
            input_time_limit_seconds: WAIT_SECONDS.to_owned(),
            input_validation: Some(InputValidation::CustomValidation(CustomValidation {
                maximum_length: digits.to_string(),
            })),
            dtmf_configuration: Some(DtmfConfiguration {
                disable_cancel_key,
                input_termination_sequence: (digits > 1).then(|| "#".to_owned()),
            }),
        });
        self.draft.add(ask, question.span, kind, Transitions::to(&check).on_any_error(&failed));
        let mut transitions = Transitions::to(wrong)
            .on_error(ErrorType::NoMatchingCondition, wrong)
            .on_equal(NOTHING_TYPED, silence);
        if let Some(key) = question.decline {
            transitions = transitions.on_equal(key_text(key), &self.ends.declined);
        }
        let numbers = question.answers.numbers();
        if numbers.len() <= MOST_EQUALS {
            for number in numbers {
                transitions = transitions.on_equal(number.to_string(), &keep);
            }
        } else if let (Some(least), Some(most)) = (numbers.first(), numbers.last()) {
            transitions = transitions
                .on(Operator::NumberLessThan, least.to_string(), wrong)
                .on(Operator::NumberGreaterThan, most.to_string(), wrong)
                .on(Operator::NumberGreaterOrEqualTo, least.to_string(), &keep);
        }
        let kind = ActionKind::Compare(Comparison { comparison_value: TYPED.to_owned() });
        self.draft.add(&check, question.span, kind, transitions);
        self.draft.set(&keep, question.span, &[(name, TYPED)], save, &failed);
    }

    fn choices(&mut self, question: &Question, text: String, ask: &ActionId, to: [&ActionId; 3]) {
        let [save, wrong, silence] = to;
        let name = &question.name;
        let failed = self.ends.failed.clone();
        let mut transitions = Transitions::to(wrong)
            .on_error(ErrorType::InputTimeLimitExceeded, silence)
            .on_error(ErrorType::NoMatchingCondition, wrong)
            .on_any_error(&failed);
        for (word, key) in question.answers.words() {
            let keep = self.id(&format!("Keep {name} {word}"));
            self.draft.set(&keep, question.span, &[(name, word)], save, &failed);
            transitions = transitions.on_equal(key.to_string(), &keep);
        }
        if let Some(key) = question.decline {
            transitions = transitions.on_equal(key_text(key), &self.ends.declined);
        }
        self.draft.add(ask, question.span, menu(text), transitions);
    }

    /// Asks again, so many times; then to the end.
    fn again(
        &mut self,
        what: &str,
        question: &Question,
        times: u32,
        prompt: Option<&Prompt>,
        ask: &ActionId,
        end: &ActionId,
    ) -> ActionId {
        if times == 0 {
            return end.clone();
        }
        let count = self.id(&format!("Count {what} {}", question.name));
        let again = match prompt {
            None => ask.clone(),
            Some(prompt) => {
                let id = self.id(&format!("Tell {what} {}", question.name));
                self.draft.say(&id, question.span, prompt, ask);
                id
            }
        };
        let kind = ActionKind::Loop(LoopCount { loop_count: times.to_string() });
        let transitions =
            Transitions::to(end).on_equal("ContinueLooping", &again).on_equal("DoneLooping", end);
        self.draft.add(&count, question.span, kind, transitions);
        count
    }

    /// To `yes` where the condition holds and to `no` where it does not; one identifier for each comparison.
    fn decide(&mut self, condition: &Condition, span: Span, ids: &[ActionId], yes: &ActionId, no: &ActionId) {
        match condition {
            Condition::Comparison { question, relation, number } => {
                if let Some(id) = ids.first() {
                    let transitions = self.comparison(question, *relation, *number, yes, no);
                    let kind =
                        ActionKind::Compare(Comparison { comparison_value: lane::attribute(question) });
                    self.draft.add(id, span, kind, transitions);
                }
            }
            Condition::All(parts) | Condition::Any(parts) => {
                let is_all = matches!(condition, Condition::All(_));
                let mut rest = ids;
                for part in parts {
                    let (own, others) =
                        rest.split_at_checked(part.comparisons().len()).unwrap_or((rest, &[]));
                    let further = others.first();
                    let (yes, no) =
                        if is_all { (further.unwrap_or(yes), no) } else { (yes, further.unwrap_or(no)) };
                    self.decide(part, span, own, yes, no);
                    rest = others;
                }
            }
        }
    }

    fn comparison(
        &self,
        question: &str,
        relation: Relation,
        number: u32,
        yes: &ActionId,
        no: &ActionId,
    ) -> Transitions {
        let value = self.lane.survey.attribute_value(question, number);
        let otherwise = |it: &ActionId| Transitions::to(it).on_error(ErrorType::NoMatchingCondition, it);
        let is_wide = self.lane.survey.questions().into_iter().any(|it| {
            it.name == question && it.answers.words().is_empty() && it.answers.numbers().len() > MOST_EQUALS
        });
        let (operator, yes, no) = match relation {
            Relation::Equal | Relation::NotEqual => {
                let (same, other) = if relation == Relation::Equal { (yes, no) } else { (no, yes) };
                if is_wide {
                    return otherwise(same).on(Operator::NumberLessThan, value.clone(), other).on(
                        Operator::NumberGreaterThan,
                        value,
                        other,
                    );
                }
                (Operator::Equals, same, other)
            }
            Relation::Less => (Operator::NumberLessThan, yes, no),
            Relation::LessOrEqual => (Operator::NumberLessOrEqualTo, yes, no),
            Relation::Greater => (Operator::NumberGreaterThan, yes, no),
            Relation::GreaterOrEqual => (Operator::NumberGreaterOrEqualTo, yes, no),
        };
        otherwise(no).on(operator, value, yes)
    }
}

fn said(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "is",
        Relation::NotEqual => "is not",
        Relation::Less => "is below",
        Relation::LessOrEqual => "is at most",
        Relation::Greater => "is above",
        Relation::GreaterOrEqual => "is at least",
    }
}
