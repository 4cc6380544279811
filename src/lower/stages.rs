//! The stages of a pipeline and what each needs: `cleanup` first, then each table's chain, tables side by side
//! unless `after` says otherwise.

use sluice_contract::plan::{PublishMode, Work};

use super::plan::StagePlan;
use crate::model::{COUNTRY_COLUMN, Into, Pipeline, Program, Stage, StageKind};

/// The stages, each behind those it needs.
pub(super) fn stages(pipeline: &Pipeline, program: &Program) -> Vec<StagePlan> {
    let tables = pipeline.intos.iter().map(|it| it.table.clone()).collect();
    let mut stages = vec![StagePlan {
        id: "cleanup".to_owned(),
        span: pipeline.span,
        needs: Vec::new(),
        work: Work::Cleanup { tables },
        effort: pipeline.effort,
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
        for (span, work) in into.stages.iter().flat_map(|it| works(into, it, program)) {
            let id = format!("{}.{}", into.table, id_word(&work, &stages, into));
            let stage = StagePlan { id, span, needs, work, effort: into.effort };
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
