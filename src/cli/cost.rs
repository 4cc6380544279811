//! `sluice cost`

use std::io;

use jiff::Timestamp;
use sluice_contract::runs::RunStatus;

use super::{
    Exit, Output,
    arguments::{CostArguments, Shared},
    program::{self, Program, unknown},
    table,
};
use crate::{
    cost::{Assumptions, Dollars, Estimate, Measured, PipelineCost, estimate},
    diagnostics::{Code, Diagnostic},
    lower::EnvironmentPlan,
    run::{StateDir, runs},
};

/// Estimates a month.
pub(super) fn execute(
    shared: &Shared,
    arguments: &CostArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let program = match program::load(shared, output)? {
        Ok(program) => program,
        Err(exit) => return Ok(exit),
    };
    // The last one is what the others prepare for.
    let environment = match &shared.environment {
        Some(name) => program.plan.environment(name),
        None => program.plan.environments.iter().rfind(|it| it.on_aws),
    };
    let Some(environment) = environment.or(program.plan.environments.first()) else {
        return Ok(Exit::Fine);
    };
    if let Some(name) = &arguments.pipeline
        && environment.pipeline(name).is_none()
        && !program.plan.surveys.iter().any(|it| it.name == *name)
    {
        let pipelines = environment.pipelines.iter().map(|it| it.name.as_str());
        let names = pipelines.chain(program.plan.surveys.iter().map(|it| it.name.as_str()));
        return output.fail(unknown(Code::UnknownPipeline, "pipeline or survey", name, names));
    }
    let measured = match measured(shared, &program, environment) {
        Ok(measured) => measured,
        Err(failure) => return output.fail(failure),
    };
    let assumptions = Assumptions {
        stage_minutes: f64::from(arguments.stage_minutes),
        calls: arguments.calls,
        ..Assumptions::default()
    };
    let estimated = estimate(&program.plan, environment, &program.sources, &measured, &assumptions);
    let mut estimated = match estimated {
        Ok(estimated) => estimated,
        Err(error) => return output.fail(Diagnostic::new(Code::PlanUnusable, error.to_string())),
    };
    if let Some(name) = &arguments.pipeline {
        estimated.pipelines.retain(|it| it.pipeline == *name);
        estimated.surveys.retain(|it| it.survey == *name);
        estimated.platform.clear();
        let surveys = estimated.surveys.iter().map(|it| it.total);
        estimated.total = estimated.pipelines.iter().map(|it| it.total).chain(surveys).sum();
    }
    if output.is_json() {
        output.json(&estimated)?;
    } else {
        tell(&estimated, output)?;
    }
    Ok(Exit::Fine)
}

/// What the runs of the state folder tell, where there is one.
pub(super) fn measured(
    shared: &Shared,
    program: &Program,
    environment: &EnvironmentPlan,
) -> Result<Measured, Diagnostic> {
    let mut measured = Measured::default();
    if !shared.state.is_dir() {
        return Ok(measured);
    }
    let state = StateDir::open(&shared.state)?;
    for pipeline in &environment.pipelines {
        let all = runs(&state, &program.plan.platform, &pipeline.name, Timestamp::now())?;
        if let Some(last) = all.iter().rfind(|it| it.run.status == RunStatus::Succeeded) {
            measured.add(&pipeline.name, &last.stages);
        }
    }
    Ok(measured)
}

fn tell(estimate: &Estimate, output: &mut Output<'_>) -> io::Result<()> {
    writeln!(
        output.out,
        "what a month of {} costs in US dollars, by the list prices of {} in {}\n",
        estimate.environment, estimate.prices_of, estimate.prices_as_of
    )?;
    let header = [
        "pipeline",
        "stages",
        "runs",
        "transitions",
        "Fargate",
        "on demand",
        "S3",
        "DynamoDB",
        "events",
        "total",
    ];
    let mut table = table::plain(&header, 2);
    for it in &estimate.pipelines {
        let basis = if it.measured { "measured" } else { "assumed" };
        let runs = format!("{:.1}", it.runs);
        let amounts =
            [it.state_machine, it.compute, it.compute_on_demand, it.objects, it.records, it.events, it.total];
        let _ = table.add_row(
            [it.pipeline.clone(), basis.to_owned(), runs].into_iter().chain(amounts.map(|it| it.to_string())),
        );
    }
    if estimate.pipelines.len() > 1 {
        let sum =
            |of: fn(&PipelineCost) -> Dollars| estimate.pipelines.iter().map(of).sum::<Dollars>().to_string();
        let runs: f64 = estimate.pipelines.iter().map(|it| it.runs).sum();
        let _ = table.add_row([
            "all of them".to_owned(),
            String::new(),
            format!("{runs:.1}"),
            sum(|it| it.state_machine),
            sum(|it| it.compute),
            sum(|it| it.compute_on_demand),
            sum(|it| it.objects),
            sum(|it| it.records),
            sum(|it| it.events),
            sum(|it| it.total),
        ]);
    }
    if !estimate.pipelines.is_empty() || estimate.surveys.is_empty() {
        writeln!(output.out, "{}\n", table.trim_fmt())?;
    }
    if !estimate.surveys.is_empty() || !estimate.platform.is_empty() {
        let mut table = table::plain(&["besides", "count", "total"], 1);
        for it in &estimate.surveys {
            let _ = table.add_row([
                format!("calls of {}", it.survey),
                it.calls.to_string(),
                it.total.to_string(),
            ]);
        }
        for it in &estimate.platform {
            let _ = table.add_row([it.what.clone(), it.count.to_string(), it.total.to_string()]);
        }
        writeln!(output.out, "{}\n", table.trim_fmt())?;
    }
    writeln!(output.out, "total: {} dollars a month\n\nassumed:", estimate.total)?;
    for it in &estimate.assumptions {
        writeln!(output.out, "  {}: {} {}", it.about, it.value, it.unit)?;
    }
    writeln!(output.out, "free tiers and discounts are left out; databases and their network are not in it")
}
