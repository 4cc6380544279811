//! What can go wrong around a run, as diagnostics: code, cause, way out.

use std::{io::ErrorKind, path::Path};

use sluice_contract::dynamodb::ItemStoreError;

use super::flags::Flags;
use crate::{
    diagnostics::{Code, Diagnostic},
    source::FileError,
};

/// The state folder, or something in it, can't be used.
pub(super) fn state(path: &Path, error: &std::io::Error) -> Diagnostic {
    let message = format!("the state folder can't be used: `{}`: {error}", path.display());
    Diagnostic::new(Code::RunStateFailed, message).help(if error.kind() == ErrorKind::NotFound {
        "it was removed by hand: start a new run"
    } else {
        "make room or give rights there, or name another folder with `--state DIR`"
    })
}

/// The state folder can't be made, or is none.
pub(super) fn no_state(root: &Path, error: &std::io::Error) -> Diagnostic {
    let problem = FileError::of_folder(root.display().to_string(), error);
    let message = if let FileError::NoFolder { path } = &problem {
        format!("the state folder `{path}` can't be made there")
    } else {
        format!("the state folder can't be used: {problem}")
    };
    Diagnostic::new(Code::RunStateFailed, message)
        .help("name a folder that can be made and written with `--state DIR`")
}

/// The item store did not answer as it should.
pub(super) fn items(error: &ItemStoreError) -> Diagnostic {
    Diagnostic::new(Code::RunStateFailed, format!("the runs table can't be used: {error}")).help(match error {
        ItemStoreError::Damaged(_) => {
            "restore it, or move `items.db`, `items.db-wal` and `items.db-shm` away: published tables are not in it, but \
             the record of earlier runs is lost with it, and they can't be resumed"
        }
        ItemStoreError::ConditionFailed | ItemStoreError::Invalid(_) | ItemStoreError::Unavailable(_) => {
            "make room or give rights in the state folder, or name another one with `--state DIR`"
        }
    })
}

/// The runs table begins anew, where there were runs.
pub(super) fn runs_table_lost(path: &Path) -> Diagnostic {
    let message =
        format!("the runs table `{}` is missing or empty, although there were runs", path.display());
    Diagnostic::new(Code::StateLost, message)
        .help("it begins anew: earlier runs are not listed and can't be resumed where they were")
}

/// An execution whose record can't be read is passed over.
pub(super) fn passed_over(path: &Path, what: &str) -> Diagnostic {
    let message = format!("`{}` can't be read, and is passed over: {what}", path.display());
    Diagnostic::new(Code::StateLost, message)
        .help("restore it, or move its folder away; a run that was under way there can't be resumed")
}

/// The process of a run does not answer.
pub(super) fn does_not_stop(pipeline: &str, run: &str) -> Diagnostic {
    Diagnostic::new(
        Code::RunNotStopping,
        format!("run `{run}` of `{pipeline}` was asked to stop and has not yet"),
    )
    .help("it stops as soon as its stage lets it; `--force` ends the run without waiting for its process")
}

/// A document of ours is not what the engine or a model takes: no program can bring it about.
pub(super) fn internal(what: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(Code::PlanUnusable, format!("the generated files can't be used: {what}"))
        .help("this is a fault of sluice: please report it with the program that brings it about")
}

/// There is no run to go on with.
pub(super) fn no_such_run(pipeline: &str, run: Option<&str>, flags: &Flags) -> Diagnostic {
    let message = match run {
        Some(run) => format!("`{pipeline}` has no run `{run}`"),
        None => format!("`{pipeline}` has no run that could be resumed"),
    };
    Diagnostic::new(Code::NoSuchRun, message).help(format!(
        "`{}` lists them; `{}` starts a new one",
        flags.command(&["runs", pipeline]),
        flags.command(&["run", pipeline])
    ))
}

/// The thread that ran a pipeline ended before the run did.
pub(super) fn broke_off() -> Diagnostic {
    internal("the thread that ran the pipeline broke off")
}
