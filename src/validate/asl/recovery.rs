//! `Retry` and `Catch`: which errors, how often, and where to.

use super::{
    check::{Check, Here},
    spec::{CATCHER, RETRIER},
};
use crate::{
    diagnostics::{Code, Diagnostic, suggest},
    validate::json::{Field, Node, Object, Value},
};

/// The names that the States Language gives to errors; no others start with `States.`.
const ERRORS: [&str; 18] = [
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
    "States.Http.StatusCode",
];

pub(crate) fn check(check: &mut Check<'_>, state: &Object<'_>, here: Here<'_>) {
    for (name, what, table, required) in [
        ("Retry", "a retrier", RETRIER, &["ErrorEquals"][..]),
        ("Catch", "a catcher", CATCHER, &["ErrorEquals", "Next"][..]),
    ] {
        let Some(field) = state.field(name) else { continue };
        let Value::Array(entries) = &field.node.value else {
            check.wrong_type(field, "an array");
            continue;
        };
        let last = entries.len().saturating_sub(1);
        for (index, entry) in entries.iter().enumerate() {
            let Some(object) = entry.object() else {
                let message = format!("{what} is {}, not an object", entry.kind());
                check.tell(
                    Diagnostic::new(Code::FieldWrongType, message)
                        .label(entry.span, "")
                        .help("write an object with `ErrorEquals`"),
                );
                continue;
            };
            let at = object.fields.first().map_or(entry.span, |it| it.at);
            check.fields(object, at, &[table], required, Here { what, ..here });
            if let Some(errors) = object.field("ErrorEquals") {
                names(check, errors, index == last, what);
            }
        }
    }
}

fn names(check: &mut Check<'_>, field: &Field<'_>, last: bool, what: &str) {
    let errors = field.node.items();
    for error in errors {
        let Some(name) = error.text() else {
            let message = format!("an error's name is a text, and this is {}", error.kind());
            check.tell(
                Diagnostic::new(Code::FieldWrongType, message)
                    .label(error.span, "")
                    .help("write the error's name in quotes"),
            );
            continue;
        };
        if name == "States.ALL" {
            all(check, error, errors.len(), last, what);
        } else if name == "States.Runtime" {
            check.tell(
                Diagnostic::new(Code::ErrorNeverMatched, "`States.Runtime` is never retried or caught")
                    .label(error.span, "this has no effect")
                    .help("an execution that meets it fails at once; take it out of the list"),
            );
        } else if name.starts_with("States.") && !ERRORS.contains(&name) {
            let diagnostic = Diagnostic::new(Code::ErrorNeverMatched, format!("there is no error `{name}`"))
                .label(error.span, "this never happens");
            check.tell(match suggest::closest(name, ERRORS) {
                Some(meant) => diagnostic
                    .help(format!("did you mean `{meant}`?"))
                    .suggest(error.span, format!("\"{meant}\"")),
                None => diagnostic.help("names that start with `States.` are those of the language"),
            });
        }
    }
}

fn all(check: &mut Check<'_>, error: &Node<'_>, together: usize, last: bool, what: &str) {
    let problem = if together > 1 {
        "it stands alone in `ErrorEquals`"
    } else if last {
        return;
    } else {
        "what comes behind it would never be looked at"
    };
    check.tell(
        Diagnostic::new(
            Code::AllErrorsPlace,
            format!("`States.ALL` stands alone and in the last place ({what})"),
        )
        .label(error.span, problem)
        .help("move it into an entry of its own, behind all others"),
    );
}
