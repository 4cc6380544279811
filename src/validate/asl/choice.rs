//! The rules of a Choice state.

use super::{
    check::{Check, Here},
    path,
    spec::{Language, RULE},
    template,
};
use crate::{
    diagnostics::{Code, Diagnostic, suggest},
    source::Span,
    validate::json::{Field, Node, Object, Value},
};

/// What a comparison compares with.
#[derive(Clone, Copy, PartialEq)]
enum Operand {
    Text,
    Number,
    Flag,
    Timestamp,
}

const ORDERS: [&str; 5] = ["Equals", "GreaterThan", "GreaterThanEquals", "LessThan", "LessThanEquals"];
const TESTS: [&str; 6] = ["IsBoolean", "IsNull", "IsNumeric", "IsPresent", "IsString", "IsTimestamp"];
const NESTING: [&str; 3] = ["And", "Not", "Or"];

/// What the operator compares with, and whether that is named by a path.
fn operand(operator: &str) -> Option<(Operand, bool)> {
    if operator == "StringMatches" {
        return Some((Operand::Text, false));
    }
    if TESTS.contains(&operator) {
        return Some((Operand::Flag, false));
    }
    let (plain, by_path) = match operator.strip_suffix("Path") {
        Some(plain) => (plain, true),
        None => (operator, false),
    };
    if plain == "BooleanEquals" {
        return Some((Operand::Flag, by_path));
    }
    let kinds = [("String", Operand::Text), ("Numeric", Operand::Number), ("Timestamp", Operand::Timestamp)];
    kinds.into_iter().find_map(|(prefix, operand)| {
        plain.strip_prefix(prefix).filter(|it| ORDERS.contains(it)).map(|_| (operand, by_path))
    })
}

fn operators() -> Vec<String> {
    let mut all: Vec<String> = NESTING.iter().chain(&TESTS).map(|it| (*it).to_owned()).collect();
    all.extend(["BooleanEquals", "BooleanEqualsPath", "StringMatches"].map(str::to_owned));
    for kind in ["String", "Numeric", "Timestamp"] {
        for order in ORDERS {
            all.extend([format!("{kind}{order}"), format!("{kind}{order}Path")]);
        }
    }
    all
}

pub(crate) fn check(check: &mut Check<'_>, state: &Object<'_>, here: Here<'_>) {
    for rule in state.items("Choices") {
        let Some(object) = object(check, rule) else { continue };
        let at = object.fields.first().map_or(rule.span, |it| it.at);
        if !object.has("Next") {
            check.tell(
                Diagnostic::new(Code::RuleNext, "a rule of `Choices` has no `Next`")
                    .label(at, "where does it go on?")
                    .help("name the next state in `Next`"),
            );
        }
        match here.language {
            Language::Jsonata if compares(check, object) => {}
            Language::Jsonata => {
                check.fields(object, at, &[RULE], &["Condition"], Here { what: "a rule", ..here });
            }
            Language::JsonPath => comparison(check, object, at, false, here),
        }
    }
}

/// Whether a rule of JSONata is written in JSONPath, which is told.
fn compares(check: &mut Check<'_>, rule: &Object<'_>) -> bool {
    let of_path = |it: &&Field<'_>| {
        it.name == "Variable" || operand(&it.name).is_some() || NESTING.contains(&it.name.as_ref())
    };
    let found = rule.fields.iter().find(of_path);
    if let Some(field) = found {
        check.tell(
            Diagnostic::new(
                Code::FieldNotOfLanguage,
                format!("`{}` is a field of JSONPath, and this is JSONata", field.name),
            )
            .label(field.at, "in a rule of JSONata")
            .help("write the comparison as an expression, in `Condition`"),
        );
    }
    found.is_some()
}

fn object<'n>(check: &mut Check<'_>, rule: &'n Node<'n>) -> Option<&'n Object<'n>> {
    let object = rule.object();
    if object.is_none() {
        check.tell(
            Diagnostic::new(Code::FieldWrongType, format!("a rule is {}, not an object", rule.kind()))
                .label(rule.span, "")
                .help("write an object"),
        );
    }
    object
}

fn comparison(check: &mut Check<'_>, rule: &Object<'_>, at: Span, nested: bool, here: Here<'_>) {
    let mut compared: Option<&Field<'_>> = None;
    let mut needs_variable = false;
    let mut others: Vec<&Field<'_>> = Vec::new();
    for field in &rule.fields {
        let name = field.name.as_ref();
        let known = operand(name);
        if known.is_none() && !NESTING.contains(&name) {
            others.push(field);
            continue;
        }
        if let Some(first) = compared {
            check.tell(
                Diagnostic::new(
                    Code::NotOneComparison,
                    format!("a rule compares with `{}` and `{name}`", first.name),
                )
                .label(field.at, "a rule has one comparison")
                .also(first.at, "the other one")
                .help("put both into an `And`"),
            );
        }
        compared = Some(field);
        if let Some((operand, by_path)) = known {
            needs_variable = true;
            value(check, field, operand, by_path, here);
        } else {
            inner(check, field, here);
        }
    }
    plain_fields(check, &others, nested, compared.is_some(), here);
    if compared.is_none() && !others.iter().any(|it| is_misspelt(&it.name)) {
        check.tell(
            Diagnostic::new(Code::NotOneComparison, "a rule compares nothing")
                .label(at, "there is no comparison here")
                .help("add one, such as `\"StringEquals\": \"text\"`"),
        );
    }
    if needs_variable && !rule.has("Variable") {
        check.missing(compared.map_or(at, |it| it.at), "a comparison", "Variable");
    }
}

fn is_misspelt(name: &str) -> bool {
    let all = operators();
    suggest::closest(name, all.iter().map(String::as_str)).is_some()
}

fn plain_fields(check: &mut Check<'_>, fields: &[&Field<'_>], nested: bool, compared: bool, here: Here<'_>) {
    for field in fields {
        match field.name.as_ref() {
            "Variable" => template::path(check, field, here),
            "Next" if nested => check.tell(
                Diagnostic::new(Code::RuleNext, "a rule inside of another one has a `Next`")
                    .label(field.at, "only the outermost rule goes on")
                    .help("move it to the outermost rule"),
            ),
            "Comment" | "Next" => drop(check.text(field)),
            "Assign" if !nested => template::assign(check, field, super::spec::Moment::Before, here),
            name @ ("Condition" | "Output") => check.tell(
                Diagnostic::new(
                    Code::FieldNotOfLanguage,
                    format!("`{name}` is a field of JSONata, and this is JSONPath"),
                )
                .label(field.at, "in a rule of JSONPath")
                .help("compare a `Variable`, or give the state `\"QueryLanguage\": \"JSONata\"`"),
            ),
            name => {
                let all = operators();
                let known = all.iter().map(String::as_str);
                let plain = ["Variable", "Comment", "Next", "Assign"];
                let meant = if compared { None } else { suggest::closest(name, known) };
                let meant = meant.or_else(|| suggest::closest(name, plain));
                let diagnostic = Diagnostic::new(Code::FieldUnknown, format!("a rule has no field `{name}`"))
                    .label(field.at, "there is no such field");
                check.tell(match meant {
                    Some(meant) => diagnostic
                        .help(format!("did you mean `{meant}`?"))
                        .suggest(field.at, format!("\"{meant}\"")),
                    None => {
                        diagnostic.help("it has `Variable`, one comparison, `Next`, `Assign` and `Comment`")
                    }
                });
            }
        }
    }
}

fn inner(check: &mut Check<'_>, field: &Field<'_>, here: Here<'_>) {
    if field.name == "Not" {
        if let Some(object) = field.node.object() {
            comparison(check, object, field.at, true, here);
        } else {
            check.wrong_type(field, "an object");
        }
        return;
    }
    let Value::Array(rules) = &field.node.value else { return check.wrong_type(field, "an array") };
    if rules.is_empty() {
        check.empty(field);
    }
    for rule in rules {
        if let Some(object) = object(check, rule) {
            let at = object.fields.first().map_or(rule.span, |it| it.at);
            comparison(check, object, at, true, here);
        }
    }
}

fn value(check: &mut Check<'_>, field: &Field<'_>, operand: Operand, by_path: bool, here: Here<'_>) {
    if by_path {
        return template::path(check, field, here);
    }
    match (operand, &field.node.value) {
        (Operand::Text, Value::Text(_))
        | (Operand::Number, Value::Number(_))
        | (Operand::Flag, Value::Bool(_)) => {}
        (Operand::Timestamp, Value::Text(text)) => check.timestamp(field.node.span, text),
        (Operand::Text | Operand::Timestamp, _) => check.wrong_type(field, "a text"),
        (Operand::Number, _) => check.wrong_type(field, "a number"),
        (Operand::Flag, _) => check.wrong_type(field, "true or false"),
    }
    if let Value::Text(text) = &field.node.value
        && operand == Operand::Text
        && (text.starts_with("$.") || text.starts_with("$$."))
        && path::path(text).is_ok()
    {
        check.tell(
            Diagnostic::new(Code::DollarMissing, format!("`{text}` is compared as a text"))
                .label(field.node.span, "this is not looked up")
                .help(format!("use `{}Path` to compare with what is there", field.name)),
        );
    }
}
