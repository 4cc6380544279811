//! The kinds of work, one module each. They know rows, parts and statistics, and no database by name.

mod checked_part;
mod cleanup;
mod dedupe;
mod extract;
mod extract_part;
mod load;
mod publish;
mod rejects;
mod run;
mod sort;
mod sorted_rows;
mod translate;
mod translation_cache;
mod verify;

use sluice_contract::{plan::Work, statistics::Statistics};

use crate::{error::WorkerError, stage::Context};

/// How often rows are told and a stop from outside is looked for.
const BATCH: u64 = 4096;

/// What an attempt has come to.
pub(crate) enum Worked {
    /// The whole stage is done, by this job or with others of its array.
    All(Statistics),
    /// This job's part is done, and others are missing still.
    Part(Statistics),
}

/// Does the stage's work; as a child of an array, one part of it. Only what comes in parts is ever an array's.
pub(crate) fn work(context: &Context<'_>) -> Result<Worked, WorkerError> {
    let whole = match &context.stage.work {
        Work::Extract { table, connection, file, sql, reads, split } => {
            let extract = extract::Extract { table, connection, file, sql, reads, split: split.as_ref() };
            return extract::extract(context, &extract);
        }
        Work::Load { table } => return load::load(context, table),
        Work::Cleanup { tables } => cleanup::cleanup(context, tables),
        Work::Translate { table, columns, from, to } => {
            translate::translate(context, table, columns, from, to)
        }
        Work::Dedupe { table, by, keep } => dedupe::dedupe(context, table, by, keep),
        Work::Verify { table, expectations } => verify::verify(context, table, expectations),
        Work::Sort { table, dedupe, expectations } => {
            sort::sort(context, table, dedupe.as_ref(), expectations)
        }
        Work::Publish { table, mode, country_column } => {
            publish::publish(context, table, mode, country_column.as_deref())
        }
        Work::Run { table, file, sql } => run::run(context, table, file, sql),
        Work::Task { name, .. } => {
            let note = format!("`{name}` is a function of the cloud; skipped on this machine");
            context.progress.note(&context.stage.id, &note);
            Ok(Statistics::default())
        }
    };
    whole.map(Worked::All)
}
