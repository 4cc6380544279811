//! The stages as states: one job each, in sequence and side by side as the flow says.

use indexmap::IndexMap;
use sluice_contract::{error_name, job::JobParameters, plan::Work};

use super::{
    build::States,
    expression::Expression,
    model::{
        AttemptTimeout, Call, ContainerOverrides, Invoke, JitterStrategy, Nothing, Parallel,
        ResourceRequirement, Retrier, State, SubmitJob, Task, TaskPayload, Transition,
    },
    name::{JobName, StateName},
};
use crate::{
    lower::{Flow, PipelinePlan, StagePlan},
    model::Compute,
    targets::{batch, resources::Resources},
};

/// The name of the state that a flow starts with; none where there is no stage.
pub(super) fn first(pipeline: &PipelinePlan, flow: &Flow) -> Option<StateName> {
    match flow {
        Flow::Stage(stage) => pipeline.stages.get(*stage).map(state_name),
        Flow::Sequence(flows) => flows.first().and_then(|it| first(pipeline, it)),
        Flow::Parallel(flows) => Some(parallel_name(pipeline, flows)),
    }
}

/// What every stage's state needs to know.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a> {
    pub(super) pipeline: &'a PipelinePlan,
    pub(super) resources: Resources<'a>,
    pub(super) plan_key: &'a str,
}

impl Writer<'_> {
    /// Adds the flow's states; the last of them goes to `next`, or ends the branch.
    pub(super) fn write(&self, states: &mut States, flow: &Flow, next: Option<&StateName>) {
        let transition = || next.map_or_else(Transition::end, |it| Transition::Next(it.clone()));
        match flow {
            Flow::Stage(stage) => {
                if let Some(stage) = self.pipeline.stages.get(*stage) {
                    states.add_from(state_name(stage), self.state(stage, transition()), stage.span);
                }
            }
            Flow::Sequence(flows) => {
                for (index, flow) in flows.iter().enumerate() {
                    let following = flows.get(index + 1).and_then(|it| first(self.pipeline, it));
                    self.write(states, flow, following.as_ref().or(next));
                }
            }
            Flow::Parallel(flows) => {
                let mut branches = Vec::new();
                let mut origins = IndexMap::new();
                for flow in flows {
                    let Some(start_at) = first(self.pipeline, flow) else { continue };
                    let mut inner = States::new(states.span());
                    self.write(&mut inner, flow, None);
                    let (branch, inner_origins) = inner.into_branch(start_at);
                    branches.push(branch);
                    origins.extend(inner_origins);
                }
                let state =
                    State::Parallel(Parallel { branches, output: Nothing {}, transition: transition() });
                states.add(parallel_name(self.pipeline, flows).as_str(), state);
                states.inherit(origins);
            }
        }
    }

    fn state(&self, stage: &StagePlan, transition: Transition) -> State {
        if let (Work::Task { table, name, arguments }, true) = (&stage.work, self.resources.on_aws()) {
            let invoke = Invoke {
                function_name: self.resources.function(name),
                payload: TaskPayload {
                    pipeline: self.pipeline.name.clone(),
                    country: self.pipeline.country.clone(),
                    table: table.clone(),
                    run: Expression::variable("run"),
                    fence: Expression::variable("fence"),
                    arguments: arguments.clone(),
                },
            };
            return task(stage, Call::Invoke(invoke), function_retrier(), transition);
        }
        // A task on one machine is a job, too: the worker records that it was skipped.
        let job = SubmitJob {
            job_name: JobName::of(&self.pipeline.name, &stage.id),
            job_queue: self.resources.job_queue(),
            job_definition: self.resources.job_definition(&self.pipeline.name),
            parameters: JobParameters {
                plan: self.plan_key.to_owned(),
                stage: stage.id.clone(),
                run: Expression::variable("run").into(),
                fence: Expression::variable("fence").into(),
            },
            container_overrides: self.overrides(stage.effort.compute),
            timeout: AttemptTimeout { attempt_duration_seconds: stage.effort.timeout_seconds },
        };
        task(stage, Call::SubmitJob(job), submission_retrier(), transition)
    }

    /// What the stage's job gets that the pipeline's jobs don't.
    fn overrides(&self, compute: Compute) -> Option<ContainerOverrides> {
        let differs = compute != self.pipeline.effort.compute;
        let requirement = |(r#type, value)| ResourceRequirement { r#type, value };
        differs.then(|| ContainerOverrides {
            resource_requirements: batch::requirements(compute).map(requirement).into(),
        })
    }
}

fn task(stage: &StagePlan, call: Call, retrier: Retrier, transition: Transition) -> State {
    State::Task(Box::new(Task {
        comment: None,
        call,
        timeout_seconds: Some(stage.effort.timeout_seconds),
        retry: vec![retrier],
        catch: Vec::new(),
        assign: IndexMap::new(),
        output: Nothing {},
        transition,
    }))
}

/// Batch takes 50 submissions a second; a job that failed is not tried again here, the worker and Batch's own
/// retry strategy know better which failures may pass.
fn submission_retrier() -> Retrier {
    Retrier {
        error_equals: error_name::BATCH_SUBMISSION.to_vec(),
        interval_seconds: 2,
        max_attempts: 10,
        backoff_rate: 2,
        max_delay_seconds: 60,
        jitter_strategy: JitterStrategy::Full,
    }
}

/// A function that fails itself is not called again: only it knows whether that may help.
fn function_retrier() -> Retrier {
    Retrier { error_equals: error_name::FUNCTION_STUMBLES.to_vec(), max_attempts: 6, ..submission_retrier() }
}

/// `Extract companies`, and `Translate companies 2` for the second of a table: what an operator reads in the console.
fn state_name(stage: &StagePlan) -> StateName {
    let word = match stage.work.word() {
        "cleanup" => "clean up",
        word => word,
    };
    let mut letters = word.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    let object = stage.work.table().unwrap_or("staging");
    // A state that had another's name would take its place.
    let number = stage.id.rsplit_once('-').and_then(|(_, it)| it.parse::<u32>().ok());
    StateName::trusted(
        &number
            .map_or_else(|| format!("{capital} {object}"), |number| format!("{capital} {object} {number}")),
    )
}

/// `Side by side: companies, officers`, without the colon and commas that CloudWatch dislikes.
fn parallel_name(pipeline: &PipelinePlan, flows: &[Flow]) -> StateName {
    let firsts: Vec<String> =
        flows.iter().filter_map(|it| first(pipeline, it)).map(|it| it.as_str().to_owned()).collect();
    let all = format!("Side by side - {}", firsts.join(" and "));
    if all.chars().count() <= StateName::LONGEST {
        return StateName::trusted(&all);
    }
    // A state within it may begin with the same stage, but with fewer of them.
    let stages: Vec<&StagePlan> = flows.iter().flat_map(|it| stages(pipeline, it)).collect();
    let start = stages.first().map(|it| state_name(it));
    StateName::trusted(&format!(
        "{} at once from {}",
        stages.len(),
        start.as_ref().map_or("", StateName::as_str)
    ))
}

/// The flow's stages, in its order.
fn stages<'a>(pipeline: &'a PipelinePlan, flow: &Flow) -> Vec<&'a StagePlan> {
    match flow {
        Flow::Stage(stage) => pipeline.stages.get(*stage).into_iter().collect(),
        Flow::Sequence(flows) | Flow::Parallel(flows) => {
            flows.iter().flat_map(|it| stages(pipeline, it)).collect()
        }
    }
}
