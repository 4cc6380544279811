//! Keys that are different byte by byte, which is how the worker told rows apart, and equal to the published table.

use bytes::Bytes;
use mysql::{Conn, Error, Row, prelude::Queryable as _};
use sluice_contract::plan::{ColumnType, Table};

use super::{
    MysqlTarget,
    infile::{check_taken, load, push_row},
    keys::shown,
    schema::Collations,
    sql::Names,
    sql_rows::KEYS_TABLE,
};
use crate::{
    error::WorkerError,
    target::{MeasuredRows, StagedRows},
};

/// Bytes of keys that are handed over at once.
const BLOCK: usize = 4 * 1024 * 1024;
/// Rows that are read at once.
const STEP: u64 = 100;

/// Two rows of one key would both claim the target's row. Where the published table compares keys in another way than
/// byte by byte, all of them go into a table of the session, which the server looks through.
pub(super) fn check_collated_keys(
    target: &MysqlTarget<'_>,
    (name, table): (&str, &Table),
    collations: &Collations,
    rows: &dyn MeasuredRows,
) -> Result<(), WorkerError> {
    let differs = |kind: ColumnType| match kind {
        ColumnType::Text { .. } | ColumnType::Char { .. } => true,
        // Their letters are digits.
        ColumnType::Integer
        | ColumnType::Boolean
        | ColumnType::Decimal { .. }
        | ColumnType::Date
        | ColumnType::Timestamp => false,
    };
    let mut key = table.columns.iter().filter(|it| it.key && differs(it.kind));
    if key.all(|it| collations.of(&it.name).is_none_or(|it| is_exact(&it, rows.has_padded_keys()))) {
        return Ok(());
    }
    target.with(|conn| {
        let failed = |error: Error| target.failed(name, &error);
        for statement in target.names.make_keys(table, &|it| collations.of(it)) {
            conn.query_drop(statement).map_err(failed)?;
        }
        take_keys(target, conn, (name, table), &mut *rows.again())?;
        let found: Option<Row> = conn.query_first(Names::same_keys(KEYS_TABLE, table)).map_err(failed)?;
        conn.query_drop(format!("DROP TEMPORARY TABLE {KEYS_TABLE}")).map_err(failed)?;
        let columns: Vec<&str> = table.key().collect();
        found.map_or(Ok(()), |row| {
            Err(WorkerError::EqualKeys {
                table: name.to_owned(),
                key: shown(&row, 1, &columns),
                rows: row.get(0).unwrap_or_default(),
            })
        })
    })
}

/// Whether only equal bytes are equal. Most binary collations leave spaces at the end out of account.
fn is_exact(collation: &str, has_padded_keys: bool) -> bool {
    match collation {
        "binary" => true,
        it if it.ends_with("_nopad_bin") || it.ends_with("_0900_bin") => true,
        it => it.ends_with("_bin") && !has_padded_keys,
    }
}

fn take_keys(
    target: &MysqlTarget<'_>,
    conn: &mut Conn,
    (name, table): (&str, &Table),
    rows: &mut dyn StagedRows,
) -> Result<(), WorkerError> {
    let sql = Names::load_keys(table);
    while rows.left() > 0 {
        target.site.check_cancelled()?;
        let mut block = Vec::new();
        let mut taken = 0;
        while block.len() < BLOCK && rows.left() > 0 {
            taken += rows.take(STEP, &mut |values| {
                let key = table.columns.iter().zip(values).filter(|(column, _)| column.key);
                push_row(&mut block, key.map(|(_, value)| *value));
                Ok(())
            })?;
        }
        load(conn, &sql, Bytes::from(block)).map_err(|error| target.failed(name, &error))?;
        check_taken(target, conn, name, taken)?;
    }
    Ok(())
}
