//! What a person can do about each failure.

use super::WorkerError;

impl WorkerError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Query { help: Some(help), .. } | Self::Secret { help, .. } => help.clone(),
            Self::Statement { file, connection, .. } => format!(
                "run the statements of `{file}` in target `{connection}` by hand, then start a new run; `:country`, `:run_date` and `:since` are all they may name"
            ),
            Self::Query { file, .. } => format!(
                "run the query of `{file}` against the source by hand; `:country`, `:run_date` and `:since` are all it may name"
            ),
            Self::QueryColumns { file, table, .. } => {
                format!("make the column names of `{file}` those of table `{table}`, in any order, with `AS`")
            }
            Self::SourceTable { closest: Some(closest), .. } => format!("did you mean `{closest}`?"),
            Self::SourceTable { closest: None, .. } => {
                "ask the owner of the source what became of the table".to_owned()
            }
            Self::Objects { .. } => {
                "check that the object store is there, has room and may be written, then resume".to_owned()
            }
            Self::Store { trouble, .. } => trouble.help().to_owned(),
            Self::Scratch { .. } => {
                "give the job more disk (sorting needs about the size of the table's rows), then resume"
                    .to_owned()
            }
            Self::Fence { .. } => {
                "nothing was written; look at the newer run, this one is over. Where this state folder knows none, the \
                 target was written to from another folder: go on with that one"
                    .to_owned()
            },
            Self::Superseded { .. } => {
                "nothing was written; resume the newer run, or start a new one".to_owned()
            }
            Self::Expectation { .. } => {
                "nothing was published; correct the source or the expectation and start a new run".to_owned()
            }
            Self::Target { message, .. } if is_damaged(message) => {
                "put the target's file away, or bring it back from a copy; a run makes a new one where none is there"
                    .to_owned()
            }
            Self::Database { message, .. } if is_damaged(message) => {
                "fetch the source's file again or bring it back from a copy, then resume".to_owned()
            }
            Self::Database { .. } => "check that the source is there and may be read, then resume".to_owned(),
            Self::Target { table, message, .. } if is_refused_by_table(message) => format!(
                "table `{table}` refuses rows as they are, by its constraints, triggers or sizes: change it, or what the query gives; then start a new run"
            ),
            Self::Target { .. } => {
                "check that the target has room, may be written and isn't locked, then resume".to_owned()
            }
            Self::RunState { .. } => "check that the runs table can be reached, then resume".to_owned(),
            Self::Plan { .. } => {
                "build the program again with the compiler of this worker's version".to_owned()
            }
            Self::Stopped => "resume; what is done is kept".to_owned(),
            Self::Part { .. } => "start a new run, which extracts the table again".to_owned(),
            Self::TargetTable { table, .. } => {
                format!("change table `{table}` in the target or its declaration, then start a new run")
            }
            Self::DuplicateKey { .. } => {
                "add `dedupe by` with the key columns, or make the query give each key once".to_owned()
            }
            Self::EqualKeys { .. } => {
                "write `staging database` in the `into` block, where the server itself finds duplicates, or let the key's columns compare byte by byte (`COLLATE utf8mb4_bin`)".to_owned()
            }
            Self::KeyExists { .. } => {
                "make the query give new rows only (`:since` helps), or write `publish upsert`".to_owned()
            }
            Self::Csv { .. } => "correct the line in the file, then resume".to_owned(),
            Self::CsvArchive { .. } => {
                "fetch the file again, or give it a name that ends with `.gz` only where it is gzip; then resume"
                    .to_owned()
            }
            Self::Translate { .. } => "check the provider of translations, then resume".to_owned(),
            Self::OtherCountry { column, country, .. } => {
                format!(
                    "make the query give only rows with `{column}` = '{country}'; it is bound as `:country`"
                )
            }
            Self::Server { trouble, .. } => trouble.help().to_owned(),
            Self::Engine { .. } => "use a connection of another engine in this environment".to_owned(),
        }
    }
}

/// Whether the server says that a table's own rules are what rows fail by: foreign keys, checks, partitions, triggers,
/// sizes and types of columns [MySQL and MariaDB, server error messages].
fn is_refused_by_table(message: &str) -> bool {
    const CODES: [u16; 13] = [1048, 1118, 1242, 1264, 1292, 1366, 1406, 1451, 1452, 1526, 1644, 3819, 4025];
    CODES.iter().any(|it| message.ends_with(&format!("(error {it})")))
}

/// Whether SQLite says that a file is no database, or no longer a whole one.
fn is_damaged(message: &str) -> bool {
    ["file is not a database", "malformed"].iter().any(|it| message.contains(it))
}
