//! The statements that publish rows which are staged outside of the database, as text.

use sluice_contract::plan::{Column, Table};

use super::{
    sql::{Names, list, load_into, quoted, staged_column},
    sql_publish::{compared, on_duplicate},
};

/// The session's own table of one batch.
pub(crate) const BATCH_TABLE: &str = "sluice_batch";
/// The session's own table of all keys.
pub(super) const KEYS_TABLE: &str = "sluice_keys";

impl Names {
    /// Takes the rows of a batch into that table.
    pub(crate) fn load_rows(into: &str, table: &Table) -> String {
        load_into(into, table.columns.iter().map(|it| it.name.as_str()))
    }

    /// Takes the keys of rows.
    pub(crate) fn load_keys(table: &Table) -> String {
        load_into(KEYS_TABLE, table.key())
    }

    /// Makes the batch's table anew. Its key compares as the published one does.
    pub(crate) fn make_batch(
        &self,
        table: &Table,
        collation_of: &dyn Fn(&str) -> Option<String>,
    ) -> [String; 2] {
        let columns = columns_of(table.columns.iter(), collation_of);
        let key = list(table.key());
        let key = if key.is_empty() { String::new() } else { format!(", PRIMARY KEY ({key})") };
        self.temporary(BATCH_TABLE, &format!("{columns}{key}"))
    }

    /// Makes the table of keys anew. It takes keys that are equal, so that they can be told.
    pub(crate) fn make_keys(
        &self,
        table: &Table,
        collation_of: &dyn Fn(&str) -> Option<String>,
    ) -> [String; 2] {
        let columns = columns_of(table.columns.iter().filter(|it| it.key), collation_of);
        self.temporary(KEYS_TABLE, &format!("{columns}, INDEX ({})", list(table.key())))
    }

    fn temporary(&self, name: &str, inside: &str) -> [String; 2] {
        [
            format!("DROP TEMPORARY TABLE IF EXISTS {name}"),
            format!("CREATE TEMPORARY TABLE {name} ({inside}) {}", self.options()),
        ]
    }

    /// The batch's table into the published one.
    pub(crate) fn insert_batch(name: &str, table: &Table, upserts: bool) -> String {
        let columns = list(table.columns.iter().map(|it| it.name.as_str()));
        let key = list(table.key());
        let order = if key.is_empty() { String::new() } else { format!(" ORDER BY {key}") };
        let behind = if upserts { on_duplicate(table) } else { String::new() };
        format!(
            "INSERT INTO {} ({columns}) SELECT {columns} FROM {BATCH_TABLE}{order} {behind}",
            quoted(name)
        )
    }

    /// One of the published rows whose key lies between two, if there is one.
    pub(crate) fn any_between(name: &str, table: &Table) -> String {
        format!(
            "SELECT 1 FROM {} WHERE ({}) AND ({}) LIMIT 1",
            quoted(name),
            compared(table, ">", true),
            compared(table, "<", true)
        )
    }
}

fn columns_of<'a>(
    columns: impl Iterator<Item = &'a Column>,
    collation_of: &dyn Fn(&str) -> Option<String>,
) -> String {
    columns.map(|it| staged_column(it, collation_of)).collect::<Vec<_>>().join(", ")
}
