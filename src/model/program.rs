//! The program with every name resolved and every default put in.

use std::collections::BTreeMap;

use sluice_contract::{
    notification::Occasion,
    plan::{Connection as Place, Expectation, Keep, Retry, Split, Table, TaskValue},
};

use super::survey::Survey;
use crate::source::Span;

/// A program that every pass has gone over.
#[derive(Debug, Clone)]
pub struct Checked {
    program: Program,
}

impl Checked {
    /// INVARIANT: made by [`super::check`] only.
    pub(super) fn new(program: Program) -> Self {
        Self { program }
    }

    /// The program.
    pub fn program(&self) -> &Program {
        &self.program
    }
}

/// Everything that is declared, by name.
#[derive(Debug, Clone)]
pub struct Program {
    /// `credit_reports`.
    pub platform: String,
    /// Where it is named; none where the program has no platform.
    pub platform_span: Option<Span>,
    /// In the order of declaration.
    pub environments: Vec<Environment>,
    /// Sources and target.
    pub connections: BTreeMap<String, Connection>,
    /// The connection of staging and target tables.
    pub target: String,
    /// Who is told what, in the order of declaration.
    pub channels: Vec<Channel>,
    /// The declared shapes.
    pub tables: BTreeMap<String, Table>,
    /// By name.
    pub pipelines: Vec<Pipeline>,
    /// By name.
    pub surveys: Vec<Survey>,
}

/// A place that the program can be run in.
#[derive(Debug, Clone)]
pub struct Environment {
    /// `prod`.
    pub name: String,
    /// Account and region, where it is on AWS.
    pub aws: Option<(String, String)>,
    /// Where surveys are asked.
    pub telephone: Telephone,
}

/// The telephone system of an environment: a Connect instance, and the IDs of what surveys name.
#[derive(Debug, Clone, Default)]
pub struct Telephone {
    /// The instance's ID; none where no survey is asked.
    pub instance: Option<String>,
    /// By name.
    pub queues: BTreeMap<String, String>,
    /// By name.
    pub hours: BTreeMap<String, String>,
}

/// A source or the target.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Its name in the declaration.
    pub span: Span,
    /// By environment.
    pub places: BTreeMap<String, Place>,
}

/// Where people read what is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// `data_team`.
    pub name: String,
    /// Which form it takes, and where it is.
    pub kind: ChannelKind,
    /// What it is told of, each once.
    pub occasions: Vec<Occasion>,
}

/// Which form a channel takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelKind {
    /// A webhook of Teams.
    Teams {
        /// The name of the secret that holds its address.
        secret: String,
    },
    /// A webhook of Slack.
    Slack {
        /// The name of the secret that holds its address.
        secret: String,
    },
    /// E-mail.
    Email {
        /// To whom.
        address: String,
    },
}

/// A country's work.
#[derive(Debug, Clone)]
pub struct Pipeline {
    /// `greece`.
    pub name: String,
    /// Its name in the declaration.
    pub span: Span,
    /// What its file calls it, or its name.
    pub title: String,
    /// `GR`.
    pub country: String,
    /// Whom it belongs to.
    pub owner: Option<String>,
    /// Whether its schedules fire.
    pub enabled: bool,
    /// When it starts by itself.
    pub schedules: Vec<Schedule>,
    /// The pipelines whose successes start it.
    pub starts_after: Vec<Start>,
    /// What a second run does.
    pub overlap: Overlap,
    /// How hard its work is tried.
    pub effort: Effort,
    /// Each behind those it comes after.
    pub intos: Vec<Into>,
}

/// A pipeline whose success starts another one.
#[derive(Debug, Clone)]
pub struct Start {
    /// Its name.
    pub pipeline: String,
    /// The name behind `start after`.
    pub span: Span,
}

/// One start.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// The six fields of EventBridge Scheduler's `cron(…)`.
    pub cron: String,
    /// IANA name.
    pub zone: String,
}

/// How hard work is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// About failures that may pass.
    pub retry: Retry,
    /// For each stage.
    pub timeout_seconds: u32,
    /// For each stage.
    pub compute: Compute,
}

/// What a job gets: one of the sizes that Fargate has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compute {
    /// Whole ones.
    pub vcpus: u32,
    /// In MiB.
    pub memory_mib: u32,
}

/// What a run does that finds another one of its pipeline still going.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlap {
    /// It ends at once, and well.
    Skip,
    /// It waits.
    Wait,
    /// It ends at once, as failed.
    Fail,
}

/// Where rows wait between their extract and their publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Staging {
    /// In the object store.
    Parts,
    /// In the object store where the target is a server, in the target's database where it is a file.
    PartsForServers,
    /// In a table of the target's database.
    Database,
}

/// The way into one table.
#[derive(Debug, Clone)]
pub struct Into {
    /// The table.
    pub table: String,
    /// Its name after `into`.
    pub span: Span,
    /// The tables that must be published first.
    pub after: Vec<String>,
    /// How hard its work is tried.
    pub effort: Effort,
    /// Where the rows wait until they are published.
    pub staging: Staging,
    /// In the order they run.
    pub stages: Vec<Stage>,
}

/// What is done to the rows.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The line that asks for it.
    pub span: Span,
    /// What.
    pub kind: StageKind,
}

/// What is done to the rows.
#[derive(Debug, Clone)]
pub enum StageKind {
    /// Runs the query.
    Extract {
        /// The source.
        connection: String,
        /// The query.
        query: Query,
        /// Into parts.
        split: Option<Split>,
    },
    /// Renders columns in another language.
    Translate {
        /// At least one.
        columns: Vec<String>,
        /// ISO 639-1.
        from: String,
        /// ISO 639-1.
        to: String,
    },
    /// Deletes duplicates.
    Dedupe {
        /// At least one.
        by: Vec<String>,
        /// Which one stays.
        keep: Keep,
    },
    /// Holds the rows against expectations.
    Verify {
        /// At least one.
        expectations: Vec<Expectation>,
    },
    /// Publishes by key.
    Upsert,
    /// Publishes these rows and no others.
    Replace,
    /// Adds these rows.
    Append,
    /// Runs statements in the target.
    Run {
        /// The statements.
        query: Query,
    },
    /// Calls a function.
    Task {
        /// Without the platform's prefix.
        name: String,
        /// What it is given.
        arguments: BTreeMap<String, TaskValue>,
    },
}

impl StageKind {
    /// Its place among the stages of one table.
    pub(super) fn rank(&self) -> usize {
        match self {
            Self::Extract { .. } => 0,
            Self::Translate { .. } => 1,
            Self::Dedupe { .. } => 2,
            Self::Verify { .. } => 3,
            Self::Upsert | Self::Replace | Self::Append => 4,
            Self::Run { .. } | Self::Task { .. } => 5,
        }
    }
}

/// A query file.
#[derive(Debug, Clone)]
pub struct Query {
    /// Relative to the program's folder.
    pub file: String,
    /// Its text, without a closing semicolon.
    pub sql: String,
    /// The source tables that it reads.
    pub reads: Vec<String>,
}
