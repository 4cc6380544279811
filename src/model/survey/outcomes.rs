//! Whether a condition can hold at all: it is tried with every answer that makes a difference.

use std::collections::BTreeMap;

use super::shape::{Answers, Condition};

/// So many combinations of answers are tried; beyond them nothing is said.
const MOST: usize = 100_000;

/// What became of a condition where others hold.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outcomes {
    /// Some answers make it true.
    pub(super) holds: bool,
    /// Some answers make it false.
    pub(super) fails: bool,
}

/// Tries the condition with all answers for which the given ones hold; none where they are too many.
pub(super) fn outcomes(
    answers: &BTreeMap<String, Answers>,
    given: &[&Condition],
    condition: &Condition,
) -> Option<Outcomes> {
    let all: Vec<&Condition> = given.iter().copied().chain([condition]).collect();
    let mut domains: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (question, ..) in all.iter().flat_map(|it| it.comparisons()) {
        if !domains.contains_key(question) {
            let _ = domains.insert(question, distinct(answers.get(question)?, question, &all));
        }
    }
    let combinations = domains.values().try_fold(1_usize, |product, it| product.checked_mul(it.len()))?;
    if combinations > MOST {
        return None;
    }
    let domains: Vec<(&str, Vec<u32>)> = domains.into_iter().collect();
    let mut outcomes = Outcomes::default();
    each(&domains, &mut BTreeMap::new(), &mut |pressed| {
        if given.iter().all(|it| it.holds(pressed)) {
            let holds = condition.holds(pressed);
            outcomes.holds |= holds;
            outcomes.fails |= !holds;
        }
    });
    Some(outcomes)
}

/// The answers to a question that some comparison tells apart.
fn distinct(answers: &Answers, question: &str, conditions: &[&Condition]) -> Vec<u32> {
    let comparisons: Vec<_> = conditions
        .iter()
        .flat_map(|it| it.comparisons())
        .filter(|(compared, ..)| *compared == question)
        .collect();
    let mut seen: BTreeMap<Vec<bool>, u32> = BTreeMap::new();
    for number in answers.numbers() {
        let outcome = comparisons.iter().map(|(_, relation, other)| relation.holds(number, *other));
        let _ = seen.entry(outcome.collect()).or_insert(number);
    }
    seen.into_values().collect()
}

fn each<'a>(
    domains: &[(&'a str, Vec<u32>)],
    pressed: &mut BTreeMap<&'a str, u32>,
    visit: &mut dyn FnMut(&BTreeMap<&str, u32>),
) {
    let Some(((question, numbers), rest)) = domains.split_first() else {
        visit(pressed);
        return;
    };
    for number in numbers {
        let _ = pressed.insert(question, *number);
        each(rest, pressed, visit);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::syntax::ast::Relation;

    fn condition() -> impl Strategy<Value = Condition> {
        let relations = prop::sample::select(vec![
            Relation::Equal,
            Relation::NotEqual,
            Relation::Less,
            Relation::LessOrEqual,
            Relation::Greater,
            Relation::GreaterOrEqual,
        ]);
        let comparison = (prop::sample::select(vec!["a", "b"]), relations, 0..7_u32).prop_map(
            |(question, relation, number)| Condition::Comparison {
                question: question.to_owned(),
                relation,
                number,
            },
        );
        comparison.prop_recursive(3, 12, 3, |inner| {
            let parts = prop::collection::vec(inner, 2..4);
            prop_oneof![parts.clone().prop_map(Condition::All), parts.prop_map(Condition::Any)]
        })
    }

    proptest! {
        #[test]
        fn it_is_as_if_every_answer_were_tried(given in condition(), condition in condition()) {
            let scale = Answers::Scale { least: 1, most: 5 };
            let answers = BTreeMap::from([("a".to_owned(), scale.clone()), ("b".to_owned(), scale)]);
            let mut tried = Outcomes::default();
            for (a, b) in (1..=5).flat_map(|a| (1..=5).map(move |b| (a, b))) {
                let pressed = BTreeMap::from([("a", a), ("b", b)]);
                if given.holds(&pressed) {
                    tried.holds |= condition.holds(&pressed);
                    tried.fails |= !condition.holds(&pressed);
                }
            }
            prop_assert_eq!(outcomes(&answers, &[&given], &condition), Some(tried));
        }
    }
}
