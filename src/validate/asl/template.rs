//! Templates, payloads and paths: whatever a state computes, in its query language.

use super::{
    check::{Check, Here, Use},
    intrinsic,
    path::{self, Computed, Path, Problem, Root},
    spec::{Language, Moment},
};
use crate::{
    diagnostics::{Code, Diagnostic, suggest},
    source::Span,
    validate::json::{Field, Node, Object, Value},
};

/// Longer names are refused.
const LONGEST_NAME: usize = 80;

/// A JSONata template: any text in it may be an expression.
pub(crate) fn jsonata(check: &mut Check<'_>, node: &Node<'_>, moment: Moment, here: Here<'_>) {
    match &node.value {
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
        Value::Text(text) => expression(check, text, node.span, moment, here),
        Value::Array(items) => items.iter().for_each(|it| jsonata(check, it, moment, here)),
        Value::Object(object) => object.fields.iter().for_each(|it| jsonata(check, &it.node, moment, here)),
    }
}

fn expression(check: &mut Check<'_>, text: &str, at: Span, moment: Moment, here: Here<'_>) {
    let Some(inner) = text.strip_prefix("{%").and_then(|it| it.strip_suffix("%}")) else {
        return not_whole(check, text, at);
    };
    let analysis = check.expressions.analysis(inner.trim());
    if let Some(problem) = &analysis.problem {
        let message = format!("the expression can't be read: {problem}");
        return check.tell(
            Diagnostic::new(Code::JsonataSyntax, message)
                .label(at, "")
                .help("between `{%` and `%}` stands one JSONata expression"),
        );
    }
    for what in &analysis.unsupported {
        check.tell(
            Diagnostic::new(Code::JsonataUnsupported, format!("the expression {what}"))
                .label(at, "")
                .help("the state's input is `$states.input`; variables start with `$`"),
        );
    }
    for field in &analysis.states {
        states_field(check, field, at, moment);
    }
    for variable in &analysis.variables {
        check.uses.push(Use { state: here.state, variable: variable.clone(), at });
    }
}

fn not_whole(check: &mut Check<'_>, text: &str, at: Span) {
    let trimmed = text.trim();
    if trimmed.starts_with("{%") && trimmed.ends_with("%}") {
        return check.tell(
            Diagnostic::new(Code::JsonataSyntax, "there is a blank outside of an expression's braces")
                .label(at, "")
                .help("start the text with `{%` and end it with `%}`")
                .suggest(at, format!("\"{}\"", trimmed.replace('\\', "\\\\").replace('"', "\\\""))),
        );
    }
    let inside = text.split_once("{%").is_some_and(|(_, rest)| rest.contains("%}"));
    if inside || text.starts_with("{%") {
        check.tell(
            Diagnostic::new(
                Code::ExpressionNotWhole,
                "an expression that is only a part of a text is not computed",
            )
            .label(at, "this text is passed on as it stands")
            .help("make the whole text an expression: `{% 'text ' & $variable %}`"),
        );
    }
}

fn states_field(check: &mut Check<'_>, field: &str, at: Span, moment: Moment) {
    const FIELDS: [&str; 4] = ["context", "errorOutput", "input", "result"];
    let (message, help) = match (field, moment) {
        ("input" | "context", _) | ("result", Moment::After) | ("errorOutput", Moment::Caught) => return,
        ("result", Moment::Before | Moment::Caught) => (
            "`$states.result` is not defined here".to_owned(),
            "it is defined in `Assign` and `Output` of Task, Parallel and Map states".to_owned(),
        ),
        ("errorOutput", Moment::Before | Moment::After) => (
            "`$states.errorOutput` is not defined here".to_owned(),
            "it is defined in `Assign` and `Output` of a catcher in `Catch`".to_owned(),
        ),
        (other, _) => (
            format!("`$states` has no `{other}`"),
            match suggest::closest(other, FIELDS) {
                Some(meant) => format!("did you mean `$states.{meant}`?"),
                None => "it has `input`, `context`, `result` and `errorOutput`".to_owned(),
            },
        ),
    };
    check.tell(Diagnostic::new(Code::StatesFieldUndefined, message).label(at, "").help(help));
}

/// A JSONPath payload template: the value of a key that ends in `.$` is computed.
pub(crate) fn payload(check: &mut Check<'_>, node: &Node<'_>, here: Here<'_>) {
    match &node.value {
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
        Value::Text(text) => dollar_missing(check, text, node.span),
        Value::Array(items) => items.iter().for_each(|it| payload(check, it, here)),
        Value::Object(object) => {
            twice(check, object);
            for field in &object.fields {
                if field.name.ends_with(".$") {
                    computed(check, field, here);
                } else {
                    payload(check, &field.node, here);
                }
            }
        }
    }
}

fn twice(check: &mut Check<'_>, object: &Object<'_>) {
    for field in &object.fields {
        let Some(plain) = field.name.strip_suffix(".$") else { continue };
        if let Some(other) = object.field(plain) {
            check.tell(
                Diagnostic::new(
                    Code::FieldTwiceForDollar,
                    format!("`{plain}` is given with and without `.$`"),
                )
                .label(field.at, "this becomes the same field")
                .also(other.at, "as this")
                .help("keep one of them"),
            );
        }
    }
}

fn dollar_missing(check: &mut Check<'_>, text: &str, at: Span) {
    let is_path = (text.starts_with("$.") || text.starts_with("$$.")) && path::path(text).is_ok();
    if is_path || (text.starts_with("States.") && path::computed(text).is_ok()) {
        check.tell(
            Diagnostic::new(Code::DollarMissing, format!("`{text}` is passed on as a text"))
                .label(at, "this is not computed")
                .help("end the key with `.$` to have it computed"),
        );
    }
}

fn computed(check: &mut Check<'_>, field: &Field<'_>, here: Here<'_>) {
    let Some(text) = check.text(field) else { return };
    match path::computed(text) {
        Ok(Computed::Path(path)) => use_of(check, path, field.node.span, here),
        Ok(Computed::Intrinsic { variables, .. }) => {
            for variable in variables {
                check.uses.push(Use { state: here.state, variable, at: field.node.span });
            }
        }
        Err(Problem::Path(problem)) => path_problem(check, text, &problem, field.node.span),
        Err(Problem::Intrinsic(problem)) => intrinsic_problem(check, &problem, field.node.span),
        Err(Problem::Neither) => check.tell(
            Diagnostic::new(Code::PathSyntax, format!("`{text}` is no path and no intrinsic function"))
                .label(field.node.span, "")
                .help("write a path such as `$.name` or a call such as `States.UUID()`, or take `.$` off the key"),
        ),
    }
}

fn path_problem(check: &mut Check<'_>, text: &str, problem: &str, at: Span) {
    check.tell(
        Diagnostic::new(Code::PathSyntax, format!("the path `{text}` {problem}"))
            .label(at, "")
            .help("a path starts with `$` and goes on with `.name`, `['name']` or `[0]`"),
    );
}

fn intrinsic_problem(check: &mut Check<'_>, problem: &str, at: Span) {
    check.tell(
        Diagnostic::new(Code::IntrinsicWrong, format!("the intrinsic function {problem}"))
            .label(at, "")
            .help("a call looks like `States.Format('{} of {}', $.count, $.total)`"),
    );
}

fn use_of(check: &mut Check<'_>, path: Path, at: Span, here: Here<'_>) {
    if let Root::Variable(variable) = path.root {
        check.uses.push(Use { state: here.state, variable, at });
    }
}

/// A field that holds a path.
pub(crate) fn path(check: &mut Check<'_>, field: &Field<'_>, here: Here<'_>) {
    let Some(text) = check.text(field) else { return };
    match path::path(text) {
        Ok(path) => use_of(check, path, field.node.span, here),
        Err(problem) => path_problem(check, text, &problem, field.node.span),
    }
}

/// A place in the input that is written to.
pub(crate) fn result_path(check: &mut Check<'_>, field: &Field<'_>) {
    let Some(text) = check.text(field) else { return };
    let help = "name one place below `$`, such as `$.result`, with names and indexes only";
    let what = match path::path(text) {
        Err(problem) => return path_problem(check, text, &problem, field.node.span),
        Ok(Path { root: Root::Context, .. }) => "the context object can't be written to",
        Ok(Path { root: Root::Variable(_), .. }) => "a variable is written by `Assign` only",
        Ok(Path { reference: false, .. }) => "it may name more than one place",
        Ok(Path { root: Root::Input, .. }) => return,
    };
    check.tell(
        Diagnostic::new(Code::NotAReferencePath, format!("`{text}` can't be written to"))
            .label(field.node.span, what)
            .help(help),
    );
}

/// A path, or an intrinsic function that returns a text.
pub(crate) fn words_path(check: &mut Check<'_>, field: &Field<'_>, here: Here<'_>) {
    computed(check, field, here);
    if let Some(Ok(Computed::Intrinsic { name, .. })) = field.node.text().map(path::computed)
        && !intrinsic::returns_text(name)
    {
        check.tell(
            Diagnostic::new(Code::IntrinsicWrong, format!("`{name}` does not return a text"))
                .label(field.node.span, format!("`{}` must be a text", field.name))
                .help("wrap it: `States.JsonToString(…)` or `States.Format('{}', …)`"),
        );
    }
}

/// `Assign`: variables by name.
pub(crate) fn assign(check: &mut Check<'_>, field: &Field<'_>, moment: Moment, here: Here<'_>) {
    let Some(object) = field.node.object() else { return check.wrong_type(field, "an object") };
    for variable in &object.fields {
        name(check, variable);
    }
    match here.language {
        Language::Jsonata => jsonata(check, &field.node, moment, here),
        Language::JsonPath => payload(check, &field.node, here),
    }
}

fn name(check: &mut Check<'_>, variable: &Field<'_>) {
    let name = variable.name.strip_suffix(".$").unwrap_or(&variable.name);
    let mut letters = name.chars();
    let starts = letters.next().is_some_and(|it| it.is_alphabetic() || it == '_');
    let problem = if name == "states" {
        "this name is taken by what a state is given"
    } else if !starts || !letters.all(|it| it.is_alphanumeric() || it == '_') {
        "a name has letters, digits and `_`, and no digit at its start"
    } else if name.chars().count() > LONGEST_NAME {
        "a name has at most 80 characters"
    } else {
        return;
    };
    check.tell(
        Diagnostic::new(Code::VariableUnusable, format!("a variable can't be named `{name}`"))
            .label(variable.at, problem)
            .help("give it another name"),
    );
}

/// A value that is returned as it stands.
pub(crate) fn literal(check: &mut Check<'_>, node: &Node<'_>) {
    match &node.value {
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
        Value::Text(text) => {
            if (text.starts_with("$.") || text.starts_with("$$.")) && path::path(text).is_ok() {
                is_static(check, node.span);
            }
        }
        Value::Array(items) => items.iter().for_each(|it| literal(check, it)),
        Value::Object(object) => {
            for field in &object.fields {
                if field.name.ends_with(".$") {
                    is_static(check, field.at);
                } else {
                    literal(check, &field.node);
                }
            }
        }
    }
}

fn is_static(check: &mut Check<'_>, at: Span) {
    check.tell(
        Diagnostic::new(Code::ResultIsStatic, "`Result` is returned as it stands")
            .label(at, "this is not computed")
            .help("use `Parameters`, where keys that end in `.$` are computed"),
    );
}
