//! The functions that Step Functions adds to JSONata, and those that it changes or that must be repeatable.

use std::rc::Rc;

use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError};
use jsonata_core::parser;
use jsonata_core::value::JValue;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::clock::Clock;
use super::random::Random;

type Outcome = Result<JValue, EvaluatorError>;

/// More elements than a payload could hold.
const RANGE_LIMIT: f64 = 100_000.0;

/// Makes the functions callable from expressions that `evaluator` runs.
pub(crate) fn register(
    evaluator: &mut Evaluator,
    clock: Clock,
    random: &Rc<Random>,
) -> Result<(), EvaluatorError> {
    evaluator.register_fn_override("partition", partition)?;
    evaluator.register_fn_override("range", range)?;
    evaluator.register_fn_override("hash", hash)?;
    evaluator.register_fn_override("parse", parse)?;
    evaluator.register_fn_override("eval", |_: &[JValue]| fail("$eval is not available; use $parse"))?;
    evaluator
        .register_fn_override("millis", move |_: &[JValue]| Ok(JValue::from(clock.now().as_millisecond())))?;
    evaluator.register_fn_override("now", move |arguments: &[JValue]| now(clock, arguments))?;
    let source = Rc::clone(random);
    evaluator.register_fn_override("random", move |arguments: &[JValue]| match arguments.first() {
        Some(JValue::Number(seed)) => Ok(JValue::from(Random::seeded(seed.to_bits()).unit())),
        Some(_) | None => Ok(JValue::from(source.unit())),
    })?;
    let source = Rc::clone(random);
    evaluator.register_fn_override("uuid", move |_: &[JValue]| Ok(JValue::from(source.uuid())))?;
    let source = Rc::clone(random);
    evaluator.register_fn_override("shuffle", move |arguments: &[JValue]| Ok(shuffle(&source, arguments)))
}

/// `$partition([1, 2, 3], 2)` is `[[1, 2], [3]]`.
fn partition(arguments: &[JValue]) -> Outcome {
    let [items, size] = arguments else { return fail("$partition takes an array and a size") };
    if items.is_undefined() {
        return Ok(JValue::Undefined);
    }
    let size = size.as_i64().and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0);
    match (items.as_array(), size) {
        (Some(items), Some(size)) => {
            Ok(JValue::array(items.chunks(size).map(|chunk| JValue::array(chunk.to_vec())).collect()))
        }
        (_, _) => fail("$partition takes an array and a size of at least 1"),
    }
}

/// `$range(0, 10, 5)` is `[0, 5, 10]`.
fn range(arguments: &[JValue]) -> Outcome {
    let numbers: Vec<f64> = arguments.iter().filter_map(JValue::as_f64).collect();
    let [first, last, step] = numbers.as_slice() else { return fail("$range takes three numbers") };
    if *step == 0.0 || !((last - first) / step).is_finite() {
        return fail("the step of $range must not be 0");
    }
    if (last - first) / step >= RANGE_LIMIT {
        return fail("$range would give too many elements");
    }
    let mut items = Vec::new();
    let mut item = *first;
    while if *step > 0.0 { item <= *last } else { item >= *last } {
        items.push(JValue::from(item));
        item += step;
    }
    Ok(JValue::array(items))
}

/// `$hash('text', 'SHA-256')`, in hexadecimal.
fn hash(arguments: &[JValue]) -> Outcome {
    let [data, algorithm] = arguments else { return fail("$hash takes a text and an algorithm") };
    if data.is_undefined() {
        return Ok(JValue::Undefined);
    }
    let (Some(data), Some(algorithm)) = (data.as_str(), algorithm.as_str()) else {
        return fail("$hash takes a text and an algorithm");
    };
    match algorithm {
        "MD5" => Ok(JValue::from(hexadecimal(&Md5::digest(data)))),
        "SHA-1" => Ok(JValue::from(hexadecimal(&Sha1::digest(data)))),
        "SHA-256" => Ok(JValue::from(hexadecimal(&Sha256::digest(data)))),
        "SHA-384" => Ok(JValue::from(hexadecimal(&Sha384::digest(data)))),
        "SHA-512" => Ok(JValue::from(hexadecimal(&Sha512::digest(data)))),
        _ => fail("$hash knows MD5, SHA-1, SHA-256, SHA-384 and SHA-512"),
    }
}

/// `$parse('{"a": 1}')` is `{"a": 1}`.
fn parse(arguments: &[JValue]) -> Outcome {
    match arguments.first() {
        None | Some(JValue::Undefined) => Ok(JValue::Undefined),
        Some(value) => match value.as_str().map(JValue::from_json_str) {
            Some(Ok(value)) => Ok(value),
            Some(Err(problem)) => fail(&format!("the argument of $parse is not JSON: {problem}")),
            None => fail("$parse takes a text"),
        },
    }
}

/// `$now()`, `$now(picture)`, `$now(picture, timezone)`: what `$fromMillis` makes of the execution's time.
fn now(clock: Clock, arguments: &[JValue]) -> Outcome {
    let mut context = Context::new();
    context.bind("millis".to_owned(), JValue::from(clock.now().as_millisecond()));
    for (name, value) in ["picture", "zone"].into_iter().zip(arguments) {
        context.bind(name.to_owned(), value.clone());
    }
    let tree = parser::parse("$fromMillis($millis, $picture, $zone)")
        .map_err(|problem| EvaluatorError::EvaluationError(problem.to_string()))?;
    Evaluator::with_context(context).evaluate(&tree, &JValue::Undefined)
}

fn shuffle(random: &Random, arguments: &[JValue]) -> JValue {
    let Some(items) = arguments.first().and_then(JValue::as_array) else {
        return arguments.first().cloned().unwrap_or(JValue::Undefined);
    };
    let mut items = items.clone();
    for end in (1..items.len()).rev() {
        items.swap(end, random.below(end + 1));
    }
    JValue::array(items)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0xf])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

fn fail(text: &str) -> Outcome {
    Err(EvaluatorError::EvaluationError(text.to_owned()))
}
