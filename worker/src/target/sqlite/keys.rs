//! Staging rows that agree in some columns: whether there are any, and which to name.

use rusqlite::{Row, types::Value};
use sluice_contract::plan::Table;

use super::{SqliteTarget, list, quoted, sql};
use crate::{error::WorkerError, target::Repeated};

/// Makes staging quick to read in the key's order.
pub(super) fn index_key(target: &SqliteTarget<'_>, name: &str, table: &Table) -> Result<(), WorkerError> {
    let index = quoted(&format!("staging_{}_{name}_key", target.writer.pipeline));
    let sql =
        format!("CREATE INDEX IF NOT EXISTS {index} ON {} ({})", target.staging(name), list(table.key()));
    target.fenced(name, |transaction| {
        transaction.execute_batch(&sql).map_err(|error| target.failed(name, &error))
    })
}

/// Two staging rows of one key would both claim the target's row; which one won would be chance.
pub(super) fn check_keys(target: &SqliteTarget<'_>, name: &str, table: &Table) -> Result<(), WorkerError> {
    let columns: Vec<&str> = table.key().collect();
    let key = list(columns.iter().copied());
    let sql = format!(
        "SELECT count(*), {key} FROM {} GROUP BY {key} HAVING count(*) > 1 ORDER BY {key} LIMIT 1",
        target.staging(name)
    );
    let found = target.read(&sql, [], |row| Ok((row.get::<_, i64>(0)?, shown(row, 1, &columns)?)))?;
    match found.into_iter().next() {
        None => Ok(()),
        Some((rows, key)) => Err(WorkerError::DuplicateKey {
            table: name.to_owned(),
            key,
            rows: u64::try_from(rows).unwrap_or_default(),
        }),
    }
}

/// The values that stand in several staging rows. As in an SQL database, a null is equal to nothing.
pub(super) fn repeated(
    target: &SqliteTarget<'_>,
    name: &str,
    columns: &[String],
) -> Result<Option<Repeated>, WorkerError> {
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let sql = sql::repeated(&target.staging(name), &columns);
    let found = target.read(&sql, [], |row| Ok((row.get::<_, i64>(0)?, shown(row, 1, &columns)?)))?;
    Ok(found
        .into_iter()
        .next()
        .map(|(values, example)| Repeated { values: u64::try_from(values).unwrap_or_default(), example }))
}

/// ``reg = `R1`, country = `GR` ``, from the row's fields behind the first `from`.
pub(super) fn shown(row: &Row<'_>, from: usize, columns: &[&str]) -> rusqlite::Result<String> {
    let mut parts = Vec::with_capacity(columns.len());
    for (index, name) in columns.iter().enumerate() {
        let value = match row.get(from + index)? {
            Value::Null => "null".to_owned(),
            Value::Integer(number) => number.to_string(),
            Value::Real(number) => number.to_string(),
            Value::Text(text) => text,
            Value::Blob(_) => "bytes".to_owned(),
        };
        parts.push(format!("{name} = `{value}`"));
    }
    Ok(parts.join(", "))
}
