//! The stages of a pipeline and what each needs: `cleanup` first, then each table's chain, tables side by side
//! unless `after` says otherwise.
//!
//! Where rows wait as parts in the object store, `sort` does the work of `load`, `dedupe` and `verify`. Left to choose,
//! that is where the target is a server: there every pass over the rows costs the server's CPU, which is what a run
//! waits for. A target that is a file is one machine's: its runs are small, and a person can look into its staging
//! tables after one that failed.

use sluice_contract::plan::{Connection, Dedupe, PublishMode, Work};

use super::{array::array, plan::StagePlan};
use crate::model::{COUNTRY_COLUMN, Into, Pipeline, Program, Stage, StageKind, Staging};

/// The stages, each behind those it needs.
pub(super) fn stages(pipeline: &Pipeline, program: &Program, target: Option<&Connection>) -> Vec<StagePlan> {
    let tables = pipeline.intos.iter().map(|it| it.table.clone()).collect();
    let mut stages = vec![StagePlan {
        id: "cleanup".to_owned(),
        span: pipeline.span,
        needs: Vec::new(),
        work: Work::Cleanup { tables },
        effort: pipeline.effort,
        array: None,
    }];
    // INVARIANT: a table stands behind those it comes after, so their last stages are known.
    let mut last: Vec<(&str, usize)> = Vec::new();
    for into in &pipeline.intos {
        let mut needs: Vec<usize> = last
            .iter()
            .filter(|(table, _)| into.after.iter().any(|it| it == table))
            .map(|(_, stage)| *stage)
            .collect();
        if needs.is_empty() {
            needs.push(0);
        }
        let parts = into.stages.iter().find_map(|it| match &it.kind {
            StageKind::Extract { split, .. } => split.as_ref().map(|it| it.parts),
            StageKind::Translate { .. }
            | StageKind::Dedupe { .. }
            | StageKind::Verify { .. }
            | StageKind::Upsert
            | StageKind::Replace
            | StageKind::Append
            | StageKind::Run { .. }
            | StageKind::Task { .. } => None,
        });
        let mut works: Vec<_> = into.stages.iter().flat_map(|it| works(into, it, program)).collect();
        if is_in_parts(into.staging, target) {
            works = sorted(works);
        }
        for (span, work) in works {
            let id = format!("{}.{}", into.table, id_word(&work, &stages, into));
            let array = array(&work, parts, into.effort.compute, target);
            let stage = StagePlan { id, span, needs, work, effort: into.effort, array };
            needs = vec![stages.len()];
            stages.push(stage);
        }
        last.push((&into.table, stages.len() - 1));
    }
    stages
}

/// The connections that the pipeline's queries run against.
pub(super) fn connections(pipeline: &Pipeline) -> impl Iterator<Item = &str> {
    pipeline.intos.iter().flat_map(|it| &it.stages).filter_map(|it| match &it.kind {
        StageKind::Extract { connection, .. } => Some(connection.as_str()),
        StageKind::Translate { .. }
        | StageKind::Dedupe { .. }
        | StageKind::Verify { .. }
        | StageKind::Upsert
        | StageKind::Replace
        | StageKind::Append
        | StageKind::Run { .. }
        | StageKind::Task { .. } => None,
    })
}

/// `translate`, and `translate-2` for a second one.
fn id_word(work: &Work, stages: &[StagePlan], into: &Into) -> String {
    let same =
        |it: &&StagePlan| it.work.word() == work.word() && it.work.table() == Some(into.table.as_str());
    match stages.iter().filter(same).count() {
        0 => work.word().to_owned(),
        before => format!("{}-{}", work.word(), before + 1),
    }
}

fn is_in_parts(staging: Staging, target: Option<&Connection>) -> bool {
    match staging {
        Staging::Parts => true,
        Staging::PartsForServers => match target {
            Some(Connection::Mysql { .. } | Connection::Postgres { .. }) => true,
            Some(Connection::Sqlite { .. } | Connection::Csv { .. }) | None => false,
        },
        Staging::Database => false,
    }
}

/// The same with one `sort` in the place of `load`, `dedupe` and `verify`.
fn sorted(works: Vec<(crate::source::Span, Work)>) -> Vec<(crate::source::Span, Work)> {
    let (mut duplicates, mut all, mut others) = (None, Vec::new(), Vec::new());
    for (span, work) in works {
        match work {
            Work::Dedupe { by, keep, .. } => duplicates = Some(Dedupe { by, keep }),
            Work::Verify { expectations, .. } => all.extend(expectations),
            work @ (Work::Cleanup { .. }
            | Work::Extract { .. }
            | Work::Load { .. }
            | Work::Translate { .. }
            | Work::Sort { .. }
            | Work::Publish { .. }
            | Work::Run { .. }
            | Work::Task { .. }) => others.push((span, work)),
        }
    }
    let sort = |(span, work): (crate::source::Span, Work)| match work {
        Work::Load { table } => {
            let (dedupe, expectations) = (duplicates.take(), std::mem::take(&mut all));
            (span, Work::Sort { table, dedupe, expectations })
        }
        work @ (Work::Cleanup { .. }
        | Work::Extract { .. }
        | Work::Translate { .. }
        | Work::Dedupe { .. }
        | Work::Verify { .. }
        | Work::Sort { .. }
        | Work::Publish { .. }
        | Work::Run { .. }
        | Work::Task { .. }) => (span, work),
    };
    others.into_iter().map(sort).collect()
}

/// What the worker does for one declaration: an extract is two stages, so that a load can be tried again alone.
fn works(into: &Into, stage: &Stage, program: &Program) -> Vec<(crate::source::Span, Work)> {
    let table = into.table.clone();
    let works = match &stage.kind {
        StageKind::Extract { connection, query, split } => vec![
            Work::Extract {
                table: table.clone(),
                connection: connection.clone(),
                file: query.file.clone(),
                sql: query.sql.clone(),
                reads: query.reads.clone(),
                split: split.clone(),
            },
            Work::Load { table },
        ],
        StageKind::Translate { columns, from, to } => {
            vec![Work::Translate { table, columns: columns.clone(), from: from.clone(), to: to.clone() }]
        }
        StageKind::Dedupe { by, keep } => vec![Work::Dedupe { table, by: by.clone(), keep: keep.clone() }],
        StageKind::Verify { expectations } => {
            vec![Work::Verify { table, expectations: expectations.clone() }]
        }
        StageKind::Upsert => vec![publish(program, table, PublishMode::Upsert)],
        StageKind::Run { query } => {
            vec![Work::Run { table, file: query.file.clone(), sql: query.sql.clone() }]
        }
        StageKind::Task { name, arguments } => {
            vec![Work::Task { table, name: name.clone(), arguments: arguments.clone() }]
        }
        StageKind::Append => vec![publish(program, table, PublishMode::Append)],
        StageKind::Replace => vec![publish(program, table, PublishMode::Replace)],
    };
    works.into_iter().map(|it| (stage.span, it)).collect()
}

fn publish(program: &Program, table: String, mode: PublishMode) -> Work {
    let has_country = program.tables.get(&table).is_some_and(|it| it.key().any(|it| it == COUNTRY_COLUMN));
    Work::Publish { table, mode, country_column: has_country.then(|| COUNTRY_COLUMN.to_owned()) }
}
