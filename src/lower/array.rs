//! When a stage is one job, and when it is an array with a job for each part.
//!
//! A job works on as many parts at once as it has vCPUs. Where that is all of them, one job is the least: one
//! container starts, one pays for it. Where there are more parts than vCPUs, each part is a job of its own, with one
//! vCPU and its share of the memory: all parts go at once, as far as the job queue has room, and each is tried again
//! alone. Both are one state of the machine and the same number of transitions.
//!
//! What an extract has cut is loaded in the same parts, but only into a target that takes several writers: an SQLite
//! file takes one, and a job for each part would only queue for it.

use sluice_contract::plan::{Connection, Work};

use super::plan::Array;
use crate::model::Compute;

/// The array of a stage of which an extract makes so many parts; none where one job does it.
pub(super) fn array(
    work: &Work,
    parts: Option<u32>,
    compute: Compute,
    target: Option<&Connection>,
) -> Option<Array> {
    let size = parts.filter(|it| *it > compute.vcpus)?;
    let in_parts = match work {
        Work::Extract { .. } => true,
        Work::Load { .. } => match target? {
            Connection::Mysql { .. } | Connection::Postgres { .. } => true,
            Connection::Sqlite { .. } | Connection::Csv { .. } => false,
        },
        Work::Cleanup { .. }
        | Work::Translate { .. }
        | Work::Dedupe { .. }
        | Work::Verify { .. }
        | Work::Publish { .. }
        | Work::Run { .. }
        | Work::Task { .. } => false,
    };
    in_parts.then(|| Array { size, child: share(compute) })
}

/// One vCPU and its share of the memory in whole GB: always a size that Fargate has.
fn share(compute: Compute) -> Compute {
    let memory_gib = compute.memory_mib / GIB / compute.vcpus.max(1);
    Compute { vcpus: 1, memory_mib: memory_gib.max(2) * GIB }
}

const GIB: u32 = 1024;
