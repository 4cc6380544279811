//! The flags of the commands around runs: `run`, `resume`, `cancel` and `runs`.

use clap::Args;

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
    /// Show the SQL that each stage would run, and run nothing
    #[arg(long, conflicts_with_all = ["all", "jobs"])]
    pub(super) explain: bool,
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

/// `sluice cancel`
#[derive(Debug, Args)]
pub(super) struct CancelArguments {
    /// The pipeline
    #[arg(value_name = "PIPELINE")]
    pub(super) pipeline: String,
    /// Only this run [default: whatever goes on of the pipeline]
    #[arg(long, value_name = "RUN")]
    pub(super) run: Option<String>,
    /// Do not wait for the run's process: what it still writes is refused once another run has begun
    #[arg(long)]
    pub(super) force: bool,
}

/// `sluice runs`
#[derive(Debug, Args)]
pub(super) struct RunsArguments {
    /// Only this pipeline's
    #[arg(value_name = "PIPELINE")]
    pub(super) pipeline: Option<String>,
    /// The last run of PIPELINE, with its stages
    #[arg(long, requires = "pipeline")]
    pub(super) last: bool,
}
