//! Translate: each distinct text of the columns once, then one update of staging.

use sluice_contract::{
    plan::{Column, ColumnType},
    statistics::Statistics,
};

use super::translation_cache::Cache;
use crate::{error::WorkerError, stage::Context, target::Target};

/// Texts a request.
const TEXTS: usize = 1000;
/// Requests after which their translations are kept: all of the object is written each time, and what a killed worker
/// has lost is asked for again.
const KEPT_AFTER: u32 = 50;

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
    let cache = Cache { context, from, to, provider: translator.name() };
    cache.read(&*target)?;
    let asked = ask(context, &*target, &cache);
    // What is translated may have been paid for: it is kept whatever ended the asking.
    let kept = cache.write(&*target);
    asked.and(kept)?;
    target.apply_texts(stage, name, &columns)
}

/// Asks for every text that is not known.
fn ask(context: &Context<'_>, target: &dyn Target, cache: &Cache<'_>) -> Result<(), WorkerError> {
    let mut after = String::new();
    for request in 1.. {
        let texts = target.pending_texts(&after, TEXTS)?;
        let Some(last) = texts.last() else {
            break;
        };
        after.clone_from(last);
        let translated = context.site.translator.translate(&texts, cache.from, cache.to);
        let translated = translated.map_err(|error| cache.failed(&error))?;
        let rows = texts.len() as u64;
        // A provider that answers less than it was asked leaves the rest untranslated.
        let answers = translated.into_iter().chain(std::iter::repeat(None));
        target.answer_texts(&texts.into_iter().zip(answers).collect::<Vec<_>>())?;
        if request % KEPT_AFTER == 0 {
            cache.write(target)?;
        }
        context.advance(rows, 0)?;
    }
    Ok(())
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
