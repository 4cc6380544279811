//! A MySQL or MariaDB server as a source: rows streamed as the server sends them, each as the text it has there.
//!
//! One statement sees one snapshot. What would let several connections see one (a lock of all tables, for a moment)
//! is a right that a reader rarely has, so the parts of a split extract are snapshots of their own, each begun with
//! its part.

use std::cell::RefCell;

use mysql::{
    Conn, Error, Row, Value as Sent,
    consts::{ColumnFlags, ColumnType},
    prelude::Queryable as _,
};

use super::{
    Bound, EachRow, Query, Range, Source, Value,
    quantiles::{Spread, quantiles},
    sqlite::closest,
};
use crate::{
    error::WorkerError,
    servers::{
        Meaning,
        mysql::{MysqlServer, meaning, message},
    },
    sql_text::Flavor,
};

const UNKNOWN_TABLE: u16 = 1146;
const READ_ONLY_TRANSACTION: u16 = 1792;

#[derive(Debug)]
pub(crate) struct MysqlSource {
    name: String,
    server: MysqlServer,
    connection: RefCell<Conn>,
}

impl MysqlSource {
    pub(crate) fn open(name: &str, server: &MysqlServer) -> Result<Self, WorkerError> {
        let connection = server.connect(&[
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
        ])?;
        Ok(Self { name: name.to_owned(), server: server.clone(), connection: RefCell::new(connection) })
    }

    fn with<T>(
        &self,
        query: &Query<'_>,
        work: impl FnOnce(&mut Conn) -> Result<T, Error>,
    ) -> Result<T, WorkerError> {
        let mut connection = self.connection.borrow_mut();
        work(&mut connection).map_err(|error| self.failed(query, &mut connection, &error))
    }

    /// Says what is wrong in the words of the query's file.
    fn failed(&self, query: &Query<'_>, conn: &mut Conn, error: &Error) -> WorkerError {
        if meaning(error) != Meaning::Statement {
            return self.server.trouble(error, false);
        }
        let wrong =
            |message| WorkerError::Query { file: query.file.to_owned(), at: None, message, help: None };
        match error {
            Error::MySqlError(error) if error.code == UNKNOWN_TABLE => {
                // Table 'database.name' doesn't exist
                let table = error.message.split('\'').nth(1).and_then(|it| it.rsplit('.').next());
                let table = table.unwrap_or_default().to_owned();
                let tables: Vec<String> = conn.query("SHOW TABLES").unwrap_or_default();
                WorkerError::SourceTable {
                    connection: self.name.clone(),
                    closest: closest(&table, tables.iter().map(String::as_str)),
                    table,
                    looked_for: format!("{} in {}", query.file, self.server.place()),
                }
            }
            Error::MySqlError(error) if error.code == READ_ONLY_TRANSACTION => {
                wrong("it would change the source".to_owned())
            }
            Error::MySqlError(_)
            | Error::IoError(_)
            | Error::CodecError(_)
            | Error::DriverError(_)
            | Error::UrlError(_)
            | Error::TlsError(_)
            | Error::FromValueError(_)
            | Error::FromRowError(_) => wrong(message(error)),
        }
    }
}

impl Source for MysqlSource {
    fn columns(&self, query: &Query<'_>) -> Result<Vec<String>, WorkerError> {
        let sql = query.bind(Flavor::Mysql)?;
        let names = self.with(query, |conn| {
            let statement = conn.prep(&sql)?;
            Ok(statement.columns().iter().map(|it| it.name_str().into_owned()).collect::<Vec<_>>())
        })?;
        if names.is_empty() {
            let message = "it would change the source".to_owned();
            return Err(WorkerError::Query { file: query.file.to_owned(), at: None, message, help: None });
        }
        Ok(names)
    }

    fn bounds(&self, query: &Query<'_>, column: &str, parts: u32) -> Result<Vec<Bound>, WorkerError> {
        let (name, inner) = (quoted(column), query.bind(Flavor::Mysql)?);
        let ends =
            format!("SELECT MIN({name}), MAX({name}), COUNT({name}) FROM (\n{inner}\n) AS sluice_rows");
        let ends: Option<Row> = self.with(query, |conn| conn.exec_first(ends, ()))?;
        let Some(ends) = ends else { return Ok(Vec::new()) };
        let number = |index: usize| match ends.as_ref(index).and_then(bound) {
            Some(Bound::Integer(number)) => Some(number),
            Some(Bound::Real(_) | Bound::Text(_)) | None => None,
        };
        let spread = Spread { ends: number(0).zip(number(1)), rows: ends.get(2).unwrap_or_default() };
        if let Some(bounds) = spread.even(parts) {
            return Ok(bounds);
        }
        // A hash of the value decides, so that the same rows always give the same sample.
        let step = spread.step(parts);
        let sample = format!(
            "SELECT {name} FROM (\n{inner}\n) AS sluice_rows WHERE {name} IS NOT NULL AND CRC32({name}) % {step} = 0
             ORDER BY {name}"
        );
        let sample: Vec<Row> = self.with(query, |conn| conn.exec(sample, ()))?;
        let members = ColumnFlags::ENUM_FLAG | ColumnFlags::SET_FLAG;
        if sample
            .first()
            .and_then(|it| it.columns_ref().first())
            .is_some_and(|it| it.flags().intersects(members))
        {
            return Err(WorkerError::Query {
                file: query.file.to_owned(),
                at: None,
                message: format!(
                    "it can't be split by `{column}`: the server orders an ENUM or SET by its members' numbers, and \
                     compares it by their names"
                ),
                help: Some("split by the key, or by another column of numbers, texts or days".to_owned()),
            });
        }
        let sample: Vec<Bound> = sample.iter().filter_map(|row| bound(row.as_ref(0)?)).collect();
        Ok(quantiles(&sample, parts))
    }

    fn rows(
        &self,
        query: &Query<'_>,
        range: Option<&Range>,
        each: &mut EachRow<'_>,
    ) -> Result<(), WorkerError> {
        let sql = query.bind(Flavor::Mysql)?;
        let sql = match range.and_then(condition) {
            None => sql,
            Some(condition) => format!("SELECT * FROM (\n{sql}\n) AS sluice_rows WHERE {condition}"),
        };
        let mut connection = self.connection.borrow_mut();
        match stream(&mut connection, &sql, each) {
            Ok(()) => Ok(()),
            Err(Ended::Here(error)) => Err(error),
            Err(Ended::There(error)) => Err(self.failed(query, &mut connection, &error)),
        }
    }
}

/// Who ended a stream of rows.
enum Ended {
    Here(WorkerError),
    There(Error),
}

fn stream(conn: &mut Conn, sql: &str, each: &mut EachRow<'_>) -> Result<(), Ended> {
    let mut result = conn.query_iter(sql).map_err(Ended::There)?;
    let is_bit: Vec<bool> =
        result.columns().as_ref().iter().map(|it| it.column_type() == ColumnType::MYSQL_TYPE_BIT).collect();
    while let Some(row) = result.next() {
        if let Err(error) = hand_over(row.map_err(Ended::There)?, &is_bit, each) {
            // Dropping it would read the rows that nobody wants to their end. The connection is used no more.
            std::mem::forget(result);
            return Err(Ended::Here(error));
        }
    }
    Ok(())
}

fn hand_over(row: Row, is_bit: &[bool], each: &mut EachRow<'_>) -> Result<(), WorkerError> {
    let mut sent = row.unwrap();
    for (value, _) in sent.iter_mut().zip(is_bit).filter(|(_, is_bit)| **is_bit) {
        if let Sent::Bytes(bytes) = value {
            *bytes = bits(bytes).to_string().into_bytes();
        }
    }
    let values: Vec<_> = sent
        .iter()
        .map(|value| match value {
            // Answers in text have neither days nor times of their own.
            Sent::NULL | Sent::Date(..) | Sent::Time(..) => Value::Null,
            Sent::Bytes(bytes) => Value::Bytes(bytes),
            Sent::Int(number) => Value::Integer(*number),
            Sent::UInt(number) => Value::Integer(i64::try_from(*number).unwrap_or(i64::MAX)),
            Sent::Float(number) => Value::Real(f64::from(*number)),
            Sent::Double(number) => Value::Real(*number),
        })
        .collect();
    each(&values)
}

/// A `BIT(n)` as the number that it is: up to 64 bits.
fn bits(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// A value as a bound, from a prepared statement's answer, which tells numbers from texts.
fn bound(value: &Sent) -> Option<Bound> {
    match value {
        Sent::NULL => None,
        Sent::Int(number) => Some(Bound::Integer(*number)),
        Sent::UInt(number) => {
            Some(i64::try_from(*number).map_or_else(|_| Bound::Text(number.to_string()), Bound::Integer))
        }
        Sent::Float(number) => Some(Bound::Real(f64::from(*number))),
        Sent::Double(number) => Some(Bound::Real(*number)),
        Sent::Bytes(bytes) => Some(Bound::Text(String::from_utf8_lossy(bytes).into_owned())),
        Sent::Date(..) | Sent::Time(..) => {
            Some(Bound::Text(value.as_sql(true).trim_matches('\'').to_owned()))
        }
    }
}

fn condition(range: &Range) -> Option<String> {
    let (lower, upper) = (range.lower.as_ref().map(literal), range.upper.as_ref().map(literal));
    super::range::condition(&quoted(&range.column), lower.as_deref(), upper.as_deref())
}

/// Digits mean the same however the server reads quotes and backslashes.
fn literal(bound: &Bound) -> String {
    match bound {
        Bound::Integer(number) => number.to_string(),
        Bound::Real(number) => format!("{number:e}"),
        Bound::Text(text) => {
            let digit = |it: u8| char::from_digit(u32::from(it), 16).unwrap_or('0');
            let digits: String = text.bytes().flat_map(|it| [digit(it >> 4), digit(it & 15)]).collect();
            format!("_utf8mb4 X'{digits}'")
        }
    }
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
