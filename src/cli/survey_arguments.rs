//! The flags of the commands that are about surveys.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `sluice survey`
#[derive(Debug, Args)]
pub(super) struct SurveyArguments {
    /// What is asked
    #[command(subcommand)]
    pub(super) what: SurveyWhat,
}

/// What can be asked of a survey.
#[derive(Debug, Subcommand)]
pub(super) enum SurveyWhat {
    /// Show what callers have answered: counts, NPS or CSAT, distributions, weeks
    Results(SurveyResultsArguments),
}

/// `sluice survey results`
#[derive(Debug, Args)]
pub(super) struct SurveyResultsArguments {
    /// The survey
    #[arg(value_name = "NAME")]
    pub(super) survey: String,
    /// Exported items: lines of a `DynamoDB` export, packed with gzip or not, the answer of a scan, or plain JSON [default: the table itself]
    #[arg(long, value_name = "FILE", conflicts_with = "table")]
    pub(super) items: Option<PathBuf>,
    /// The table of answers, where this build was made with the feature `aws`
    #[arg(long, value_name = "TABLE", default_value = "SurveyCustomerInfo")]
    pub(super) table: String,
}
