//! Evaluates templates at a moment of an execution: with its variables, `$states` and functions.
//!
//! Must not know what the value is for: fields arrive as names for the error text only.

use std::rc::Rc;

use indexmap::IndexMap;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorOptions};
use jsonata_core::value::JValue;
use serde_json::Value;

use super::clock::Clock;
use super::functions;
use super::random::Random;
use super::template::{Expression, Template};

/// AWS gives an expression a second. A busy machine is slower, and only an endless recursion takes longer.
const EXPRESSION_MILLISECONDS: u64 = 10_000;

/// Variables by name, as the evaluator holds them.
pub(crate) type Variables = IndexMap<String, JValue>;

/// A moment at which templates are evaluated.
pub(crate) struct Moment {
    evaluator: Evaluator,
}

/// An expression that gave no usable value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EvaluationProblem {
    /// The field, with the way to the expression below it: `Arguments/Item/pk`.
    pub(crate) location: String,
    /// Ends the sentence that begins with the state's name.
    pub(crate) text: String,
}

impl Moment {
    /// With `states` as `$states`.
    pub(crate) fn new(
        variables: &Variables,
        states: &Value,
        clock: Clock,
        random: &Rc<Random>,
    ) -> Result<Self, EvaluationProblem> {
        let mut context = Context::new();
        for (name, value) in variables {
            context.bind(name.clone(), value.clone());
        }
        context.bind("states".to_owned(), JValue::from(states.clone()));
        let options =
            EvaluatorOptions { timeout_ms: Some(EXPRESSION_MILLISECONDS), ..EvaluatorOptions::default() };
        let mut evaluator = Evaluator::with_options(context, options);
        functions::register(&mut evaluator, clock, random).map_err(|problem| EvaluationProblem {
            location: String::new(),
            text: problem.message().to_owned(),
        })?;
        Ok(Self { evaluator })
    }

    /// The template's value. `field` is its name in the state.
    pub(crate) fn evaluate(&mut self, template: &Template, field: &str) -> Result<Value, EvaluationProblem> {
        match template {
            Template::Literal(value) => Ok(value.clone()),
            Template::Expression(expression) => self.expression(expression, field),
            Template::Array(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| self.evaluate(item, &format!("{field}[{index}]")))
                .collect(),
            Template::Object(fields) => fields
                .iter()
                .map(|(name, item)| Ok((name.clone(), self.evaluate(item, &format!("{field}/{name}"))?)))
                .collect::<Result<_, _>>()
                .map(Value::Object),
        }
    }

    fn expression(&mut self, expression: &Expression, field: &str) -> Result<Value, EvaluationProblem> {
        let problem = |what: String| EvaluationProblem {
            location: field.to_owned(),
            text: format!(
                "The JSONata expression '{}' specified for the field '{field}' {what}",
                expression.text
            ),
        };
        match self.value(expression) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(problem("returned nothing (undefined).".to_owned())),
            Err(error) => Err(problem(format!("threw an error during evaluation. {error}"))),
        }
    }

    fn value(&mut self, expression: &Expression) -> Result<Option<Value>, String> {
        match self.evaluator.evaluate(&expression.tree, &JValue::Undefined) {
            Err(error) => Err(error.message().to_owned()),
            Ok(JValue::Undefined) => Ok(None),
            Ok(value) if value.is_function() || value.is_regex() => {
                Err("It gives a function, which is no JSON value".to_owned())
            }
            // The crate's own serializer keeps whole numbers whole; its `From` makes them floats.
            Ok(value) => serde_json::to_value(&value).map(Some).map_err(|error| error.to_string()),
        }
    }
}

/// Evaluates one expression (without braces) by itself: what the tests against the reference implementation
/// compare. `Ok(None)` is JSONata's undefined.
pub fn evaluate_alone(
    expression: &str,
    bindings: &serde_json::Map<String, Value>,
    clock: Clock,
) -> Result<Option<Value>, String> {
    let expression = Expression::read(expression)?;
    let variables: Variables =
        bindings.iter().map(|(name, value)| (name.clone(), JValue::from(value.clone()))).collect();
    let states = bindings.get("states").cloned().unwrap_or_default();
    let random = Rc::new(Random::seeded(0));
    let mut moment = Moment::new(&variables, &states, clock, &random).map_err(|problem| problem.text)?;
    moment.value(&expression)
}
