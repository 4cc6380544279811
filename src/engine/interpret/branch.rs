//! A branch: one line of states with variables of its own. The execution is one, so is each branch of a Parallel
//! and each iteration of a Map.

use std::cell::{Cell, RefCell};

use futures::future::{FutureExt, LocalBoxFuture};
use jsonata_core::value::JValue;
use serde_json::{Map, Value};

use super::Interpreter;
use super::unfinished::Unfinished;
use super::visit::Visit;
use crate::engine::HISTORY_LIMIT;
use crate::engine::expression::Variables;
use crate::engine::failure::Failure;
use crate::engine::history::EventKind;
use crate::engine::machine::{State, States, Transition};

pub(crate) struct Branch<'a> {
    pub(super) interpreter: &'a Interpreter<'a>,
    /// Those of the outer scopes too: no inner scope can assign them, so a copy is as good.
    pub(super) variables: RefCell<Variables>,
    /// `$states.context.Map.Item` within a Map.
    pub(super) item: Option<Value>,
    last_event: Cell<u64>,
}

/// How a state is left.
pub(super) struct Exit<'a> {
    pub(super) output: Value,
    pub(super) assigned: Map<String, Value>,
    /// None ends the branch.
    pub(super) next: Option<&'a str>,
}

impl<'a> Branch<'a> {
    /// The execution's own.
    pub(crate) fn outermost(interpreter: &'a Interpreter<'a>) -> Self {
        Self { interpreter, variables: RefCell::default(), item: None, last_event: Cell::new(0) }
    }

    /// One within this, that begins after the event `after`.
    pub(super) fn inner(&self, item: Option<Value>, after: u64) -> Self {
        Self {
            interpreter: self.interpreter,
            variables: RefCell::new(self.variables.borrow().clone()),
            item: item.or_else(|| self.item.clone()),
            last_event: Cell::new(after),
        }
    }

    /// Runs a scope of states to its end.
    pub(crate) fn run<'b>(
        &'b self,
        states: &'b States,
        input: Value,
    ) -> LocalBoxFuture<'b, Result<Value, Failure>> {
        async move {
            let mut name = states.start_at.as_str();
            let mut input = input;
            loop {
                let state = states
                    .by_name
                    .get(name)
                    .ok_or_else(|| Failure::runtime(format!("there is no state '{name}'")))?;
                let exit = self.state(name, state, input).await?;
                match exit.next {
                    None => return Ok(exit.output),
                    Some(next) => (name, input) = (next, exit.output),
                }
            }
        }
        .boxed_local()
    }

    /// The id of this branch's latest event.
    pub(crate) fn last_event(&self) -> u64 {
        self.last_event.get()
    }

    pub(super) fn record(&self, state: &str, kind: EventKind) {
        self.record_after(self.last_event.get(), state, kind);
    }

    /// Records an event that another branch's event led to.
    pub(super) fn record_after(&self, previous: u64, state: &str, kind: EventKind) {
        self.last_event.set(self.interpreter.history.record(previous, Some(state), kind));
    }

    /// An execution whose history is full can't go on.
    pub(super) fn check_history(&self) -> Result<(), Failure> {
        if self.interpreter.history.is_full() {
            return Err(Failure::runtime(format!(
                "The execution reached the maximum number of history events ({HISTORY_LIMIT})."
            )));
        }
        Ok(())
    }

    async fn state<'b>(&'b self, name: &'b str, state: &'b State, input: Value) -> Result<Exit<'b>, Failure> {
        self.check_history()?;
        let kind = state.kind();
        self.interpreter.history.count_transition();
        self.record(name, EventKind::StateEntered { kind, input: input.clone() });
        let unfinished = Unfinished::tell(|| self.record(name, EventKind::StateAborted { kind }));
        let visit = Visit::new(self, name, input);
        let exit = match state {
            State::Task(task) => visit.task(task).await,
            State::Pass(pass) => visit.pass(pass),
            State::Choice(choice) => visit.choice(choice),
            State::Wait(wait) => visit.wait(wait).await,
            State::Succeed(succeed) => visit.succeed(succeed),
            State::Fail(fail) => Err(visit.fail(fail)),
            State::Parallel(parallel) => visit.parallel(parallel).await,
            State::Map(map) => visit.map(map).await,
        };
        unfinished.finish();
        let exit = exit?;
        let assigned = exit.assigned.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        self.record(name, EventKind::StateExited { kind, output: exit.output.clone(), assigned });
        let values = exit.assigned.iter().map(|(name, value)| (name.clone(), JValue::from(value.clone())));
        self.variables.borrow_mut().extend(values);
        Ok(exit)
    }
}

/// The state that a transition leads to.
pub(super) fn target(transition: &Transition) -> Option<&str> {
    match transition {
        Transition::Next(next) => Some(next),
        Transition::End => None,
    }
}
