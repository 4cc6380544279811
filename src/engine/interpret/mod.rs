//! Executes the states of a scope one after the other; each kind of state has a file of its own.
//!
//! Must not know how an execution begins or ends, nor what a service call does.

mod branch;
mod choice;
mod distributed;
mod items;
mod map;
mod parallel;
mod plain;
mod reader;
mod recovery;
mod task;
mod unfinished;
mod visit;
mod writer;

use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value;

use super::PAYLOAD_LIMIT;
use super::clock::Clock;
use super::execute::Execution;
use super::history::{History, Observer};
use super::random::Random;
use super::services::Services;

pub(crate) use self::branch::Branch;

/// What all branches of an execution share.
pub(crate) struct Interpreter<'a> {
    pub(crate) execution: Arc<Execution>,
    pub(crate) history: History<'a>,
    services: &'a dyn Services,
    clock: Clock,
    random: Rc<Random>,
}

impl<'a> Interpreter<'a> {
    pub(crate) fn new(
        execution: Arc<Execution>,
        services: &'a dyn Services,
        history: History<'a>,
        clock: Clock,
    ) -> Self {
        let random = Rc::new(Random::seeded(execution.seed));
        Self { execution, history, services, clock, random }
    }

    /// That of an execution which this one starts: the same world, a history of its own.
    fn child(&self, execution: Arc<Execution>, observer: &'a dyn Observer) -> Interpreter<'a> {
        Self {
            execution,
            history: History::new(observer, self.clock),
            services: self.services,
            clock: self.clock,
            random: Rc::clone(&self.random),
        }
    }
}

/// Whether AWS would refuse the payload for its size.
pub(crate) fn too_large(payload: &Value) -> bool {
    serde_json::to_vec(payload).is_ok_and(|text| text.len() > PAYLOAD_LIMIT)
}
