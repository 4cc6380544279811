//! The flags of what deals with accounts.

use std::path::PathBuf;

use clap::Args;

/// `sluice plan`
#[derive(Debug, Args)]
pub(super) struct PlanArguments {
    /// Read everything that is deployed, not only what the tags and lists tell
    #[arg(long)]
    pub(super) refresh: bool,
    /// Only this pipeline or survey, or `platform`; may be given several times
    #[arg(long = "target", value_name = "NAME")]
    pub(super) targets: Vec<String>,
    /// A parameter of the platform's template; later deployments keep it
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    pub(super) parameters: Vec<(String, String)>,
    /// The folder of the functions' programs, `<name>-<hash>.zip` [default: those that are deployed stay]
    #[arg(long, value_name = "DIR")]
    pub(super) functions: Option<PathBuf>,
    /// Where the generated files are
    #[arg(long, value_name = "DIR", default_value = "generated")]
    pub(super) out: PathBuf,
}

/// `sluice deploy`
#[derive(Debug, Args)]
pub(super) struct DeployArguments {
    /// What is planned, and how.
    #[command(flatten)]
    pub(super) plan: PlanArguments,
    /// Ask nobody
    #[arg(long)]
    pub(super) auto_approve: bool,
}

/// `sluice destroy`
#[derive(Debug, Args)]
pub(super) struct DestroyArguments {
    /// Only this pipeline or survey, or `platform`; may be given several times
    #[arg(long = "target", value_name = "NAME")]
    pub(super) targets: Vec<String>,
    /// Ask nobody
    #[arg(long)]
    pub(super) auto_approve: bool,
}

/// `sluice rollback`
#[derive(Debug, Args)]
pub(super) struct RollbackArguments {
    /// The pipeline
    #[arg(value_name = "PIPELINE")]
    pub(super) pipeline: String,
}

fn parameter(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        Some(_) | None => Err("write `NAME=VALUE`, such as `SubnetIds=subnet-1,subnet-2`".to_owned()),
    }
}
