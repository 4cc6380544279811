//! Where rows come from: one query against one connection, as a stream of rows, whole or a range at a time.

mod copy_text;
mod csv;
mod csv_folder;
mod mysql;
mod postgres;
mod quantiles;
mod range;
mod scratch;
mod sqlite;
mod strict_quotes;

use std::{path::PathBuf, sync::Arc};

use sluice_contract::plan::Connection;

pub(crate) use range::{Bound, Range, even_bounds};
pub use scratch::Imports;
pub(crate) use sqlite::{SqliteSource, names_only};

use self::{
    csv::import,
    mysql::MysqlSource,
    postgres::{PostgresSource, Snapshot},
    scratch::Scratch,
};
use crate::{
    error::WorkerError,
    servers::{mysql::MysqlServer, postgres::PostgresServer},
    site::Site,
    sql_text::{self, Flavor, UnknownParameter, line_and_column},
};

/// A query and what it may name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<'a> {
    /// For messages.
    pub(crate) file: &'a str,
    pub(crate) sql: &'a str,
    /// Bound to `:country`.
    pub(crate) country: &'a str,
    /// Bound to `:run_date`: `2026-11-22`.
    pub(crate) run_date: &'a str,
    /// Bound to `:since`: `2026-11-21 02:30:00`, UTC.
    pub(crate) since: &'a str,
}

impl Query<'_> {
    /// The query with literals in the place of its parameters, as a server runs it.
    pub(crate) fn bind(&self, flavor: Flavor) -> Result<String, WorkerError> {
        sql_text::bind(self.sql, flavor, &|name| self.literal(name))
            .map_err(|unknown| self.unknown_parameter(&unknown))
    }

    /// What is told of a name that stands for nothing.
    pub(crate) fn unknown_parameter(&self, unknown: &UnknownParameter) -> WorkerError {
        WorkerError::Query {
            file: self.file.to_owned(),
            at: line_and_column(self.sql, unknown.offset),
            message: format!("`{}` is not a parameter that is bound", unknown.name),
            help: None,
        }
    }

    /// The literal for a parameter, `:country`; none where it is not one that is bound.
    pub(crate) fn literal(&self, name: &str) -> Option<String> {
        let value = match name {
            ":country" => self.country,
            ":run_date" => self.run_date,
            ":since" => self.since,
            _ => return None,
        };
        Some(format!("'{}'", value.replace('\'', "''")))
    }
}

/// A value as the source has it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    Null,
    Integer(i64),
    Real(f64),
    /// Text or bytes; whether it is text is asked when it is loaded.
    Bytes(&'a [u8]),
}

/// Takes the values of one row, in the order of the query's columns.
pub(crate) type EachRow<'a> = dyn FnMut(&[Value<'_>]) -> Result<(), WorkerError> + 'a;

/// One connection to a source. Each thread has its own.
pub(crate) trait Source {
    /// The query's column names; an error that points into the query where it is wrong.
    fn columns(&self, query: &Query<'_>) -> Result<Vec<String>, WorkerError>;

    /// The values that cut the query's rows into `parts` ranges of much the same size; fewer where there are few.
    fn bounds(&self, query: &Query<'_>, column: &str, parts: u32) -> Result<Vec<Bound>, WorkerError>;

    /// Every row of the query, or of one range of it, in the query's order.
    fn rows(
        &self,
        query: &Query<'_>,
        range: Option<&Range>,
        each: &mut EachRow<'_>,
    ) -> Result<(), WorkerError>;
}

/// A source that threads can open connections to.
#[derive(Debug)]
pub(crate) struct SourcePlace {
    name: String,
    engine: Engine,
}

#[derive(Debug)]
enum Engine {
    Sqlite(PathBuf),
    Csv(Arc<Scratch>),
    Mysql(MysqlServer),
    Postgres { server: Box<PostgresServer>, snapshot: Box<Snapshot> },
}

impl SourcePlace {
    /// Finds the source; a folder of CSV files is first read into a database file, once for all parts of a stage.
    ///
    /// `import_key` is the stage's in its run, for [`Imports`].
    pub(crate) fn find(
        site: &Site,
        name: &str,
        connection: &Connection,
        reads: &[String],
        import_key: &str,
    ) -> Result<Self, WorkerError> {
        let engine = match connection {
            Connection::Sqlite { path } => Engine::Sqlite(site.locate(path)),
            Connection::Csv { path } => {
                let import = || import(site, name, &site.locate(path), reads);
                Engine::Csv(site.imports.get(import_key, import)?)
            }
            Connection::Mysql { secret } => Engine::Mysql(MysqlServer::find(site, name, secret)?),
            Connection::Postgres { secret } => {
                let server = PostgresServer::find(site, name, secret)?;
                let snapshot = Snapshot::export(&server)?;
                Engine::Postgres { server: Box::new(server), snapshot: Box::new(snapshot) }
            }
        };
        Ok(Self { name: name.to_owned(), engine })
    }

    /// Another connection to it.
    pub(crate) fn open(&self) -> Result<Box<dyn Source>, WorkerError> {
        Ok(match &self.engine {
            Engine::Sqlite(path) => Box::new(SqliteSource::open(&self.name, path)?),
            Engine::Csv(scratch) => Box::new(SqliteSource::open_import(&self.name, scratch.path())?),
            Engine::Mysql(server) => Box::new(MysqlSource::open(&self.name, server)?),
            Engine::Postgres { server, snapshot } => {
                Box::new(PostgresSource::open(&self.name, server, snapshot)?)
            }
        })
    }
}
