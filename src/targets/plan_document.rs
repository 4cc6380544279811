//! `plan.json`: the worker's whole instruction.

use sluice_contract::plan::{FORMAT, Origin, PlanDocument, Stage};

use crate::{
    lower::{PipelinePlan, StagePlan},
    source::{Sources, Span},
};

/// The pipeline's plan document in one environment.
pub fn plan_document(pipeline: &PipelinePlan, environment: &str, sources: &Sources) -> PlanDocument {
    let stage = |it: &StagePlan| Stage {
        id: it.id.clone(),
        needs: it
            .needs
            .iter()
            .filter_map(|need| pipeline.stages.get(*need))
            .map(|it| it.id.clone())
            .collect(),
        origin: origin(sources, it.span),
        retry: it.effort.retry,
        work: it.work.clone(),
    };
    PlanDocument {
        format: FORMAT,
        environment: environment.to_owned(),
        pipeline: pipeline.name.clone(),
        title: pipeline.title.clone(),
        country: pipeline.country.clone(),
        connections: pipeline.connections.clone(),
        target: pipeline.target.clone(),
        tables: pipeline.tables.clone(),
        stages: pipeline.stages.iter().map(stage).collect(),
    }
}

/// A place in the program as file and line.
pub fn origin(sources: &Sources, span: Span) -> Origin {
    Origin { file: sources.path(span.file).to_owned(), line: sources.line_column(span).line }
}
