//! The reading model of the States Language: what the engine needs of a document, checked so that running it
//! can't meet a hole.
//!
//! Must not know: how a state is executed, nor how the compiler writes one.

mod check;
mod error;
mod fields;
mod flow;
mod map;
mod read;

use indexmap::IndexMap;
use serde_json::Value;

use super::history::StateKind;
use super::template::Template;

pub use self::error::MachineError;

/// A state machine, ready to run.
#[derive(Debug)]
pub struct Machine {
    pub(crate) states: States,
    pub(crate) timeout_seconds: Option<u64>,
}

impl Machine {
    /// Reads a States Language document. The first thing that can't be executed is the error.
    pub fn parse(text: &str) -> Result<Self, MachineError> {
        let document: Value = serde_json::from_str(text)
            .map_err(|problem| MachineError::NotJson { problem: problem.to_string() })?;
        let machine = read::machine(&document)?;
        check::states(&machine)?;
        Ok(machine)
    }
}

/// A scope of states: the machine's own, a branch's, or an item processor's.
#[derive(Debug)]
pub(crate) struct States {
    /// The scope's place in the document.
    pub(crate) at: String,
    pub(crate) start_at: String,
    pub(crate) by_name: IndexMap<String, State>,
}

#[derive(Debug)]
pub(crate) enum State {
    Task(Task),
    Pass(Pass),
    Choice(Choice),
    Wait(Wait),
    Succeed(Succeed),
    Fail(Fail),
    Parallel(Parallel),
    Map(Box<Map>),
}

impl State {
    pub(crate) fn kind(&self) -> StateKind {
        match self {
            Self::Task(_) => StateKind::Task,
            Self::Pass(_) => StateKind::Pass,
            Self::Choice(_) => StateKind::Choice,
            Self::Wait(_) => StateKind::Wait,
            Self::Succeed(_) => StateKind::Succeed,
            Self::Fail(_) => StateKind::Fail,
            Self::Parallel(_) => StateKind::Parallel,
            Self::Map(_) => StateKind::Map,
        }
    }
}

/// What follows a state.
#[derive(Debug)]
pub(crate) enum Transition {
    Next(String),
    End,
}

/// `Assign` and `Output`: what a state leaves behind.
#[derive(Debug)]
pub(crate) struct Effects {
    pub(crate) assign: Vec<(String, Template)>,
    pub(crate) output: Option<Template>,
}

#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) resource: String,
    pub(crate) arguments: Option<Template>,
    pub(crate) timeout_seconds: Option<Template>,
    pub(crate) heartbeat_seconds: Option<Template>,
    pub(crate) recovery: Recovery,
    pub(crate) effects: Effects,
    pub(crate) transition: Transition,
}

#[derive(Debug)]
pub(crate) struct Pass {
    pub(crate) effects: Effects,
    pub(crate) transition: Transition,
}

#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) rules: Vec<ChoiceRule>,
    pub(crate) default: Option<String>,
    /// Those of the default; a rule has its own.
    pub(crate) effects: Effects,
}

#[derive(Debug)]
pub(crate) struct ChoiceRule {
    pub(crate) condition: Template,
    pub(crate) effects: Effects,
    pub(crate) next: String,
}

#[derive(Debug)]
pub(crate) struct Wait {
    pub(crate) until: WaitUntil,
    pub(crate) effects: Effects,
    pub(crate) transition: Transition,
}

#[derive(Debug)]
pub(crate) enum WaitUntil {
    Seconds(Template),
    Timestamp(Template),
}

#[derive(Debug)]
pub(crate) struct Succeed {
    pub(crate) output: Option<Template>,
}

#[derive(Debug)]
pub(crate) struct Fail {
    pub(crate) error: Option<Template>,
    pub(crate) cause: Option<Template>,
}

#[derive(Debug)]
pub(crate) struct Parallel {
    pub(crate) branches: Vec<States>,
    pub(crate) arguments: Option<Template>,
    pub(crate) recovery: Recovery,
    pub(crate) effects: Effects,
    pub(crate) transition: Transition,
}

#[derive(Debug)]
pub(crate) struct Map {
    pub(crate) items: Option<Template>,
    pub(crate) item_selector: Option<Template>,
    pub(crate) max_concurrency: Option<Template>,
    pub(crate) processor: States,
    pub(crate) distributed: Option<Distributed>,
    pub(crate) recovery: Recovery,
    pub(crate) effects: Effects,
    pub(crate) transition: Transition,
}

/// What a distributed Map has that an inline one has not.
#[derive(Debug)]
pub(crate) struct Distributed {
    pub(crate) label: Option<String>,
    pub(crate) reader: Option<ItemReader>,
    pub(crate) batcher: Option<ItemBatcher>,
    pub(crate) tolerated_count: Option<Template>,
    pub(crate) tolerated_percentage: Option<Template>,
    pub(crate) writer: Option<ResultWriter>,
}

/// `ItemReader`
#[derive(Debug)]
pub(crate) struct ItemReader {
    pub(crate) source: ItemSource,
    pub(crate) arguments: Template,
    pub(crate) max_items: Option<Template>,
}

#[derive(Debug)]
pub(crate) enum ItemSource {
    /// The objects below a prefix.
    Listing,
    /// The rows of a table; the names of its columns where its first line does not have them.
    Csv { headers: Option<Vec<String>>, delimiter: u8 },
    /// An array, or the one at a place within the document.
    Json { pointer: String },
    /// A document a line.
    JsonLines,
}

/// `ItemBatcher`
#[derive(Debug)]
pub(crate) struct ItemBatcher {
    pub(crate) max_items: Option<Template>,
    pub(crate) max_bytes: Option<Template>,
    pub(crate) input: Option<Template>,
}

/// `ResultWriter`
#[derive(Debug)]
pub(crate) struct ResultWriter {
    /// Where to; none where the results only become the output.
    pub(crate) arguments: Option<Template>,
    pub(crate) transformation: Transformation,
    pub(crate) lines: bool,
}

/// What is kept of a child's execution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transformation {
    /// All that is known of it.
    None,
    /// Its output.
    Compact,
    /// Its output, arrays taken apart.
    Flatten,
}

/// `Retry` and `Catch`.
#[derive(Debug)]
pub(crate) struct Recovery {
    pub(crate) retriers: Vec<Retrier>,
    pub(crate) catchers: Vec<Catcher>,
}

#[derive(Debug)]
pub(crate) struct Retrier {
    pub(crate) error_equals: Vec<String>,
    pub(crate) interval_seconds: u32,
    pub(crate) backoff_rate: f64,
    pub(crate) max_attempts: u32,
    pub(crate) max_delay_seconds: Option<u32>,
    /// `JitterStrategy` is `FULL`.
    pub(crate) full_jitter: bool,
}

#[derive(Debug)]
pub(crate) struct Catcher {
    pub(crate) error_equals: Vec<String>,
    pub(crate) effects: Effects,
    pub(crate) next: String,
}

#[cfg(test)]
#[expect(clippy::disallowed_macros, reason = "a test writes JSON as JSON")]
mod tests;
