//! A call as a state machine: it goes on until it needs something from outside, and waits for nobody itself.

use super::{
    flow::{Action, Flow},
    functions::{FunctionError, Invocation},
    input::Input,
    play::Pressed,
    references::resolve,
    state::{Contact, Stage, State},
    transcript::Event,
};
use serde_json::Value;

/// What a call needs to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// Something is said: whether the caller listens to it.
    Listener,
    /// Something is asked.
    Keys(Input),
    /// A function is called.
    Function(Box<Invocation>),
    /// Whether these hours are open, by name; none are the queue's.
    Hours(Option<String>),
    /// A result that nobody here can know: who answered the call, how long the queue is.
    Result {
        /// The action's type.
        action_type: String,
        /// What its conditions compare with.
        possible: Vec<String>,
    },
    /// Whether the action succeeds, where its failing is played: these are the errors that it has branches for.
    Luck(Vec<String>),
    /// Nothing: it has ended.
    Nothing(End),
}

/// What a call is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The caller listens.
    Listens,
    /// The caller does that.
    Pressed(Pressed),
    /// The function's answer.
    Function(Result<Value, FunctionError>),
    /// The result.
    Result(String),
    /// The action succeeds, or ends with that error.
    Luck(Option<String>),
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "how", content = "where")]
pub enum End {
    /// The flow has hung up, or has ended.
    Disconnected,
    /// The caller has hung up.
    HungUp,
    /// The caller is with an agent of that queue.
    Agent(Option<String>),
    /// It goes on in a flow that is not here.
    Flow(String),
    /// It goes on at another number.
    Number(String),
}

/// Why a flow can't be played any further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says what it is, with the same words")]
pub enum PlayError {
    #[error("`{from}` leads to `{to}`, which is not there")]
    NoAction { from: String, to: String },
    #[error("`{action}` has no way on after {result}")]
    NoWay { action: String, result: String },
    #[error("`{action}` is a `{action_type}`, which can't be played here")]
    NotPlayed { action: String, action_type: String },
    #[error("`{action}` leads round and round without a word")]
    Endless { action: String },
}

/// How an action ended.
#[derive(Debug)]
pub(super) enum Outcome {
    Next,
    Result(String),
    Error(String),
}

/// What comes after an action.
pub(super) enum Step {
    Outcome(Outcome),
    Need(Need),
    /// Elsewhere already.
    Moved,
}

/// So many actions without anything from outside are a circle.
const MOST_SILENT: usize = 2_000;

/// A call.
#[derive(Debug, Clone)]
pub struct Call<'f> {
    pub(super) flows: &'f [Flow],
    pub(super) contact: &'f Contact,
    pub(super) state: State,
    pub(super) events: Vec<Event>,
    /// Attributes that are answers, for [`State::unsaved`].
    pub(super) answers: &'f [String],
    /// Where it has been.
    trail: Vec<(usize, String)>,
    /// Whether what can fail is asked for.
    asks_luck: bool,
    ended: Option<End>,
}

impl<'f> Call<'f> {
    /// A call into the first of the flows; the others are those that it may lead to. None where there is no flow.
    pub fn new(
        flows: &'f [Flow],
        contact: &'f Contact,
        attributes: impl IntoIterator<Item = (String, String)>,
        answers: &'f [String],
    ) -> Option<Self> {
        let first = flows.first()?;
        let mut state = State::new(&first.start);
        state.attributes.extend(attributes);
        let mut call = Self {
            flows,
            contact,
            state,
            events: Vec::new(),
            answers,
            trail: Vec::new(),
            asks_luck: false,
            ended: None,
        };
        call.event(Event::Flow { name: first.name.clone() });
        Some(call)
    }

    /// The same, and before each action that can fail it is asked whether it does.
    #[must_use]
    pub(super) fn with_luck(mut self) -> Self {
        self.asks_luck = true;
        self
    }

    /// On, until something is needed.
    pub fn advance(&mut self) -> Result<Need, PlayError> {
        for _ in 0..MOST_SILENT {
            if let Some(end) = &self.ended {
                return Ok(Need::Nothing(end.clone()));
            }
            let (id, action) = self.current()?;
            self.trail.push((self.state.flow, id.clone()));
            let errors = if self.asks_luck && !self.state.is_lucky { failures(action) } else { Vec::new() };
            if !errors.is_empty() {
                return Ok(Need::Luck(errors));
            }
            match self.begin(&id, action) {
                Step::Need(need) => return Ok(need),
                Step::Outcome(outcome) => self.follow(&id, action, &outcome)?,
                Step::Moved => {}
            }
        }
        Err(PlayError::Endless { action: self.state.action.clone() })
    }

    /// With what was needed.
    pub fn answer(&mut self, reply: Reply) -> Result<(), PlayError> {
        let (id, action) = self.current()?;
        if reply == Reply::Pressed(Pressed::HangUp) {
            self.event(Event::HungUp { action: id });
            self.end(End::HungUp);
            return Ok(());
        }
        if let Reply::Luck(error) = reply {
            self.state.is_lucky = error.is_none();
            return match error {
                None => Ok(()),
                Some(error) => self.follow(&id, action, &Outcome::Error(error)),
            };
        }
        match self.take(&id, action, reply) {
            Step::Outcome(outcome) => self.follow(&id, action, &outcome),
            Step::Need(_) | Step::Moved => Ok(()),
        }
    }

    /// What has happened since this was asked the last time.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// The actions that it has come by since this was asked the last time, by flow.
    pub(super) fn take_trail(&mut self) -> Vec<(usize, String)> {
        std::mem::take(&mut self.trail)
    }

    /// Answers that no function was given.
    pub(super) fn unsaved(&self) -> impl Iterator<Item = &str> {
        self.state.unsaved.iter().map(String::as_str)
    }

    pub(super) fn event(&mut self, event: Event) {
        self.events.push(event);
    }

    pub(super) fn end(&mut self, end: End) {
        self.event(Event::Ended { end: end.clone() });
        self.ended = Some(end);
    }

    /// Where the call is.
    pub(super) fn current(&self) -> Result<(String, &'f Action), PlayError> {
        let id = self.state.action.clone();
        let found = self.flows.get(self.state.flow).and_then(|it| it.actions.get(&id));
        let action =
            found.ok_or_else(|| PlayError::NoAction { from: "StartAction".to_owned(), to: id.clone() })?;
        Ok((id, action))
    }

    /// The flow of that name: where it begins, or that it is not here.
    pub(super) fn enter(&mut self, name: &str) {
        let found = self.flows.iter().enumerate().find(|(_, it)| it.name == name);
        match found {
            Some((place, flow)) => {
                self.state.flow = place;
                self.state.action.clone_from(&flow.start);
                self.state.is_lucky = false;
                self.event(Event::Flow { name: flow.name.clone() });
            }
            None => self.end(End::Flow(name.to_owned())),
        }
    }

    /// The agent has the caller, and hangs up.
    pub(super) fn agent(&mut self) {
        let queue = self.state.queue.clone();
        self.event(Event::Agent { queue: queue.clone() });
        match self.state.hooks.get("CustomerRemaining").cloned() {
            Some(flow) if self.state.stage != Stage::AfterAgent && self.is_here(&flow) => {
                self.state.stage = Stage::AfterAgent;
                self.enter(&flow);
            }
            Some(_) | None => self.end(End::Agent(queue)),
        }
    }

    pub(super) fn is_here(&self, name: &str) -> bool {
        self.flows.iter().any(|it| it.name == name)
    }

    /// A text with its references replaced; `is_heard` tells of those that nothing stands for.
    pub(super) fn resolved(&mut self, action: &str, text: &str, is_heard: bool) -> String {
        let resolved = resolve(text, &self.state, self.contact);
        if is_heard {
            for reference in resolved.unset {
                self.event(Event::Unset { action: action.to_owned(), reference });
            }
        }
        resolved.text
    }

    fn follow(&mut self, id: &str, action: &'f Action, outcome: &Outcome) -> Result<(), PlayError> {
        let branch = |error: &str| action.errors.iter().find(|(name, _)| name == error).map(|(_, next)| next);
        let (next, result) = match outcome {
            Outcome::Next => (action.next.as_ref(), "it".to_owned()),
            Outcome::Error(error) => {
                let next = branch(error).or_else(|| branch("NoMatchingError")).or(action.next.as_ref());
                (next, format!("`{error}`"))
            }
            Outcome::Result(result) => {
                let matching = action.conditions.iter().find(|it| {
                    let operand = resolve(&it.operand, &self.state, self.contact).text;
                    holds(&it.operator, result, &operand)
                });
                let next = matching.map(|it| &it.next).or_else(|| branch("NoMatchingCondition"));
                (next.or(action.next.as_ref()), format!("the result `{result}`"))
            }
        };
        let Some(next) = next else { return Err(PlayError::NoWay { action: id.to_owned(), result }) };
        if let Outcome::Error(error) = outcome {
            self.event(Event::Failed { action: id.to_owned(), error: error.clone() });
        }
        if !self.flows.get(self.state.flow).is_some_and(|it| it.actions.contains_key(next)) {
            return Err(PlayError::NoAction { from: id.to_owned(), to: next.clone() });
        }
        self.state.action.clone_from(next);
        self.state.is_lucky = false;
        Ok(())
    }
}

/// Errors that the action can end with by itself: neither the caller nor a function brings them about.
fn failures(action: &Action) -> Vec<String> {
    const BROUGHT_ABOUT: [&str; 3] = ["InputTimeLimitExceeded", "NoMatchingCondition", "InvalidPhoneNumber"];
    if action.kind == "InvokeLambdaFunction" {
        return Vec::new();
    }
    let errors = action.errors.iter().map(|(error, _)| error.clone());
    errors.filter(|it| !BROUGHT_ABOUT.contains(&it.as_str())).collect()
}

/// Whether the comparison holds. What is no number is neither less nor more than anything.
fn holds(operator: &str, left: &str, right: &str) -> bool {
    let numbers = || Some((left.trim().parse::<f64>().ok()?, right.trim().parse::<f64>().ok()?));
    let compare = |by: fn(f64, f64) -> bool| numbers().is_some_and(|(left, right)| by(left, right));
    match operator {
        "Equals" => left == right,
        "TextStartsWith" => left.starts_with(right),
        "TextEndsWith" => left.ends_with(right),
        "TextContains" => left.contains(right),
        "NumberLessThan" => compare(|left, right| left < right),
        "NumberLessOrEqualTo" => compare(|left, right| left <= right),
        "NumberGreaterThan" => compare(|left, right| left > right),
        "NumberGreaterOrEqualTo" => compare(|left, right| left >= right),
        _ => false,
    }
}
