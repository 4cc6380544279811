//! The statements, as text. Nothing here runs them: they are also what `--explain` shows.

use mysql::Row;
use sluice_contract::{
    plan::{Column, ColumnType, Keep, Table},
    statistics::Statistics,
};

pub(super) const COUNTED: &str =
    "rows_read, rows_written, rows_rejected, duplicates, untranslated, bytes, parts";
pub(super) const OF_STAGE: &str = "pipeline = ? AND run = ? AND stage = ?";
/// The staging rows' own columns: the part they came in and their line there.
const STAGING_OWN: &str = "_part INT UNSIGNED NOT NULL, _line BIGINT UNSIGNED NOT NULL";

/// Knows what tables are called, and how the server compares texts exactly.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    pipeline: String,
    collation: &'static str,
}

impl Names {
    pub(crate) fn new(pipeline: &str, version: &str) -> Self {
        // Byte by byte, spaces at the end included: what differs in a source must not be equal in staging.
        let maria = version.to_ascii_lowercase().contains("mariadb");
        let collation = if maria { "utf8mb4_nopad_bin" } else { "utf8mb4_0900_bin" };
        Self { pipeline: pipeline.to_owned(), collation }
    }

    pub(super) fn bookkeeping(&self) -> [String; 2] {
        let options = self.options();
        [
            format!(
                "CREATE TABLE IF NOT EXISTS sluice_fence (pipeline VARCHAR(64) NOT NULL PRIMARY KEY, fence BIGINT NOT NULL) {options}"
            ),
            format!(
                "CREATE TABLE IF NOT EXISTS sluice_ledger (
                     pipeline VARCHAR(64) NOT NULL, run VARCHAR(255) NOT NULL, stage VARCHAR(255) NOT NULL,
                     part INT UNSIGNED NOT NULL,
                     rows_read BIGINT UNSIGNED NOT NULL DEFAULT 0, rows_written BIGINT UNSIGNED NOT NULL DEFAULT 0,
                     rows_rejected BIGINT UNSIGNED NOT NULL DEFAULT 0, duplicates BIGINT UNSIGNED NOT NULL DEFAULT 0,
                     untranslated BIGINT UNSIGNED NOT NULL DEFAULT 0, bytes BIGINT UNSIGNED NOT NULL DEFAULT 0,
                     parts BIGINT UNSIGNED NOT NULL DEFAULT 0,
                     PRIMARY KEY (pipeline, run, stage, part)
                 ) {options}"
            ),
        ]
    }

    /// The name of staging, as it is.
    pub(super) fn staging_name(&self, table: &str) -> String {
        format!("staging_{}_{table}", self.pipeline)
    }

    /// The name of staging, in SQL.
    pub(crate) fn staging(&self, table: &str) -> String {
        quoted(&self.staging_name(table))
    }

    /// Makes staging anew. A key column compares as the published one does, so that what would be one row there is
    /// told before.
    pub(crate) fn make_staging(
        &self,
        name: &str,
        table: &Table,
        collation_of: &dyn Fn(&str) -> Option<String>,
    ) -> [String; 2] {
        let staging = self.staging(name);
        let columns: Vec<_> = table.columns.iter().map(|it| staged_column(it, collation_of)).collect();
        [
            format!("DROP TABLE IF EXISTS {staging}"),
            format!(
                "CREATE TABLE {staging} ({STAGING_OWN}, {}, PRIMARY KEY (_part, _line)) {}",
                columns.join(", "),
                self.options()
            ),
        ]
    }

    /// Makes the published table.
    pub(crate) fn make_target(&self, name: &str, table: &Table) -> String {
        let columns: Vec<_> =
            table.columns.iter().map(|it| format!("{}{}", declared(it), nullable(it))).collect();
        let key = list(table.key());
        let key = if key.is_empty() { String::new() } else { format!(", PRIMARY KEY ({key})") };
        format!(
            "CREATE TABLE IF NOT EXISTS {} ({}{key}) {}",
            quoted(name),
            columns.join(", "),
            self.options()
        )
    }

    /// Takes the rows of one part.
    pub(crate) fn load(&self, name: &str, table: &Table) -> String {
        let columns = table.columns.iter().map(|it| it.name.as_str());
        load_into(&self.staging(name), ["_part", "_line"].into_iter().chain(columns))
    }

    pub(crate) fn count(&self, name: &str) -> String {
        format!("SELECT COUNT(*) FROM {}", self.staging(name))
    }

    pub(crate) fn count_nulls(&self, name: &str, column: &str) -> String {
        format!("SELECT COUNT(*) FROM {} WHERE {} IS NULL", self.staging(name), quoted(column))
    }

    pub(crate) fn count_others(&self, name: &str, column: &str) -> String {
        format!("SELECT COUNT(*) FROM {} WHERE NOT ({} <=> ?)", self.staging(name), quoted(column))
    }

    /// The rows whose moment is more exact than that many digits of a second.
    pub(super) fn count_fractions(&self, name: &str, column: &str, digits: u32) -> String {
        let unit = 10u32.pow(6 - digits.min(6));
        format!(
            "SELECT COUNT(*) FROM {} WHERE MICROSECOND({}) % {unit} <> 0",
            self.staging(name),
            quoted(column)
        )
    }

    /// The duplicates' places first, narrow and in memory, then they are deleted by primary key.
    pub(crate) fn dedupe(&self, name: &str, by: &[String], keep: &Keep) -> [String; 3] {
        let staging = self.staging(name);
        // A null is less than any value.
        let first = match keep {
            Keep::Newest { column } => format!("{} DESC, ", quoted(column)),
            Keep::Oldest { column } => format!("{0} IS NULL, {0}, ", quoted(column)),
            Keep::First => String::new(),
        };
        let not_null: Vec<_> = by.iter().map(|it| format!("{} IS NOT NULL", quoted(it))).collect();
        [
            "DROP TEMPORARY TABLE IF EXISTS sluice_duplicates".to_owned(),
            format!(
                "CREATE TEMPORARY TABLE sluice_duplicates (PRIMARY KEY (_part, _line))
                 SELECT _part, _line FROM (
                     SELECT _part, _line, ROW_NUMBER() OVER (PARTITION BY {} ORDER BY {first}_part, _line) AS place
                     FROM {staging} WHERE {}
                 ) AS placed WHERE place > 1",
                list(by.iter().map(String::as_str)),
                not_null.join(" AND ")
            ),
            format!("DELETE s FROM {staging} AS s JOIN sluice_duplicates AS d ON s._part = d._part AND s._line = d._line"),
        ]
    }

    /// The least values that stand in several staging rows, and how many do.
    pub(crate) fn repeated(&self, name: &str, columns: &[String]) -> String {
        let values = list(columns.iter().map(String::as_str));
        let not_null: Vec<_> = columns.iter().map(|it| format!("{} IS NOT NULL", quoted(it))).collect();
        format!(
            "SELECT COUNT(*) OVER () AS how_many, r.* FROM (
                 SELECT {values} FROM {} WHERE {} GROUP BY {values} HAVING COUNT(*) > 1
             ) AS r ORDER BY {values} LIMIT 1",
            self.staging(name),
            not_null.join(" AND ")
        )
    }

    /// The distinct texts of one column, in a temporary table of its own: a statement can name one only once.
    pub(crate) fn collect(&self, name: &str, field: usize, column: &str) -> [String; 3] {
        let texts = texts(field);
        let column = quoted(column);
        [
            format!("DROP TEMPORARY TABLE IF EXISTS {texts}"),
            format!(
                "CREATE TEMPORARY TABLE {texts} (
                     hash BINARY(32) NOT NULL PRIMARY KEY, original LONGTEXT NOT NULL, translated LONGTEXT,
                     fresh BOOLEAN NOT NULL DEFAULT FALSE
                 ) {}",
                self.options()
            ),
            format!(
                "INSERT INTO {texts} (hash, original)
                 SELECT UNHEX(SHA2({column}, 256)), MIN({column}) FROM {} WHERE {column} <> '' GROUP BY 1",
                self.staging(name)
            ),
        ]
    }

    /// Puts the translations of one column, where they fit and change it, into staging.
    pub(crate) fn apply(&self, name: &str, columns: &[&Column]) -> String {
        let mut joins = Vec::new();
        let (mut sets, mut changed) = (Vec::new(), Vec::new());
        for (field, column) in columns.iter().enumerate() {
            let column = quoted(&column.name);
            joins.push(format!(
                "LEFT JOIN {} AS t{field} ON t{field}.hash = UNHEX(SHA2(s.{column}, 256)) AND t{field}.translated <> t{field}.original",
                texts(field)
            ));
            sets.push(format!("s.{column} = COALESCE(t{field}.translated, s.{column})"));
            changed.push(format!("t{field}.hash IS NOT NULL"));
        }
        format!(
            "UPDATE {} AS s {} SET {} WHERE {}",
            self.staging(name),
            joins.join(" "),
            sets.join(", "),
            changed.join(" OR ")
        )
    }

    /// The staging rows of one column that no translation is there for.
    pub(crate) fn untranslated(&self, name: &str, field: usize, column: &str) -> String {
        format!(
            "SELECT COUNT(*) FROM {} AS s JOIN {} AS t ON t.hash = UNHEX(SHA2(s.{}, 256)) WHERE t.translated IS NULL",
            self.staging(name),
            texts(field),
            quoted(column)
        )
    }

    pub(super) fn options(&self) -> String {
        format!("ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE {}", self.collation)
    }
}

/// Takes rows of these columns into a table, which is SQL already.
pub(super) fn load_into<'a>(table: &str, columns: impl IntoIterator<Item = &'a str>) -> String {
    format!(
        "LOAD DATA LOCAL INFILE 'part' INTO TABLE {table} CHARACTER SET utf8mb4
         FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' ({})",
        list(columns)
    )
}

/// The temporary table of the texts of one column.
pub(super) fn texts(field: usize) -> String {
    format!("sluice_texts_{field}")
}

/// The statistics in a row of the ledger.
pub(super) fn counted(row: &Row, from: usize) -> Statistics {
    let number = |index: usize| row.get(from + index).unwrap_or_default();
    Statistics {
        rows_read: number(0),
        rows_written: number(1),
        rows_rejected: number(2),
        duplicates: number(3),
        untranslated: number(4),
        bytes: number(5),
        parts: number(6),
        ..Statistics::default()
    }
}

pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Column names for SQL, with commas between them.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}

fn declared(column: &Column) -> String {
    format!("{} {}", quoted(&column.name), sql_type(column.kind))
}

/// A column that holds rows on their way; in a key it compares as the published one does.
pub(super) fn staged_column(column: &Column, collation_of: &dyn Fn(&str) -> Option<String>) -> String {
    let collation = collation_of(&column.name).filter(|_| column.key);
    let collation = collation.map_or_else(String::new, |it| format!(" COLLATE {it}"));
    format!("{}{collation}{}", declared(column), nullable(column))
}

fn nullable(column: &Column) -> &'static str {
    if column.key { " NOT NULL" } else { " NULL" }
}

/// The type that keeps every value of the declared one. `CHAR` would lose the spaces at a value's end.
pub(super) fn sql_type(kind: ColumnType) -> String {
    match kind {
        ColumnType::Text { length } | ColumnType::Char { length } => format!("VARCHAR({length})"),
        ColumnType::Integer => "BIGINT".to_owned(),
        ColumnType::Decimal { precision, scale } => format!("DECIMAL({precision}, {scale})"),
        ColumnType::Boolean => "BOOLEAN".to_owned(),
        ColumnType::Date => "DATE".to_owned(),
        ColumnType::Timestamp => "DATETIME(6)".to_owned(),
    }
}
