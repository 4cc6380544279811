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
        // One order over all parts is one job's: its threads read them side by side.
        | Work::Sort { .. }
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

#[cfg(test)]
mod tests {
    use sluice_contract::plan::Split;

    use super::*;

    fn extract() -> Work {
        Work::Extract {
            table: "t".to_owned(),
            connection: "c".to_owned(),
            file: "q.sql".to_owned(),
            sql: "SELECT 1".to_owned(),
            reads: Vec::new(),
            split: Some(Split { column: "id".to_owned(), parts: 16 }),
        }
    }

    fn size(work: &Work, parts: Option<u32>, vcpus: u32, target: &Connection) -> Option<u32> {
        let compute = Compute { vcpus, memory_mib: vcpus * 4 * GIB };
        array(work, parts, compute, Some(target)).map(|it| it.size)
    }

    #[test]
    fn a_stage_is_an_array_where_it_has_more_parts_than_vcpus() {
        let server = Connection::Mysql { secret: "s".to_owned() };
        assert_eq!(size(&extract(), Some(16), 2, &server), Some(16));
        assert_eq!(size(&extract(), Some(16), 16, &server), None);
        assert_eq!(size(&extract(), None, 1, &server), None);
        let cleanup = Work::Cleanup { tables: Vec::new() };
        assert_eq!(size(&cleanup, Some(16), 1, &server), None);
    }

    #[test]
    fn parts_are_loaded_side_by_side_into_a_server_only() {
        let load = Work::Load { table: "t".to_owned() };
        let path = sluice_contract::plan::Location {
            base: sluice_contract::plan::Base::State,
            path: "t.db".to_owned(),
        };
        assert_eq!(size(&load, Some(4), 2, &Connection::Postgres { secret: "s".to_owned() }), Some(4));
        assert_eq!(size(&load, Some(4), 2, &Connection::Sqlite { path }), None);
    }

    /// With one vCPU, Fargate has 2 to 8 GB.
    #[test]
    fn a_child_has_a_size_that_fargate_has() {
        let sizes = [(1, 2, 8, 1), (2, 4, 16, 1), (4, 8, 30, 1), (8, 16, 60, 4), (16, 32, 120, 8)];
        for (vcpus, least, most, step) in sizes {
            for gib in (least..=most).step_by(step) {
                let child = share(Compute { vcpus, memory_mib: gib * GIB });
                assert_eq!((child.vcpus, child.memory_mib % GIB), (1, 0));
                assert!((2 * GIB..=8 * GIB).contains(&child.memory_mib), "{vcpus} {gib}");
                assert!(child.memory_mib * vcpus <= gib * GIB, "{vcpus} {gib}");
            }
        }
    }
}
