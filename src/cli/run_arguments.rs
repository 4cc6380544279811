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

/// `sluice start`
#[derive(Debug, Args)]
pub(super) struct StartArguments {
    /// The pipeline
    #[arg(value_name = "PIPELINE")]
    pub(super) pipeline: String,
    /// Do not look on until the run has ended
    #[arg(long)]
    pub(super) detach: bool,
}

/// `sluice logs`
#[derive(Debug, Args)]
pub(super) struct LogsArguments {
    /// The pipeline
    #[arg(value_name = "PIPELINE")]
    pub(super) pipeline: String,
    /// Which run [default: the last one]
    #[arg(long, value_name = "RUN")]
    pub(super) run: Option<String>,
    /// Only this stage's, such as `companies.load`
    #[arg(long, value_name = "STAGE")]
    pub(super) stage: Option<String>,
    /// Go on until the run has ended
    #[arg(long, short)]
    pub(super) follow: bool,
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
    /// Where it is deployed: do not look on until the run has ended
    #[arg(long)]
    pub(super) detach: bool,
    /// The run of this machine, though the environment has an account
    #[arg(long, conflicts_with = "detach")]
    pub(super) here: bool,
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
    /// The run of this machine, though the environment has an account
    #[arg(long)]
    pub(super) here: bool,
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
    /// The runs of this machine, though the environment has an account
    #[arg(long)]
    pub(super) here: bool,
}
