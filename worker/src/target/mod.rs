//! Where rows go: staging and published tables in one database, behind one trait.
//!
//! INVARIANT: every transaction that writes staging or target first holds the writer's fence against `sluice_fence`
//! and advances it; an older fence writes nothing. What a transaction has done stands in `sluice_ledger` by the same
//! commit, so a stage that is tried again after a kill does nothing twice and still counts everything.

mod explain;
mod fit;
mod mysql;
mod sqlite;

use sha2::{Digest as _, Sha256};
use sluice_contract::{
    plan::{Column, Connection, Keep, Table},
    statistics::Statistics,
};

pub(crate) use explain::statements;

use crate::{column_value::ColumnValue, error::WorkerError, site::Site, source::Query};

/// Who writes.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    /// The target's name.
    pub(crate) connection: String,
    pub(crate) pipeline: String,
    pub(crate) run: String,
    pub(crate) fence: i64,
}

/// Takes the rows of one part.
pub(crate) trait RowSink {
    /// One row, its values in the order of declaration.
    fn row(&mut self, line: u64, values: &[Option<ColumnValue<'_>>]) -> Result<(), WorkerError>;
}

/// Hands the rows of one part to a sink; what it counted.
pub(crate) type FillPart<'a> = dyn FnMut(&mut dyn RowSink) -> Result<Statistics, WorkerError> + 'a;

/// A database that holds staging and published tables.
pub(crate) trait Target {
    /// Empties staging, and creates what is missing; each table once in a run, so that a worker that was taken for lost
    /// empties nothing that another has filled since.
    fn cleanup(&self, stage: &str, tables: &[(&str, &Table)]) -> Result<Statistics, WorkerError>;

    /// What the ledger holds of a stage in this run, by part.
    fn ledger(&self, stage: &str) -> Result<Vec<(u32, Statistics)>, WorkerError>;

    /// Whether several connections can load at once.
    fn loads_side_by_side(&self) -> bool;

    /// Fills staging with one part in one transaction, unless the ledger has it.
    fn load_part(
        &self,
        stage: &str,
        part: u32,
        table: (&str, &Table),
        fill: &mut FillPart<'_>,
    ) -> Result<Statistics, WorkerError>;

    /// The number of staging rows.
    fn count(&self, table: &str) -> Result<u64, WorkerError>;

    /// The number of staging rows with a null in that column.
    fn count_nulls(&self, table: &str, column: &str) -> Result<u64, WorkerError>;

    /// The number of staging rows whose column has another value than that one, or none.
    fn count_others(&self, table: &str, column: &str, value: &str) -> Result<u64, WorkerError>;

    /// The staging rows that agree in all of some columns, none of them null.
    fn repeated(&self, table: &str, columns: &[String]) -> Result<Option<Repeated>, WorkerError>;

    /// Deletes all but one of the staging rows that agree in some columns.
    fn dedupe(
        &self,
        stage: &str,
        table: (&str, &Table),
        by: &[String],
        keep: &Keep,
    ) -> Result<Statistics, WorkerError>;

    /// Collects the distinct texts of some columns for translation.
    fn collect_texts(&self, table: &str, columns: &[&Column]) -> Result<u64, WorkerError>;

    /// Takes translations that are known already.
    fn known_texts(&self, next: &mut NextPair<'_>) -> Result<(), WorkerError>;

    /// The next texts without a translation, in order, each larger than `after`.
    fn pending_texts(&self, after: &str, limit: usize) -> Result<Vec<String>, WorkerError>;

    /// Takes translations made just now.
    fn answer_texts(&self, answers: &[(String, Option<String>)]) -> Result<(), WorkerError>;

    /// Every translation made just now, since [`Self::settle_texts`].
    fn fresh_texts(&self, each: &mut EachPair<'_>) -> Result<(), WorkerError>;

    /// What was made just now counts as known from here on.
    fn settle_texts(&self) -> Result<(), WorkerError>;

    /// Puts the translations that fit their column into staging.
    fn apply_texts(&self, stage: &str, table: &str, columns: &[&Column]) -> Result<Statistics, WorkerError>;

    /// Inserts or updates the target by key, in key order and bounded transactions.
    fn upsert(
        &self,
        stage: &str,
        table: (&str, &Table),
        after_batch: &mut AfterBatch<'_>,
    ) -> Result<Statistics, WorkerError>;

    /// Adds the staging rows to the target's, all or none; an error where the target has one of their keys.
    fn append(&self, stage: &str, table: (&str, &Table)) -> Result<Statistics, WorkerError>;

    /// Runs statements, all or none; `rows_written` are the rows that they changed.
    fn run(&self, stage: &str, table: &str, query: &Query<'_>) -> Result<Statistics, WorkerError>;

    /// Puts the staging rows in the place of the target's, or of its rows with one country.
    fn replace(
        &self,
        stage: &str,
        table: (&str, &Table),
        country: Option<(&str, &str)>,
    ) -> Result<Statistics, WorkerError>;

    /// Publishes rows that are staged outside of the database, whose keys are all different: what [`Self::upsert`],
    /// [`Self::append`] and [`Self::replace`] do with those in staging, and with the same guarantees.
    fn publish_rows(
        &self,
        stage: &str,
        table: (&str, &Table),
        way: &RowsWay<'_>,
        rows: &mut dyn MeasuredRows,
        after_batch: &mut AfterBatch<'_>,
    ) -> Result<Statistics, WorkerError>;
}

/// How rows in the order of the key reach the target's table.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RowsWay<'a> {
    /// In bounded transactions.
    Upsert,
    /// All or none; an error where the target has one of their keys.
    Append,
    /// In the place of all rows, or of those with that column and country.
    Replace(Option<(&'a str, &'a str)>),
}

/// Rows in the order of the table's key, always the same rows in the same order.
pub(crate) trait StagedRows {
    /// How many come still.
    fn left(&self) -> u64;

    /// Leaves out the next rows.
    fn skip(&mut self, rows: u64) -> Result<(), WorkerError>;

    /// Hands out the next rows, at most so many; how many there were.
    fn take(&mut self, most: u64, each: &mut EachValues<'_>) -> Result<u64, WorkerError>;
}

/// Rows that are staged outside of the database: what is known of all of them before the first is read.
pub(crate) trait MeasuredRows: StagedRows {
    /// The rows whose moment in that column is more exact than so many digits of a second.
    fn finer_than(&self, column: &str, digits: u32) -> u64;

    /// Whether a text in a key ends with a space.
    fn has_padded_keys(&self) -> bool;

    /// All of them once more, from the first on.
    fn again(&self) -> Box<dyn StagedRows + '_>;
}

/// Takes the values of one row in their canonical form, in the order of declaration.
pub(crate) type EachValues<'a> = dyn FnMut(&[Option<&[u8]>]) -> Result<(), WorkerError> + 'a;

/// Values that stand in several staging rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Repeated {
    /// How many combinations of values do.
    pub(crate) values: u64,
    /// The least of them, for messages.
    pub(crate) example: String,
}

/// Gives an original and its translation, until there is none.
pub(crate) type NextPair<'a> = dyn FnMut() -> Result<Option<(String, String)>, WorkerError> + 'a;

/// Takes an original and its translation.
pub(crate) type EachPair<'a> = dyn FnMut(&str, &str) -> Result<(), WorkerError> + 'a;

/// Told how many rows were published since it was last told.
pub(crate) type AfterBatch<'a> = dyn FnMut(u64) -> Result<(), WorkerError> + 'a;

/// Opens the target.
pub(crate) fn open<'a>(
    site: &'a Site,
    connection: &Connection,
    writer: Writer,
) -> Result<Box<dyn Target + 'a>, WorkerError> {
    let engine = match connection {
        Connection::Sqlite { path } => {
            return Ok(Box::new(sqlite::SqliteTarget::open(site, site.locate(path), writer)?));
        }
        Connection::Csv { .. } => "csv",
        Connection::Mysql { secret } => {
            return Ok(Box::new(mysql::MysqlTarget::open(site, secret, writer)?));
        }
        Connection::Postgres { .. } => "postgres",
    };
    Err(WorkerError::Engine { connection: writer.connection, engine, role: "a target" })
}

/// Does a stage in batches, each a transaction with its row in the ledger, from the first that the ledger does not
/// have; all that was counted. `batch` does the one of that number, and returns none where nothing is left.
fn in_batches(
    target: &dyn Target,
    stage: &str,
    after_batch: &mut AfterBatch<'_>,
    mut batch: impl FnMut(u32) -> Result<Option<Statistics>, WorkerError>,
) -> Result<Statistics, WorkerError> {
    let done = target.ledger(stage)?;
    let mut next = done.last().map_or(0, |(part, _)| part + 1);
    after_batch(sum(done.iter().map(|(_, it)| it)).rows_written)?;
    while let Some(counted) = batch(next)? {
        next += 1;
        after_batch(counted.rows_written)?;
    }
    let done = target.ledger(stage)?;
    Ok(sum(done.iter().map(|(_, it)| it)))
}

/// What the ledger knows the cleanup of a table by: with another declaration, as a resumed run may have, it is another.
fn cleanup_part(name: &str, table: &Table) -> u32 {
    let declared = serde_json::to_vec(&(name, table)).unwrap_or_default();
    Sha256::digest(declared).first_chunk().map_or(0, |it| u32::from_le_bytes(*it))
}

/// Adds up what several transactions counted.
pub(crate) fn sum<'a>(all: impl IntoIterator<Item = &'a Statistics>) -> Statistics {
    all.into_iter().fold(Statistics::default(), |sum, it| Statistics {
        rows_read: sum.rows_read + it.rows_read,
        rows_written: sum.rows_written + it.rows_written,
        rows_rejected: sum.rows_rejected + it.rows_rejected,
        duplicates: sum.duplicates + it.duplicates,
        untranslated: sum.untranslated + it.untranslated,
        bytes: sum.bytes + it.bytes,
        parts: sum.parts + it.parts,
        ..sum
    })
}
