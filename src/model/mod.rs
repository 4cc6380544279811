//! What the program means: names, environments, connections, tables, schedules and the order of work.
//!
//! Passes, in order: [`names`] takes in every declaration; [`platform`] resolves what all countries share;
//! [`tables`] the shapes; [`pipeline`] each country, with its templates put in, its [`into`] blocks and their
//! [`query`] files; [`order`] finds circles, [`start`] among pipelines too; [`survey`] each survey, and [`telephone`] where they are asked; [`usage`] what
//! nobody uses; [`allow`] drops the warnings that are meant so. Each pass goes on after an error, with
//! what it could make out, so that all independent mistakes are told at once.
//!
//! Knows no file system (query files come through [`Files`]), no AWS document, no engine.

mod allow;
mod arguments;
mod channels;
mod columns;
mod country;
mod effort;
mod into;
mod languages;
mod limits;
mod names;
mod order;
mod pipeline;
mod platform;
mod program;
mod query;
mod region;
mod schedule;
mod settings;
mod staging;
mod start;
pub mod survey;
mod tables;
mod task;
mod telephone;
mod usage;

pub(crate) use country::{closest_name, code_of_name, is_country};
pub use effort::{DEFAULT as DEFAULT_EFFORT, DEFAULT_OVERLAP};
pub(crate) use names::COUNTRY_COLUMN;
pub use program::{
    Channel, ChannelKind, Checked, Compute, Connection, Effort, Environment, Into, Overlap, Pipeline,
    Program, Query, Schedule, Stage, StageKind, Staging, Start, Telephone,
};
pub use region::{DIRECTIONS, REGIONS};
pub use task::OWN_FUNCTIONS;

use crate::{
    diagnostics::Diagnostics,
    source::{Files, Sources},
    syntax::ast,
};
use names::Names;
use survey::Survey;

/// What every pass works with.
struct Context<'a> {
    files: &'a dyn Files,
    sources: &'a mut Sources,
    diagnostics: &'a mut Diagnostics,
    names: Names<'a>,
}

/// Resolves the whole program. What it returns is complete only where no error was reported.
///
/// `sources` takes in the query files, so that diagnostics can point into them.
pub fn check(
    asts: &[ast::File],
    files: &dyn Files,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Checked {
    let names = Names::collect(asts, diagnostics);
    let mut ctx = Context { files, sources, diagnostics, names };
    let tables = tables::check(&mut ctx);
    let shared = platform::check(&mut ctx);
    let mut pipelines: Vec<Pipeline> = ctx
        .names
        .pipelines()
        .into_iter()
        .filter_map(|it| pipeline::check(&mut ctx, it, &shared, &tables))
        .collect();
    start::check(&mut pipelines, ctx.diagnostics);
    let surveys: Vec<Survey> =
        ctx.names.surveys().into_iter().map(|it| survey::check(&mut ctx, it)).collect();
    telephone::check(&mut ctx, &shared, &surveys);
    limits::check(&mut ctx, &shared, &pipelines, &surveys);
    usage::check(&mut ctx);
    channels::check_told(&mut ctx);
    allow::apply(asts, ctx.diagnostics);
    let channels = channels::channels(&ctx);
    Checked::new(Program {
        platform: shared.name,
        platform_span: shared.span,
        environments: shared.environments,
        connections: shared.connections,
        target: shared.target,
        channels,
        tables,
        pipelines,
        surveys,
    })
}
