//! `sluice runs`

use std::{collections::BTreeSet, io};

use jiff::Timestamp;

use super::{
    Exit, Output,
    arguments::{RunsArguments, Shared},
    program::{self, unknown},
    remote, table,
};
use crate::{
    compile::compile,
    diagnostics::{Code, Diagnostic, Diagnostics},
    lower,
    run::{Rejects, RunSummary, StateDir, pipelines, runs},
    source::{self, DiskFiles, Sources},
    syntax::{self, ast::Item},
};

/// Lists the runs of a state folder, or shows the last one of a pipeline.
pub(super) fn execute(
    shared: &Shared,
    arguments: &RunsArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let compiled = compile(&DiskFiles::new(&shared.program));
    let is_here = shared.environment.is_none() || arguments.here;
    if compiled.plan.is_none()
        && is_here
        && let Some((platform, declared)) = declared(&compiled.sources)
    {
        writeln!(
            output.err,
            "the program has mistakes, which `sluice check` tells; what ran is shown all the same"
        )?;
        return kept(shared, arguments, (&platform, declared), output);
    }
    let program = match program::loaded(compiled, shared, output)? {
        Ok(program) => program,
        Err(exit) => return Ok(exit),
    };
    let all: Vec<&str> = program
        .plan
        .environments
        .first()
        .map(|it| it.pipelines.iter().map(|it| it.name.as_str()).collect())
        .unwrap_or_default();
    let wanted: Vec<&str> = match &arguments.pipeline {
        None => all,
        Some(name) if all.contains(&name.as_str()) => vec![name],
        Some(name) => return output.fail(unknown(Code::UnknownPipeline, "pipeline", name, all.into_iter())),
    };
    let (last, flags) = (arguments.last, shared.flags());
    if let Some(environment) = remote::deployed(&program, shared, arguments.here) {
        let summaries = remote::at(&program, environment, shared, |deployment| {
            collect(&wanted, last, |pipeline| deployment.runs(pipeline))
        });
        return told(
            summaries.as_ref().map_err(Clone::clone),
            last,
            &flags.command(&["start", "PIPELINE"]),
            output,
        );
    }
    let state = match StateDir::open(&shared.state) {
        Ok(state) => state,
        Err(failure) => return output.fail(failure),
    };
    output.warn(state.warnings())?;
    let platform = &program.plan.platform;
    let summaries = collect(&wanted, last, |pipeline| runs(&state, platform, pipeline, Timestamp::now()));
    told_here(&summaries, last, &state, output)
}

/// What this machine keeps, whatever the program has become since.
fn kept(
    shared: &Shared,
    arguments: &RunsArguments,
    (platform, mut known): (&str, BTreeSet<String>),
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let opened = StateDir::open(&shared.state).and_then(|state| Ok((pipelines(&state)?, state)));
    let (started, state) = match opened {
        Ok(opened) => opened,
        Err(failure) => return output.fail(failure),
    };
    known.extend(started);
    output.warn(state.warnings())?;
    let all = known.iter().map(String::as_str);
    let wanted: Vec<&str> =
        all.clone().filter(|it| arguments.pipeline.as_deref().is_none_or(|name| *it == name)).collect();
    if let (Some(name), []) = (&arguments.pipeline, wanted.as_slice()) {
        return output.fail(unknown(Code::UnknownPipeline, "pipeline", name, all));
    }
    let summaries =
        collect(&wanted, arguments.last, |pipeline| runs(&state, platform, pipeline, Timestamp::now()));
    told_here(&summaries, arguments.last, &state, output)
}

/// Runs of this machine, of the last one also where the rows lie that it rejected.
fn told_here(
    summaries: &Result<Vec<RunSummary>, Diagnostic>,
    last: bool,
    state: &StateDir,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let told = told(summaries.as_ref().map_err(Clone::clone), last, "sluice run PIPELINE", output)?;
    if last && !output.is_json() {
        for RunSummary { run, stages } in summaries.iter().flatten() {
            for rejects in Rejects::of_run(state.root(), &run.pipeline, &run.run, stages) {
                writeln!(output.out, "{}", rejects.text())?;
            }
        }
    }
    Ok(told)
}

/// The platform's name and those of the pipelines, as far as files can be read that have mistakes.
fn declared(sources: &Sources) -> Option<(String, BTreeSet<String>)> {
    let (mut platform, mut pipelines) = (None, BTreeSet::new());
    for file in sources.ids().filter(|it| source::is_program(sources.path(*it))) {
        for item in syntax::parse(sources, file, &mut Diagnostics::default()).items {
            match item {
                Item::Platform(it) => platform = Some(lower::platform_name(&it.name.value)),
                Item::Pipeline(it) => drop(pipelines.insert(it.name.value)),
                Item::Table(_) | Item::Template(_) | Item::Survey(_) => {}
            }
        }
    }
    Some((platform?, pipelines))
}

fn told(
    summaries: Result<&Vec<RunSummary>, Diagnostic>,
    last: bool,
    start: &str,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    match summaries {
        Ok(summaries) => tell(summaries, last, start, output).map(|()| Exit::Fine),
        Err(failure) => output.fail(failure),
    }
}

fn collect(
    pipelines: &[&str],
    last: bool,
    runs: impl Fn(&str) -> Result<Vec<RunSummary>, Diagnostic>,
) -> Result<Vec<RunSummary>, Diagnostic> {
    let mut summaries = Vec::new();
    for pipeline in pipelines {
        let of_pipeline = runs(pipeline)?;
        let skipped = if last { of_pipeline.len().saturating_sub(1) } else { 0 };
        summaries.extend(of_pipeline.into_iter().skip(skipped));
    }
    summaries.sort_by_key(|it| it.run.started_at);
    for summary in &mut summaries {
        summary.stages.sort_by_key(|it| it.started_at);
    }
    Ok(summaries)
}

fn tell(summaries: &[RunSummary], last: bool, start: &str, output: &mut Output<'_>) -> io::Result<()> {
    if output.is_json() {
        return output.json(&summaries);
    }
    if summaries.is_empty() {
        return writeln!(output.out, "no runs yet: `{start}` starts one");
    }
    let mut overview =
        table::plain(&["run", "pipeline", "status", "started", "seconds", "stages done", "cause"], 4);
    for summary in summaries {
        let run = &summary.run;
        let started = Timestamp::from_millisecond(run.started_at)
            .map_or_else(|_| String::new(), |it| it.strftime("%Y-%m-%d %H:%M:%SZ").to_string());
        let seconds = run.ended_at.map_or_else(String::new, |it| ((it - run.started_at) / 1000).to_string());
        let done = summary.stages.iter().filter(|it| it.ended_at.is_some() && it.cause.is_none()).count();
        let _ = overview.add_row([
            run.run.clone(),
            run.pipeline.clone(),
            run.status.word().to_owned(),
            started,
            seconds,
            done.to_string(),
            run.cause.clone().unwrap_or_default(),
        ]);
    }
    writeln!(output.out, "{overview}")?;
    for summary in summaries.iter().filter(|_| last) {
        writeln!(output.out, "\n{}", table::stages(&summary.stages))?;
    }
    Ok(())
}
