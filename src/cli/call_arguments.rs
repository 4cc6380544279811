//! The flags of `sluice call`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::{DateTime, Time};

/// `sluice call`
#[derive(Debug, Args)]
pub(super) struct CallArguments {
    /// A survey of the program, or the file of any contact flow
    #[arg(value_name = "SURVEY|FILE")]
    pub(super) what: String,
    /// Which flow of the survey: inbound, outbound, `post_call` or queue [default: the one that asks]
    #[arg(long, value_name = "NAME")]
    pub(super) flow: Option<String>,
    /// What the caller does: `"7 <silence> 10# <hangup>"` [default: what is typed here]
    #[arg(long, value_name = "SCRIPT", conflicts_with = "coverage")]
    pub(super) keys: Option<String>,
    /// An attribute that the contact has before
    #[arg(long = "attribute", value_name = "NAME=VALUE", value_parser = pair)]
    pub(super) attributes: Vec<(String, String)>,
    /// Another flow that the file may lead to, found by its name
    #[arg(long = "with", value_name = "FILE")]
    pub(super) with: Vec<PathBuf>,
    /// The answers of functions: a `MockConfigFile.json` whose states are actions [default: they take everything]
    #[arg(long, value_name = "FILE")]
    pub(super) mocks: Option<PathBuf>,
    /// Which test case of the mocks [default: the only one]
    #[arg(long, value_name = "NAME", requires = "mocks")]
    pub(super) case: Option<String>,
    /// Call each function twice, as the service may do
    #[arg(long)]
    pub(super) invoke_twice: bool,
    /// When the call is, such as `2026-05-04T18:30`, for hours of operation [default: they are open]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(super) at: Option<DateTime>,
    /// What hours of operation are taken for, Monday to Friday
    #[arg(long, value_name = "FROM..TO", default_value = "09:00..17:00", value_parser = hours)]
    pub(super) hours: (Time, Time),
    /// Who takes the call, where the flow asks for it
    #[arg(long, value_name = "WHO", value_enum, default_value_t = Answering::Person)]
    pub(super) answered_by: Answering,
    /// Play every caller there can be, and tell which ways are wrong
    #[arg(long)]
    pub(super) coverage: bool,
}

/// Who takes a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Answering {
    /// A person.
    Person,
    /// An answering machine, after its beep.
    Machine,
}

impl Answering {
    /// As the flow has it.
    pub(super) fn status(self) -> &'static str {
        match self {
            Self::Person => "CallAnswered",
            Self::Machine => "VoicemailBeep",
        }
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write `NAME=VALUE`")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn hours(text: &str) -> Result<(Time, Time), String> {
    let hours = text.split_once("..").and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    hours
        .filter(|(from, to)| from < to)
        .ok_or_else(|| "write two times of a day, such as `09:00..17:00`".to_owned())
}

fn moment(text: &str) -> Result<DateTime, String> {
    text.parse().map_err(|_| "write a day and a time such as `2026-05-04T18:30`".to_owned())
}
