//! `plan.json`: the worker's whole instruction for one pipeline in one environment.
//!
//! Written by `sluice build`, read by the worker, never derived again. SQL stands in it in full, so that one
//! object with one hash is all that a run depends on.

mod rows;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use rows::{Dedupe, Expectation, Keep, PublishMode, Split, Staging};

/// The version of this document's shape; a worker refuses a plan with another one.
///
/// It grows when what an older plan says would mean something else. A further kind of stage changes nothing of older
/// plans, and an older worker refuses it by its name.
pub const FORMAT: u32 = 1;

/// One pipeline in one environment, ready to be worked on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanDocument {
    /// [`FORMAT`] of the compiler that wrote it.
    pub format: u32,
    /// The environment's name: `local`, `prod`.
    pub environment: String,
    /// The pipeline's name: `greece`.
    pub pipeline: String,
    /// What the pipeline's file calls it: `Greek company registry`.
    pub title: String,
    /// ISO 3166 alpha-2 in capitals, bound to `:country` in queries: `GR`.
    pub country: String,
    /// Every connection that a stage names, by name.
    pub connections: BTreeMap<String, Connection>,
    /// The connection that staging and published tables live in.
    pub target: String,
    /// Every table that a stage names, by name.
    pub tables: BTreeMap<String, Table>,
    /// Every stage, each after those it needs.
    pub stages: Vec<Stage>,
}

impl PlanDocument {
    /// The stage of that id.
    pub fn stage(&self, id: &str) -> Option<&Stage> {
        self.stages.iter().find(|it| it.id == id)
    }

    /// Where the rows of that table wait between their extract and their publishing.
    pub fn staging(&self, table: &str) -> Staging {
        let sorted = |it: &Stage| matches!(&it.work, Work::Sort { table: sorted, .. } if sorted == table);
        if self.stages.iter().any(sorted) { Staging::Parts } else { Staging::Database }
    }
}

/// Where a source's or the target's rows are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "engine", rename_all = "snake_case", deny_unknown_fields)]
pub enum Connection {
    /// An SQLite database file.
    Sqlite {
        /// The file.
        path: Location,
    },
    /// A folder of `NAME.csv` and `NAME.csv.gz` files, each the table NAME, the first line its column names.
    Csv {
        /// The folder.
        path: Location,
    },
    /// A MySQL or MariaDB server.
    Mysql {
        /// The secret's name in Secrets Manager, in the shape RDS writes.
        secret: String,
    },
    /// A PostgreSQL server.
    Postgres {
        /// The secret's name in Secrets Manager, in the shape RDS writes.
        secret: String,
    },
}

/// A relative path that is the same on every machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// The folder that `path` starts from.
    pub base: Base,
    /// With `/` between its parts.
    pub path: String,
}

/// A folder that only the running program knows the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// The folder of the `.pipe` files.
    Program,
    /// The state folder (`.sluice`).
    State,
}

/// A declared table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// In the order of declaration.
    pub columns: Vec<Column>,
}

impl Table {
    /// The names of the key columns, in the order of declaration.
    pub fn key(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter(|it| it.key).map(|it| it.name.as_str())
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|it| it.name == name)
    }
}

/// A declared column.
// No `deny_unknown_fields`: serde refuses every field of a flattened value with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The column's name in the target and in the extract's header.
    pub name: String,
    /// What its values must be.
    #[serde(flatten)]
    pub kind: ColumnType,
    /// Part of the primary key: never null.
    pub key: bool,
}

/// What a column's values must be. A value that is not is rejected, never cut or zeroed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ColumnType {
    /// At most `length` characters (not bytes).
    Text {
        /// In characters.
        length: u32,
    },
    /// Exactly `length` characters.
    Char {
        /// In characters.
        length: u32,
    },
    /// A whole number of 64 bits.
    Integer,
    /// At most `precision` digits, `scale` of them after the point.
    Decimal {
        /// All digits.
        precision: u32,
        /// Digits after the point.
        scale: u32,
    },
    /// `0`, `1`, `false`, `true`.
    Boolean,
    /// `2026-11-22`.
    Date,
    /// `2026-11-22 13:14:15`, fractions of a second allowed; UTC.
    Timestamp,
}

/// What the worker does when a failure may pass (connection lost, deadlock, throttled).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// Tries after the first.
    pub times: u32,
    /// The wait before the first of them, in seconds.
    pub from_seconds: u32,
    /// What each further wait is multiplied by: 1 or 2.
    pub factor: u32,
}

/// One stage: the unit that is retried, recorded, counted and resumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// `cleanup`, `companies.extract`.
    pub id: String,
    /// The ids of the stages that must have ended before this one starts.
    pub needs: Vec<String>,
    /// The line that asked for it.
    pub origin: Origin,
    /// What the worker does about failures that may pass.
    pub retry: Retry,
    /// What to do.
    pub work: Work,
}

/// A line of the program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Relative to the program's folder, with `/`.
    pub file: String,
    /// From 1.
    pub line: u32,
}

/// What a stage does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case", deny_unknown_fields)]
pub enum Work {
    /// Empties the staging tables, and creates those that are missing.
    Cleanup {
        /// The declared tables whose staging it empties.
        tables: Vec<String>,
    },
    /// Runs a query against a source, into compressed CSV parts in the object store.
    Extract {
        /// The declared table the rows are for.
        table: String,
        /// The source.
        connection: String,
        /// The query's file, relative to the program's folder: for messages.
        file: String,
        /// The query itself, without a closing semicolon.
        sql: String,
        /// The source tables that the query reads, where that is known.
        reads: Vec<String>,
        /// Into how many parts, by which output column of the query.
        split: Option<Split>,
    },
    /// Fills the staging table from the parts; rows that do not fit the table are rejected.
    Load {
        /// The declared table.
        table: String,
    },
    /// Renders columns of the staging table in another language.
    Translate {
        /// The declared table.
        table: String,
        /// The columns to render.
        columns: Vec<String>,
        /// ISO 639-1: `el`.
        from: String,
        /// ISO 639-1: `en`.
        to: String,
    },
    /// Deletes all but one of the staging rows that agree in some columns.
    Dedupe {
        /// The declared table.
        table: String,
        /// The columns that make rows duplicates of each other.
        by: Vec<String>,
        /// Which one stays.
        keep: Keep,
    },
    /// Ends the run unless the staging rows are as expected.
    Verify {
        /// The declared table.
        table: String,
        /// All must hold.
        expectations: Vec<Expectation>,
    },
    /// Makes parts that can be published of those extracted: rows that fit, no duplicates, in the order of the
    /// table's key; ends the run unless they are as expected. Stands for `load`, `dedupe` and `verify` where staging
    /// is parts in the object store.
    Sort {
        /// The declared table.
        table: String,
        /// Which rows are duplicates; none where all rows stay.
        dedupe: Option<Dedupe>,
        /// All must hold.
        expectations: Vec<Expectation>,
    },
    /// Moves the staging rows into the target table.
    Publish {
        /// The declared table.
        table: String,
        /// How.
        mode: PublishMode,
        /// The key column that tells the country, where the table has one: every row must be of the plan's country.
        country_column: Option<String>,
    },
    /// Runs statements in the target, all in one transaction.
    Run {
        /// The declared table that they follow.
        table: String,
        /// Their file, relative to the program's folder: for messages.
        file: String,
        /// `INSERT`, `UPDATE` and `DELETE` statements.
        sql: String,
    },
    /// Calls a function that is not Sluice's. The state machine does; where there is none to call, it is skipped.
    Task {
        /// The declared table that it follows.
        table: String,
        /// The function, without the platform's prefix.
        name: String,
        /// What it is given.
        arguments: BTreeMap<String, TaskValue>,
    },
}

/// A value that a task is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum TaskValue {
    /// `16`
    Number(u64),
    /// `el`, `"greece"`, `02:30`
    Text(String),
}

impl Work {
    /// The stage's word: `extract`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Cleanup { .. } => "cleanup",
            Self::Extract { .. } => "extract",
            Self::Load { .. } => "load",
            Self::Translate { .. } => "translate",
            Self::Dedupe { .. } => "dedupe",
            Self::Verify { .. } => "verify",
            Self::Sort { .. } => "sort",
            Self::Publish { .. } => "publish",
            Self::Run { .. } => "run",
            Self::Task { .. } => "task",
        }
    }

    /// The declared table it works on; none for `cleanup`.
    pub fn table(&self) -> Option<&str> {
        match self {
            Self::Cleanup { .. } => None,
            Self::Extract { table, .. }
            | Self::Load { table }
            | Self::Translate { table, .. }
            | Self::Dedupe { table, .. }
            | Self::Verify { table, .. }
            | Self::Sort { table, .. }
            | Self::Publish { table, .. }
            | Self::Run { table, .. }
            | Self::Task { table, .. } => Some(table),
        }
    }
}
