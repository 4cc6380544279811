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
    let wrong = |message| WorkerError::Query { file: query.file.to_owned(), at: None, message };
    let statements = sql_text::statements(query.sql, Flavor::Mysql, &|name| query.literal(name))
        .map_err(|unknown| wrong(format!("`{}` is not a parameter that is bound", unknown.name)))?;
    once(target, stage, 0, table, |conn| {
        let mut rows = 0;
        for statement in &statements {
            conn.query_drop(statement).map_err(|error| match meaning(&error) {
                Meaning::Statement => wrong(message(&error)),
                Meaning::Trouble(_) | Meaning::MayPass => target.failed(table, &error),
            })?;
            rows += conn.affected_rows();
        }
        Ok(Statistics { rows_read: rows, rows_written: rows, ..Statistics::default() })
    })
}
