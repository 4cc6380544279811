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
    /// What was wrong with its value.
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
    let mut reasons = BTreeMap::<(String, String), (u64, u64)>::new();
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
            reasons.entry((text(1), text(2))).or_insert((0, line)).0 += 1;
        }
    }
    let commonest = reasons.into_iter().max_by_key(|(_, (rows, _))| *rows);
    commonest.map(|((column, reason), (rows, line))| RejectReason { column, reason, rows, line })
}
