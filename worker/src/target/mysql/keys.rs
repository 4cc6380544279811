//! Staging rows that agree in some columns: whether there are any, and which to name.

use mysql::{Row, Value};
use sluice_contract::plan::Table;

use super::{MysqlTarget, sql::Names};
use crate::{error::WorkerError, target::Repeated};

/// Two staging rows of one key would both claim the target's row; which one won would be chance. Gives the number of
/// rows.
pub(super) fn check_keys(target: &MysqlTarget<'_>, name: &str, table: &Table) -> Result<u64, WorkerError> {
    let counted: Option<(u64, u64)> = target.read(&target.names.count_keys(name, table), ())?.pop();
    let (rows, keys) = counted.unwrap_or_default();
    if rows == keys {
        return Ok(rows);
    }
    let columns: Vec<&str> = table.key().collect();
    let found: Vec<Row> = target.read(&Names::same_keys(&target.names.staging(name), table), ())?;
    let found = found.first();
    Err(WorkerError::DuplicateKey {
        table: name.to_owned(),
        key: found.map(|row| shown(row, 1, &columns)).unwrap_or_default(),
        rows: found.and_then(|row| row.get(0)).unwrap_or_default(),
    })
}

/// The values that stand in several staging rows.
pub(super) fn repeated(
    target: &MysqlTarget<'_>,
    name: &str,
    columns: &[String],
) -> Result<Option<Repeated>, WorkerError> {
    let found: Vec<Row> = target.read(&target.names.repeated(name, columns), ())?;
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    Ok(found
        .first()
        .map(|row| Repeated { values: row.get(0).unwrap_or_default(), example: shown(row, 1, &columns) }))
}

/// ``reg = `R1`, country = `GR` ``, from the row's fields behind the first `from`.
pub(super) fn shown(row: &Row, from: usize, columns: &[&str]) -> String {
    let parts = columns.iter().enumerate().map(|(index, name)| {
        let value = match row.as_ref(from + index) {
            None | Some(Value::NULL) => "null".to_owned(),
            Some(Value::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
            Some(
                value @ (Value::Int(_)
                | Value::UInt(_)
                | Value::Float(_)
                | Value::Double(_)
                | Value::Date(..)
                | Value::Time(..)),
            ) => value.as_sql(true).trim_matches('\'').to_owned(),
        };
        format!("{name} = `{value}`")
    });
    parts.collect::<Vec<_>>().join(", ")
}
