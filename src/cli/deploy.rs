//! `sluice plan`, `sluice deploy`, `sluice destroy`

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
    sync::mpsc::channel,
    thread,
    time::Duration,
};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::{
    Exit, Output,
    arguments::{DeployArguments, DestroyArguments, PlanArguments, Shared},
    cost,
    cost_change::{self, CostDifference, Priced},
    deploy_view::{Desk, Teller},
    program::{self, Program},
    program_id, transport,
};
use crate::{
    deploy::{
        self, Cloud, Desired, Ending, Given, Options, Problem, Shown, Trouble,
        aws::{Account, Api, Around, Scope},
    },
    diagnostics::{Code, Diagnostic, Diagnostics},
    emit::Generated,
    lower::EnvironmentPlan,
    operate,
};

/// Shows what would change.
pub(super) fn plan(shared: &Shared, arguments: &PlanArguments, output: &mut Output<'_>) -> io::Result<Exit> {
    let target = match Target::find(shared, output)? {
        Ok(target) => target,
        Err(exit) => return Ok(exit),
    };
    let asked = target
        .desired(arguments)
        .and_then(|it| Ok((it, target.options(arguments.refresh, &arguments.targets)?)));
    let (desired, options) = match asked {
        Ok(asked) => asked,
        Err(failure) => return output.fail(failure),
    };
    let planned = target.with_account(|account| -> Result<_, Vec<Trouble>> {
        let plan = deploy::look(&desired, account, &options)?;
        let template = cost_change::changes_template(&plan).then(|| account.deployed_template()).transpose();
        Ok((plan, template.map_err(|it| vec![Trouble::from(it)])?.flatten()))
    });
    let (plan, template) = match planned {
        Ok(planned) => planned,
        Err(troubles) => return target.tell(&troubles, output),
    };
    let cost = match target.cost(shared, &desired, &plan, template, options.targets.is_empty()) {
        Ok(cost) => cost,
        Err(failure) => return output.fail(failure),
    };
    if output.is_json() {
        output.json(&Planned { plan: Shown::new(&plan), cost })?;
    } else {
        write!(output.out, "{}", deploy::show(&plan))?;
        plan.warnings.iter().try_for_each(|it| output.tell_one(&it.diagnostic(&target.name)))?;
        cost.map_or(Ok(()), |it| it.tell(output))?;
    }
    Ok(Exit::Fine)
}

/// A plan for programs. The JSON form is stable: fields are only ever added.
#[derive(Serialize)]
struct Planned {
    #[serde(flatten)]
    plan: Shown,
    /// What it makes of the month's cost; none where nothing changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<CostDifference>,
}

/// Makes the account as the program wants it.
pub(super) fn deploy(
    shared: &Shared,
    arguments: &DeployArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let target = match Target::find(shared, output)? {
        Ok(target) => target,
        Err(exit) => return Ok(exit),
    };
    let asked = target
        .desired(&arguments.plan)
        .and_then(|it| Ok((it, target.options(arguments.plan.refresh, &arguments.plan.targets)?)));
    match asked {
        Ok((desired, options)) => target.carry_out(&desired, &options, arguments.auto_approve, output),
        Err(failure) => output.fail(failure),
    }
}

/// Removes everything of ours.
pub(super) fn destroy(
    shared: &Shared,
    arguments: &DestroyArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let target = match Target::find(shared, output)? {
        Ok(target) => target,
        Err(exit) => return Ok(exit),
    };
    // What is no longer in the program may go, too: any name will do.
    let options = Options { refresh: false, targets: arguments.targets.iter().cloned().collect() };
    target.carry_out(&Desired::default(), &options, arguments.auto_approve, output)
}

/// An environment of the program, and the way to its account.
pub(super) struct Target {
    program: Program,
    name: String,
    scope: Scope,
    api: Box<dyn Api>,
}

impl Target {
    pub(super) fn find(shared: &Shared, output: &mut Output<'_>) -> io::Result<Result<Self, Exit>> {
        let program = match program::load(shared, output)? {
            Ok(program) => program,
            Err(exit) => return Ok(Err(exit)),
        };
        let made = named(shared, &program).and_then(|environment| {
            let scope = Scope::new(&program.plan, environment, &program_id::read(&shared.program)?);
            Ok((environment.name.clone(), transport::api(scope.region())?, scope))
        });
        match made {
            Ok((name, api, scope)) => Ok(Ok(Self { program, name, scope, api })),
            Err(failure) => output.fail(failure).map(Err),
        }
    }

    pub(super) fn environment(&self) -> Result<&EnvironmentPlan, Diagnostic> {
        program::environment(&self.program.plan, &self.name)
    }

    fn desired(&self, arguments: &PlanArguments) -> Result<Desired, Diagnostic> {
        let environment = self.environment()?;
        let generated = self.program.emit(&[environment])?;
        let Some(generated) = generated.first() else { return Ok(Desired::default()) };
        up_to_date(&arguments.out, generated)?;
        let given = Given {
            parameters: arguments.parameters.iter().cloned().collect(),
            programs: arguments.functions.as_deref().map(programs).transpose()?.unwrap_or_default(),
        };
        Desired::new(&self.program.plan, environment, &self.program.sources, generated, &given)
            .map_err(|error| Diagnostic::new(Code::PlanUnusable, error.to_string()))
    }

    /// What the plan makes of the month's cost.
    fn cost(
        &self,
        shared: &Shared,
        desired: &Desired,
        plan: &deploy::Plan,
        template: Option<Value>,
        is_whole: bool,
    ) -> Result<Option<CostDifference>, Diagnostic> {
        if plan.is_empty() {
            return Ok(None);
        }
        let environment = self.environment()?;
        let measured = cost::measured(shared, &self.program, environment)?;
        let (program, sources) = (&self.program.plan, &self.program.sources);
        let priced = Priced { program, environment, sources, measured: &measured };
        CostDifference::new(&priced, desired, plan, template, is_whole)
            .map(Some)
            .map_err(|error| Diagnostic::new(Code::PlanUnusable, error.to_string()))
    }

    fn options(&self, refresh: bool, targets: &[String]) -> Result<Options, Diagnostic> {
        let environment = self.environment()?;
        let names: BTreeSet<&str> = environment
            .pipelines
            .iter()
            .map(|it| it.name.as_str())
            .chain(self.program.plan.surveys.iter().map(|it| it.name.as_str()))
            .chain(["platform"])
            .collect();
        match targets.iter().find(|it| !names.contains(it.as_str())) {
            Some(name) => Err(self.unknown(name)),
            None => Ok(Options { refresh, targets: targets.iter().cloned().collect() }),
        }
    }

    pub(super) fn unknown(&self, name: &str) -> Diagnostic {
        let pipelines = self.environment().map(|it| it.pipelines.as_slice()).unwrap_or_default();
        let surveys = self.program.plan.surveys.iter().map(|it| it.name.as_str());
        let all = pipelines.iter().map(|it| it.name.as_str()).chain(surveys);
        program::unknown(Code::UnknownUnit, "pipeline or survey", name, all)
    }

    pub(super) fn with_account<T>(&self, ask: impl FnOnce(&Account<'_>) -> T) -> T {
        let holder =
            format!("process {}, since {}", std::process::id(), Timestamp::now().strftime("%F %T UTC"));
        let around = Around {
            api: &*self.api,
            pause: &thread::sleep as &(dyn Fn(Duration) + Sync),
            now: &Timestamp::now,
            holder: &holder,
        };
        ask(&Account::new(around, self.scope.clone()))
    }

    /// The calls are made on threads of their own; what is told of them is written here.
    fn carry_out(
        &self,
        desired: &Desired,
        options: &Options,
        approved: bool,
        output: &mut Output<'_>,
    ) -> io::Result<Exit> {
        let (told, tell) = channel();
        let mut teller = Teller::new(approved);
        let ended = thread::scope(|scope| {
            let work = scope.spawn(|| {
                let operator = Desk { environment: &self.name, told };
                self.with_account(|account| {
                    deploy::deploy(desired, account as &dyn Cloud, options, &operator)
                })
            });
            let listened = teller.listen(&tell, output);
            drop(tell);
            (work.join(), listened)
        });
        let (ended, listened) = ended;
        listened?;
        let Ok(ended) = ended else {
            return output
                .fail(Diagnostic::new(Code::CallFailed, "the deployment stopped by a fault of sluice"));
        };
        match ended {
            Err(troubles) => self.tell(&troubles, output),
            Ok(Ending::Declined) if teller.has_asked() => {
                writeln!(output.err, "nothing was changed")?;
                Ok(Exit::Problems)
            }
            Ok(Ending::Declined) => output.fail(
                Diagnostic::new(
                    Code::NotConfirmed,
                    "nobody is there to agree to the plan, so nothing was changed",
                )
                .help("look at `sluice plan`, then say `--auto-approve`"),
            ),
            Ok(ending) => teller.end(&ending, output).map(|()| Exit::Fine),
        }
    }

    pub(super) fn tell(&self, troubles: &[Trouble], output: &mut Output<'_>) -> io::Result<Exit> {
        let mut diagnostics = Diagnostics::default();
        for trouble in troubles {
            let diagnostic = trouble.diagnostic(&self.name);
            let platform =
                self.program.plan.platform_span.filter(|_| trouble.error.problem == Problem::OtherProgram);
            diagnostics.push(diagnostic.label(platform, "the name that both have"));
        }
        output.tell(&diagnostics, &self.program.sources)?;
        output.document(&diagnostics, &self.program.sources)?;
        Ok(Exit::Problems)
    }
}

/// The environment that is meant: it must be said, and have an account.
fn named<'p>(shared: &Shared, program: &'p Program) -> Result<&'p EnvironmentPlan, Diagnostic> {
    let accounts = || {
        let all = program.plan.environments.iter().filter(|it| it.on_aws).map(|it| it.name.as_str());
        crate::diagnostics::words::and_ticked(all)
    };
    let Some(name) = &shared.environment else {
        return Err(Diagnostic::new(
            Code::ValueMissing,
            "an account is changed only where its environment is named",
        )
        .help(format!("give `--environment`: there is {}", accounts())));
    };
    let environment = program::environment(&program.plan, name)?;
    if environment.on_aws {
        return Ok(environment);
    }
    let more =
        format!("there is {}; or give it an `account` and a `region` in the platform's file", accounts());
    Err(operate::no_account(name, &more))
}

/// Deployed is what was reviewed: the files that are there must be what the compiler makes.
fn up_to_date(out: &Path, generated: &Generated) -> Result<(), Diagnostic> {
    let folder = out.join(&generated.environment);
    let stale = generated
        .files
        .iter()
        .find(|(path, text)| std::fs::read(folder.join(path)).ok().as_deref() != Some(text.as_bytes()));
    match stale {
        None => Ok(()),
        Some((path, _)) => Err(Diagnostic::new(
            Code::GeneratedStale,
            format!(
                "`{}` is not what the compiler makes, so nothing is deployed",
                folder.join(path).display()
            ),
        )
        .help("run `sluice build`, look at what changed, and deploy that")),
    }
}

/// The zips of the folder, by the keys that they are to have in the bucket.
fn programs(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Diagnostic> {
    let unreadable = |path: &Path, error: &io::Error| {
        Diagnostic::new(Code::FileUnreadable, format!("`{}` can't be read: {error}", path.display()))
            .help("`scripts/package` writes the functions' programs")
    };
    let entries = std::fs::read_dir(folder).map_err(|it| unreadable(folder, &it))?;
    let mut programs = BTreeMap::new();
    for entry in entries {
        let path = entry.map_err(|it| unreadable(folder, &it))?.path();
        let Some(name) = path
            .file_name()
            .and_then(|it| it.to_str())
            .filter(|_| path.extension().is_some_and(|it| it == "zip"))
        else {
            continue;
        };
        let program = std::fs::read(&path).map_err(|it| unreadable(&path, &it))?;
        drop(programs.insert(format!("functions/{name}"), program));
    }
    Ok(programs)
}
