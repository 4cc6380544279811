//! The flags of the commands that are about state machines: `exec`, `test` and `validate`.

use std::path::PathBuf;

use clap::Args;

/// `sluice exec`
#[derive(Debug, Args)]
pub(super) struct ExecArguments {
    /// The state machine: a States Language document in JSONata
    #[arg(value_name = "FILE.asl.json")]
    pub(super) file: PathBuf,
    /// What it is given: JSON, `@FILE`, or `-` for the standard input
    #[arg(long, value_name = "JSON", default_value = "{}", value_parser = ExecInput::parse)]
    pub(super) input: ExecInput,
    /// The answers of services: a `MockConfigFile.json` of Step Functions Local
    #[arg(long, value_name = "FILE")]
    pub(super) mocks: Option<PathBuf>,
    /// Which test case of the mocks [default: the only one]
    #[arg(long, value_name = "NAME", requires = "mocks")]
    pub(super) case: Option<String>,
    /// What the mocks call the machine [default: the file's name, or the only one]
    #[arg(long, value_name = "NAME")]
    pub(super) machine: Option<String>,
    /// The folder that stands for S3 in a distributed Map: an object is the file BUCKET/KEY
    #[arg(long, value_name = "DIR")]
    pub(super) objects: Option<PathBuf>,
    /// The execution's name
    #[arg(long, value_name = "NAME", default_value = "local")]
    pub(super) name: String,
    /// When it starts, such as `2026-03-29T00:00Z` [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(super) start: Option<jiff::Timestamp>,
    /// What `$random`, `$uuid` and jitter are drawn from
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) seed: u64,
    /// Let waits take their time; without it an hour passes at once
    #[arg(long)]
    pub(super) real_time: bool,
}

/// Where an execution's input is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ExecInput {
    /// On the command line.
    Given(serde_json::Value),
    /// In a file.
    File(PathBuf),
    /// On the standard input.
    Standard,
}

impl ExecInput {
    fn parse(text: &str) -> Result<Self, String> {
        match text.strip_prefix('@') {
            Some(path) => Ok(Self::File(path.into())),
            None if text == "-" => Ok(Self::Standard),
            None => serde_json::from_str(text).map(Self::Given).map_err(|problem| {
                format!("not JSON ({problem}); a string is written with its quotes, a file as `@FILE`")
            }),
        }
    }
}

/// `sluice test`
#[derive(Debug, Args)]
pub(super) struct TestArguments {
    /// Only the scenarios of these pipelines
    #[arg(value_name = "PIPELINE")]
    pub(super) pipelines: Vec<String>,
    /// Only scenarios whose title holds this text
    #[arg(long, value_name = "TEXT")]
    pub(super) only: Option<String>,
}

/// `sluice validate`
#[derive(Debug, Args)]
pub(super) struct ValidateArguments {
    /// The files; `-` reads the standard input
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// The machines are to be of the type EXPRESS, which can do less than STANDARD
    #[arg(long)]
    pub(super) express: bool,
}

fn moment(text: &str) -> Result<jiff::Timestamp, String> {
    text.parse().map_err(|_| "write a moment with its offset, such as `2026-03-29T00:00Z`".to_owned())
}
