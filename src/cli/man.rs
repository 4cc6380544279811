//! `sluice man`

use std::io;

use clap::CommandFactory;
use clap_mangen::Man;

use super::{
    Exit, Output,
    arguments::{Cli, ManArguments},
};

/// Prints a manual page: `sluice man | man -l -`.
pub(super) fn execute(arguments: &ManArguments, output: &mut Output<'_>) -> io::Result<Exit> {
    let mut command = Cli::command();
    command.build();
    // That there is such a command was seen to before.
    let found = arguments.command.as_deref().and_then(|it| command.find_subcommand(it)).cloned();
    let command = found.unwrap_or(command);
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    output.out.write_all(&page)?;
    Ok(Exit::Fine)
}
