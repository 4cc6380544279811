//! A PostgreSQL server as a source: `COPY … TO STDOUT`, read as it comes.
//!
//! The parts of an extract by one job see one snapshot: its first connection exports its own, and is held open until
//! the last part is read. The children of an array are jobs of their own, each with a snapshot of its own.

use std::{
    cell::RefCell,
    io::{self, BufRead as _},
    sync::Mutex,
};

use postgres::{
    Client, Error,
    error::{ErrorPosition, SqlState},
    types::Type,
};

use super::{
    Bound, EachRow, Query, Range, Source, Value,
    copy_text::{Field, read_fields},
    quantiles::{Spread, quantiles},
    sqlite::closest,
};
use crate::{
    error::WorkerError,
    servers::{
        Meaning,
        postgres::{PostgresServer, meaning, message},
    },
    sql_text::{Flavor, line_and_column},
};

/// A snapshot that connections can share for as long as this one is held.
pub(crate) struct Snapshot {
    id: String,
    // Its transaction keeps the snapshot; nothing else is asked of it.
    _leader: Mutex<Client>,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Snapshot").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Snapshot {
    pub(crate) fn export(server: &PostgresServer) -> Result<Self, WorkerError> {
        let mut leader = server.connect()?;
        let mut export = || {
            leader.batch_execute(BEGIN)?;
            let row = leader.query_one("SELECT pg_export_snapshot()", &[])?;
            row.try_get(0)
        };
        let id = export().map_err(|error| server.trouble(&error, false))?;
        Ok(Self { id, _leader: Mutex::new(leader) })
    }
}

const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A snapshot is there no longer once the connection that holds it is lost: another attempt takes a new one.
fn snapshot_gone(trouble: WorkerError) -> WorkerError {
    if let WorkerError::Database { connection, place, message, .. } = trouble {
        return WorkerError::Database { connection, place, message, transient: true };
    }
    trouble
}

pub(crate) struct PostgresSource {
    name: String,
    server: PostgresServer,
    client: RefCell<Client>,
}

impl PostgresSource {
    pub(crate) fn open(
        name: &str,
        server: &PostgresServer,
        snapshot: &Snapshot,
    ) -> Result<Self, WorkerError> {
        let mut client = server.connect()?;
        client
            .batch_execute(&format!("{BEGIN}; SET TRANSACTION SNAPSHOT '{}'", snapshot.id))
            .map_err(|error| snapshot_gone(server.trouble(&error, false)))?;
        Ok(Self { name: name.to_owned(), server: server.clone(), client: RefCell::new(client) })
    }

    /// Says what is wrong in the words of the query's file.
    fn failed(&self, query: &Query<'_>, error: &Error) -> WorkerError {
        if meaning(error) != Meaning::Statement {
            return self.server.trouble(error, false);
        }
        let Some(told) = error.as_db_error() else {
            return WorkerError::Query {
                file: query.file.to_owned(),
                at: None,
                message: message(error),
                help: None,
            };
        };
        if *told.code() == SqlState::UNDEFINED_TABLE {
            // relation "name" does not exist
            let table = told.message().split('"').nth(1).unwrap_or_default().to_owned();
            let tables = self.tables();
            return WorkerError::SourceTable {
                connection: self.name.clone(),
                closest: closest(&table, tables.iter().map(String::as_str)),
                table,
                looked_for: format!("{} in {}", query.file, self.server.place()),
            };
        }
        if *told.code() == SqlState::READ_ONLY_SQL_TRANSACTION {
            let message = "it would change the source".to_owned();
            return WorkerError::Query { file: query.file.to_owned(), at: None, message, help: None };
        }
        // A place is one of the text that ran: that of the file where nothing stands before it and nothing is bound.
        let at = match told.position() {
            Some(ErrorPosition::Original(place)) if !query.sql.contains(':') => {
                let offset = query.sql.char_indices().nth((*place as usize).saturating_sub(1));
                offset.and_then(|(offset, _)| line_and_column(query.sql, offset))
            }
            Some(ErrorPosition::Original(_) | ErrorPosition::Internal { .. }) | None => None,
        };
        WorkerError::Query { file: query.file.to_owned(), at, message: message(error), help: None }
    }

    /// Only used to suggest a name; a transaction that has failed answers nothing more.
    fn tables(&self) -> Vec<String> {
        let read = || {
            let mut client = self.server.connect().ok()?;
            let sql = "SELECT c.relname::text FROM pg_class c WHERE pg_table_is_visible(c.oid) AND c.relkind IN ('r', 'v', 'p', 'm', 'f')";
            let rows = client.query(sql, &[]).ok()?;
            Some(rows.iter().filter_map(|it| it.try_get(0).ok()).collect())
        };
        read().unwrap_or_default()
    }

    fn types(&self, query: &Query<'_>, sql: &str) -> Result<Vec<(String, Type)>, WorkerError> {
        let prepared = self.client.borrow_mut().prepare(sql);
        let statement = prepared.map_err(|error| self.failed(query, &error))?;
        Ok(statement.columns().iter().map(|it| (it.name().to_owned(), it.type_().clone())).collect())
    }
}

impl Source for PostgresSource {
    fn columns(&self, query: &Query<'_>) -> Result<Vec<String>, WorkerError> {
        let types = self.types(query, &query.bind(Flavor::Postgres)?)?;
        if types.is_empty() {
            let message = "it would change the source".to_owned();
            return Err(WorkerError::Query { file: query.file.to_owned(), at: None, message, help: None });
        }
        Ok(types.into_iter().map(|(name, _)| name).collect())
    }

    fn bounds(&self, query: &Query<'_>, column: &str, parts: u32) -> Result<Vec<Bound>, WorkerError> {
        let (name, inner) = (quoted(column), query.bind(Flavor::Postgres)?);
        let types = self.types(query, &inner)?;
        let kind = types.iter().find(|(it, _)| it == column).map(|(_, it)| it.clone());
        let is_integer = kind.is_some_and(|it| [Type::INT2, Type::INT4, Type::INT8].contains(&it));
        let bound = |text: String| match text.parse() {
            Ok(number) if is_integer => Bound::Integer(number),
            Ok(_) | Err(_) => Bound::Text(text),
        };
        let ends = format!(
            "SELECT min({name})::text, max({name})::text, count({name}) FROM (\n{inner}\n) AS sluice_rows"
        );
        let failed = |error: Error| self.failed(query, &error);
        let row = self.client.borrow_mut().query_one(&ends, &[]);
        let row = row.map_err(failed)?;
        let end = |index: usize| row.try_get::<_, Option<String>>(index).ok().flatten();
        let whole = |text: Option<String>| text.filter(|_| is_integer).and_then(|it| it.parse().ok());
        let rows = row.try_get::<_, i64>(2).ok().and_then(|it| u64::try_from(it).ok()).unwrap_or_default();
        let spread = Spread { ends: whole(end(0)).zip(whole(end(1))), rows };
        if let Some(bounds) = spread.even(parts) {
            return Ok(bounds);
        }
        // A hash of the value decides, so that the same rows always give the same sample.
        let step = spread.step(parts);
        let sample = format!(
            "SELECT {name}::text AS sluice_value FROM (\n{inner}\n) AS sluice_rows
             WHERE {name} IS NOT NULL AND abs(hashtext({name}::text)::bigint) % {step} = 0
             ORDER BY sluice_rows.{name}"
        );
        let sample = self.client.borrow_mut().query(&sample, &[]);
        let sample: Vec<Bound> =
            sample.map_err(failed)?.iter().filter_map(|row| row.try_get(0).ok().map(bound)).collect();
        Ok(quantiles(&sample, parts))
    }

    fn rows(
        &self,
        query: &Query<'_>,
        range: Option<&Range>,
        each: &mut EachRow<'_>,
    ) -> Result<(), WorkerError> {
        let sql = query.bind(Flavor::Postgres)?;
        let kinds: Vec<Type> = self.types(query, &sql)?.into_iter().map(|(_, it)| it).collect();
        let sql = match range.and_then(condition) {
            None => sql,
            Some(condition) => format!("SELECT * FROM (\n{sql}\n) AS sluice_rows WHERE {condition}"),
        };
        let mut client = self.client.borrow_mut();
        let copied = client.copy_out(&format!("COPY (\n{sql}\n) TO STDOUT"));
        let mut reader = copied.map_err(|error| self.failed(query, &error))?;
        let broken = |error: &io::Error| match error.get_ref().and_then(|it| it.downcast_ref::<Error>()) {
            Some(error) => self.failed(query, error),
            None => WorkerError::Database {
                connection: self.name.clone(),
                place: self.server.place().to_owned(),
                message: error.to_string(),
                transient: true,
            },
        };
        let (mut line, mut fields) = (Vec::new(), Vec::new());
        loop {
            line.clear();
            if reader.read_until(b'\n', &mut line).map_err(|it| broken(&it))? == 0 {
                return Ok(());
            }
            read_fields(&line, &kinds, &mut fields);
            let values: Vec<_> = fields
                .iter()
                .map(|it| match it {
                    Field::Null => Value::Null,
                    Field::Bytes(bytes) => Value::Bytes(bytes),
                })
                .collect();
            each(&values)?;
        }
    }
}

fn condition(range: &Range) -> Option<String> {
    let (lower, upper) = (range.lower.as_ref().map(literal), range.upper.as_ref().map(literal));
    super::range::condition(&quoted(&range.column), lower.as_deref(), upper.as_deref())
}

/// A text without a type becomes a value of the column's.
fn literal(bound: &Bound) -> String {
    match bound {
        Bound::Integer(number) => number.to_string(),
        Bound::Real(number) => number.to_string(),
        Bound::Text(text) if text.contains('\\') => {
            format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
        }
        Bound::Text(text) => format!("'{}'", text.replace('\'', "''")),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
