//! `sluice completions`

use std::io;

use clap::CommandFactory;

use super::{
    Exit, Output,
    arguments::{Cli, CompletionsArguments},
};

/// Prints the completions of a shell.
pub(super) fn execute(arguments: &CompletionsArguments, output: &mut Output<'_>) -> io::Result<Exit> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "sluice", &mut text);
    output.out.write_all(&text)?;
    Ok(Exit::Fine)
}
