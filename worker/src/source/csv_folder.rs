//! A folder of `NAME.csv` and `NAME.csv.gz` files, each the table NAME.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use super::sqlite::closest;
use crate::error::WorkerError;

/// The files of the tables wanted; all of the folder's where none is named.
pub(super) fn files(
    connection: &str,
    folder: &Path,
    wanted: &[String],
) -> Result<Vec<(String, PathBuf)>, WorkerError> {
    let there = list(folder).map_err(|error| WorkerError::Database {
        connection: connection.to_owned(),
        place: folder.display().to_string(),
        message: if error.kind() == io::ErrorKind::NotFound {
            "there is no such folder".to_owned()
        } else if error.kind() == io::ErrorKind::NotADirectory {
            "it is not a folder".to_owned()
        } else {
            error.to_string()
        },
        transient: false,
    })?;
    if let Some((table, paths)) = there.iter().find(|(_, paths)| paths.len() > 1) {
        let names: Vec<_> = paths.iter().map(|it| format!("`{}`", it.display())).collect();
        return Err(WorkerError::Database {
            connection: connection.to_owned(),
            place: folder.display().to_string(),
            message: format!("table `{table}` is there more than once: {}", names.join(", ")),
            transient: false,
        });
    }
    let one = |paths: &[PathBuf]| paths.first().cloned();
    if wanted.is_empty() {
        return Ok(there.iter().filter_map(|(name, paths)| Some((name.clone(), one(paths)?))).collect());
    }
    wanted
        .iter()
        .map(|table| {
            let same_name =
                || there.iter().find(|(name, _)| name.eq_ignore_ascii_case(table)).map(|(_, it)| it);
            let path = there.get(table).or_else(same_name).and_then(|it| one(it));
            path.map(|path| (table.clone(), path)).ok_or_else(|| WorkerError::SourceTable {
                connection: connection.to_owned(),
                table: table.clone(),
                looked_for: format!("{0}/{table}.csv, {0}/{table}.csv.gz", folder.display()),
                closest: closest(table, there.keys().map(String::as_str)),
            })
        })
        .collect()
}

fn list(folder: &Path) -> io::Result<BTreeMap<String, Vec<PathBuf>>> {
    let mut tables = BTreeMap::<String, Vec<PathBuf>>::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
        if let Some(table) = name.strip_suffix(".csv").or_else(|| name.strip_suffix(".csv.gz")) {
            tables.entry(table.to_owned()).or_default().push(path.clone());
        }
    }
    for paths in tables.values_mut() {
        paths.sort();
    }
    Ok(tables)
}
