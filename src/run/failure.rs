//! What can go wrong around a run, as diagnostics: code, cause, way out.

use std::path::Path;

use sluice_contract::dynamodb::ItemStoreError;

use crate::diagnostics::{Code, Diagnostic};

/// The state folder, or something in it, can't be used.
pub(super) fn state(path: &Path, error: &std::io::Error) -> Diagnostic {
    let message = format!("the state folder can't be used: `{}`: {error}", path.display());
    Diagnostic::new(Code::RunStateFailed, message)
        .help("make room or give rights there, or name another folder with `--state DIR`")
}

/// Something in the state folder is not what was written there.
pub(super) fn unreadable(path: &Path, what: &str) -> Diagnostic {
    let message = format!("`{}` can't be read as what it should be: {what}", path.display());
    Diagnostic::new(Code::RunStateFailed, message)
        .help("it was changed by hand or by another version; move it away and start a new run")
}

/// The item store did not answer as it should.
pub(super) fn items(error: &ItemStoreError) -> Diagnostic {
    Diagnostic::new(Code::RunStateFailed, format!("the runs table can't be used: {error}"))
        .help("make room or give rights in the state folder, or name another one with `--state DIR`")
}

/// A document of ours is not what the engine or a model takes: no program can bring it about.
pub(super) fn internal(what: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(Code::PlanUnusable, format!("the generated files can't be used: {what}"))
        .help("this is a fault of sluice: please report it with the program that brings it about")
}

/// There is no run to go on with.
pub(super) fn no_such_run(pipeline: &str, run: Option<&str>) -> Diagnostic {
    let message = match run {
        Some(run) => format!("`{pipeline}` has no run `{run}`"),
        None => format!("`{pipeline}` has no run that could be resumed"),
    };
    Diagnostic::new(Code::NoSuchRun, message)
        .help(format!("`sluice runs {pipeline}` lists them; `sluice run {pipeline}` starts a new one"))
}

/// The thread that ran a pipeline ended before the run did.
pub(super) fn broke_off() -> Diagnostic {
    internal("the thread that ran the pipeline broke off")
}
