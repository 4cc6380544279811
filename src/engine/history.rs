//! The history of an execution: what happened, in the service's own words, told as it happens.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::Value;

use super::HISTORY_LIMIT;
use super::clock::Clock;
use super::execute::{Ended, Execution};

/// Is told everything that happens, in order.
pub trait Observer {
    /// Something happened.
    fn event(&self, event: &Event);

    /// A failed attempt will be repeated after a delay. The service's history has no word for this, but somebody
    /// who watches a run wants to know why it is silent.
    fn retrying(&self, retrying: &Retrying) {
        let _ = retrying;
    }

    /// A distributed Map has ended. Its children are executions of their own, so their events are not told one by
    /// one.
    fn map_run(&self, map_run: &MapRun) {
        let _ = map_run;
    }
}

/// One entry of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Counts from 1.
    pub id: u64,
    /// The event that led to this one; 0 for an execution's and its first state's.
    pub previous: u64,
    /// When.
    pub timestamp: Timestamp,
    /// The state it concerns.
    pub state: Option<String>,
    /// State transitions so far, retries counted: what AWS bills.
    pub transitions: u64,
    /// What happened.
    pub kind: EventKind,
}

/// What happened. [`EventKind::name`] is the service's name for it.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names are the service's, and say it")]
pub enum EventKind {
    ExecutionStarted {
        input: Value,
    },
    ExecutionSucceeded {
        output: Value,
    },
    ExecutionFailed {
        error: String,
        cause: Option<String>,
    },
    ExecutionTimedOut,
    ExecutionAborted,
    StateEntered {
        kind: StateKind,
        input: Value,
    },
    StateExited {
        kind: StateKind,
        output: Value,
        assigned: IndexMap<String, Value>,
    },
    StateAborted {
        kind: StateKind,
    },
    TaskScheduled {
        resource: String,
        arguments: Value,
        timeout: Option<Duration>,
        heartbeat: Option<Duration>,
    },
    TaskStarted {
        resource: String,
    },
    TaskSubmitted {
        resource: String,
        output: Value,
    },
    TaskSubmitFailed {
        resource: String,
        error: String,
        cause: Option<String>,
    },
    TaskSucceeded {
        resource: String,
        output: Value,
    },
    TaskFailed {
        resource: String,
        error: String,
        cause: Option<String>,
    },
    TaskTimedOut {
        resource: String,
        error: String,
    },
    ParallelStateStarted,
    ParallelStateSucceeded,
    ParallelStateFailed,
    MapStateStarted {
        length: usize,
    },
    MapIterationStarted {
        index: usize,
    },
    MapIterationSucceeded {
        index: usize,
    },
    MapIterationFailed {
        index: usize,
    },
    MapIterationAborted {
        index: usize,
    },
    MapRunStarted {
        arn: String,
    },
    MapRunSucceeded,
    MapRunFailed {
        error: String,
        cause: Option<String>,
    },
    MapStateSucceeded,
    MapStateFailed,
    EvaluationFailed {
        location: String,
        error: String,
        cause: Option<String>,
    },
}

impl EventKind {
    /// The service's name for it: `TaskStateEntered`.
    pub fn name(&self) -> String {
        match self {
            Self::ExecutionStarted { .. } => "ExecutionStarted".to_owned(),
            Self::ExecutionSucceeded { .. } => "ExecutionSucceeded".to_owned(),
            Self::ExecutionFailed { .. } => "ExecutionFailed".to_owned(),
            Self::ExecutionTimedOut => "ExecutionTimedOut".to_owned(),
            Self::ExecutionAborted => "ExecutionAborted".to_owned(),
            Self::StateEntered { kind, .. } => format!("{kind}StateEntered"),
            Self::StateExited { kind, .. } => format!("{kind}StateExited"),
            Self::StateAborted { kind } => format!("{kind}StateAborted"),
            Self::TaskScheduled { resource, .. } => format!("{}Scheduled", Family::of(resource)),
            Self::TaskStarted { resource } => format!("{}Started", Family::of(resource)),
            Self::TaskSubmitted { .. } => "TaskSubmitted".to_owned(),
            Self::TaskSubmitFailed { .. } => "TaskSubmitFailed".to_owned(),
            Self::TaskSucceeded { resource, .. } => format!("{}Succeeded", Family::of(resource)),
            Self::TaskFailed { resource, .. } => format!("{}Failed", Family::of(resource)),
            Self::TaskTimedOut { resource, .. } => format!("{}TimedOut", Family::of(resource)),
            Self::ParallelStateStarted => "ParallelStateStarted".to_owned(),
            Self::ParallelStateSucceeded => "ParallelStateSucceeded".to_owned(),
            Self::ParallelStateFailed => "ParallelStateFailed".to_owned(),
            Self::MapStateStarted { .. } => "MapStateStarted".to_owned(),
            Self::MapIterationStarted { .. } => "MapIterationStarted".to_owned(),
            Self::MapIterationSucceeded { .. } => "MapIterationSucceeded".to_owned(),
            Self::MapIterationFailed { .. } => "MapIterationFailed".to_owned(),
            Self::MapIterationAborted { .. } => "MapIterationAborted".to_owned(),
            Self::MapRunStarted { .. } => "MapRunStarted".to_owned(),
            Self::MapRunSucceeded => "MapRunSucceeded".to_owned(),
            Self::MapRunFailed { .. } => "MapRunFailed".to_owned(),
            Self::MapStateSucceeded => "MapStateSucceeded".to_owned(),
            Self::MapStateFailed => "MapStateFailed".to_owned(),
            Self::EvaluationFailed { .. } => "EvaluationFailed".to_owned(),
        }
    }
}

/// How the service names the events of a task: by the form of its resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// A function's own ARN.
    Function,
    /// An activity's ARN.
    Activity,
    /// A service integration.
    Integration,
}

impl Family {
    pub(crate) fn of(resource: &str) -> Self {
        if resource.contains(":lambda:") && !resource.contains(":states:") {
            Self::Function
        } else if resource.contains(":activity:") {
            Self::Activity
        } else {
            Self::Integration
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Function => "LambdaFunction",
            Self::Activity => "Activity",
            Self::Integration => "Task",
        })
    }
}

/// A state's `Type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the States Language's")]
pub enum StateKind {
    Task,
    Pass,
    Choice,
    Wait,
    Succeed,
    Fail,
    Parallel,
    Map,
}

impl StateKind {
    /// Every kind.
    pub(crate) const ALL: [Self; 8] = [
        Self::Task,
        Self::Pass,
        Self::Choice,
        Self::Wait,
        Self::Succeed,
        Self::Fail,
        Self::Parallel,
        Self::Map,
    ];
}

impl fmt::Display for StateKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Task => "Task",
            Self::Pass => "Pass",
            Self::Choice => "Choice",
            Self::Wait => "Wait",
            Self::Succeed => "Succeed",
            Self::Fail => "Fail",
            Self::Parallel => "Parallel",
            Self::Map => "Map",
        })
    }
}

/// A failed attempt that will be repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retrying {
    /// The state.
    pub state: String,
    /// Which retry this is: 1 for the first.
    pub retry: u32,
    /// What the attempt failed with.
    pub error: String,
    /// The text of it.
    pub cause: Option<String>,
    /// How long until it is repeated.
    pub delay: Duration,
}

/// What became of a distributed Map: one execution for each item or batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapRun {
    /// Its ARN.
    pub arn: String,
    /// The Map's state.
    pub state: String,
    /// Those that were started, in the items' order.
    pub children: Vec<Child>,
}

/// An execution that a distributed Map started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// What was executed.
    pub execution: Arc<Execution>,
    /// How many items it was given.
    pub items: usize,
    /// How it ended; none where the Map ended before it.
    pub ended: Option<Ended>,
    /// When.
    pub stop: Timestamp,
}

/// Numbers events and hands them on.
pub(crate) struct History<'a> {
    observer: &'a dyn Observer,
    clock: Clock,
    last: Cell<u64>,
    transitions: Cell<u64>,
}

impl<'a> History<'a> {
    pub(crate) fn new(observer: &'a dyn Observer, clock: Clock) -> Self {
        Self { observer, clock, last: Cell::new(0), transitions: Cell::new(0) }
    }

    /// Records an event and returns its id.
    pub(crate) fn record(&self, previous: u64, state: Option<&str>, kind: EventKind) -> u64 {
        let id = self.last.get() + 1;
        self.last.set(id);
        self.observer.event(&Event {
            id,
            previous,
            timestamp: self.clock.now(),
            state: state.map(str::to_owned),
            transitions: self.transitions.get(),
            kind,
        });
        id
    }

    pub(crate) fn count_transition(&self) {
        self.count_transitions(1);
    }

    pub(crate) fn count_transitions(&self, number: u64) {
        self.transitions.set(self.transitions.get() + number);
    }

    pub(crate) fn map_run(&self, map_run: &MapRun) {
        self.observer.map_run(map_run);
    }

    pub(crate) fn retrying(&self, retrying: &Retrying) {
        self.observer.retrying(retrying);
    }

    pub(crate) fn is_full(&self) -> bool {
        self.last.get() >= HISTORY_LIMIT
    }

    pub(crate) fn transitions(&self) -> u64 {
        self.transitions.get()
    }
}
