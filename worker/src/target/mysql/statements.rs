//! Statements of the program's own, in one transaction with the fence.

use mysql::prelude::Queryable as _;
use sluice_contract::statistics::Statistics;

use super::{MysqlTarget, session::once};
use crate::{
    error::WorkerError,
    servers::{
        Meaning,
        mysql::{meaning, message},
    },
    source::Query,
    sql_text::{self, Flavor},
};

pub(super) fn run(
    target: &MysqlTarget<'_>,
    stage: &str,
    table: &str,
    query: &Query<'_>,
) -> Result<Statistics, WorkerError> {
    let wrong = |number: usize, message: String| WorkerError::Statement {
        file: query.file.to_owned(),
        at: sql_text::place_of_statement(query.sql, Flavor::Mysql, number, 0),
        number,
        connection: target.writer.connection.clone(),
        message,
    };
    let statements = sql_text::statements(query.sql, Flavor::Mysql, &|name| query.literal(name))
        .map_err(|unknown| query.unknown_parameter(&unknown))?;
    once(target, stage, 0, table, |conn| {
        let mut rows = 0;
        for (number, statement) in (1..).zip(&statements) {
            conn.query_drop(statement).map_err(|error| match meaning(&error) {
                Meaning::Statement => wrong(number, message(&error)),
                Meaning::Trouble(_) | Meaning::MayPass => target.failed(table, &error),
            })?;
            rows += conn.affected_rows();
        }
        Ok(Statistics { rows_read: rows, rows_written: rows, ..Statistics::default() })
    })
}
