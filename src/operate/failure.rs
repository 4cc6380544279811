//! What can go wrong around a deployed run, as diagnostics: code, cause, way out.

use sluice_contract::dynamodb::ItemStoreError;

use super::CloudError;
use crate::{
    diagnostics::{Code, Diagnostic},
    run::Flags,
};

/// AWS's names for credentials that it does not take.
const CREDENTIALS: [&str; 7] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "UnrecognizedClientException",
];

/// The environment has no account: nothing of it is deployed anywhere.
pub fn no_account(environment: &str, more: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ValueMissing,
        format!("`{environment}` has no account, so nothing is deployed there"),
    )
    .help(format!("name an environment that has one with `--environment NAME`; {more}"))
}

/// A call that did not do what it was to do: "`greece` can't be resumed".
pub(super) fn call(verb: &str, what: &str, error: &CloudError) -> Diagnostic {
    let message = format!("AWS did not {verb} `{what}`: {error}");
    let code = error.code.as_deref().unwrap_or_default();
    if CREDENTIALS.contains(&code) {
        return Diagnostic::new(Code::CredentialsMissing, message)
            .help("renew the credentials, such as by `aws sso login`, and check AWS_PROFILE");
    }
    match code {
        "AccessDenied" | "AccessDeniedException" => {
            Diagnostic::new(Code::CallDenied, message).help("sign in with a role that may do this in that account")
        }
        "StateMachineDoesNotExist" => Diagnostic::new(Code::NotDeployed, message)
            .help("deploy it first, or check the environment's account and region against your credentials"),
        "" => Diagnostic::new(Code::CallFailed, message).help(
            "check the network and that there are credentials: AWS_PROFILE, `aws sso login`, or a role of the machine",
        ),
        _ => Diagnostic::new(Code::CallFailed, message).help("try again; what goes on is not disturbed"),
    }
}

/// The runs table did not answer as it should.
pub(super) fn items(table: &str, error: &ItemStoreError) -> Diagnostic {
    let message = format!("the runs table `{table}` can't be used: {error}");
    Diagnostic::new(Code::RunStateFailed, message).help(
        "check that the environment is deployed and that your credentials are of its account and may read the table",
    )
}

/// A document of ours can't be written: no program can bring it about.
pub(super) fn internal(what: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(Code::PlanUnusable, what.to_string()).help("this is a fault of sluice: please report it")
}

/// Its last execution goes on.
pub(super) fn still_going(pipeline: &str, run: &str, flags: &Flags) -> Diagnostic {
    Diagnostic::new(Code::RunStillGoing, format!("run `{run}` of `{pipeline}` is still going")).help(format!(
        "`{}` stops it; `{}` shows where it stands",
        flags.command(&["cancel", pipeline, "--run", run]),
        flags.command(&["runs", pipeline, "--last"])
    ))
}

/// There is no run to go on with.
pub(super) fn nothing_to_resume(pipeline: &str, run: Option<&str>, flags: &Flags) -> Diagnostic {
    let message = match run {
        Some(run) => format!("`{pipeline}` has no run `{run}` that did not succeed"),
        None => format!("`{pipeline}` has no run that could be resumed"),
    };
    Diagnostic::new(Code::NoSuchRun, message).help(format!(
        "`{}` lists them; `{}` starts a new one",
        flags.command(&["runs", pipeline]),
        flags.command(&["start", pipeline])
    ))
}

/// There is no such run, or none at all.
pub(super) fn no_run(pipeline: &str, run: Option<&str>, flags: &Flags) -> Diagnostic {
    let message = match run {
        Some(run) => format!("`{pipeline}` has no run `{run}`"),
        None => format!("`{pipeline}` has not run yet"),
    };
    let list = flags.command(&["runs", pipeline]);
    Diagnostic::new(Code::NoSuchRun, message).help(format!("`{list}` lists its runs"))
}

/// None of its jobs has a log.
pub(super) fn no_logs(pipeline: &str, run: &str, stage: Option<&str>, flags: &Flags) -> Diagnostic {
    let of = stage.map_or_else(String::new, |it| format!(" of `{it}`"));
    let message = format!("run `{run}` of `{pipeline}` has no job{of} that has written lines");
    Diagnostic::new(Code::NoSuchRun, message).help(format!(
        "`{}` shows its stages; `--follow` waits for the first lines",
        flags.command(&["runs", pipeline, "--last"])
    ))
}

/// Step Functions knows nothing of an execution that was just started.
pub(super) fn forgotten(pipeline: &str, execution: &str) -> Diagnostic {
    let message =
        format!("Step Functions does not know the execution `{execution}` of `{pipeline}` any more");
    Diagnostic::new(Code::NotDeployed, message)
        .help("its machine was deleted, or the credentials are of another account")
}

/// The execution has ended, and nothing is written of its run.
pub(super) fn not_recorded(pipeline: &str, run: &str, flags: &Flags) -> Diagnostic {
    let message = format!("run `{run}` of `{pipeline}` has ended, but its end is not recorded");
    Diagnostic::new(Code::RunStateFailed, message).help(format!(
        "look at the function `watch` and at its queue of dead letters; then `{}`",
        flags.command(&["runs", pipeline, "--last"])
    ))
}
