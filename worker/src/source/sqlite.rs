//! An SQLite file as a source: opened for reading only, rows streamed as the database finds them.
//!
//! One statement sees one snapshot. The parts of a split extract are statements of their own, so a source that
//! changes meanwhile may give some parts from before the change and some from after it.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, Row, Statement, config::DbConfig, types::ValueRef};

use super::{Bound, EachRow, Query, Range, Source, Value, even_bounds};
use crate::{error::WorkerError, sql_text::line_and_column};

/// How long another program's write may keep a read waiting.
const PATIENCE: Duration = Duration::from_mins(1);
const LOWER: &str = ":sluice_lower";
const UPPER: &str = ":sluice_upper";

#[derive(Debug)]
pub(crate) struct SqliteSource {
    name: String,
    path: PathBuf,
    /// Whether it was made from CSV files.
    imported: bool,
    connection: Connection,
}

impl SqliteSource {
    pub(crate) fn open(name: &str, path: &Path) -> Result<Self, WorkerError> {
        let failed = |message: String| WorkerError::Database {
            connection: name.to_owned(),
            place: path.display().to_string(),
            message,
            transient: false,
        };
        if !path.is_file() {
            let what = if path.exists() { "it is not a file" } else { "there is no such file" };
            return Err(failed(what.to_owned()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = || {
            let connection = Connection::open_with_flags(path, flags)?;
            connection.busy_timeout(PATIENCE)?;
            names_only(&connection)?;
            // The file is only looked at when something is asked of it.
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
            Ok(connection)
        };
        let connection = open().map_err(|error: rusqlite::Error| failed(error.to_string()))?;
        Ok(Self { name: name.to_owned(), path: path.to_owned(), imported: false, connection })
    }

    /// What was made from CSV files.
    pub(super) fn open_import(name: &str, path: &Path) -> Result<Self, WorkerError> {
        Ok(Self { imported: true, ..Self::open(name, path)? })
    }

    /// Prepares the query with something around it, and binds whatever it names.
    fn prepare(
        &self,
        query: &Query<'_>,
        sql: &str,
        range: Option<&Range>,
    ) -> Result<Statement<'_>, WorkerError> {
        let failed = |error: rusqlite::Error| self.failed(query, sql, &error);
        let mut statement = self.connection.prepare(sql).map_err(failed)?;
        for index in 1..=statement.parameter_count() {
            let name = statement.parameter_name(index).unwrap_or("?").to_owned();
            match (name.as_str(), range) {
                (":country", _) => statement.raw_bind_parameter(index, query.country),
                (":since", _) => statement.raw_bind_parameter(index, query.since),
                (":run_date", _) => statement.raw_bind_parameter(index, query.run_date),
                (LOWER, Some(Range { lower: Some(bound), .. }))
                | (UPPER, Some(Range { upper: Some(bound), .. })) => match bound {
                    Bound::Integer(number) => statement.raw_bind_parameter(index, number),
                    Bound::Real(number) => statement.raw_bind_parameter(index, number),
                    Bound::Text(text) => statement.raw_bind_parameter(index, text),
                },
                _ => {
                    return Err(WorkerError::Query {
                        file: query.file.to_owned(),
                        at: query.sql.find(name.as_str()).and_then(|at| line_and_column(query.sql, at)),
                        message: format!("`{name}` is not a parameter that is bound"),
                        help: None,
                    });
                }
            }
            .map_err(failed)?;
        }
        Ok(statement)
    }

    fn first_row<T>(
        &self,
        query: &Query<'_>,
        sql: &str,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, WorkerError> {
        let failed = |error: rusqlite::Error| self.failed(query, sql, &error);
        let mut statement = self.prepare(query, sql, None)?;
        let mut rows = statement.raw_query();
        rows.next().map_err(failed)?.map(read).transpose().map_err(failed)
    }

    /// Says what is wrong in the words of the query's file.
    fn failed(&self, query: &Query<'_>, sql: &str, error: &rusqlite::Error) -> WorkerError {
        let message = if let rusqlite::Error::SqlInputError { msg, .. } = error {
            msg.clone()
        } else {
            error.to_string()
        };
        if let Some((_, table)) = message.split_once("no such table: ") {
            let tables = self.tables();
            return WorkerError::SourceTable {
                connection: self.name.clone(),
                table: table.to_owned(),
                looked_for: format!("{} in {}", query.file, self.path.display()),
                closest: closest(table, tables.iter().map(String::as_str)),
            };
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => self.unreadable(&message, true),
            Some(
                ErrorCode::NotADatabase
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::CannotOpen
                | ErrorCode::SystemIoFailure
                | ErrorCode::DiskFull
                | ErrorCode::PermissionDenied,
            ) => self.unreadable(&message, false),
            _ => {
                // The offset is one of the text that ran, which has more than the query in it when it is split.
                let at = if let rusqlite::Error::SqlInputError { offset, .. } = error
                    && sql == query.sql
                {
                    usize::try_from(*offset).ok().and_then(|at| line_and_column(sql, at))
                } else {
                    None
                };
                let columns = (self.imported && message.contains("no such column")).then(|| self.headers());
                WorkerError::Query { file: query.file.to_owned(), at, message, help: columns.flatten() }
            }
        }
    }

    /// What the CSV files call their columns, and what may be wrong with that.
    fn headers(&self) -> Option<String> {
        let mut all = Vec::new();
        let mut names = Vec::new();
        for table in self.tables() {
            let mut statement = self.connection.prepare("SELECT name FROM pragma_table_info(?1)").ok()?;
            let columns = statement.query_map([&table], |row| row.get::<_, String>(0)).ok()?;
            let columns: Vec<String> = columns.collect::<rusqlite::Result<_>>().ok()?;
            let quoted: Vec<_> = columns.iter().map(|it| format!("`{it}`")).collect();
            all.push(format!("the file of table `{table}` has {}", quoted.join(", ")));
            names.extend(columns);
        }
        let has = |characters: &[char]| names.iter().any(|it| it.contains(characters));
        let hint = if has(&[';', '\t', '|']) {
            "; a comma is all that tells fields apart"
        } else if names.iter().any(|it| it.trim() != it) {
            "; spaces belong to the names"
        } else {
            ""
        };
        Some(format!("{}{hint}", all.join("; ")))
    }

    fn unreadable(&self, message: &str, transient: bool) -> WorkerError {
        WorkerError::Database {
            connection: self.name.clone(),
            place: self.path.display().to_string(),
            message: message.to_owned(),
            transient,
        }
    }

    fn tables(&self) -> Vec<String> {
        let read = || {
            let mut statement = self
                .connection
                .prepare("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY 1")?;
            let names = statement.query_map([], |row| row.get(0))?;
            names.collect::<rusqlite::Result<Vec<String>>>()
        };
        // Only used to suggest a name; without it the error is still told.
        read().unwrap_or_default()
    }
}

impl Source for SqliteSource {
    fn columns(&self, query: &Query<'_>) -> Result<Vec<String>, WorkerError> {
        let statement = self.prepare(query, query.sql, None)?;
        if !statement.readonly() {
            return Err(WorkerError::Query {
                file: query.file.to_owned(),
                at: None,
                message: "it would change the source".to_owned(),
                help: None,
            });
        }
        Ok(statement.column_names().map(str::to_owned).collect())
    }

    fn bounds(&self, query: &Query<'_>, column: &str, parts: u32) -> Result<Vec<Bound>, WorkerError> {
        let (name, inner) = (quoted(column), query.sql);
        let ends = format!("SELECT min({name}), max({name}) FROM (\n{inner}\n)");
        let ends =
            self.first_row(query, &ends, |row| Ok((bound(row.get_ref(0)?), bound(row.get_ref(1)?))))?;
        match ends {
            Some((Some(Bound::Integer(least)), Some(Bound::Integer(most)))) => {
                Ok(even_bounds(least, most, parts))
            }
            None | Some((None, _) | (_, None)) => Ok(Vec::new()),
            Some((Some(_), Some(_))) => {
                let sql = format!(
                    "SELECT min(v) FROM (SELECT {name} AS v, ntile({parts}) OVER (ORDER BY {name}) AS n FROM (\n\
                     {inner}\n) WHERE {name} IS NOT NULL) GROUP BY n ORDER BY n LIMIT -1 OFFSET 1"
                );
                let failed = |error: rusqlite::Error| self.failed(query, &sql, &error);
                let mut statement = self.prepare(query, &sql, None)?;
                let mut rows = statement.raw_query();
                let mut bounds = Vec::new();
                while let Some(row) = rows.next().map_err(failed)? {
                    bounds.extend(bound(row.get_ref(0).map_err(failed)?));
                }
                bounds.dedup();
                Ok(bounds)
            }
        }
    }

    fn rows(
        &self,
        query: &Query<'_>,
        range: Option<&Range>,
        each: &mut EachRow<'_>,
    ) -> Result<(), WorkerError> {
        let ranged;
        let sql = match range.and_then(condition) {
            None => query.sql,
            Some(condition) => {
                ranged = format!("SELECT * FROM (\n{}\n) WHERE {condition}", query.sql);
                &ranged
            }
        };
        let failed = |error: rusqlite::Error| self.failed(query, sql, &error);
        let mut statement = self.prepare(query, sql, range)?;
        let width = statement.column_count();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(failed)? {
            // A row's values borrow from the row, so the buffer can't outlive it; it is small.
            let mut values = Vec::with_capacity(width);
            for index in 0..width {
                values.push(match row.get_ref(index).map_err(failed)? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(number) => Value::Integer(number),
                    ValueRef::Real(number) => Value::Real(number),
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Value::Bytes(bytes),
                });
            }
            each(&values)?;
        }
        Ok(())
    }
}

/// What stands in double quotes is a name: SQLite would otherwise take a misspelt one for a text.
pub(crate) fn names_only(connection: &Connection) -> rusqlite::Result<()> {
    for quotes in [DbConfig::SQLITE_DBCONFIG_DQS_DML, DbConfig::SQLITE_DBCONFIG_DQS_DDL] {
        let _ = connection.set_db_config(quotes, false)?;
    }
    Ok(())
}

fn condition(range: &Range) -> Option<String> {
    let (lower, upper) = (range.lower.as_ref().map(|_| LOWER), range.upper.as_ref().map(|_| UPPER));
    super::range::condition(&quoted(&range.column), lower, upper)
}

fn bound(value: ValueRef<'_>) -> Option<Bound> {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => None,
        ValueRef::Integer(number) => Some(Bound::Integer(number)),
        ValueRef::Real(number) => Some(Bound::Real(number)),
        // A bound need not be a value of the column, only lie among them.
        ValueRef::Text(bytes) => Some(Bound::Text(String::from_utf8_lossy(bytes).into_owned())),
    }
}

pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The name that was most likely meant.
pub(crate) fn closest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let farthest = (name.chars().count() / 3).max(1);
    names
        .map(|it| (distance(&name.to_lowercase(), &it.to_lowercase()), it))
        .filter(|(distance, _)| *distance <= farthest)
        .min()
        .map(|(_, it)| it.to_owned())
}

/// How many characters must be added, removed or changed.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (above, from) in left.chars().enumerate() {
        let mut corner = above;
        let mut last = above + 1;
        for (cell, to) in row.iter_mut().zip(std::iter::once(None).chain(right.chars().map(Some))) {
            let up = *cell;
            *cell = match to {
                None => above + 1,
                Some(to) => (corner + usize::from(from != to)).min(up + 1).min(last + 1),
            };
            corner = up;
            last = *cell;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_name_is_close() {
        let names = ["companies", "officers"];
        assert_eq!(closest("persons", names.into_iter()), None);
        assert_eq!(closest("Companys", names.into_iter()).as_deref(), Some("companies"));
        assert_eq!(closest("companie", names.into_iter()).as_deref(), Some("companies"));
        assert_eq!(closest("COMPANIES", names.into_iter()).as_deref(), Some("companies"));
        assert_eq!((distance("kitten", "sitting"), distance("", "abc"), distance("abc", "")), (3, 3, 3));
    }
}
