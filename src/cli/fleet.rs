//! `sluice run --all` and `sluice run A B C`

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    num::NonZeroUsize,
};

use serde::Serialize;

use super::{
    Exit, Output,
    arguments::{RunArguments, Shared},
    program::{self, Program},
    run::{internal, notes, site},
    table,
};
use crate::{
    diagnostics::{Diagnostic, words},
    run::{self, FleetView, LiveFleet, Member, QuietView, Report, Request, StateDir},
};

/// Starts a new run of each pipeline that is asked for.
pub(super) fn execute(
    shared: &Shared,
    arguments: &RunArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let program = match program::load(shared, output)? {
        Ok(program) => program,
        Err(exit) => return Ok(exit),
    };
    let state = match StateDir::open(&shared.state) {
        Ok(state) => state,
        Err(failure) => return output.fail(failure),
    };
    output.warn(state.warnings())?;
    match run_all(&program, shared, arguments, &state, output) {
        Ok(members) => tell(&members, output),
        Err(failure) => output.fail(failure),
    }
}

fn run_all(
    program: &Program,
    shared: &Shared,
    arguments: &RunArguments,
    state: &StateDir,
    output: &Output<'_>,
) -> Result<Vec<Member>, Diagnostic> {
    let environment = program::environment(&program.plan, shared.environment.as_deref().unwrap_or("local"))?;
    let pipelines = environment.pipelines.iter();
    let enabled = pipelines.filter(|it| it.enabled).map(|it| it.name.as_str());
    let asked: BTreeSet<&str> = if arguments.all {
        enabled.collect()
    } else {
        arguments.pipelines.iter().map(String::as_str).collect()
    };
    let sites =
        asked.iter().map(|it| site(program, shared, it, &output.variables)).collect::<Result<Vec<_>, _>>()?;
    let generated = program.emit(&[environment])?;
    let generated = generated.first().ok_or_else(|| internal("nothing was generated"))?;
    let requests: Vec<Request<'_>> = sites.iter().map(|it| it.request(shared)).collect();
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let width = asked.iter().map(|it| it.len()).max().unwrap_or(0);
    let view: Box<dyn FleetView> =
        if output.is_live() { Box::new(LiveFleet::new(width)) } else { Box::new(QuietView) };
    run::run_fleet(&requests, generated, state, arguments.jobs.unwrap_or(cores), &*view)
}

/// One entry of the JSON form: the report, or why there is none.
#[derive(Serialize)]
#[serde(untagged)]
enum Told<'a> {
    Ran(&'a Report),
    DidNotRun { pipeline: &'a str, error: &'a str },
}

impl<'a> Told<'a> {
    fn of(member: &'a Member) -> Self {
        let pipeline = member.pipeline.as_str();
        match &member.result {
            Some(Ok(report)) => Self::Ran(report),
            Some(Err(failure)) => Self::DidNotRun { pipeline, error: &failure.message },
            None => Self::DidNotRun { pipeline, error: "stopped before it was started" },
        }
    }
}

fn tell(members: &[Member], output: &mut Output<'_>) -> io::Result<Exit> {
    if output.is_json() {
        output.json(&members.iter().map(Told::of).collect::<Vec<_>>())?;
    } else {
        writeln!(output.out, "{}", table::members(members))?;
        writeln!(output.out, "{}", summary(members))?;
        for member in members {
            match &member.result {
                Some(Ok(report)) => {
                    notes(report, output)?;
                    for notification in &report.notifications {
                        write!(output.err, "{}", sluice_lambdas::text::render(notification))?;
                    }
                }
                Some(Err(failure)) => {
                    let _ = output.fail(failure.clone())?;
                }
                None => {}
            }
        }
    }
    Ok(if members.iter().all(Member::succeeded) { Exit::Fine } else { Exit::Problems })
}

/// `29 pipelines: 1 failed, 28 published`
fn summary(members: &[Member]) -> String {
    let mut by_status: BTreeMap<String, usize> = BTreeMap::new();
    for member in members {
        *by_status.entry(member.status()).or_default() += 1;
    }
    let counts: Vec<String> = by_status.iter().map(|(status, count)| format!("{count} {status}")).collect();
    format!("{}: {}", words::counted(members.len(), "pipeline"), counts.join(", "))
}
