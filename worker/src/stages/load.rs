//! Load: parts into staging, each in one transaction.
//!
//! As an array of jobs, each child loads the one part of its number. What is loaded stands in the target's ledger, in
//! the transaction of the rows themselves; a child that has loaded its part reads the ledger, and the one that finds
//! every part there ends the stage. So nothing has to be right about which child is the last.

use super::{
    Worked,
    checked_part::{fill, part_list},
};
use crate::{error::WorkerError, stage::Context, target::sum};

pub(super) fn load(context: &Context<'_>, name: &str) -> Result<Worked, WorkerError> {
    let table = context.table(name)?;
    let list = part_list(context, name)?;
    let stage = &context.stage.id;
    if context.site.part.is_none() {
        context.progress.total(stage, list.parts.iter().map(|it| it.rows).sum());
    }
    let target = context.open_target()?;
    let done = target.ledger(stage)?;
    for part in list.parts.iter().filter(|it| context.site.is_to_do(it.number)) {
        if done.iter().any(|(it, _)| *it == part.number) {
            context.advance(part.rows, part.bytes)?;
            continue;
        }
        let _ = target.load_part(stage, part.number, (name, table), &mut |sink| {
            fill(context, name, table, part, sink)
        })?;
        context.advance(0, part.bytes)?;
    }
    let done = target.ledger(stage)?;
    if list.parts.iter().all(|part| done.iter().any(|(it, _)| *it == part.number)) {
        return Ok(Worked::All(sum(done.iter().map(|(_, it)| it))));
    }
    let own = done.iter().filter(|(it, _)| context.site.is_to_do(*it));
    Ok(Worked::Part(sum(own.map(|(_, it)| it))))
}
