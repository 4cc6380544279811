//! What a program costs in a month: an estimate, from list prices and what past runs tell or is assumed.
//!
//! Knows no file system and no clock: the same program and the same figures have the same estimate on every day.

mod assumptions;
mod pipeline;
pub mod prices;
mod shape;
mod shared;
mod sum;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sluice_contract::runs::{StageRecord, StageStatus};

pub use assumptions::{Assumption, Assumptions};
pub use pipeline::PipelineCost;
pub use shape::{Deployed, Shape, transitions};
pub use shared::{SharedCost, SurveyCost};
pub use sum::Dollars;

use crate::{
    lower::{EnvironmentPlan, Plan},
    source::Sources,
    targets::{asl, platform, resources::Resources},
};

/// What past runs tell, by pipeline and stage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measured {
    /// The last run of each that succeeded.
    pub pipelines: BTreeMap<String, BTreeMap<String, StageMeasure>>,
}

/// What a past run tells of one stage.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StageMeasure {
    /// How long it worked.
    pub seconds: f64,
    /// What it wrote to or read from the object store, compressed.
    pub gb: f64,
    /// In how many parts.
    pub parts: f64,
}

impl Measured {
    /// Takes in a run that succeeded; a later one replaces an earlier one.
    pub fn add(&mut self, pipeline: &str, stages: &[StageRecord]) {
        let done = stages.iter().filter(|it| it.status == StageStatus::Done);
        let measures = done.map(|it| {
            let counted = it.statistics;
            let measure = StageMeasure {
                seconds: sum::real(counted.milliseconds) / 1000.0,
                gb: sum::real(counted.bytes) / 1e9,
                parts: sum::real(counted.parts),
            };
            (it.stage.clone(), measure)
        });
        let _ = self.pipelines.insert(pipeline.to_owned(), measures.collect());
    }
}

/// A month of a program in one environment, in US dollars. The JSON form is stable: fields are only ever added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// `prod`.
    pub environment: String,
    /// `USD`.
    pub currency: String,
    /// When the prices were looked up: `2026-11`.
    pub prices_as_of: String,
    /// The region that they are of.
    pub prices_of: String,
    /// By name.
    pub pipelines: Vec<PipelineCost>,
    /// By name.
    pub surveys: Vec<SurveyCost>,
    /// What is paid without a single run.
    pub platform: Vec<SharedCost>,
    /// All of it.
    pub total: Dollars,
    /// What it rests on.
    pub assumptions: Vec<Assumption>,
}

/// A pipeline, survey or the platform, whose month costs something else than before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostChange {
    /// `greece`; `platform` for what is shared.
    pub of: String,
    /// Before; none where it is new.
    pub before: Option<Dollars>,
    /// From now on; none where it goes.
    pub after: Option<Dollars>,
}

/// A month of the program in that environment.
pub fn estimate(
    plan: &Plan,
    environment: &EnvironmentPlan,
    sources: &Sources,
    measured: &Measured,
    assumptions: &Assumptions,
) -> Result<Estimate, serde_json::Error> {
    let pipelines = costs(&shapes(plan, environment), measured, assumptions);
    let template = platform::template(plan, environment, sources)?;
    let platform = shared::platform(plan, environment, |kind| template.count(kind));
    let asked = environment.telephone.instance.is_some();
    let surveys = if asked { shared::surveys(plan, assumptions) } else { Vec::new() };
    let mut estimate = Estimate {
        environment: environment.name.clone(),
        currency: "USD".to_owned(),
        prices_as_of: prices::AS_OF.to_owned(),
        prices_of: prices::REGION.to_owned(),
        assumptions: assumptions.list(!surveys.is_empty()),
        pipelines,
        surveys,
        platform,
        total: Dollars::default(),
    };
    estimate.add_up();
    Ok(estimate)
}

/// What is deployed where it differs from the program.
#[derive(Debug, Clone, Default)]
pub struct Before {
    /// Pipelines as they are; none where nothing of it runs yet.
    pub pipelines: BTreeMap<String, Option<Shape>>,
    /// Surveys that are not there yet.
    pub new_surveys: Vec<String>,
    /// Surveys that the program no longer names.
    pub old_surveys: Vec<String>,
    /// Which template the platform was made from, where that is another one.
    pub platform: Option<Option<serde_json::Value>>,
}

/// The estimate of what is deployed, by what is otherwise than in the program; what a survey asks makes no difference
/// that could be seen beside its minutes.
pub fn estimate_before(
    after: &Estimate,
    plan: &Plan,
    environment: &EnvironmentPlan,
    before: Before,
    measured: &Measured,
    assumptions: &Assumptions,
) -> Estimate {
    let mut estimate = after.clone();
    let mut all = shapes(plan, environment);
    for (name, shape) in before.pipelines {
        match shape {
            Some(shape) => drop(all.insert(name, shape)),
            None => drop(all.remove(&name)),
        }
    }
    estimate.pipelines = costs(&all, measured, assumptions);
    estimate.surveys.retain(|it| !before.new_surveys.contains(&it.survey));
    estimate.surveys.extend(before.old_surveys.iter().map(|it| shared::survey(it, 0, assumptions)));
    match before.platform {
        None => {}
        Some(None) => estimate.platform.clear(),
        Some(Some(template)) => {
            let resources = template.get("Resources").and_then(serde_json::Value::as_object);
            let is = |it: &serde_json::Value, kind: &str| it.get("Type").is_some_and(|it| it == kind);
            let count =
                |kind: &str| resources.map_or(0, |all| all.values().filter(|it| is(it, kind)).count() as u64);
            estimate.platform = shared::platform(plan, environment, count);
        }
    }
    estimate.add_up();
    estimate
}

fn costs(
    shapes: &BTreeMap<String, Shape>,
    measured: &Measured,
    assumptions: &Assumptions,
) -> Vec<PipelineCost> {
    shapes.keys().map(|name| pipeline::cost(name, shapes, measured, assumptions)).collect()
}

/// Every pipeline of the program.
fn shapes(plan: &Plan, environment: &EnvironmentPlan) -> BTreeMap<String, Shape> {
    let resources = Resources::new(plan, environment);
    let shape = |pipeline| {
        // The plan's key is as long as any; only the states are looked at.
        let machine = asl::state_machine(pipeline, resources, "").machine;
        (pipeline.name.clone(), Shape::of(pipeline, &machine))
    };
    environment.pipelines.iter().map(shape).collect()
}

/// What costs something else than before, in the order of names.
pub fn changes(before: &Estimate, after: &Estimate) -> Vec<CostChange> {
    let (before, after) = (before.by_name(), after.by_name());
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |name: &String| CostChange {
        of: name.clone(),
        before: before.get(name).copied(),
        after: after.get(name).copied(),
    };
    names.into_iter().map(change).filter(|it| it.before != it.after).collect()
}

impl Estimate {
    /// The total of the parts.
    fn add_up(&mut self) {
        let pipelines = self.pipelines.iter().map(|it| it.total);
        let surveys = self.surveys.iter().map(|it| it.total);
        self.total = pipelines.chain(surveys).chain(self.platform.iter().map(|it| it.total)).sum();
    }

    fn by_name(&self) -> BTreeMap<String, Dollars> {
        let pipelines = self.pipelines.iter().map(|it| (it.pipeline.clone(), it.total));
        let surveys = self.surveys.iter().map(|it| (it.survey.clone(), it.total));
        let shared = self.platform.iter().map(|it| it.total).sum();
        pipelines.chain(surveys).chain([("platform".to_owned(), shared)]).collect()
    }
}
