//! A MySQL or MariaDB server as the target: rows come by `LOAD DATA LOCAL`, parts and batches side by side.
//!
//! A writing transaction holds the pipeline's row of `sluice_fence` in share mode until it has ended. Transactions of
//! one fence don't wait for each other; a greater fence waits until they have ended, and an older one finds the
//! greater one there. What such a server can't do in a transaction (making tables) is done while a second connection
//! holds the fence ([`session`]).

mod batch;
mod collated_keys;
mod dedupe;
mod infile;
mod keys;
mod load;
mod publish;
mod publish_rows;
mod schema;
mod session;
pub(super) mod sql;
mod sql_publish;
pub(super) mod sql_rows;
mod staging_rows;
mod statements;
mod texts;

use std::cell::{Cell, RefCell};

use mysql::{
    Conn, Error, Params, Row,
    prelude::{FromRow, Queryable as _},
};
use sluice_contract::{
    plan::{Column, Keep, Table},
    statistics::Statistics,
};

use super::{AfterBatch, EachPair, FillPart, MeasuredRows, NextPair, Repeated, RowsWay, Target, Writer};
use crate::{
    error::WorkerError,
    servers::{
        Meaning,
        mysql::{MysqlServer, meaning, message},
    },
    site::Site,
    source::Query,
};
use sql::{COUNTED, Names, OF_STAGE};

/// Connections to the target: one that works, and one that holds the fence while tables are made.
#[derive(Debug)]
pub(crate) struct MysqlTarget<'a> {
    site: &'a Site,
    server: MysqlServer,
    connection: RefCell<Conn>,
    writer: Writer,
    names: Names,
    /// How many columns [`texts`] has collected.
    text_columns: Cell<usize>,
}

impl<'a> MysqlTarget<'a> {
    pub(crate) fn open(site: &'a Site, secret: &str, writer: Writer) -> Result<Self, WorkerError> {
        let server = MysqlServer::find(site, &writer.connection, secret)?;
        let mut connection = connected(&server)?;
        let failed = |error: &Error| server.trouble(error, false);
        let version: Option<String> = connection.query_first("SELECT VERSION()").map_err(|it| failed(&it))?;
        let names = Names::new(&writer.pipeline, version.as_deref().unwrap_or_default());
        session::make_bookkeeping(&mut connection, &names).map_err(|it| failed(&it))?;
        let connection = RefCell::new(connection);
        Ok(Self { site, server, connection, writer, names, text_columns: Cell::new(0) })
    }

    /// The same on a connection of its own.
    fn another(&self) -> Result<Self, WorkerError> {
        let connection = RefCell::new(connected(&self.server)?);
        let (server, writer, names) = (self.server.clone(), self.writer.clone(), self.names.clone());
        Ok(Self { site: self.site, server, connection, writer, names, text_columns: Cell::new(0) })
    }

    /// Connects anew where the server has ended the connection: it has been silent for as long as others worked.
    fn revive(&self) -> Result<(), WorkerError> {
        self.with(|conn| {
            if conn.ping().is_err() {
                *conn = connected(&self.server)?;
            }
            Ok(())
        })
    }

    /// Runs `work` on the connection. One at a time: `work` must not come back here.
    fn with<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, WorkerError>) -> Result<T, WorkerError> {
        match self.connection.try_borrow_mut() {
            Ok(mut connection) => work(&mut connection),
            Err(error) => Err(WorkerError::Target {
                connection: self.writer.connection.clone(),
                place: self.server.place().to_owned(),
                table: "sluice_fence".to_owned(),
                message: error.to_string(),
                transient: false,
            }),
        }
    }

    fn read<T: FromRow>(&self, sql: &str, values: impl Into<Params>) -> Result<Vec<T>, WorkerError> {
        self.with(|conn| conn.exec(sql, values).map_err(|error| self.unread(&error)))
    }

    fn count_rows(&self, sql: &str, values: impl Into<Params>) -> Result<u64, WorkerError> {
        Ok(self.read(sql, values)?.first().copied().unwrap_or_default())
    }

    /// The error of a read.
    fn unread(&self, error: &Error) -> WorkerError {
        self.server.trouble(error, false)
    }

    /// The error of a write.
    fn failed(&self, table: &str, error: &Error) -> WorkerError {
        if let Meaning::Trouble(_) = meaning(error) {
            return self.server.trouble(error, false);
        }
        self.refused(table, message(error), meaning(error) == Meaning::MayPass)
    }

    fn refused(&self, table: &str, message: String, transient: bool) -> WorkerError {
        WorkerError::Target {
            connection: self.writer.connection.clone(),
            place: self.server.place().to_owned(),
            table: table.to_owned(),
            message,
            transient,
        }
    }
}

fn connected(server: &MysqlServer) -> Result<Conn, WorkerError> {
    let mut connection = server.connect(session::SETTINGS)?;
    session::give_memory(&mut connection);
    Ok(connection)
}

impl Target for MysqlTarget<'_> {
    fn cleanup(&self, stage: &str, tables: &[(&str, &Table)]) -> Result<Statistics, WorkerError> {
        schema::cleanup(self, stage, tables)
    }

    fn ledger(&self, stage: &str) -> Result<Vec<(u32, Statistics)>, WorkerError> {
        let sql = format!("SELECT part, {COUNTED} FROM sluice_ledger WHERE {OF_STAGE} ORDER BY part");
        let Writer { pipeline, run, .. } = &self.writer;
        self.revive()?;
        let rows: Vec<Row> = self.read(&sql, (pipeline, run, stage))?;
        Ok(rows.iter().map(|row| (row.get(0).unwrap_or_default(), sql::counted(row, 1))).collect())
    }

    fn loads_side_by_side(&self) -> bool {
        true
    }

    fn load_part(
        &self,
        stage: &str,
        part: u32,
        table: (&str, &Table),
        fill: &mut FillPart<'_>,
    ) -> Result<Statistics, WorkerError> {
        load::load_part(self, stage, part, table, fill)
    }

    fn count(&self, table: &str) -> Result<u64, WorkerError> {
        self.count_rows(&self.names.count(table), ())
    }

    fn count_nulls(&self, table: &str, column: &str) -> Result<u64, WorkerError> {
        self.count_rows(&self.names.count_nulls(table, column), ())
    }

    fn count_others(&self, table: &str, column: &str, value: &str) -> Result<u64, WorkerError> {
        self.count_rows(&self.names.count_others(table, column), (value,))
    }

    fn repeated(&self, table: &str, columns: &[String]) -> Result<Option<Repeated>, WorkerError> {
        keys::repeated(self, table, columns)
    }

    fn dedupe(
        &self,
        stage: &str,
        table: (&str, &Table),
        by: &[String],
        keep: &Keep,
    ) -> Result<Statistics, WorkerError> {
        dedupe::dedupe(self, stage, table, by, keep)
    }

    fn collect_texts(&self, table: &str, columns: &[&Column]) -> Result<u64, WorkerError> {
        texts::collect(self, table, columns)
    }

    fn known_texts(&self, next: &mut NextPair<'_>) -> Result<(), WorkerError> {
        texts::known(self, next)
    }

    fn pending_texts(&self, after: &str, limit: usize) -> Result<Vec<String>, WorkerError> {
        texts::pending(self, after, limit)
    }

    fn answer_texts(&self, answers: &[(String, Option<String>)]) -> Result<(), WorkerError> {
        texts::answer(self, answers)
    }

    fn fresh_texts(&self, each: &mut EachPair<'_>) -> Result<(), WorkerError> {
        texts::fresh(self, each)
    }

    fn settle_texts(&self) -> Result<(), WorkerError> {
        texts::settle(self)
    }

    fn apply_texts(&self, stage: &str, table: &str, columns: &[&Column]) -> Result<Statistics, WorkerError> {
        texts::apply(self, stage, table, columns)
    }

    fn upsert(
        &self,
        stage: &str,
        table: (&str, &Table),
        after_batch: &mut AfterBatch<'_>,
    ) -> Result<Statistics, WorkerError> {
        publish::upsert(self, stage, table, after_batch)
    }

    fn append(&self, stage: &str, table: (&str, &Table)) -> Result<Statistics, WorkerError> {
        publish::append(self, stage, table)
    }

    fn run(&self, stage: &str, table: &str, query: &Query<'_>) -> Result<Statistics, WorkerError> {
        statements::run(self, stage, table, query)
    }

    fn replace(
        &self,
        stage: &str,
        table: (&str, &Table),
        country: Option<(&str, &str)>,
    ) -> Result<Statistics, WorkerError> {
        publish::replace(self, stage, table, country)
    }

    fn publish_rows(
        &self,
        stage: &str,
        table: (&str, &Table),
        way: &RowsWay<'_>,
        rows: &mut dyn MeasuredRows,
        after_batch: &mut AfterBatch<'_>,
    ) -> Result<Statistics, WorkerError> {
        publish_rows::publish_rows(self, stage, table, way, rows, after_batch)
    }
}
