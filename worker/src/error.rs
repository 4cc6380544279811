//! Every way a stage can fail: its code, whether another attempt may help, and what a person can do.

mod help;
mod transient;

use sluice_contract::plan::Origin;

use crate::servers::ServerTrouble;
use crate::store_trouble::StoreTrouble;

/// Why a stage failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WorkerError {
    /// The source refused the query.
    #[error("{}: the query failed: {message}", place(file, *at))]
    Query {
        /// The query's file.
        file: String,
        /// Line and column, from 1, where the database tells them.
        at: Option<(usize, usize)>,
        /// The database's own words.
        message: String,
        /// What to do about it, where more is known than that.
        help: Option<String>,
    },
    /// The target refused a statement of the program's own.
    #[error("{}: statement {number} failed in target `{connection}`: {message}", place(file, *at))]
    Statement {
        /// The statements' file.
        file: String,
        /// Line and column, from 1, where they are known.
        at: Option<(usize, usize)>,
        /// Which of the file's statements, from 1.
        number: usize,
        /// The target.
        connection: String,
        /// The database's own words.
        message: String,
    },
    /// The query's columns are not the table's.
    #[error("{file}: the query does not give the columns of table `{table}`: {difference}")]
    QueryColumns {
        /// The query's file.
        file: String,
        /// The declared table.
        table: String,
        /// Which are missing, which are too many, which come twice.
        difference: String,
    },
    /// A table of the source is gone.
    #[error("connection `{connection}` has no table `{table}` ({looked_for})")]
    SourceTable {
        /// The source.
        connection: String,
        /// The table that the query reads.
        table: String,
        /// Where it was looked for.
        looked_for: String,
        /// The closest name there is.
        closest: Option<String>,
    },
    /// A database can't be opened or read.
    #[error("can't read connection `{connection}` ({place}): {message}")]
    Database {
        /// The connection.
        connection: String,
        /// Its file or server.
        place: String,
        /// The database's own words.
        message: String,
        /// Whether it may pass.
        transient: bool,
    },
    /// The object store failed.
    #[error("can't {action} object `{key}`: {message}")]
    Objects {
        /// `read`, `write`.
        action: &'static str,
        /// The object's key.
        key: String,
        /// The store's own words.
        message: String,
        /// Whether it may pass.
        transient: bool,
    },
    /// The machine's own disk has no room, or is broken.
    #[error("can't keep rows in folder `{place}` while they are sorted: {message}")]
    Scratch {
        /// The folder.
        place: String,
        /// The system's own words.
        message: String,
    },
    /// The object store refuses to work with us.
    #[error("can't {action} object `{key}`: {message}")]
    Store {
        /// `read`, `write`.
        action: &'static str,
        /// The object's key.
        key: String,
        /// What is in the way.
        trouble: StoreTrouble,
        /// The store's own words.
        message: String,
    },
    /// Another run has taken the pipeline since.
    #[error(
        "pipeline `{pipeline}` has been taken over: this stage carries fence {fence}, {known} was given since"
    )]
    Fence {
        /// The pipeline.
        pipeline: String,
        /// The fence of this stage.
        fence: i64,
        /// The fence of the run that took over.
        known: i64,
    },
    /// Another run has begun since this one was last worked on, and staging is its.
    #[error("run `{run}` can't go on: run `{newer}` has begun since, and staging is no longer this run's")]
    Superseded {
        /// The run that was to go on.
        run: String,
        /// The one that has begun since.
        newer: String,
    },
    /// The staging rows are not as expected.
    #[error("{findings}")]
    Expectation {
        /// Each expectation that does not hold, with its figures and its line.
        findings: String,
    },
    /// The target refused a write.
    #[error("can't write table `{table}` of connection `{connection}` ({place}): {message}")]
    Target {
        /// The target.
        connection: String,
        /// Its file or server.
        place: String,
        /// The table.
        table: String,
        /// The database's own words.
        message: String,
        /// Whether it may pass.
        transient: bool,
    },
    /// The runs table can't be read or written.
    #[error("can't record the stage in table `{table}`: {message}")]
    RunState {
        /// The runs table.
        table: String,
        /// The store's own words.
        message: String,
        /// Whether it may pass.
        transient: bool,
    },
    /// The plan is missing, unreadable or of another format.
    #[error("plan `{key}` can't be used: {message}")]
    Plan {
        /// The plan's key.
        key: String,
        /// What is wrong with it.
        message: String,
    },
    /// The stage was told to stop.
    #[error("the stage was stopped from outside")]
    Stopped,
    /// A part is not what was extracted.
    #[error("part `{key}` is damaged: {message}")]
    Part {
        /// The part's key.
        key: String,
        /// What is wrong with it.
        message: String,
    },
    /// An existing target table does not fit the declared one.
    #[error("table `{table}` of connection `{connection}` does not fit its declaration: {difference}")]
    TargetTable {
        /// The target.
        connection: String,
        /// The table.
        table: String,
        /// What differs.
        difference: String,
    },
    /// Staging holds several rows of one key.
    #[error("staging of table `{table}` holds {rows} rows with the key {key}")]
    DuplicateKey {
        /// The table.
        table: String,
        /// The key's columns and values.
        key: String,
        /// How many.
        rows: u64,
    },
    /// Rows whose keys are different byte by byte are one to the target's table.
    #[error("the target takes {rows} rows of table `{table}` for one by their key, {key}")]
    EqualKeys {
        /// The table.
        table: String,
        /// The key's columns and values.
        key: String,
        /// How many.
        rows: u64,
    },
    /// Rows to be added have keys that the target has already.
    #[error("table `{table}` has the key {key} already; {rows} of the rows to add have keys that it has")]
    KeyExists {
        /// The table.
        table: String,
        /// The least such key's columns and values.
        key: String,
        /// How many rows.
        rows: u64,
    },
    /// A line of a CSV file can't be read.
    #[error("{file}:{line}: {message}")]
    Csv {
        /// The file.
        file: String,
        /// From 1.
        line: u64,
        /// What is wrong with it.
        message: String,
    },
    /// A CSV file is not packed as its name says.
    #[error("{file}: {message}")]
    CsvArchive {
        /// The file.
        file: String,
        /// What is wrong with it.
        message: String,
    },
    /// The provider can't translate.
    #[error("can't translate from `{from}` to `{to}`: {message}")]
    Translate {
        /// The language of the texts.
        from: String,
        /// The language wanted.
        to: String,
        /// The provider's own words.
        message: String,
        /// Whether it may pass.
        transient: bool,
    },
    /// Staging holds rows of another country.
    #[error("staging of table `{table}` holds {rows} rows whose `{column}` is not `{country}`")]
    OtherCountry {
        /// The table.
        table: String,
        /// The column that tells the country.
        column: String,
        /// The plan's country.
        country: String,
        /// How many.
        rows: u64,
    },
    /// A connection's secret can't be had or used.
    #[error("can't use secret `{secret}` of connection `{connection}`: {message}")]
    Secret {
        /// The connection.
        connection: String,
        /// The secret's name.
        secret: String,
        /// What is wrong with it, without what it holds.
        message: String,
        /// What to do about it.
        help: String,
        /// Whether it may pass.
        transient: bool,
    },
    /// A server refuses to work with us.
    #[error("can't work with connection `{connection}` ({place}): {message}")]
    Server {
        /// The connection.
        connection: String,
        /// Its host, port and database.
        place: String,
        /// What is in the way.
        trouble: ServerTrouble,
        /// The server's own words.
        message: String,
    },
    /// This worker has no driver for the engine.
    #[error("connection `{connection}` is {engine}, which this worker can't use as {role}")]
    Engine {
        /// The connection.
        connection: String,
        /// Its engine.
        engine: &'static str,
        /// `a source`, `a target`.
        role: &'static str,
    },
}

impl WorkerError {
    /// The stable code: `P0601`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Query { .. } | Self::Statement { .. } | Self::QueryColumns { .. } => "P0601",
            Self::SourceTable { .. } => "P0602",
            Self::Database { .. } => "P0603",
            Self::Objects { .. } => "P0604",
            Self::Store { trouble, .. } => trouble.code(),
            Self::Fence { .. } => "P0605",
            Self::Superseded { .. } => "P0625",
            Self::Expectation { .. } => "P0606",
            Self::Target { .. } => "P0607",
            Self::RunState { .. } => "P0608",
            Self::Plan { .. } => "P0611",
            Self::Stopped => "P0620",
            Self::Part { .. } => "P0613",
            Self::TargetTable { .. } => "P0614",
            Self::DuplicateKey { .. } | Self::EqualKeys { .. } => "P0615",
            Self::Csv { .. } | Self::CsvArchive { .. } => "P0616",
            Self::Translate { .. } => "P0617",
            Self::OtherCountry { .. } => "P0618",
            Self::Engine { .. } => "P0619",
            Self::Secret { .. } => "P0630",
            Self::Server { trouble, .. } => trouble.code(),
            Self::KeyExists { .. } => "P0622",
            Self::Scratch { .. } => "P0628",
        }
    }
}

/// `expectations.pipe:12`, as messages name a line of the program.
pub(crate) fn line_of(origin: &Origin) -> String {
    format!("{}:{}", origin.file, origin.line)
}

fn place(file: &str, at: Option<(usize, usize)>) -> String {
    at.map_or_else(|| file.to_owned(), |(line, column)| format!("{file}:{line}:{column}"))
}
