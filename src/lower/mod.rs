//! From the checked program to the Plan: one pipeline in one environment at a time, nothing left to derive.

mod array;
mod flow;
mod plan;
mod stages;

pub use flow::Flow;
pub use plan::{Array, EnvironmentPlan, PipelinePlan, Plan, SchedulePlan, StagePlan};

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::model::{Checked, Environment, Pipeline, Program};

/// The program's Plan.
///
/// What a program with errors leaves unresolved is left out; nobody builds from it.
pub fn lower(checked: &Checked) -> Plan {
    let program = checked.program();
    let environments = program.environments.iter().map(|it| environment(program, it)).collect();
    Plan {
        platform: platform_name(&program.platform),
        platform_span: program.platform_span,
        environments,
        channels: program.channels.clone(),
        surveys: program.surveys.clone(),
    }
}

/// The platform's name as runs are kept under it, from the one that is declared.
pub fn platform_name(declared: &str) -> String {
    declared.replace('_', "-")
}

fn environment(program: &Program, environment: &Environment) -> EnvironmentPlan {
    let (account, region) =
        environment.aws.clone().unwrap_or_else(|| ("000000000000".to_owned(), "local".to_owned()));
    EnvironmentPlan {
        name: environment.name.clone(),
        account,
        region,
        on_aws: environment.aws.is_some(),
        telephone: environment.telephone.clone(),
        pipelines: program.pipelines.par_iter().map(|it| pipeline(program, environment, it)).collect(),
    }
}

fn pipeline(program: &Program, environment: &Environment, pipeline: &Pipeline) -> PipelinePlan {
    let target = program.connections.get(&program.target).and_then(|it| it.places.get(&environment.name));
    let stages = stages::stages(pipeline, program, target);
    let needs: Vec<Vec<usize>> = stages.iter().map(|it| it.needs.clone()).collect();
    let place = |name: &str| program.connections.get(name)?.places.get(&environment.name).cloned();
    let connections: BTreeMap<_, _> = stages::connections(pipeline)
        .chain([program.target.as_str()])
        .filter_map(|name| Some((name.to_owned(), place(name)?)))
        .collect();
    let tables = pipeline
        .intos
        .iter()
        .filter_map(|it| Some((it.table.clone(), program.tables.get(&it.table)?.clone())))
        .collect();
    PipelinePlan {
        name: pipeline.name.clone(),
        span: pipeline.span,
        title: pipeline.title.clone(),
        country: pipeline.country.clone(),
        enabled: pipeline.enabled,
        schedules: pipeline
            .schedules
            .iter()
            .map(|it| SchedulePlan { cron: it.cron.clone(), zone: it.zone.clone() })
            .collect(),
        starts_after: pipeline.starts_after.iter().map(|it| it.pipeline.clone()).collect(),
        overlap: pipeline.overlap,
        effort: pipeline.effort,
        connections,
        target: program.target.clone(),
        tables,
        stages,
        flow: flow::decompose(&needs),
    }
}
