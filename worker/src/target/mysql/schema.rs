//! Tables: their making, and whether one that is there already fits its declaration.

use std::collections::{BTreeMap, BTreeSet};

use mysql::{Row, prelude::Queryable as _};
use sluice_contract::{
    plan::{ColumnType, Table},
    statistics::Statistics,
};

use super::{
    MysqlTarget, Writer,
    session::{End, fenced, guarded_once},
    sql::{list, sql_type},
};
use crate::{
    error::WorkerError,
    target::{cleanup_part, fit},
};

pub(super) fn cleanup(
    target: &MysqlTarget<'_>,
    stage: &str,
    tables: &[(&str, &Table)],
) -> Result<Statistics, WorkerError> {
    let Writer { pipeline, run, .. } = &target.writer;
    // The fence advances first: from here on older runs are locked out.
    fenced(target, "sluice_ledger", |conn| {
        conn.exec_drop("DELETE FROM sluice_ledger WHERE pipeline = ? AND run <> ?", (pipeline, run))
            .map_err(|error| target.failed("sluice_ledger", &error))?;
        Ok(End::Commit(()))
    })?;
    for (name, table) in tables {
        let there = columns(target, name)?;
        check_target(target, name, table, &there)?;
        let make = there.is_empty().then(|| target.names.make_target(name, table));
        let collations = Collations::of_columns(there);
        let staging = target.names.make_staging(name, table, &|it| collations.of(it));
        guarded_once(target, stage, cleanup_part(name, table), name, |conn| {
            staging
                .iter()
                .chain(&make)
                .try_for_each(|it| conn.query_drop(it))
                .map_err(|error| target.failed(name, &error))
        })?;
    }
    // What was left in staging is gone: nothing was written.
    Ok(Statistics::default())
}

/// A table that is there must have every declared column, in a type that keeps its values, the declared key, and
/// transactions.
fn check_target(
    target: &MysqlTarget<'_>,
    name: &str,
    table: &Table,
    there: &[Found],
) -> Result<(), WorkerError> {
    if there.is_empty() {
        return Ok(());
    }
    let found: Vec<fit::Found<'_>> = there
        .iter()
        .map(|it| fit::Found { name: &it.name, kind: &it.kind, must_be_given: it.must_be_given })
        .collect();
    let mut differences = fit::differences(table, &found, &fit::Types { keeps, name: sql_type });
    let key = key_of(table);
    if !key.is_empty() && !unique_keys(target, name)?.values().any(|it| *it == key) {
        differences.push(format!("it has no primary key or unique index of ({})", list(table.key())));
    }
    for column in &table.columns {
        let Some(found) = there.iter().find(|it| it.name.eq_ignore_ascii_case(&column.name)) else {
            continue;
        };
        match found.instead {
            // `LOAD DATA` drops what is given for it, and strict sessions say nothing.
            Some(Instead::Computed) => differences
                .push(format!("the server computes its column `{}`, which can't be written", found.name)),
            Some(Instead::NowForNull) if !column.key => differences.push(format!(
                "column `{}` is `{} not null`, which takes the present moment for a null with this server's \
                 `explicit_defaults_for_timestamp = OFF`",
                column.name, found.kind
            )),
            Some(Instead::NowForNull) | None => {}
        }
    }
    if let Some(engine) = engine_without_transactions(target, name)? {
        differences
            .push(format!("its engine is `{engine}`, without transactions rows could come twice or in part"));
    }
    fit::fits(&target.writer, name, &differences)
}

/// The table's engine, where a row that it has taken stays whatever becomes of the transaction.
fn engine_without_transactions(target: &MysqlTarget<'_>, name: &str) -> Result<Option<String>, WorkerError> {
    let sql = "SELECT t.engine FROM information_schema.tables AS t
               JOIN information_schema.engines AS e ON e.engine = t.engine
               WHERE t.table_schema = DATABASE() AND t.table_name = ? AND COALESCE(e.transactions, 'NO') <> 'YES'";
    Ok(target.read(sql, (name,))?.pop())
}

/// An upsert updates whichever row a unique index finds: besides the key's there may be none that could find another.
pub(super) fn check_unique(target: &MysqlTarget<'_>, name: &str, table: &Table) -> Result<(), WorkerError> {
    let key = key_of(table);
    let numbered: BTreeSet<_> = columns(target, name)?
        .into_iter()
        .filter(|it| it.numbered)
        .map(|it| it.name.to_lowercase())
        .collect();
    let others =
        unique_keys(target, name)?.into_iter().filter(|(_, it)| *it != key && it.is_disjoint(&numbered));
    let told = |(index, _)| {
        format!(
            "an upsert by ({}) could update the rows of others by its unique index `{index}`",
            list(table.key())
        )
    };
    fit::fits(&target.writer, name, &others.map(told).collect::<Vec<_>>())
}

/// A moment that is more exact than its column would be rounded without a word. `finer_than` counts the rows that have
/// one in a column of so many digits.
pub(super) fn check_fractions(
    target: &MysqlTarget<'_>,
    name: &str,
    table: &Table,
    finer_than: &dyn Fn(&str, u32) -> Result<u64, WorkerError>,
) -> Result<(), WorkerError> {
    let mut differences = Vec::new();
    let there = columns(target, name)?;
    for column in table.columns.iter().filter(|it| it.kind == ColumnType::Timestamp) {
        let Some(found) = there.iter().find(|it| it.name.eq_ignore_ascii_case(&column.name)) else {
            continue;
        };
        let digits = digits_of(&found.kind);
        if digits >= 6 || !(found.kind.starts_with("datetime") || found.kind.starts_with("timestamp")) {
            continue;
        }
        let rows = finer_than(&column.name, digits)?;
        if rows > 0 {
            differences.push(format!(
                "column `{}` is `{}`, which would round the fractions of {rows} rows",
                column.name, found.kind
            ));
        }
    }
    fit::fits(&target.writer, name, &differences)
}

/// How the columns of a published table compare texts.
pub(super) struct Collations(Vec<(String, Option<String>)>);

impl Collations {
    pub(super) fn of_table(target: &MysqlTarget<'_>, name: &str) -> Result<Self, WorkerError> {
        Ok(Self::of_columns(columns(target, name)?))
    }

    fn of_columns(columns: Vec<Found>) -> Self {
        Self(columns.into_iter().map(|it| (it.name, it.collation)).collect())
    }

    /// The collation of that column, where there is such a column of texts.
    pub(super) fn of(&self, column: &str) -> Option<String> {
        let found = self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(column));
        found.and_then(|(_, collation)| collation.clone())
    }
}

/// Of `datetime(3)`: 3.
fn digits_of(kind: &str) -> u32 {
    let digits = kind.split_once('(').and_then(|(_, it)| it.split_once(')'));
    digits.and_then(|(it, _)| it.trim().parse().ok()).unwrap_or_default()
}

fn key_of(table: &Table) -> BTreeSet<String> {
    table.key().map(str::to_lowercase).collect()
}

struct Found {
    name: String,
    /// `varchar(32)`
    kind: String,
    must_be_given: bool,
    /// The server gives it a number of its own.
    numbered: bool,
    instead: Option<Instead>,
    collation: Option<String>,
}

/// What the server puts into a column in the place of what it is given.
enum Instead {
    /// A value that it computes from other columns.
    Computed,
    /// The present moment for a null.
    NowForNull,
}

fn columns(target: &MysqlTarget<'_>, name: &str) -> Result<Vec<Found>, WorkerError> {
    let sql = "SELECT column_name, column_type, is_nullable = 'NO' AND column_default IS NULL
                   AND extra NOT LIKE '%auto_increment%' AND extra NOT LIKE '%GENERATED%',
                   extra LIKE '%auto_increment%', collation_name,
                   CASE WHEN COALESCE(generation_expression, '') <> '' THEN 'computed'
                        WHEN data_type = 'timestamp' AND is_nullable = 'NO' AND @@explicit_defaults_for_timestamp = 0
                        THEN 'now' END
               FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?
               ORDER BY ordinal_position";
    let rows: Vec<Row> = target.read(sql, (name,))?;
    let text = |row: &Row, index: usize| row.get::<Option<String>, _>(index).flatten();
    let flag = |row: &Row, index: usize| row.get::<Option<bool>, _>(index).flatten().unwrap_or_default();
    Ok(rows
        .iter()
        .map(|row| Found {
            name: text(row, 0).unwrap_or_default(),
            kind: text(row, 1).unwrap_or_default().to_lowercase(),
            must_be_given: flag(row, 2),
            numbered: flag(row, 3),
            collation: text(row, 4),
            instead: match text(row, 5).as_deref() {
                Some("computed") => Some(Instead::Computed),
                Some(_) => Some(Instead::NowForNull),
                None => None,
            },
        })
        .collect())
}

/// The column sets, in small letters, that the table's indexes hold unique. One on a part of a text or on an
/// expression holds something else.
fn unique_keys(
    target: &MysqlTarget<'_>,
    name: &str,
) -> Result<BTreeMap<String, BTreeSet<String>>, WorkerError> {
    let sql = "SELECT index_name, column_name, sub_part FROM information_schema.statistics
               WHERE table_schema = DATABASE() AND table_name = ? AND non_unique = 0";
    let rows: Vec<(String, Option<String>, Option<u64>)> = target.read(sql, (name,))?;
    let mut keys = BTreeMap::<String, BTreeSet<String>>::new();
    for (index, column, part) in rows {
        let column = column.unwrap_or_default().to_lowercase();
        let column = part.map_or(column.clone(), |length| format!("{column}({length})"));
        let _ = keys.entry(index).or_default().insert(column);
    }
    Ok(keys)
}

/// Whether a column of that type gives back what was declared. What is too long or too large for it is refused by
/// the server when it is published.
fn keeps(found: &str, declared: ColumnType) -> bool {
    let kind = found.split(['(', ' ']).next().unwrap_or_default();
    let has = |kinds: &[&str]| kinds.contains(&kind);
    let text = has(&["char", "varchar", "tinytext", "text", "mediumtext", "longtext"]);
    let integer = has(&["tinyint", "smallint", "mediumint", "int", "bigint"]);
    match declared {
        // Spaces at the end of a value are lost in `char`; that a code of fixed length ends with one is not to be
        // expected.
        ColumnType::Char { .. } => text,
        ColumnType::Text { .. } => text && kind != "char",
        ColumnType::Integer => integer || kind == "decimal",
        ColumnType::Boolean => integer,
        ColumnType::Decimal { scale, .. } => kind == "decimal" && scale_of(found) >= scale,
        ColumnType::Date => has(&["date", "datetime"]) || text,
        ColumnType::Timestamp => has(&["datetime", "timestamp"]) || text,
    }
}

/// Of `decimal(18,2)`: 2.
fn scale_of(kind: &str) -> u32 {
    let scale = kind.split_once(',').and_then(|(_, it)| it.split_once(')'));
    scale.and_then(|(it, _)| it.trim().parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_that_keep_values() {
        let decimal = ColumnType::Decimal { precision: 18, scale: 2 };
        for (found, declared, expected) in [
            ("varchar(32)", ColumnType::Text { length: 32 }, true),
            ("char(32)", ColumnType::Text { length: 32 }, false),
            ("char(2)", ColumnType::Char { length: 2 }, true),
            ("int(11) unsigned", ColumnType::Integer, true),
            ("int(11)", ColumnType::Text { length: 9 }, false),
            ("decimal(20,4)", decimal, true),
            ("decimal(20,1)", decimal, false),
            ("double", decimal, false),
            ("date", ColumnType::Timestamp, false),
            ("datetime(6)", ColumnType::Timestamp, true),
        ] {
            assert_eq!(keeps(found, declared), expected, "{found}");
        }
    }
}
