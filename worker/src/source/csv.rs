//! CSV files as a source: read once, streaming, into an SQLite file that the query then runs on.
//!
//! All columns are text; an empty field is null. A line that can't be read (more or fewer fields than there are
//! column names, invalid UTF-8, a quote that is never closed, a damaged archive) fails the stage with file and line:
//! a file that is broken in one place may be broken in others, and rows must not go missing without a word.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use csv::StringRecord;
use flate2::bufread::MultiGzDecoder;
use rusqlite::{Connection, params_from_iter};

use super::{csv_folder::files, sqlite::quoted};
use crate::{error::WorkerError, site::Site};

/// How often a stop from outside is looked for, in rows.
const BATCH: u64 = 8192;

/// A file that is removed when it is no longer needed, also after an error.
#[derive(Debug)]
pub(crate) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new(path: PathBuf) -> Self {
        let scratch = Self { path };
        // What a killed attempt left behind.
        scratch.remove();
        scratch
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn remove(&self) {
        // Nothing depends on it: the next attempt removes it again before it starts.
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Reads the tables wanted, or all, into a scratch database.
pub(crate) fn import(
    site: &Site,
    connection: &str,
    folder: &Path,
    wanted: &[String],
    scratch_name: &str,
) -> Result<Scratch, WorkerError> {
    let files = files(connection, folder, wanted)?;
    let scratch_dir = site.state_dir.join("scratch");
    let scratch = Scratch::new(scratch_dir.join(format!("{scratch_name}.db")));
    let failed = |message: String| WorkerError::Database {
        connection: connection.to_owned(),
        place: scratch.path.display().to_string(),
        message,
        transient: false,
    };
    let sql_failed = |error: rusqlite::Error| failed(error.to_string());
    std::fs::create_dir_all(&scratch_dir).map_err(|error| failed(error.to_string()))?;
    let mut database = Connection::open(&scratch.path).map_err(sql_failed)?;
    // The file is never used again after a crash, so nothing need be kept safe from one.
    database
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000")
        .map_err(sql_failed)?;
    let transaction = database.transaction().map_err(sql_failed)?;
    for (table, path) in &files {
        import_file(site, &transaction, table, path, &sql_failed)?;
    }
    transaction.commit().map_err(sql_failed)?;
    Ok(scratch)
}

fn import_file(
    site: &Site,
    database: &Connection,
    table: &str,
    path: &Path,
    sql_failed: &dyn Fn(rusqlite::Error) -> WorkerError,
) -> Result<(), WorkerError> {
    let wrong =
        |line: u64, message: String| WorkerError::Csv { file: path.display().to_string(), line, message };
    let file = File::open(path).map_err(|error| wrong(1, error.to_string()))?;
    let file = BufReader::with_capacity(128 * 1024, file);
    let compressed = path.extension().is_some_and(|it| it == "gz");
    let plain: Box<dyn Read> = if compressed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(128 * 1024)
        .from_reader(QuoteCounter { inner: plain, quotes: 0 });
    let mut record = StringRecord::new();
    let next = |csv: &mut csv::Reader<_>, record: &mut StringRecord| {
        csv.read_record(record).map_err(|error| {
            let line = error.position().map_or_else(|| csv.position().line(), csv::Position::line);
            wrong(line, reason(&error))
        })
    };
    if !next(&mut csv, &mut record)? {
        return Err(wrong(1, "the file has no column names".to_owned()));
    }
    let columns: Vec<String> = record.iter().map(str::to_owned).collect();
    for (index, column) in columns.iter().enumerate() {
        if column.is_empty() {
            return Err(wrong(1, format!("column {} has no name", index + 1)));
        }
        if columns.iter().take(index).any(|it| it.eq_ignore_ascii_case(column)) {
            return Err(wrong(1, format!("column `{column}` is there twice")));
        }
    }
    let declared: Vec<_> = columns.iter().map(|it| format!("{} TEXT", quoted(it))).collect();
    let create = format!("CREATE TABLE {} ({})", quoted(table), declared.join(", "));
    database.execute_batch(&create).map_err(sql_failed)?;
    let places = vec!["?"; columns.len()].join(", ");
    let mut insert =
        database.prepare(&format!("INSERT INTO {} VALUES ({places})", quoted(table))).map_err(sql_failed)?;
    let mut rows = 0;
    let (mut last_line, mut last_spans_lines) = (1, false);
    while next(&mut csv, &mut record)? {
        last_line = record.position().map_or(0, csv::Position::line);
        last_spans_lines = record.as_slice().contains('\n');
        if record.len() != columns.len() {
            let message = format!("{} fields where there are {} column names", record.len(), columns.len());
            return Err(wrong(last_line, message));
        }
        let values = record.iter().map(|it| (!it.is_empty()).then_some(it));
        let _ = insert.execute(params_from_iter(values)).map_err(sql_failed)?;
        rows += 1;
        if rows % BATCH == 0 {
            site.check_cancelled()?;
        }
    }
    // A quote that is never closed swallows the rest of the file into one last field, line ends and all.
    if csv.get_ref().quotes % 2 == 1 && last_spans_lines {
        return Err(wrong(last_line, "a quote is opened and never closed".to_owned()));
    }
    Ok(())
}

fn reason(error: &csv::Error) -> String {
    if let csv::ErrorKind::Utf8 { err, .. } = error.kind() {
        return format!("field {} is not valid UTF-8", err.field() + 1);
    }
    error.to_string()
}

/// Counts the quotes that pass: in a well-formed file they come in pairs.
struct QuoteCounter<R> {
    inner: R,
    quotes: u64,
}

impl<R: Read> Read for QuoteCounter<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let quotes = buffer.iter().take(read).filter(|it| **it == b'"').count();
        self.quotes += quotes as u64;
        Ok(read)
    }
}
