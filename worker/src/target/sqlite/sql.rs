//! The statements that move rows, as text. Nothing here runs them: they are also what `--explain` shows.

use sluice_contract::plan::{Column, ColumnType, Keep, Table};

use super::{list, quoted, schema::is_text_decimal};

/// Staging's name in SQL.
pub(crate) fn staging(pipeline: &str, table: &str) -> String {
    quoted(&format!("staging_{pipeline}_{table}"))
}

/// Takes one row of a part.
pub(crate) fn load(staging: &str, table: &Table) -> String {
    let columns = list(table.columns.iter().map(|it| it.name.as_str()));
    let places = vec!["?"; table.columns.len() + 2].join(", ");
    format!("INSERT INTO {staging} (_part, _line, {columns}) VALUES ({places})")
}

/// Deletes all but one of the rows that agree in some columns.
pub(crate) fn dedupe(staging: &str, table: &Table, by: &[String], keep: &Keep) -> String {
    let comparable = |column: &str| match table.column(column) {
        Some(declared) if is_text_decimal(declared.kind) => format!("CAST({} AS REAL)", quoted(column)),
        Some(_) | None => quoted(column),
    };
    let first = match keep {
        Keep::Newest { column } => format!("{} DESC NULLS LAST, ", comparable(column)),
        Keep::Oldest { column } => format!("{} ASC NULLS LAST, ", comparable(column)),
        Keep::First => String::new(),
    };
    let not_null: Vec<_> = by.iter().map(|it| format!("{} IS NOT NULL", quoted(it))).collect();
    format!(
        "DELETE FROM {staging} WHERE _row IN (
             SELECT _row FROM (
                 SELECT _row, row_number() OVER (PARTITION BY {} ORDER BY {first}_part, _line) AS place
                 FROM {staging} WHERE {}
             ) WHERE place > 1
         )",
        list(by.iter().map(String::as_str)),
        not_null.join(" AND "),
    )
}

/// Puts the translations that are there into staging.
pub(crate) fn apply(staging: &str, columns: &[&Column]) -> String {
    let mut sets = Vec::new();
    let mut changed = Vec::new();
    for (field, column) in columns.iter().enumerate() {
        let column = quoted(&column.name);
        let text = format!("FROM temp.sluice_texts t WHERE t.original = s.{column} AND t.field = {field}");
        sets.push(format!("{column} = coalesce((SELECT t.translated {text}), s.{column})"));
        changed.push(format!("EXISTS (SELECT 1 {text} AND t.translated <> t.original)"));
    }
    format!("UPDATE {staging} AS s SET {} WHERE {}", sets.join(", "), changed.join(" OR "))
}

/// One batch of an upsert.
pub(crate) fn upsert(name: &str, staging: &str, table: &Table, after: bool) -> String {
    let key = list(table.key());
    let columns = list(table.columns.iter().map(|it| it.name.as_str()));
    let updates: Vec<_> = table
        .columns
        .iter()
        .filter(|it| !it.key)
        .map(|it| format!("{0} = excluded.{0}", quoted(&it.name)))
        .collect();
    let update =
        if updates.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", updates.join(", ")) };
    let places = places(table.key().count());
    let after = if after { format!("AND ({key}) > {places}") } else { String::new() };
    format!(
        "INSERT INTO {} ({columns}) SELECT {columns} FROM {staging} WHERE ({key}) <= {places} {after} ORDER BY {key}
         ON CONFLICT ({key}) DO {update}",
        quoted(name),
    )
}

/// Every staging row into the target, in the key's order.
pub(crate) fn insert_all(name: &str, staging: &str, table: &Table) -> String {
    let columns = list(table.columns.iter().map(|it| it.name.as_str()));
    let key = list(table.key());
    let order = if key.is_empty() { "_part, _line" } else { &key };
    format!("INSERT INTO {} ({columns}) SELECT {columns} FROM {staging} ORDER BY {order}", quoted(name))
}

/// Empties the target, or the country's share of it.
pub(crate) fn delete(name: &str, country_column: Option<&str>) -> String {
    match country_column {
        Some(column) => format!("DELETE FROM {} WHERE {} = ?1", quoted(name), quoted(column)),
        None => format!("DELETE FROM {}", quoted(name)),
    }
}

pub(crate) fn count(staging: &str) -> String {
    format!("SELECT count(*) FROM {staging}")
}

pub(crate) fn count_nulls(staging: &str, column: &str) -> String {
    format!("SELECT count(*) FROM {staging} WHERE {} IS NULL", quoted(column))
}

/// The values that stand in several staging rows. As in an SQL database, a null is equal to nothing.
pub(crate) fn repeated(staging: &str, columns: &[&str]) -> String {
    let values = list(columns.iter().copied());
    let not_null: Vec<_> = columns.iter().map(|it| format!("{} IS NOT NULL", quoted(it))).collect();
    format!(
        "SELECT count(*) OVER (), {values} FROM {staging} WHERE {} GROUP BY {values} HAVING count(*) > 1
         ORDER BY {values} LIMIT 1",
        not_null.join(" AND ")
    )
}

/// `(?, ?)`
pub(super) fn places(count: usize) -> String {
    format!("({})", vec!["?"; count].join(", "))
}

/// The SQL condition of a translation that does not fit the column.
pub(super) fn unfit(kind: ColumnType) -> Option<String> {
    match kind {
        ColumnType::Text { length } => Some(format!("length(translated) > {length}")),
        ColumnType::Char { length } => Some(format!("length(translated) <> {length}")),
        ColumnType::Integer
        | ColumnType::Decimal { .. }
        | ColumnType::Boolean
        | ColumnType::Date
        | ColumnType::Timestamp => None,
    }
}
