//! The kinds of work, one module each. They know rows, parts and statistics, and no database by name.

mod cleanup;
mod dedupe;
mod extract;
mod extract_part;
mod load;
mod publish;
mod rejects;
mod run;
mod translate;
mod translation_cache;
mod verify;

use sluice_contract::{plan::Work, statistics::Statistics};

use crate::{error::WorkerError, stage::Context};

/// How often rows are told and a stop from outside is looked for.
const BATCH: u64 = 4096;

/// Does the stage's work.
pub(crate) fn work(context: &Context<'_>) -> Result<Statistics, WorkerError> {
    match &context.stage.work {
        Work::Cleanup { tables } => cleanup::cleanup(context, tables),
        Work::Extract { table, connection, file, sql, reads, split } => extract::extract(
            context,
            &extract::Extract { table, connection, file, sql, reads, split: split.as_ref() },
        ),
        Work::Load { table } => load::load(context, table),
        Work::Translate { table, columns, from, to } => {
            translate::translate(context, table, columns, from, to)
        }
        Work::Dedupe { table, by, keep } => dedupe::dedupe(context, table, by, keep),
        Work::Verify { table, expectations } => verify::verify(context, table, expectations),
        Work::Publish { table, mode, country_column } => {
            publish::publish(context, table, mode, country_column.as_deref())
        }
        Work::Run { table, file, sql } => run::run(context, table, file, sql),
        Work::Task { name, .. } => {
            let note = format!("`{name}` is a function of the cloud; skipped on this machine");
            context.progress.note(&context.stage.id, &note);
            Ok(Statistics::default())
        }
    }
}
