//! What a program costs in a month: an estimate, from list prices and what past runs tell or is assumed.
//!
//! Knows no file system and no clock: the same program and the same figures have the same estimate on every day.

mod assumptions;
mod pipeline;
pub mod prices;
mod shared;
mod sum;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sluice_contract::runs::{StageRecord, StageStatus};

pub use assumptions::{Assumption, Assumptions};
pub use pipeline::{PipelineCost, transitions};
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
    let resources = Resources::new(plan, environment);
    let pipelines: Vec<PipelineCost> = environment
        .pipelines
        .iter()
        .map(|it| {
            // The plan's key is as long as any; only the states are looked at.
            let machine = asl::state_machine(it, resources, "").machine;
            pipeline::cost(it, environment, &machine, measured, assumptions)
        })
        .collect();
    let template = platform::template(plan, environment, sources)?;
    let platform = shared::platform(plan, environment, &template);
    let asked = environment.telephone.instance.is_some();
    let surveys = if asked { shared::surveys(plan, assumptions) } else { Vec::new() };
    let total = pipelines
        .iter()
        .map(|it| it.total)
        .chain(surveys.iter().map(|it| it.total))
        .chain(platform.iter().map(|it| it.total))
        .sum();
    Ok(Estimate {
        environment: environment.name.clone(),
        currency: "USD".to_owned(),
        prices_as_of: prices::AS_OF.to_owned(),
        prices_of: prices::REGION.to_owned(),
        assumptions: assumptions.list(!surveys.is_empty()),
        pipelines,
        surveys,
        platform,
        total,
    })
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
    fn by_name(&self) -> BTreeMap<String, Dollars> {
        let pipelines = self.pipelines.iter().map(|it| (it.pipeline.clone(), it.total));
        let surveys = self.surveys.iter().map(|it| (it.survey.clone(), it.total));
        let shared = self.platform.iter().map(|it| it.total).sum();
        pipelines.chain(surveys).chain([("platform".to_owned(), shared)]).collect()
    }
}
