//! CSV files as a source: read once, streaming, into an SQLite file that the query then runs on.
//!
//! All columns are text; an empty field is null. A line that can't be read (more or fewer fields than there are
//! column names, invalid UTF-8, a quote that does not close where its field ends, a damaged archive) fails the stage with file and line:
//! a file that is broken in one place may be broken in others, and rows must not go missing without a word.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};

use csv::StringRecord;
use flate2::bufread::MultiGzDecoder;
use rusqlite::{Connection, params_from_iter};

use super::{
    csv_folder::files,
    scratch::Scratch,
    sqlite::quoted,
    strict_quotes::{StrayQuote, StrictQuotes},
};
use crate::{error::WorkerError, site::Site};

/// How often a stop from outside is looked for, in rows.
const BATCH: u64 = 8192;
const BUFFER: usize = 128 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const GZIP: &[u8] = b"\x1f\x8b";

/// Reads the tables wanted, or all, into a scratch database.
pub(crate) fn import(
    site: &Site,
    connection: &str,
    folder: &Path,
    wanted: &[String],
) -> Result<Scratch, WorkerError> {
    let files = files(connection, folder, wanted)?;
    let scratches = site.state_dir.join("scratch");
    let failed = |place: &Path, message: String| WorkerError::Database {
        connection: connection.to_owned(),
        place: place.display().to_string(),
        message,
        transient: false,
    };
    let scratch = Scratch::new(&scratches).map_err(|error| failed(&scratches, error.to_string()))?;
    let sql_failed = |error: rusqlite::Error| failed(scratch.path(), error.to_string());
    let mut database = Connection::open(scratch.path()).map_err(sql_failed)?;
    // The file is never used again after a crash, so nothing need be kept safe from one.
    database
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000")
        .map_err(sql_failed)?;
    let transaction = database.transaction().map_err(sql_failed)?;
    for (table, path) in &files {
        let plain = open(path).map_err(|message| failed(path, message))?;
        import_file(site, &transaction, table, (path, plain), &sql_failed)?;
    }
    transaction.commit().map_err(sql_failed)?;
    drop(database);
    Ok(scratch)
}

/// The file as it is; a pipe would keep the job waiting for somebody to write into it.
fn open(path: &Path) -> Result<File, String> {
    let kind = match std::fs::metadata(path) {
        Ok(found) => found.file_type(),
        Err(error) => {
            let link = std::fs::read_link(path).ok();
            let gone = link.map(|it| format!("it is a link to `{}`, which is not there", it.display()));
            return Err(gone.unwrap_or_else(|| error.to_string()));
        }
    };
    if kind.is_dir() {
        return Err("it is a folder and not a file".to_owned());
    }
    if !kind.is_file() {
        return Err("it is a pipe or a device and not a file".to_owned());
    }
    File::open(path).map_err(|error| error.to_string())
}

/// What the file holds, out of its archive and without its byte order mark.
fn unpacked(path: &Path, mut file: File) -> Result<Box<dyn Read>, WorkerError> {
    let wrong = |message: &str| WorkerError::CsvArchive {
        file: path.display().to_string(),
        message: message.to_owned(),
    };
    let broken = |error: io::Error| broken(path, 1, &error);
    let compressed = path.extension().is_some_and(|it| it == "gz");
    let head = head(&mut file).map_err(broken)?;
    match (compressed, head.starts_with(GZIP)) {
        (true, false) => return Err(wrong("its name ends with `.gz` and it is not gzip")),
        (false, true) => return Err(wrong("it is gzip, and its name does not end with `.gz`")),
        (true, true) | (false, false) => {}
    }
    let file = BufReader::with_capacity(BUFFER, io::Cursor::new(head).chain(file));
    let mut plain: Box<dyn Read> =
        if compressed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut head = self::head(&mut plain).map_err(broken)?;
    if head == BYTE_ORDER_MARK {
        head.clear();
    }
    Ok(Box::new(io::Cursor::new(head).chain(plain)))
}

/// As many of the first bytes as tell what a file is.
fn head(file: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let _ = file.take(BYTE_ORDER_MARK.len() as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// What reading the file has come upon, up to that line.
fn broken(path: &Path, line: u64, error: &io::Error) -> WorkerError {
    let file = path.display().to_string();
    if let Some(stray) = error.get_ref().and_then(|it| it.downcast_ref::<StrayQuote>()) {
        return WorkerError::Csv { file, line: stray.line, message: stray.to_string() };
    }
    if path.extension().is_some_and(|it| it == "gz") {
        let message = format!("the archive is damaged or cut off behind line {line} ({error})");
        return WorkerError::CsvArchive { file, message };
    }
    WorkerError::Csv { file, line, message: error.to_string() }
}

fn import_file(
    site: &Site,
    database: &Connection,
    table: &str,
    (path, file): (&Path, File),
    sql_failed: &dyn Fn(rusqlite::Error) -> WorkerError,
) -> Result<(), WorkerError> {
    let wrong =
        |line: u64, message: String| WorkerError::Csv { file: path.display().to_string(), line, message };
    let mut csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(BUFFER)
        .from_reader(StrictQuotes::new(unpacked(path, file)?));
    let mut record = StringRecord::new();
    let next = |csv: &mut csv::Reader<_>, record: &mut StringRecord| {
        csv.read_record(record).map_err(|error| {
            let line = error.position().map_or_else(|| csv.position().line(), csv::Position::line);
            if let csv::ErrorKind::Io(error) = error.kind() {
                return broken(path, line, error);
            }
            if let csv::ErrorKind::Utf8 { err, .. } = error.kind() {
                return wrong(line, format!("field {} is not valid UTF-8", err.field() + 1));
            }
            wrong(line, error.to_string())
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
    while next(&mut csv, &mut record)? {
        if record.len() != columns.len() {
            let message = format!("{} fields where there are {} column names", record.len(), columns.len());
            return Err(wrong(record.position().map_or(0, csv::Position::line), message));
        }
        let values = record.iter().map(|it| (!it.is_empty()).then_some(it));
        let _ = insert.execute(params_from_iter(values)).map_err(sql_failed)?;
        rows += 1;
        if rows % BATCH == 0 {
            site.check_cancelled()?;
        }
    }
    Ok(())
}
