//! Publish: staging rows reach the target table, which shows old rows or new ones and never a mix of one row.

use sluice_contract::{
    object_key,
    plan::{PublishMode, Staging, Table},
    statistics::Statistics,
};

use crate::{
    error::WorkerError,
    stage::Context,
    staged::{RepeatedKey, SortedList, SortedRows},
    target::{RowsWay, StagedRows as _},
};

pub(super) fn publish(
    context: &Context<'_>,
    name: &str,
    mode: &PublishMode,
    country_column: Option<&str>,
) -> Result<Statistics, WorkerError> {
    let table = context.table(name)?;
    let country = country_column.map(|column| (column, context.plan.country.as_str()));
    let counted = match context.plan.staging(name) {
        Staging::Database => from_database(context, (name, table), mode, country),
        Staging::Parts => from_parts(context, (name, table), mode, country),
    }?;
    if counted.rows_written == 0 && matches!(mode, PublishMode::Replace) {
        let of = country.map_or_else(String::new, |(_, country)| format!(" of `{country}`"));
        let note = format!(
            "no rows came to take the place of those{of} in `{name}`, which are gone; `expect rows between 1 and 10_000_000` would keep them"
        );
        context.progress.note(&context.stage.id, &note);
    }
    Ok(counted)
}

fn from_database(
    context: &Context<'_>,
    (name, table): (&str, &Table),
    mode: &PublishMode,
    country: Option<(&str, &str)>,
) -> Result<Statistics, WorkerError> {
    let target = context.open_target()?;
    let stage = &context.stage.id;
    if let Some((column, country)) = country {
        check_country(name, column, country, target.count_others(name, column, country)?)?;
    }
    context.progress.total(stage, target.count(name)?);
    match mode {
        PublishMode::Upsert => {
            check_key(context, name, table)?;
            target.upsert(stage, (name, table), &mut |rows| context.advance(rows, 0))
        }
        PublishMode::Append => {
            let counted = target.append(stage, (name, table))?;
            context.progress.advance(stage, counted.rows_written, 0);
            Ok(counted)
        }
        PublishMode::Replace => {
            let counted = target.replace(stage, (name, table), country)?;
            context.progress.advance(stage, counted.rows_written, 0);
            Ok(counted)
        }
    }
}

fn from_parts(
    context: &Context<'_>,
    (name, table): (&str, &Table),
    mode: &PublishMode,
    country: Option<(&str, &str)>,
) -> Result<Statistics, WorkerError> {
    let key = object_key::sorted_list(&context.plan.pipeline, context.run, name);
    let list = SortedList::read(&context.objects, &key)?;
    let missing = || WorkerError::Part { key, message: "the list of sorted parts is not there".to_owned() };
    let list = list.ok_or_else(missing)?;
    if let Some((column, country)) = country {
        check_country(name, column, country, list.of_other_countries)?;
    }
    if matches!(mode, PublishMode::Upsert) {
        check_key(context, name, table)?;
    }
    if let Some(RepeatedKey { key, rows }) = list.repeated_key.clone() {
        return Err(WorkerError::DuplicateKey { table: name.to_owned(), key, rows });
    }
    let mut rows = SortedRows::new(&context.objects, table, &list);
    context.progress.total(&context.stage.id, rows.left());
    let way = match mode {
        PublishMode::Upsert => RowsWay::Upsert,
        PublishMode::Append => RowsWay::Append,
        PublishMode::Replace => RowsWay::Replace(country),
    };
    let target = context.open_target()?;
    target
        .publish_rows(&context.stage.id, (name, table), &way, &mut rows, &mut |rows| context.advance(rows, 0))
}

fn check_key(context: &Context<'_>, name: &str, table: &Table) -> Result<(), WorkerError> {
    if table.key().next().is_none() {
        return Err(context.plan_failed(format!("table `{name}` has no key to upsert by")));
    }
    Ok(())
}

/// Nothing is published where a row is of another country: it would take the place of that country's own.
fn check_country(name: &str, column: &str, country: &str, rows: u64) -> Result<(), WorkerError> {
    if rows == 0 {
        return Ok(());
    }
    let (table, column, country) = (name.to_owned(), column.to_owned(), country.to_owned());
    Err(WorkerError::OtherCountry { table, column, country, rows })
}
