//! What is worth trying: of all that callers, functions and contacts may bring, one of each kind that matters.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{
    flow::{Action, Flow},
    input::{Input, Takes},
    references::paths,
};

/// More combinations of attributes that are there before are not looked at.
const MOST_STARTS: usize = 64;

/// What is worth trying: whatever anything is compared with, and its neighbours.
pub(super) struct Classes {
    typed: BTreeSet<String>,
    /// What functions may answer.
    pub(super) answers: Vec<Value>,
}

impl Classes {
    pub(super) fn of(flows: &[Flow]) -> Self {
        let mut typed = BTreeSet::new();
        let mut answers = vec![Value::Object(Map::new())];
        for action in compares(flows) {
            let external = action
                .text("ComparisonValue")
                .and_then(|it| it.strip_prefix("$.External.").map(str::to_owned));
            for condition in &action.conditions {
                let values = if condition.operator == "Equals" {
                    vec![condition.operand.clone()]
                } else {
                    around(&condition.operand)
                };
                if let Some(name) = &external {
                    let answer =
                        |it: String| Value::Object([(name.clone(), Value::String(it))].into_iter().collect());
                    answers.extend(values.into_iter().map(answer));
                } else {
                    typed.extend(values.into_iter().filter(|it| is_keys(it)));
                }
            }
        }
        Self { typed, answers }
    }

    /// What a caller may press.
    pub(super) fn keys(&self, input: &Input, action: Option<&Action>) -> Vec<String> {
        match &input.takes {
            Takes::One => {
                let conditions = action.map(|it| it.conditions.as_slice()).unwrap_or_default();
                let known: Vec<String> = conditions.iter().map(|it| it.operand.clone()).collect();
                let other = "0123456789*#".chars().map(String::from).find(|it| !known.contains(it));
                known.into_iter().chain(other).collect()
            }
            Takes::Many { most, end, cancels, number } => {
                let fits = |it: &&String| it.chars().count() <= *most && !(*cancels && it.contains('*'));
                let mut all: BTreeSet<String> = self.typed.iter().filter(fits).cloned().collect();
                let others = (0..100).rev().map(|it| it.to_string());
                all.extend(others.filter(|it| it.len() <= *most).find(|it| !self.typed.contains(it)));
                all.extend(number.then(|| "5555550100".to_owned()));
                let ended = |it: String| if it.chars().count() < *most { format!("{it}{end}") } else { it };
                let mut all: Vec<String> = all.into_iter().map(ended).collect();
                all.extend(["*".to_owned(), end.clone()]);
                all.sort();
                all.dedup();
                all
            }
        }
    }
}

fn compares(flows: &[Flow]) -> impl Iterator<Item = &Action> {
    flows.iter().flat_map(|it| it.actions.values()).filter(|it| it.kind == "Compare")
}

/// The value, and the numbers beside it.
pub(super) fn around(text: &str) -> Vec<String> {
    let mut all = vec![text.to_owned()];
    if let Ok(number) = text.parse::<u32>() {
        all.extend(number.checked_sub(1).map(|it| it.to_string()));
        all.extend(number.checked_add(1).map(|it| it.to_string()));
    }
    all
}

fn is_keys(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_ascii_digit() || matches!(it, '*' | '#'))
}

/// Attributes that the flows set themselves and hand to a function.
pub(super) fn handed_on(flows: &[Flow]) -> BTreeSet<String> {
    let of = |types: &'static str| {
        flows.iter().flat_map(|it| it.actions.values()).filter(move |it| it.kind == types)
    };
    let set: BTreeSet<String> = of("UpdateContactAttributes")
        .flat_map(|it| it.texts("Attributes").into_iter().map(|(name, _)| name))
        .collect();
    of("InvokeLambdaFunction")
        .flat_map(|it| it.texts("LambdaInvocationAttributes"))
        .flat_map(|(_, value)| paths(&value))
        .filter_map(|it| it.strip_prefix("Attributes.").map(str::to_owned))
        .filter(|it| set.contains(it))
        .collect()
}

/// What may be set before the flow begins: of an attribute that decides something, everything that it can decide.
pub(super) fn starts(flows: &[Flow], given: &BTreeMap<String, String>) -> Vec<BTreeMap<String, String>> {
    let set: BTreeSet<String> = flows
        .iter()
        .flat_map(|it| it.actions.values())
        .flat_map(|it| it.texts("Attributes").into_iter().map(|(name, _)| name))
        .collect();
    let mut classes: BTreeMap<String, BTreeSet<Option<String>>> = BTreeMap::new();
    for action in compares(flows) {
        let Some(path) = action.text("ComparisonValue") else { continue };
        let Some(name) =
            paths(&path).first().and_then(|it| it.strip_prefix("Attributes.").map(str::to_owned))
        else {
            continue;
        };
        if !given.contains_key(&name) && set.contains(&name) {
            continue;
        }
        let values = classes.entry(name.clone()).or_default();
        let _ = values.insert(given.get(&name).cloned());
        values.extend(action.conditions.iter().flat_map(|it| around(&it.operand)).map(Some));
    }
    let mut starts = vec![given.clone()];
    for (name, values) in classes {
        let mut more = Vec::new();
        for value in &values {
            for start in &starts {
                let mut start = start.clone();
                let _ = match value {
                    Some(value) => start.insert(name.clone(), value.clone()),
                    None => start.remove(&name),
                };
                more.push(start);
            }
        }
        more.truncate(MOST_STARTS);
        starts = more;
    }
    starts
}
