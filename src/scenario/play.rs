//! A scenario, run by run: what happens is put in place, the machine is executed, what is expected is compared.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sluice_contract::event::{ExecutionDetail, ExecutionEvent};
use sluice_lambdas::watch::{Commands, Watch};

use super::{
    Played, Scene, Unmet,
    batch::Faults,
    check::{self, Facts},
    cloud::Cloud,
    world::World,
};
use crate::{
    diagnostics::{Code, Diagnostic, suggest, words},
    engine::{self, Ended, Event, EventKind, Execution, Time},
    exec::Record,
    syntax::ast::{self, Happening, Scenario, ScenarioStep, Spanned, Text},
};

/// Plays it from its first line to its last.
pub(super) fn play(scene: &Scene<'_>, scenario: &Scenario) -> Result<Played, Box<Diagnostic>> {
    let pipeline = scene.environment.pipeline(&scenario.pipeline.value).ok_or_else(|| {
        let name = &scenario.pipeline;
        let all = scene.environment.pipelines.iter().map(|it| it.name.as_str());
        unknown(Code::UnknownPipeline, "there is no pipeline", name, "not declared", all)
    })?;
    let world = World::new(scene, pipeline)?;
    let mut played = Played {
        pipeline: pipeline.name.clone(),
        title: scenario.title.value.clone(),
        unmet: Vec::new(),
        milliseconds: 0,
        transitions: 0,
    };
    let mut runs = Runs { world: &world, number: 0, last: None };
    let mut set_up: Vec<&Happening> = Vec::new();
    let mut facts: Option<Facts> = None;
    for step in &scenario.steps {
        match &step.value {
            ScenarioStep::When(happening) => {
                facts = None;
                set_up.push(happening);
            }
            ScenarioStep::Then(outcome) => {
                if facts.is_none() {
                    let new = runs.run(&std::mem::take(&mut set_up))?;
                    played.milliseconds += new.milliseconds();
                    played.transitions += new.ended.transitions;
                    facts = Some(new);
                }
                let Some(facts) = &facts else { continue };
                let instead = check::compare(&world, outcome, facts)?;
                played.unmet.extend(instead.map(|instead| unmet(step, &instead, facts)));
            }
        }
    }
    Ok(played)
}

/// How much of a history is told with what did not come about.
const EXCERPT: usize = 12;

fn unmet(step: &Spanned<ScenarioStep>, instead: &str, facts: &Facts) -> Unmet {
    let diagnostic = Diagnostic::new(Code::ExpectationUnmet, instead.to_owned())
        .label(step.span, "this did not come about");
    let telling: Vec<&Event> = facts.history.iter().filter(|it| tells(&it.kind)).collect();
    let skipped = telling.len().saturating_sub(EXCERPT);
    let history = telling.into_iter().skip(skipped).cloned().collect();
    Unmet { diagnostic, run: facts.detail.name.clone(), history, start: facts.start }
}

/// Whether an event says more than that things go their way.
fn tells(kind: &EventKind) -> bool {
    !matches!(
        kind,
        EventKind::TaskScheduled { .. }
            | EventKind::TaskStarted { .. }
            | EventKind::TaskSubmitted { .. }
            | EventKind::StateExited { .. }
    )
}

/// The runs of a scenario, one after the other.
struct Runs<'w> {
    world: &'w World<'w>,
    number: usize,
    /// The last run's own name.
    last: Option<String>,
}

impl Runs<'_> {
    /// Puts in place what happens, executes the machine, and has its end watched.
    fn run(&mut self, set_up: &[&Happening]) -> Result<Facts, Box<Diagnostic>> {
        let world = self.world;
        let (mut faults, mut stop, mut is_watched, mut resumes) = (Faults::default(), None, true, false);
        for happening in set_up {
            match happening {
                Happening::Fails { stage, times, why } => {
                    let fault = (self.stage(stage)?, times.map(|it| it.value), why.clone());
                    faults.failures.borrow_mut().push(fault);
                }
                Happening::Takes { stage, duration } => {
                    let _ = faults.durations.insert(self.stage(stage)?, real(duration));
                }
                Happening::Stopped(after) => stop = Some(real(after)),
                Happening::Held { goes_on } => world.hold_lock(*goes_on).map_err(|it| internal(&it))?,
                Happening::Unwatched => is_watched = false,
                Happening::NextRun => resumes = false,
                Happening::Resumed => resumes = true,
            }
        }
        self.number += 1;
        let name = format!("{}-{}", world.pipeline.name, self.number);
        let earlier = self.last.clone().filter(|_| resumes);
        let input = match &earlier {
            Some(run) => format!("{{\"run\":{}}}", serde_json::Value::from(run.as_str())),
            None => "{}".to_owned(),
        };
        self.last = Some(earlier.unwrap_or_else(|| name.clone()));
        let lock_before = world.lock().map_err(|it| internal(&it))?;
        let (first_attempt, first_told) = (world.attempts.borrow().len(), world.told.borrow().len());
        let start = world.now.get();
        let detail = world.starts(&name, &input);
        let record = Record::default();
        let ended = self.execute(&detail, &input, &faults, stop, &record)?;
        let history = record.events();
        let end = history.last().map_or(start, |it| it.timestamp);
        let detail = ended.detail(detail, end);
        world.settle(&detail);
        if is_watched {
            watched(world, &detail, end)?;
        }
        world.now.set(end.checked_add(SignedDuration::from_hours(1)).unwrap_or(end));
        let attempts = world.attempts.borrow().iter().skip(first_attempt).cloned().collect();
        let told = world.told.borrow().iter().skip(first_told).cloned().collect();
        Ok(Facts { detail, ended, history, start, end, attempts, told, lock_before })
    }

    fn execute(
        &self,
        detail: &ExecutionDetail,
        input: &str,
        faults: &Faults,
        stop: Option<Duration>,
        record: &Record,
    ) -> Result<Ended, Box<Diagnostic>> {
        let world = self.world;
        let execution = Execution {
            id: detail.execution_arn.clone(),
            name: detail.name.clone(),
            machine_id: detail.state_machine_arn.clone(),
            machine_name: world.machine_name(),
            role_arn: String::new(),
            input: serde_json::from_str(input).map_err(|it| internal(&it))?,
            start: world.now.get(),
            seed: u64::try_from(self.number).unwrap_or_default(),
        };
        let stop = async move {
            match stop {
                Some(after) => tokio::time::sleep(after).await,
                None => std::future::pending().await,
            }
        };
        let cloud = Cloud { world, faults };
        engine::run_blocking(&world.machine, execution, &cloud, record, Time::Virtual, stop)
            .map_err(|it| internal(&it).into())
    }

    /// The id of a stage that the pipeline has.
    fn stage(&self, name: &Text) -> Result<String, Box<Diagnostic>> {
        stage(self.world, name).map(str::to_owned)
    }
}

/// The id of a stage that the pipeline has.
pub(super) fn stage<'w>(world: &'w World<'_>, name: &Text) -> Result<&'w str, Box<Diagnostic>> {
    world.stage_id(&name.value).ok_or_else(|| {
        let all = world.stages.iter().map(|(phrase, _)| phrase.as_str());
        let what = format!("`{}` has no stage", world.pipeline.name);
        unknown(Code::UnknownStage, &what, name, "not a stage of it", all).into()
    })
}

/// "`greece` has no stage `extract compnies`", with what was meant, or with what there is.
pub(super) fn unknown<'n>(
    code: Code,
    what: &str,
    name: &ast::Name,
    label: &str,
    all: impl Iterator<Item = &'n str> + Clone,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(code, format!("{what} `{}`", name.value)).label(name.span, label);
    match suggest::closest(&name.value, all.clone()) {
        Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")).suggest(name.span, meant),
        None if all.clone().next().is_none() => diagnostic.help("the program declares none"),
        None => diagnostic.help(format!("there is {}", words::and_ticked(all))),
    }
}

/// The event that EventBridge sends, to the code of the `watch` Lambda.
fn watched(world: &World<'_>, detail: &ExecutionDetail, end: Timestamp) -> Result<(), Box<Diagnostic>> {
    let event = ExecutionEvent::of(detail.clone());
    let watch = Watch {
        platform: &world.scene.plan.platform,
        runs: world.runs(),
        announcer: world,
        now: end.as_millisecond(),
        commands: Commands { start: "start", flags: "" },
    };
    watch.execution(&event).map(drop).map_err(|it| internal(&it).into())
}

fn real(duration: &Spanned<ast::Duration>) -> Duration {
    Duration::from_secs(duration.value.seconds().unwrap_or(u64::MAX))
}

pub(super) fn internal(what: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::new(Code::PlanUnusable, what.to_string())
}
