//! A visit: one branch in one state, from entering it to leaving it. Builds `$states` and evaluates the state's
//! fields.

use std::cell::{Cell, RefCell};

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::branch::{Branch, Exit};
use super::too_large;
use crate::engine::clock::iso;
use crate::engine::expression::{EvaluationProblem, Moment};
use crate::engine::failure::Failure;
use crate::engine::history::EventKind;
use crate::engine::machine::Effects;
use crate::engine::template::Template;

pub(super) struct Visit<'v> {
    pub(super) branch: &'v Branch<'v>,
    pub(super) name: &'v str,
    pub(super) input: Value,
    pub(super) retries: Cell<u32>,
    /// Whether the attempt's request itself was refused, which has been told then.
    pub(super) refused: Cell<bool>,
    /// `$states.context.Task.Token`, of an attempt that waits for it.
    pub(super) token: RefCell<Option<String>>,
    /// The event of entering, which AWS's error texts name.
    entered: u64,
    entered_at: Timestamp,
}

/// What `$states` has besides input and context.
#[derive(Debug, Clone, Copy)]
pub(super) enum Told<'t> {
    Nothing,
    /// `$states.result`
    Result(&'t Value),
    /// `$states.errorOutput`
    ErrorOutput(&'t Value),
}

impl<'v> Visit<'v> {
    /// To be made right after the event of entering.
    pub(super) fn new(branch: &'v Branch<'v>, name: &'v str, input: Value) -> Self {
        Self {
            branch,
            name,
            input,
            retries: Cell::new(0),
            refused: Cell::new(false),
            token: RefCell::new(None),
            entered: branch.last_event(),
            entered_at: branch.interpreter.clock.now(),
        }
    }

    pub(super) fn record(&self, kind: EventKind) {
        self.branch.record(self.name, kind);
    }

    /// Now, with what is `told`.
    pub(super) fn moment(&self, told: Told<'_>) -> Result<Moment, Failure> {
        self.moment_with(told, self.branch.item.as_ref())
    }

    /// Now, with `item` as `$states.context.Map.Item`.
    pub(super) fn moment_with(&self, told: Told<'_>, item: Option<&Value>) -> Result<Moment, Failure> {
        let mut states = Map::new();
        let mut put = |name: &str, value: Value| drop(states.insert(name.to_owned(), value));
        put("input", self.input.clone());
        put("context", self.context(item));
        match told {
            Told::Nothing => {}
            Told::Result(result) => put("result", result.clone()),
            Told::ErrorOutput(error) => put("errorOutput", error.clone()),
        }
        let interpreter = self.branch.interpreter;
        let variables = self.branch.variables.borrow();
        Moment::new(&variables, &Value::Object(states), interpreter.clock, &interpreter.random)
            .map_err(|problem| self.evaluation_failed(problem))
    }

    pub(super) fn evaluate(
        &self,
        moment: &mut Moment,
        template: &Template,
        field: &str,
    ) -> Result<Value, Failure> {
        moment.evaluate(template, field).map_err(|problem| self.evaluation_failed(problem))
    }

    /// A field that must be of some type; `read` gives None where it is not.
    pub(super) fn evaluate_as<T>(
        &self,
        moment: &mut Moment,
        template: &Template,
        field: &str,
        expected: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<T, Failure> {
        let value = self.evaluate(moment, template, field)?;
        read(&value).ok_or_else(|| {
            let text = format!(
                "The value of the field '{field}' has an unexpected result type. Expected '{expected}', but it is: {value}"
            );
            self.evaluation_failed(EvaluationProblem { location: field.to_owned(), text })
        })
    }

    /// `Assign` and `Output`, which see the same variables: what is assigned shows in the next state.
    pub(super) fn leave(
        &self,
        moment: &mut Moment,
        effects: &Effects,
        output: impl FnOnce() -> Value,
        next: Option<&'v str>,
    ) -> Result<Exit<'v>, Failure> {
        let assigned: Map<String, Value> = effects
            .assign
            .iter()
            .map(|(name, template)| {
                Ok((name.clone(), self.evaluate(moment, template, &format!("Assign/{name}"))?))
            })
            .collect::<Result<_, Failure>>()?;
        let output = match &effects.output {
            Some(template) => self.evaluate(moment, template, "Output")?,
            None => output(),
        };
        self.check_size(&output)?;
        if assigned.values().any(too_large) {
            return Err(Failure::payload_too_large(self.name));
        }
        Ok(Exit { output, assigned, next })
    }

    pub(super) fn check_size(&self, payload: &Value) -> Result<(), Failure> {
        if too_large(payload) { Err(Failure::payload_too_large(self.name)) } else { Ok(()) }
    }

    /// As AWS words it, with where it happened before what happened.
    pub(super) fn sentence(&self, text: &str) -> String {
        format!(
            "An error occurred while executing the state '{}' (entered at the event id #{}). {text}",
            self.name, self.entered
        )
    }

    fn evaluation_failed(&self, problem: EvaluationProblem) -> Failure {
        let failure = Failure::query_evaluation(self.sentence(&problem.text));
        self.record(EventKind::EvaluationFailed {
            location: problem.location,
            error: failure.error.clone(),
            cause: failure.cause.clone(),
        });
        failure
    }

    fn context(&self, item: Option<&Value>) -> Value {
        let execution = &self.branch.interpreter.execution;
        let text = |text: &str| Value::String(text.to_owned());
        let mut context = object([
            (
                "Execution",
                object([
                    ("Id", text(&execution.id)),
                    ("Input", execution.input.clone()),
                    ("Name", text(&execution.name)),
                    ("RoleArn", text(&execution.role_arn)),
                    ("StartTime", Value::String(iso(execution.start))),
                    ("RedriveCount", Value::from(0)),
                ]),
            ),
            (
                "StateMachine",
                object([("Id", text(&execution.machine_id)), ("Name", text(&execution.machine_name))]),
            ),
            (
                "State",
                object([
                    ("Name", text(self.name)),
                    ("EnteredTime", Value::String(iso(self.entered_at))),
                    ("RetryCount", Value::from(self.retries.get())),
                ]),
            ),
        ]);
        if let Value::Object(fields) = &mut context {
            if let Some(item) = item {
                drop(fields.insert("Map".to_owned(), object([("Item", item.clone())])));
            }
            if let Some(token) = &*self.token.borrow() {
                drop(fields.insert("Task".to_owned(), object([("Token", text(token))])));
            }
        }
        context
    }
}

/// A JSON object.
pub(super) fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
