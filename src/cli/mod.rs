//! The command line: one file a command, each a thin reader of flags over the library.
//!
//! Exit codes are those of cargo and terraform: 0 fine, 1 problems found, 2 wrong usage. What people read goes to
//! the terminal, `--format json` is for programs and stable.

mod arguments;
mod build;
mod call;
mod call_arguments;
mod cancel;
mod check;
mod completions;
mod cost;
mod cost_change;
mod deploy;
mod deploy_arguments;
mod deploy_view;
mod exec;
mod explain;
mod file;
mod fleet;
mod fmt;
mod graph;
mod logs;
mod machine_arguments;
mod man;
mod new;
mod output;
mod program;
mod program_id;
mod remote;
mod rollback;
mod run;
mod run_arguments;
mod runs;
mod schedule;
mod start;
mod survey;
mod survey_arguments;
mod survey_table;
mod table;
mod test;
mod transport;
mod validate;
mod view_arguments;

pub use arguments::{Cli, Surroundings};
pub use output::Output;

use arguments::Command;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Fine.
    Fine,
    /// Problems were found, and told.
    Problems,
}

/// Carries out the command. An error is one of writing to the output itself.
pub fn execute(cli: &Cli, output: &mut Output<'_>) -> std::io::Result<Exit> {
    let shared = &cli.shared;
    match &cli.command {
        Command::Check => check::execute(shared, output),
        Command::Build(arguments) => build::execute(shared, arguments, output),
        Command::Fmt(arguments) => fmt::execute(shared, arguments, output),
        Command::Run(arguments) => run::run(shared, arguments, output),
        Command::Start(arguments) => start::execute(shared, arguments, output),
        Command::Resume(arguments) => run::resume(shared, arguments, output),
        Command::Cancel(arguments) => cancel::execute(shared, arguments, output),
        Command::Runs(arguments) => runs::execute(shared, arguments, output),
        Command::Logs(arguments) => logs::execute(shared, arguments, output),
        Command::Schedule(arguments) => schedule::execute(shared, arguments, output),
        Command::Cost(arguments) => cost::execute(shared, arguments, output),
        Command::Graph(arguments) => graph::execute(shared, arguments, output),
        Command::New(arguments) => new::execute(shared, arguments, output),
        Command::Validate(arguments) => validate::execute(shared, arguments, output),
        Command::Exec(arguments) => exec::execute(arguments, output),
        Command::Call(arguments) => call::execute(shared, arguments, output),
        Command::Test(arguments) => test::execute(shared, arguments, output),
        Command::Survey(arguments) => survey::execute(shared, arguments, output),
        Command::Explain(arguments) => explain::execute(arguments, output),
        Command::Completions(arguments) => completions::execute(arguments, output),
        Command::Plan(arguments) => deploy::plan(shared, arguments, output),
        Command::Deploy(arguments) => deploy::deploy(shared, arguments, output),
        Command::Destroy(arguments) => deploy::destroy(shared, arguments, output),
        Command::Rollback(arguments) => rollback::execute(shared, arguments, output),
        Command::Man(arguments) => man::execute(arguments, output),
    }
}
