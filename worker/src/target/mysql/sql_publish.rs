//! The statements that publish from staging, as text: keys, upsert, append and replace.

use sluice_contract::plan::{Column, ColumnType, Table};

use super::sql::{Names, list, quoted};

impl Names {
    /// The staging rows and their keys: a server counts both in a fraction of the time that it takes to group the rows.
    pub(crate) fn count_keys(&self, name: &str, table: &Table) -> String {
        format!("SELECT COUNT(*), COUNT(DISTINCT {}) FROM {}", list(table.key()), self.staging(name))
    }

    /// The least key that several of a table's rows have.
    pub(crate) fn same_keys(from: &str, table: &Table) -> String {
        let key = list(table.key());
        format!(
            "SELECT COUNT(*), {key} FROM {from} GROUP BY {key} HAVING COUNT(*) > 1 ORDER BY {key} LIMIT 1"
        )
    }

    /// Every staging row, in the key's order. Whoever resumes must see them in the same one, whatever the server's sort
    /// takes for equal.
    pub(crate) fn staged_rows(&self, name: &str, table: &Table) -> String {
        let columns = list(table.columns.iter().map(|it| it.name.as_str()));
        let key = list(table.key());
        format!("SELECT {columns} FROM {} ORDER BY {key}, _part, _line", self.staging(name))
    }

    /// The least key of a table's rows that the published table has, and how many there are.
    pub(crate) fn known_keys(name: &str, from: &str, table: &Table) -> String {
        let same: Vec<_> = table.key().map(|it| format!("old.{0} = new.{0}", quoted(it))).collect();
        let key: Vec<_> = table.key().map(|it| format!("new.{}", quoted(it))).collect();
        let key = key.join(", ");
        format!(
            "SELECT COUNT(*) OVER () AS how_many, {key} FROM {from} AS new JOIN {} AS old ON {} ORDER BY {key} LIMIT 1",
            quoted(name),
            same.join(" AND ")
        )
    }

    /// Every staging row into the published table, in the key's order.
    pub(crate) fn insert_all(&self, name: &str, table: &Table) -> String {
        let columns = list(table.columns.iter().map(|it| it.name.as_str()));
        let key = list(table.key());
        let order = if key.is_empty() { "_part, _line" } else { &key };
        format!(
            "INSERT INTO {} ({columns}) SELECT {columns} FROM {} ORDER BY {order}",
            quoted(name),
            self.staging(name)
        )
    }

    /// Empties the published table, or the country's share of it.
    pub(crate) fn delete(name: &str, country_column: Option<&str>) -> String {
        match country_column {
            Some(column) => format!("DELETE FROM {} WHERE {} = ?", quoted(name), quoted(column)),
            None => format!("DELETE FROM {}", quoted(name)),
        }
    }
}

/// What becomes of a row whose key the published table has.
pub(super) fn on_duplicate(table: &Table) -> String {
    let set = |it: &Column| format!("{0} = VALUES({0})", quoted(&it.name));
    let mut updates: Vec<_> = table.columns.iter().filter(|it| !it.key).map(set).collect();
    if updates.is_empty() {
        // All of the row is its key: what is there is as it should be.
        updates.extend(table.columns.iter().take(1).map(set));
    }
    format!("ON DUPLICATE KEY UPDATE {}", updates.join(", "))
}

/// The condition that a key is beyond the one bound, column by column: comparisons of whole rows use no index.
/// `reg > ? OR (reg = ? AND country > ?)`; [`values_of`] says what is bound.
pub(super) fn compared(table: &Table, sign: &str, or_equal: bool) -> String {
    let key: Vec<&Column> = table.columns.iter().filter(|it| it.key).collect();
    let mut ways = Vec::new();
    for (index, column) in key.iter().enumerate() {
        let mut all: Vec<_> =
            key.iter().take(index).map(|it| format!("{} = {}", quoted(&it.name), place(it))).collect();
        let equal = if or_equal && index + 1 == key.len() { "=" } else { "" };
        all.push(format!("{} {sign}{equal} {}", quoted(&column.name), place(column)));
        ways.push(format!("({})", all.join(" AND ")));
    }
    ways.join(" OR ")
}

/// What [`compared`] has places for.
pub(super) fn values_of<T: Clone>(key: &[T]) -> Vec<T> {
    (0..key.len()).flat_map(|last| key.iter().take(last + 1).cloned()).collect()
}

/// A decimal that is bound as text would be compared as a number of 15 digits.
fn place(column: &Column) -> String {
    match column.kind {
        ColumnType::Decimal { precision, scale } => format!("CAST(? AS DECIMAL({precision}, {scale}))"),
        ColumnType::Text { .. }
        | ColumnType::Char { .. }
        | ColumnType::Integer
        | ColumnType::Boolean
        | ColumnType::Date
        | ColumnType::Timestamp => "?".to_owned(),
    }
}
