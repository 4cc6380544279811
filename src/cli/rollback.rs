//! `sluice rollback`

use std::io;

use super::{
    Exit, Output,
    arguments::{RollbackArguments, Shared},
    deploy::Target,
};
use crate::{
    deploy::{Trouble, aws::Rollback},
    diagnostics::{Code, Diagnostic},
};

/// Goes back to the version before.
pub(super) fn execute(
    shared: &Shared,
    arguments: &RollbackArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let target = match Target::find(shared, output)? {
        Ok(target) => target,
        Err(exit) => return Ok(exit),
    };
    let name = &arguments.pipeline;
    if target.environment().is_ok_and(|it| it.pipeline(name).is_none()) {
        return output.fail(target.unknown(name));
    }
    let done = target.with_account(|account| account.roll_back(name).map_err(|it| vec![Trouble::from(it)]));
    match done {
        Ok(Rollback::Done { from, to }) => {
            writeln!(output.out, "{name} runs version {to} again, as before version {from}")?;
            Ok(Exit::Fine)
        }
        Ok(Rollback::Nothing) => output.fail(
            Diagnostic::new(Code::NoEarlierVersion, format!("`{name}` has no earlier version"))
                .help("correct the `.pipe` file and deploy it"),
        ),
        Ok(Rollback::PutAway { to, definition }) => output.fail(
            Diagnostic::new(
                Code::NoEarlierVersion,
                format!("version {to} of `{name}` needs the job definition `{definition}`, which is not active any more"),
            )
            .help("nothing was changed; correct the `.pipe` file and deploy it"),
        ),
        Ok(Rollback::NoMachine) => output.fail(
            Diagnostic::new(Code::NoEarlierVersion, format!("`{name}` is not deployed by this program"))
                .help("`sluice plan` shows what is there"),
        ),
        Err(troubles) => target.tell(&troubles, output),
    }
}
