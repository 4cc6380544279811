//! Publish: staging rows reach the target table, which shows old rows or new ones and never a mix of one row.

use sluice_contract::{plan::PublishMode, statistics::Statistics};

use crate::{error::WorkerError, stage::Context};

pub(super) fn publish(
    context: &Context<'_>,
    name: &str,
    mode: &PublishMode,
) -> Result<Statistics, WorkerError> {
    let table = context.table(name)?;
    let target = context.open_target()?;
    let stage = &context.stage.id;
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
        PublishMode::Replace { country_column } => {
            let country = country_column.as_deref().map(|column| (column, context.plan.country.as_str()));
            let counted = target.replace(stage, (name, table), country)?;
            context.progress.advance(stage, counted.rows_written, 0);
            Ok(counted)
        }
    }
}
