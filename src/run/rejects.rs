//! Where the rows lie that a run rejected, and what was wrong with most of them.

use std::path::Path;

use serde::Serialize;
use sluice_contract::{object_key, runs::StageRecord};
use sluice_worker::{RejectReason, commonest_reject};

/// The rejected rows of one table. The JSON form is stable: fields are only ever added.
#[derive(Debug, Clone, Serialize)]
pub struct Rejects {
    /// The table.
    pub table: String,
    /// How many rows.
    pub rows: u64,
    /// The folder where they lie, as gzip CSV with line, column and reason.
    pub folder: String,
    /// Why most of them were rejected; none where the folder can't be read.
    pub commonest: Option<RejectReason>,
}

impl Rejects {
    /// Those of all stages of a run that was worked on with this state folder.
    pub fn of_run(state: &Path, pipeline: &str, run: &str, stages: &[StageRecord]) -> Vec<Self> {
        stages
            .iter()
            .filter(|it| it.statistics.rows_rejected > 0)
            .filter_map(|it| {
                let (table, _) = it.stage.rsplit_once('.')?;
                let key = object_key::rejects(pipeline, run, table, 0);
                let (folder, _) = key.rsplit_once('/')?;
                let folder = folder.split('/').fold(state.join("objects"), |path, part| path.join(part));
                Some(Self {
                    table: table.to_owned(),
                    rows: it.statistics.rows_rejected,
                    commonest: commonest_reject(&folder),
                    folder: folder.display().to_string(),
                })
            })
            .collect()
    }

    /// For a person.
    pub fn text(&self) -> String {
        let Self { table, rows, folder, commonest } = self;
        let rejected = if *rows == 1 { "1 row was".to_owned() } else { format!("{rows} rows were") };
        let why = commonest.as_ref().map_or_else(String::new, |it| {
            let most = if it.rows == *rows { String::new() } else { format!(" in {} of them", it.rows) };
            format!(", column `{}`{most}: {}", it.column, it.reason)
        });
        format!("{table}: {rejected} rejected{why}\n  they lie in {folder}, with line, column and reason")
    }
}
