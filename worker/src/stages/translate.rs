//! Translate: each distinct text of the columns once, then one update of staging.

use sluice_contract::{
    plan::{Column, ColumnType},
    statistics::Statistics,
};

use super::translation_cache;
use crate::{error::WorkerError, stage::Context};

/// Texts a request.
const TEXTS: usize = 1000;

pub(super) fn translate(
    context: &Context<'_>,
    name: &str,
    columns: &[String],
    from: &str,
    to: &str,
) -> Result<Statistics, WorkerError> {
    let table = context.table(name)?;
    let columns = columns
        .iter()
        .map(|column| {
            let found = table.column(column).filter(|it| is_text(it.kind));
            found.ok_or_else(|| context.plan_failed(format!("table `{name}` has no text column `{column}`")))
        })
        .collect::<Result<Vec<&Column>, WorkerError>>()?;
    let stage = &context.stage.id;
    let target = context.open_target()?;
    if let Some((_, done)) = target.ledger(stage)?.first() {
        return Ok(*done);
    }
    let translator = &*context.site.translator;
    context.progress.total(stage, target.collect_texts(name, &columns)?);
    let cache = translation_cache::Cache { context, from, to, provider: translator.name() };
    cache.read(&*target)?;
    let mut after = String::new();
    loop {
        let texts = target.pending_texts(&after, TEXTS)?;
        let Some(last) = texts.last() else {
            break;
        };
        after.clone_from(last);
        let translated = translator.translate(&texts, from, to).map_err(|error| cache.failed(&error))?;
        let rows = texts.len() as u64;
        // A provider that answers less than it was asked leaves the rest untranslated.
        let answers = translated.into_iter().chain(std::iter::repeat(None));
        target.answer_texts(&texts.into_iter().zip(answers).collect::<Vec<_>>())?;
        context.advance(rows, 0)?;
    }
    cache.write(&*target)?;
    target.apply_texts(stage, name, &columns)
}

fn is_text(kind: ColumnType) -> bool {
    match kind {
        ColumnType::Text { .. } | ColumnType::Char { .. } => true,
        ColumnType::Integer
        | ColumnType::Decimal { .. }
        | ColumnType::Boolean
        | ColumnType::Date
        | ColumnType::Timestamp => false,
    }
}
