//! The flags, as clap reads them; help texts, completions and the man page come from here.

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum, error::ErrorKind};

/// The program's folder where nobody names another.
pub(super) const DEFAULT_PROGRAM: &str = "pipelines";

pub(super) use super::call_arguments::CallArguments;
pub(super) use super::deploy_arguments::{
    DeployArguments, DestroyArguments, PlanArguments, RollbackArguments,
};
pub(super) use super::machine_arguments::{ExecArguments, ExecInput, TestArguments, ValidateArguments};
pub(super) use super::run_arguments::{
    CancelArguments, LogsArguments, ResumeArguments, RunArguments, RunsArguments, StartArguments,
};
pub(super) use super::survey_arguments::SurveyArguments;
pub(super) use super::view_arguments::{CostArguments, Drawing, GraphArguments, ScheduleArguments};

use crate::run::Flags;

/// A small pipeline language and its compiler.
///
/// One short file per country becomes a Step Functions state machine, Batch job definitions and schedules; the very
/// same state machine runs on this machine with `sluice run`.
#[derive(Debug, Parser)]
#[command(name = "sluice", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub(super) shared: Shared,
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,
}

impl Cli {
    /// How the output is to look.
    pub fn color(&self) -> Color {
        self.shared.color
    }

    /// What is wrong with the flags together, though each is right by itself.
    pub fn wrong_usage(&self) -> Option<clap::Error> {
        let reviews = match &self.command {
            Command::Check | Command::Build(_) | Command::Validate(_) => true,
            Command::Fmt(it) => it.check,
            Command::Run(_)
            | Command::Start(_)
            | Command::Logs(_)
            | Command::Resume(_)
            | Command::Runs(_)
            | Command::Cancel(_)
            | Command::Schedule(_)
            | Command::Cost(_)
            | Command::Graph(_)
            | Command::New(_)
            | Command::Exec(_)
            | Command::Call(_)
            | Command::Test(_)
            | Command::Survey(_)
            | Command::Plan(_)
            | Command::Deploy(_)
            | Command::Destroy(_)
            | Command::Rollback(_)
            | Command::Explain(_)
            | Command::Completions(_)
            | Command::Man(_) => false,
        };
        if let Command::Man(ManArguments { command: Some(name) }) = &self.command
            && Self::command().find_subcommand(name).is_none()
        {
            let message = format!("there is no command `{name}`: `sluice help` lists them");
            return Some(Self::command().error(ErrorKind::InvalidSubcommand, message));
        }
        let message = match self.shared.format {
            Format::Github | Format::Sarif if !reviews => {
                "`--format github` and `--format sarif` tell what is wrong with files: only `check`, `build`, \
                 `validate` and `fmt --check` have that to tell"
            }
            Format::Junit if !matches!(self.command, Command::Test(_)) => {
                "`--format junit` tells how tests ended: only `test` has that to tell"
            }
            Format::Csv if !matches!(self.command, Command::Survey(_)) => {
                "`--format csv` tells figures: only `survey results` has that to tell"
            }
            Format::Human | Format::Json | Format::Github | Format::Sarif | Format::Junit | Format::Csv => {
                return None;
            }
        };
        Some(Self::command().error(ErrorKind::ArgumentConflict, message))
    }
}

const STATE: &str = ".sluice";

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(super) struct Shared {
    /// The folder of the `.pipe` and `.sql` files
    #[arg(long, global = true, value_name = "DIR", default_value = DEFAULT_PROGRAM)]
    pub(super) program: PathBuf,
    /// Only this environment [default: local for run, all for build]
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) environment: Option<String>,
    /// Where runs keep what must survive them
    #[arg(long, global = true, value_name = "DIR", default_value = STATE)]
    pub(super) state: PathBuf,
    /// For people or for programs; `github` and `sarif` for check, build, validate, fmt --check; `junit` for test;
    /// `csv` for survey results
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// Whether to use colours; `NO_COLOR` is honoured
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(super) color: Color,
    /// Treat as errors what is named here
    #[arg(long, global = true, value_enum, value_name = "WHAT")]
    pub(super) deny: Option<Deny>,
}

impl Shared {
    /// The flags that a command to be typed needs to mean the same program and state.
    pub(super) fn flags(&self) -> Flags {
        let program = self.program.to_str().filter(|it| *it != DEFAULT_PROGRAM).map(|it| ("--program", it));
        let environment = self.environment.as_deref().map(|it| ("--environment", it));
        let state = self.state.to_str().filter(|it| *it != STATE).map(|it| ("--state", it));
        Flags::new([program, environment, state].into_iter().flatten())
    }
}

/// Who reads the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// People.
    Human,
    /// Programs: documented, stable.
    Json,
    /// Annotations of GitHub Actions.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// `JUnit`'s XML, for what shows test results.
    Junit,
    /// Figures as lines with commas, for spreadsheets.
    Csv,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What may be treated as an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Deny {
    /// Every warning.
    Warnings,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find every mistake in the program, its SQL included
    Check,
    /// Write the files that AWS takes
    Build(BuildArguments),
    /// Lay the `.pipe` files out canonically
    Fmt(FmtArguments),
    /// Run pipelines on this machine
    Run(RunArguments),
    /// Start a run of a deployed pipeline
    Start(StartArguments),
    /// Go on with a run that did not succeed
    Resume(ResumeArguments),
    /// Stop a run that goes on, whichever process runs it
    Cancel(CancelArguments),
    /// Show what ran, and how it went
    Runs(RunsArguments),
    /// Show what the jobs of a deployed run have written
    Logs(LogsArguments),
    /// Show the next starts of the pipelines, and where they crowd
    Schedule(ScheduleArguments),
    /// Estimate what a month costs, by pipeline and in total
    Cost(CostArguments),
    /// Draw the stages of a pipeline
    Graph(GraphArguments),
    /// Write the first files of something new
    New(NewArguments),
    /// Find what AWS would refuse in state machines and contact flows, whoever wrote them
    Validate(ValidateArguments),
    /// Execute any JSONata state machine on this machine, its services mocked
    Exec(ExecArguments),
    /// Call a survey or any contact flow on this machine: the keyboard is the telephone
    Call(CallArguments),
    /// Try out what pipelines do when something fails: run their scenario files
    Test(TestArguments),
    /// Ask for what surveys came to
    Survey(SurveyArguments),
    /// Show what a deployment would change in the environment's account
    Plan(PlanArguments),
    /// Make the environment's account as the program wants it
    Deploy(DeployArguments),
    /// Remove everything that was deployed to the environment
    Destroy(DestroyArguments),
    /// Go back to the version of a pipeline before the one that runs
    Rollback(RollbackArguments),
    /// Explain a code such as P0301
    Explain(ExplainArguments),
    /// Print a shell's completions
    Completions(CompletionsArguments),
    /// Print the manual page of sluice or of a command
    Man(ManArguments),
}

/// `sluice build`
#[derive(Debug, Args)]
pub(super) struct BuildArguments {
    /// Write nothing: fail if the files are not what would be written
    #[arg(long)]
    pub(super) check: bool,
    /// Where the files go
    #[arg(long, value_name = "DIR", default_value = "generated")]
    pub(super) out: PathBuf,
}

/// `sluice fmt`
#[derive(Debug, Args)]
pub(super) struct FmtArguments {
    /// Change nothing: fail if a file would change
    #[arg(long)]
    pub(super) check: bool,
    /// Only these files; `-` lays out the standard input [default: every `.pipe` file of the program]
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
}

/// `sluice new`
#[derive(Debug, Args)]
pub(super) struct NewArguments {
    /// What to write
    #[command(subcommand)]
    pub(super) what: NewWhat,
}

/// What can be new.
#[derive(Debug, Subcommand)]
pub(super) enum NewWhat {
    /// Write a country's pipeline and its queries
    Country(NewCountryArguments),
}

/// `sluice new country`
#[derive(Debug, Args)]
pub(super) struct NewCountryArguments {
    /// The pipeline's name, such as `latvia`
    #[arg(value_name = "NAME")]
    pub(super) name: String,
    /// The country's ISO code [default: that of the country called NAME]
    #[arg(long, value_name = "XX")]
    pub(super) code: Option<String>,
    /// The time zone of its schedule
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    pub(super) zone: String,
    /// The connection that its rows come from [default: `NAME_registry`, or the first one that there is]
    #[arg(long, value_name = "CONNECTION")]
    pub(super) connection: Option<String>,
}

/// `sluice man`
#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// The command [default: sluice itself]
    #[arg(value_name = "COMMAND")]
    pub(super) command: Option<String>,
}

/// `sluice explain`
#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// The code, as the message gives it [default: list all codes]
    #[arg(value_name = "CODE")]
    pub(super) code: Option<String>,
}

/// `sluice completions`
#[derive(Debug, Args)]
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}

/// What the process finds around it: read once, in `main`.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Whether the standard error output is a terminal.
    pub terminal: bool,
    /// Whether `NO_COLOR` is set to something.
    pub no_color: bool,
    /// The terminal's width in columns.
    pub width: Option<usize>,
    /// The folder that the command runs in: paths in reports start there.
    pub directory: Option<PathBuf>,
    /// The environment, as far as connections to servers ask for it.
    pub variables: crate::run::Variables,
}
