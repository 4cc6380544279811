//! Keeps what an execution tells, for whoever prints it.

use std::cell::RefCell;

use crate::engine::{Event, MapRun, Observer, Retrying};

/// Everything that was told, in order.
#[derive(Debug, Default)]
pub struct Record {
    events: RefCell<Vec<Event>>,
    map_runs: RefCell<Vec<MapRun>>,
    retries: RefCell<Vec<(u64, Retrying)>>,
}

impl Record {
    /// The history.
    pub fn events(&self) -> Vec<Event> {
        self.events.borrow().clone()
    }

    /// The distributed Maps.
    pub fn map_runs(&self) -> Vec<MapRun> {
        self.map_runs.borrow().clone()
    }

    /// What was tried again, with the id of the event before it.
    pub fn retries(&self) -> Vec<(u64, Retrying)> {
        self.retries.borrow().clone()
    }
}

impl Observer for Record {
    fn event(&self, event: &Event) {
        self.events.borrow_mut().push(event.clone());
    }

    fn retrying(&self, retrying: &Retrying) {
        let last = self.events.borrow().last().map_or(0, |it| it.id);
        self.retries.borrow_mut().push((last, retrying.clone()));
    }

    fn map_run(&self, map_run: &MapRun) {
        self.map_runs.borrow_mut().push(map_run.clone());
    }
}
