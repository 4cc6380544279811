//! What must hold between the states of a machine: every target is in the same scope, every name is used once,
//! and a variable is assigned in the scope that it belongs to.
//!
//! INVARIANT: after these checks a running branch always finds its next state.

use std::collections::BTreeSet;

use super::{Effects, Machine, MachineError, Recovery, State, States, Transition};
use crate::engine::template::escaped;

pub(super) fn states(machine: &Machine) -> Result<(), MachineError> {
    scope(&machine.states, &mut BTreeSet::new(), &BTreeSet::new())
}

fn scope<'a>(
    states: &'a States,
    names: &mut BTreeSet<&'a str>,
    outer: &BTreeSet<&'a str>,
) -> Result<(), MachineError> {
    target(states, &states.start_at, || format!("{}/StartAt", states.at))?;
    for (name, state) in &states.by_name {
        if !names.insert(name) {
            return Err(MachineError::DuplicateState { at: place(states, name), name: name.clone() });
        }
        for (below, next) in targets(state) {
            target(states, next, || format!("{}{below}", place(states, name)))?;
        }
        for variable in assigned(state) {
            if outer.contains(variable) {
                let at = format!("{}/Assign", place(states, name));
                return Err(MachineError::OuterVariable { at, name: variable.to_owned() });
            }
        }
    }
    let mut readable = outer.clone();
    readable.extend(states.by_name.values().flat_map(assigned));
    states.by_name.values().flat_map(inner).try_for_each(|inner| scope(inner, names, &readable))
}

fn target(states: &States, target: &str, at: impl FnOnce() -> String) -> Result<(), MachineError> {
    if states.by_name.contains_key(target) {
        Ok(())
    } else {
        Err(MachineError::NoSuchState { at: at(), target: target.to_owned() })
    }
}

fn place(states: &States, name: &str) -> String {
    format!("{}/States/{}", states.at, escaped(name))
}

/// Where a state can go, with the place of saying so below the state.
fn targets(state: &State) -> Vec<(String, &str)> {
    match state {
        State::Task(task) => next(&task.transition).chain(caught(&task.recovery)).collect(),
        State::Parallel(parallel) => next(&parallel.transition).chain(caught(&parallel.recovery)).collect(),
        State::Map(map) => next(&map.transition).chain(caught(&map.recovery)).collect(),
        State::Pass(pass) => next(&pass.transition).collect(),
        State::Wait(wait) => next(&wait.transition).collect(),
        State::Choice(choice) => {
            let rules = choice.rules.iter().enumerate();
            rules
                .map(|(index, rule)| (format!("/Choices/{index}/Next"), rule.next.as_str()))
                .chain(choice.default.iter().map(|next| ("/Default".to_owned(), next.as_str())))
                .collect()
        }
        State::Succeed(_) | State::Fail(_) => Vec::new(),
    }
}

fn next(transition: &Transition) -> impl Iterator<Item = (String, &str)> {
    match transition {
        Transition::Next(next) => Some(("/Next".to_owned(), next.as_str())),
        Transition::End => None,
    }
    .into_iter()
}

fn caught(recovery: &Recovery) -> impl Iterator<Item = (String, &str)> {
    let catchers = recovery.catchers.iter().enumerate();
    catchers.map(|(index, catcher)| (format!("/Catch/{index}/Next"), catcher.next.as_str()))
}

/// The variables that a state assigns, in whichever way it is left.
fn assigned(state: &State) -> Vec<&str> {
    match state {
        State::Task(task) => with_caught(&task.effects, &task.recovery),
        State::Parallel(parallel) => with_caught(&parallel.effects, &parallel.recovery),
        State::Map(map) => with_caught(&map.effects, &map.recovery),
        State::Pass(pass) => variables(&pass.effects).collect(),
        State::Wait(wait) => variables(&wait.effects).collect(),
        State::Choice(choice) => variables(&choice.effects)
            .chain(choice.rules.iter().flat_map(|rule| variables(&rule.effects)))
            .collect(),
        State::Succeed(_) | State::Fail(_) => Vec::new(),
    }
}

fn with_caught<'a>(effects: &'a Effects, recovery: &'a Recovery) -> Vec<&'a str> {
    let catchers = recovery.catchers.iter();
    variables(effects).chain(catchers.flat_map(|catcher| variables(&catcher.effects))).collect()
}

fn variables(effects: &Effects) -> impl Iterator<Item = &str> {
    effects.assign.iter().map(|(name, _)| name.as_str())
}

fn inner(state: &State) -> Vec<&States> {
    match state {
        State::Parallel(parallel) => parallel.branches.iter().collect(),
        State::Map(map) => vec![&map.processor],
        State::Task(_)
        | State::Pass(_)
        | State::Choice(_)
        | State::Wait(_)
        | State::Succeed(_)
        | State::Fail(_) => Vec::new(),
    }
}
