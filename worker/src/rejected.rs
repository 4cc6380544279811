//! What was wrong with rejected rows, for somebody on the machine where they lie.

use std::{collections::BTreeMap, fs::File, path::Path};

use serde::Serialize;

use crate::csv_part::PartReader;

/// As many rows as are looked at: the reasons of the first are those of all, near enough.
const MOST: u64 = 100_000;

/// Why most of the rows were rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectReason {
    /// The column that did not fit.
    pub column: String,
    /// What was wrong with the first of its values.
    pub reason: String,
    /// How many of the rows that were looked at.
    pub rows: u64,
    /// One of them: its line in the extract's part.
    pub line: u64,
}

/// The commonest reason in a folder of rejected rows; none where nothing can be read there.
pub fn commonest_reject(folder: &Path) -> Option<RejectReason> {
    let mut files: Vec<_> = std::fs::read_dir(folder).ok()?.flatten().map(|it| it.path()).collect();
    files.sort();
    let mut reasons = BTreeMap::<(String, String), RejectReason>::new();
    let mut seen = 0;
    for file in files.iter().filter(|it| it.extension().is_some_and(|it| it == "gz")) {
        let (mut rows, _) = PartReader::new(File::open(file).ok()?).ok()?;
        while seen < MOST
            && let Some(row) = rows.next_row().ok()?
        {
            seen += 1;
            let text = |field| {
                let value = row.value(field).ok().flatten().unwrap_or_default();
                String::from_utf8_lossy(value).into_owned()
            };
            let line = text(0).parse().unwrap_or_default();
            let (column, reason) = (text(1), text(2));
            let first = RejectReason { column: column.clone(), reason: reason.clone(), rows: 0, line };
            reasons.entry((column, without_value(&reason))).or_insert(first).rows += 1;
        }
    }
    reasons.into_values().max_by_key(|it| it.rows)
}

/// The reason without what differs from value to value.
fn without_value(reason: &str) -> String {
    let words = reason.split('`').step_by(2).collect::<String>();
    words.chars().filter(|it| !it.is_ascii_digit()).collect()
}

#[cfg(test)]
mod tests {
    use crate::csv_part::PartWriter;

    use super::*;

    #[test]
    fn reasons_that_differ_in_the_value_only_are_one() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(commonest_reject(&folder.path().join("nowhere")), None);
        let file = File::create(folder.path().join("part-00000.csv.gz")).unwrap();
        let mut rows = PartWriter::new(file, ["line", "column", "reason", "name"]).unwrap();
        for (line, column, reason) in [
            ("2", "day", "`x` is not a date"),
            ("3", "name", "143 characters, at most 120 fit"),
            ("5", "name", "121 characters, at most 120 fit"),
        ] {
            for field in [line, column, reason, "x"] {
                rows.field(Some(field.as_bytes())).unwrap();
            }
            rows.end_row().unwrap();
        }
        drop(rows.finish().unwrap());
        let reason = "143 characters, at most 120 fit".to_owned();
        let expected = RejectReason { column: "name".to_owned(), reason, rows: 2, line: 3 };
        assert_eq!(commonest_reject(folder.path()), Some(expected));
    }
}
