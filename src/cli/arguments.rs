//! The flags, as clap reads them; help texts, completions and the man page come from here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

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

    /// Whether a program reads the output.
    pub fn for_programs(&self) -> bool {
        self.shared.format == Format::Json
    }
}

/// What every command takes.
#[derive(Debug, Args)]
pub(super) struct Shared {
    /// The folder of the `.pipe` and `.sql` files
    #[arg(long, global = true, value_name = "DIR", default_value = "pipelines")]
    pub(super) program: PathBuf,
    /// Only this environment [default: local for run, all for build]
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) environment: Option<String>,
    /// Where runs keep what must survive them
    #[arg(long, global = true, value_name = "DIR", default_value = ".sluice")]
    pub(super) state: PathBuf,
    /// For people or for programs
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// Whether to use colours; `NO_COLOR` is honoured
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(super) color: Color,
    /// Treat as errors what is named here
    #[arg(long, global = true, value_enum, value_name = "WHAT")]
    pub(super) deny: Option<Deny>,
}

/// Who reads the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// People.
    Human,
    /// Programs: documented, stable.
    Json,
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
    /// Go on with a run that did not succeed
    Resume(ResumeArguments),
    /// Show what ran, and how it went
    Runs(RunsArguments),
    /// Explain a code such as P0301
    Explain(ExplainArguments),
    /// Print a shell's completions
    Completions(CompletionsArguments),
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

/// `sluice run`
#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// The pipelines; several run at once
    #[arg(value_name = "PIPELINE", required_unless_present = "all")]
    pub(super) pipelines: Vec<String>,
    /// Every pipeline that is enabled
    #[arg(long, conflicts_with = "pipelines")]
    pub(super) all: bool,
    /// How many run at once [default: one for each core]
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<std::num::NonZeroUsize>,
}

/// `sluice resume`
#[derive(Debug, Args)]
pub(super) struct ResumeArguments {
    /// The pipeline
    #[arg(value_name = "PIPELINE")]
    pub(super) pipeline: String,
    /// Which run [default: the last one, unless it succeeded]
    #[arg(long, value_name = "RUN")]
    pub(super) run: Option<String>,
}

/// `sluice runs`
#[derive(Debug, Args)]
pub(super) struct RunsArguments {
    /// Only this pipeline's
    #[arg(value_name = "PIPELINE")]
    pub(super) pipeline: Option<String>,
    /// The last run, with its stages
    #[arg(long, requires = "pipeline")]
    pub(super) last: bool,
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
#[derive(Debug, Clone, Copy, Default)]
pub struct Surroundings {
    /// Whether the standard error output is a terminal.
    pub terminal: bool,
    /// Whether `NO_COLOR` is set to something.
    pub no_color: bool,
    /// The terminal's width in columns.
    pub width: Option<usize>,
}
