//! What the cost of a pipeline depends on, of the program or of what is deployed.
//!
//! Both ways lead to the same shape, so that a difference of two estimates is one of the pipelines and never one of
//! how they were looked at.

use std::collections::BTreeSet;

use serde_json::Value;
use sluice_contract::plan::Work;

use super::sum::real;
use crate::{
    lower::PipelinePlan,
    targets::asl::{Branch, State, StateMachine, Transition},
};

/// A pipeline, as far as it costs something.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shape {
    /// Cron expressions that fire, with their zones.
    pub(super) schedules: Vec<(String, String)>,
    /// The pipelines whose successes start it.
    pub(super) starts_after: Vec<String>,
    /// States that an undisturbed run enters.
    pub(super) transitions: u64,
    /// In the order of their ids.
    pub(super) stages: Vec<StageShape>,
}

/// A stage, as far as it costs something.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StageShape {
    pub(super) id: String,
    /// None where a function does the work.
    pub(super) jobs: Option<Jobs>,
    /// Into the object store.
    pub(super) writes_parts: bool,
    pub(super) reads_parts: bool,
}

/// What a stage's jobs get.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Jobs {
    pub(super) count: f64,
    pub(super) vcpus: f64,
    pub(super) memory_mib: f64,
}

/// What is deployed of a pipeline, each as its service tells it.
#[derive(Debug, Clone, Copy)]
pub enum Deployed<'a> {
    /// `{ "definition": … }`
    StateMachine(&'a Value),
    /// As it was registered.
    JobDefinition(&'a Value),
    /// As it was made.
    Schedule(&'a Value),
    /// The rule that starts it after others.
    Rule(&'a Value),
}

impl Shape {
    /// Of the program.
    pub fn of(pipeline: &PipelinePlan, machine: &StateMachine) -> Self {
        let schedules = pipeline.schedules.iter().filter(|_| pipeline.enabled);
        let after = pipeline.starts_after.iter().filter(|_| pipeline.enabled);
        let mut stages: Vec<StageShape> = pipeline
            .stages
            .iter()
            .map(|stage| {
                let (count, compute) = match stage.array {
                    Some(array) => (array.size, array.child),
                    None => (1, stage.effort.compute),
                };
                let jobs = Jobs {
                    count: f64::from(count),
                    vcpus: f64::from(compute.vcpus),
                    memory_mib: f64::from(compute.memory_mib),
                };
                StageShape {
                    id: stage.id.clone(),
                    jobs: (!matches!(stage.work, Work::Task { .. })).then_some(jobs),
                    writes_parts: matches!(stage.work, Work::Extract { .. } | Work::Sort { .. }),
                    reads_parts: matches!(stage.work, Work::Load { .. } | Work::Sort { .. }),
                }
            })
            .collect();
        stages.sort_by(|a, b| a.id.cmp(&b.id));
        Self {
            schedules: schedules.map(|it| (it.cron.clone(), it.zone.clone())).collect(),
            starts_after: after.cloned().collect(),
            transitions: transitions(machine),
            stages,
        }
    }

    /// Of what is deployed; none where there is no machine that could run. `pipelines` are the names that a rule's
    /// machines can end with.
    pub fn deployed(all: &[Deployed<'_>], pipelines: &BTreeSet<&str>) -> Option<Self> {
        let definition = all.iter().find_map(|it| match it {
            Deployed::StateMachine(it) => it.get("definition").filter(|it| it.is_object()),
            Deployed::JobDefinition(_) | Deployed::Schedule(_) | Deployed::Rule(_) => None,
        })?;
        let usual = all.iter().find_map(|it| match it {
            Deployed::JobDefinition(it) => {
                requirements(it.pointer("/containerProperties/resourceRequirements")?)
            }
            Deployed::StateMachine(_) | Deployed::Schedule(_) | Deployed::Rule(_) => None,
        });
        let mut shape = Self { transitions: entered_in(definition), ..Self::default() };
        collect_stages(definition, usual.unwrap_or((0.0, 0.0)), &mut shape.stages);
        shape.stages.sort_by(|a, b| a.id.cmp(&b.id));
        for it in all {
            match it {
                Deployed::Schedule(it) if is_enabled(it) => shape.schedules.extend(schedule(it)),
                Deployed::Rule(it) if is_enabled(it) => {
                    let machines =
                        it.pointer("/EventPattern/detail/stateMachineArn").and_then(Value::as_array);
                    let names =
                        machines.into_iter().flatten().filter_map(|it| named(it.as_str()?, pipelines));
                    shape.starts_after.extend(names);
                }
                Deployed::Schedule(_)
                | Deployed::Rule(_)
                | Deployed::StateMachine(_)
                | Deployed::JobDefinition(_) => {}
            }
        }
        Some(shape)
    }
}

/// The states that an undisturbed run enters: each is a transition.
pub fn transitions(machine: &StateMachine) -> u64 {
    entered(&machine.body)
}

fn entered(branch: &Branch) -> u64 {
    let mut count = 0;
    let mut at = Some(&branch.start_at);
    while let Some(state) = at.and_then(|it| branch.states.get(it)) {
        count += 1;
        at = match state {
            State::Task(it) => next(&it.transition),
            State::Wait(it) => next(&it.transition),
            State::Choice(it) => Some(&it.default),
            State::Parallel(it) => {
                count += it.branches.iter().map(entered).sum::<u64>();
                next(&it.transition)
            }
            State::Succeed(_) | State::Fail(_) => None,
        };
    }
    count
}

fn next(transition: &Transition) -> Option<&crate::targets::asl::StateName> {
    match transition {
        Transition::Next(it) => Some(it),
        Transition::End(_) => None,
    }
}

/// As [`entered`], of a document that somebody may have changed: a circle ends where all states were entered.
fn entered_in(branch: &Value) -> u64 {
    let states = branch.get("States").and_then(Value::as_object);
    let most = states.map_or(0, serde_json::Map::len);
    let mut count = 0;
    let mut at = branch.get("StartAt").and_then(Value::as_str);
    for _ in 0..most {
        let Some(state) = at.and_then(|it| states?.get(it)) else { break };
        count += 1 + branches(state).map(entered_in).sum::<u64>();
        at = state.get("Next").or_else(|| state.get("Default")).and_then(Value::as_str);
    }
    count
}

fn branches(state: &Value) -> impl Iterator<Item = &Value> {
    state.get("Branches").and_then(Value::as_array).into_iter().flatten()
}

fn collect_stages(branch: &Value, usual: (f64, f64), found: &mut Vec<StageShape>) {
    for (name, state) in branch.get("States").and_then(Value::as_object).into_iter().flatten() {
        branches(state).for_each(|it| collect_stages(it, usual, found));
        let resource = state.get("Resource").and_then(Value::as_str).unwrap_or_default();
        if resource.contains(":batch:submitJob") {
            let id = state.pointer("/Arguments/Parameters/stage").and_then(Value::as_str).unwrap_or(name);
            let work = id.rsplit_once('.').map(|(_, work)| work);
            let size = state.pointer("/Arguments/ArrayProperties/Size").and_then(Value::as_u64);
            let own = state.pointer("/Arguments/ContainerOverrides/ResourceRequirements");
            let (vcpus, memory_mib) = own.and_then(requirements).unwrap_or(usual);
            found.push(StageShape {
                id: id.to_owned(),
                jobs: Some(Jobs { count: real(size.unwrap_or(1)), vcpus, memory_mib }),
                writes_parts: matches!(work, Some("extract" | "sort")),
                reads_parts: matches!(work, Some("load" | "sort")),
            });
        } else if resource.contains(":lambda:invoke") {
            found.push(StageShape { id: name.clone(), jobs: None, writes_parts: false, reads_parts: false });
        }
    }
}

/// vCPUs and MiB, as the machine and the job definition write them: words begin with a capital in the one only.
fn requirements(list: &Value) -> Option<(f64, f64)> {
    let field = |it: &Value, small: &str, large: &str| {
        it.get(small).or_else(|| it.get(large)).and_then(Value::as_str).map(str::to_owned)
    };
    let amount = |kind: &str| {
        let of_kind =
            list.as_array()?.iter().find(|it| field(it, "type", "Type").as_deref() == Some(kind))?;
        field(of_kind, "value", "Value")?.parse().ok()
    };
    Some((amount("VCPU")?, amount("MEMORY")?))
}

fn is_enabled(it: &Value) -> bool {
    it.get("State").and_then(Value::as_str) == Some("ENABLED")
}

/// `cron(30 2 * * ? *)` and its zone.
fn schedule(it: &Value) -> Option<(String, String)> {
    let cron = it.get("ScheduleExpression")?.as_str()?.strip_prefix("cron(")?.strip_suffix(')')?;
    Some((cron.to_owned(), it.get("ScheduleExpressionTimezone")?.as_str()?.to_owned()))
}

/// The pipeline whose machine has that ARN: the longest name that it ends with.
fn named(arn: &str, pipelines: &BTreeSet<&str>) -> Option<String> {
    let fits = pipelines.iter().filter(|it| arn.strip_suffix(**it).is_some_and(|rest| rest.ends_with('-')));
    fits.max_by_key(|it| it.len()).map(|it| (*it).to_owned())
}
