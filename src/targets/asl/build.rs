//! Builds a pipeline's machine out of the lock's states and the stages' states.

use indexmap::IndexMap;

use super::{
    lock,
    model::{Branch, QueryLanguage, State, StateMachine},
    name::StateName,
    stages,
};
use crate::{lower::PipelinePlan, source::Span, targets::resources::Resources};

/// A machine and where each of its states comes from.
#[derive(Debug, Clone)]
pub struct Built {
    /// The machine.
    pub machine: StateMachine,
    /// Every state, nested ones too, and the place in the program that asked for it.
    pub origins: IndexMap<StateName, Span>,
}

/// The pipeline's machine. `plan_key` is where its jobs find `plan.json`.
pub fn state_machine(pipeline: &PipelinePlan, resources: Resources<'_>, plan_key: &str) -> Built {
    let mut states = States::new(pipeline.span);
    let first = stages::first(pipeline, &pipeline.flow).unwrap_or_else(lock::last);
    lock::take(&mut states, pipeline, resources, &first);
    let work = stages::Writer { pipeline, resources, plan_key };
    work.write(&mut states, &pipeline.flow, Some(&lock::last()));
    lock::free(&mut states, pipeline, resources);
    let (body, origins) = states.into_branch(lock::first());
    let comment = format!("{}: made by sluice from its .pipe file; change it there", pipeline.title);
    Built { machine: StateMachine { comment, query_language: QueryLanguage::Jsonata, body }, origins }
}

/// States in the order of writing, and where they come from.
#[derive(Debug)]
pub(super) struct States {
    all: IndexMap<StateName, State>,
    origins: IndexMap<StateName, Span>,
    span: Span,
}

impl States {
    /// States that come from `span` where they do not say otherwise.
    pub(super) fn new(span: Span) -> Self {
        Self { all: IndexMap::new(), origins: IndexMap::new(), span }
    }

    /// A state of the machine's own.
    pub(super) fn add(&mut self, name: &str, state: State) {
        self.add_from(StateName::trusted(name), state, self.span);
    }

    /// A state that a place in the program asked for.
    pub(super) fn add_from(&mut self, name: StateName, state: State, origin: Span) {
        let _ = self.origins.insert(name.clone(), origin);
        drop(self.all.insert(name, state));
    }

    /// A state with branches: their states' origins are the machine's too.
    pub(super) fn inherit(&mut self, origins: IndexMap<StateName, Span>) {
        self.origins.extend(origins);
    }

    /// The span that `add` uses.
    pub(super) fn span(&self) -> Span {
        self.span
    }

    /// All of them as one branch.
    pub(super) fn into_branch(self, start_at: StateName) -> (Branch, IndexMap<StateName, Span>) {
        (Branch { start_at, states: self.all }, self.origins)
    }
}
