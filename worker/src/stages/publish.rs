//! Publish: staging rows reach the target table, which shows old rows or new ones and never a mix of one row.

use sluice_contract::{plan::PublishMode, statistics::Statistics};

use crate::{error::WorkerError, stage::Context, target::Target};

pub(super) fn publish(
    context: &Context<'_>,
    name: &str,
    mode: &PublishMode,
    country_column: Option<&str>,
) -> Result<Statistics, WorkerError> {
    let table = context.table(name)?;
    let target = context.open_target()?;
    let stage = &context.stage.id;
    let country = country_column.map(|column| (column, context.plan.country.as_str()));
    if let Some((column, country)) = country {
        check_country(&*target, name, column, country)?;
    }
    context.progress.total(stage, target.count(name)?);
    match mode {
        PublishMode::Upsert => {
            if table.key().next().is_none() {
                return Err(context.plan_failed(format!("table `{name}` has no key to upsert by")));
            }
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

/// Nothing is published where a row is of another country: it would take the place of that country's own.
fn check_country(target: &dyn Target, name: &str, column: &str, country: &str) -> Result<(), WorkerError> {
    let rows = target.count_others(name, column, country)?;
    if rows == 0 {
        return Ok(());
    }
    let (table, column, country) = (name.to_owned(), column.to_owned(), country.to_owned());
    Err(WorkerError::OtherCountry { table, column, country, rows })
}
