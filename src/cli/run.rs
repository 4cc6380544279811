//! `sluice run` and `sluice resume`

use std::{collections::BTreeMap, io, sync::Arc};

use jiff::Timestamp;
use sluice_contract::{plan::Connection, runs::StageRecord};

use super::{
    Exit, Output,
    arguments::{ResumeArguments, RunArguments, Shared},
    fleet,
    program::{self, Program},
    remote, start, table,
};
use crate::{
    diagnostics::{Code, Diagnostic},
    emit::Generated,
    lower::{EnvironmentPlan, PipelinePlan},
    run::{self, Flags, LiveView, QuietView, Report, Request, StateDir, Variables, View},
};

/// Starts a new run of one pipeline, or of several.
pub(super) fn run(shared: &Shared, arguments: &RunArguments, output: &mut Output<'_>) -> io::Result<Exit> {
    if arguments.explain {
        return explain(shared, arguments, output);
    }
    let [pipeline] = arguments.pipelines.as_slice() else {
        return fleet::execute(shared, arguments, output);
    };
    let program = match program::load(shared, output)? {
        Ok(program) => program,
        Err(exit) => return Ok(exit),
    };
    carry_out(&program, shared, pipeline, output, |site, state, view| {
        run::run(&site.request(shared), &site.generated()?, state, view)
    })
}

/// Shows the SQL of each stage. Servers of any environment will do: nobody connects to them.
fn explain(shared: &Shared, arguments: &RunArguments, output: &mut Output<'_>) -> io::Result<Exit> {
    let program = match program::load(shared, output)? {
        Ok(program) => program,
        Err(exit) => return Ok(exit),
    };
    let explained = || {
        let environment =
            program::environment(&program.plan, shared.environment.as_deref().unwrap_or("local"))?;
        let mut generated = program.emit(&[environment])?;
        let generated = generated.pop().ok_or_else(|| internal("nothing was generated"))?;
        let all = arguments.pipelines.iter().map(|name| {
            let pipeline = program::pipeline(environment, name)?;
            Ok((name.as_str(), run::explain(&generated, &pipeline.name)?))
        });
        all.collect::<Result<BTreeMap<_, _>, Diagnostic>>()
    };
    let explained = match explained() {
        Ok(explained) => explained,
        Err(failure) => return output.fail(failure),
    };
    if output.is_json() {
        output.json(&explained)?;
        return Ok(Exit::Fine);
    }
    for (pipeline, stages) in &explained {
        for stage in stages.iter().filter(|it| !it.statements.is_empty()) {
            writeln!(
                output.out,
                "-- {pipeline}: {} on {} ({})",
                stage.stage, stage.connection, stage.engine
            )?;
            for statement in &stage.statements {
                writeln!(output.out, "{};", statement.trim_end_matches(';'))?;
            }
            writeln!(output.out)?;
        }
    }
    Ok(Exit::Fine)
}

/// Goes on with a run.
pub(super) fn resume(
    shared: &Shared,
    arguments: &ResumeArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let program = match program::load(shared, output)? {
        Ok(program) => program,
        Err(exit) => return Ok(exit),
    };
    if let Some(environment) = remote::deployed(&program, shared, arguments.here) {
        let what = (arguments.pipeline.as_str(), arguments.detach);
        let beginning = start::Beginning::Resume(arguments.run.as_deref());
        return start::begin(&program, environment, shared, what, output, beginning);
    }
    carry_out(&program, shared, &arguments.pipeline, output, |site, state, view| {
        run::resume(&site.request(shared), arguments.run.as_deref(), &site.generated()?, state, view)
    })
}

/// What is run.
pub(super) struct Site<'a> {
    pub(super) program: &'a Program,
    pub(super) environment: &'a EnvironmentPlan,
    pub(super) pipeline: &'a PipelinePlan,
    pub(super) variables: Variables,
}

impl Site<'_> {
    fn generated(&self) -> Result<Generated, Diagnostic> {
        let mut generated = self.program.emit(&[self.environment])?;
        generated.pop().ok_or_else(|| internal("nothing was generated"))
    }

    pub(super) fn request(&self, shared: &Shared) -> Request<'_> {
        Request {
            platform: &self.program.plan.platform,
            environment: &self.environment.name,
            pipeline: &self.pipeline.name,
            program_dir: shared.program.clone(),
            starts_next: self.environment.started_by(&self.pipeline.name).map(|it| it.name.clone()).collect(),
            now: Timestamp::now(),
            flags: shared.flags(),
            variables: self.variables.clone(),
        }
    }
}

fn carry_out(
    program: &Program,
    shared: &Shared,
    pipeline: &str,
    output: &mut Output<'_>,
    work: impl FnOnce(&Site<'_>, &StateDir, &Arc<dyn View>) -> Result<Report, Diagnostic>,
) -> io::Result<Exit> {
    let view: Arc<dyn View> = if output.is_live() { Arc::new(LiveView::new()) } else { Arc::new(QuietView) };
    let opened = site(program, shared, pipeline, &output.variables)
        .and_then(|site| Ok((site, StateDir::open(&shared.state)?)));
    let (site, state) = match opened {
        Ok(opened) => opened,
        Err(failure) => return output.fail(failure),
    };
    output.warn(state.warnings())?;
    match work(&site, &state, &view) {
        Ok(report) => tell(&report, &shared.flags(), output),
        Err(failure) => output.fail(failure),
    }
}

/// The pipeline of that name, where it can be run on this machine.
pub(super) fn site<'a>(
    program: &'a Program,
    shared: &Shared,
    pipeline: &str,
    variables: &Variables,
) -> Result<Site<'a>, Diagnostic> {
    let environment = program::environment(&program.plan, shared.environment.as_deref().unwrap_or("local"))?;
    let pipeline = program::pipeline(environment, pipeline)?;
    let remote = |it: &Connection| matches!(it, Connection::Mysql { .. } | Connection::Postgres { .. });
    // Where there is an account, the fence is given by the account's runs table and not by this machine's.
    if environment.on_aws && pipeline.connections.values().any(remote) {
        return Err(Diagnostic::new(
            Code::UnusableValue,
            format!("`{}` can't be run on this machine in `{}`", pipeline.name, environment.name),
        )
        .help(
            "its servers' fences are given in the account: run it in an environment without one, such as `local`",
        ));
    }
    Ok(Site { program, environment, pipeline, variables: variables.clone() })
}

fn tell(report: &Report, flags: &Flags, output: &mut Output<'_>) -> io::Result<Exit> {
    if output.is_json() {
        output.json(report)?;
    } else {
        writeln!(output.out, "{}", table::stages(&report.stages))?;
        writeln!(
            output.out,
            "{}: {} in {:.2} s, {} state transitions, run {}",
            report.pipeline,
            report.outcome.clone().unwrap_or_else(|| report.status.as_str().to_lowercase()),
            report.elapsed().as_secs_f64(),
            report.transitions,
            report.run
        )?;
        for rejects in &report.rejects {
            writeln!(output.out, "{}", rejects.text())?;
        }
        if report.outdated {
            output.tell_one(&outdated(report, flags))?;
        }
        for diagnostic in failures(&report.stages) {
            output.tell_one(&diagnostic)?;
        }
        for next in &report.starts_next {
            writeln!(output.out, "`{next}` would start next: {}", flags.command(&["run", next]))?;
        }
        notes(report, output)?;
        for notification in &report.notifications {
            write!(output.err, "{}", sluice_lambdas::text::render(notification))?;
        }
    }
    Ok(if report.succeeded() { Exit::Fine } else { Exit::Problems })
}

/// What the stages noted.
pub(super) fn notes(report: &Report, output: &mut Output<'_>) -> io::Result<()> {
    report.notes.iter().try_for_each(|it| writeln!(output.err, "{}: {}", it.stage, it.note))
}

fn outdated(report: &Report, flags: &Flags) -> Diagnostic {
    let message = format!("the program has changed since run `{}` was started", report.run);
    Diagnostic::new(Code::RunOutdated, message).help(format!(
        "it went on as it began; `{}` starts a run of the program as it is now",
        flags.command(&["run", &report.pipeline])
    ))
}

/// The stages that failed, each with its code and what to do.
pub(super) fn failures(stages: &[StageRecord]) -> impl Iterator<Item = Diagnostic> {
    stages.iter().filter_map(|it| {
        let code = Code::find(it.code.as_deref()?)?;
        let message = format!("`{}` failed: {}", it.stage, it.cause.as_deref().unwrap_or(code.title()));
        let diagnostic = Diagnostic::new(code, message);
        Some(match &it.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        })
    })
}

pub(super) fn internal(what: &str) -> Diagnostic {
    Diagnostic::new(Code::PlanUnusable, what)
}
