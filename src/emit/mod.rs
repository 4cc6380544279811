//! From the Plan to the texts of `generated/<environment>/`, the same bytes on every machine.
//!
//! Knows no file system: whoever calls writes the texts, or compares them.

mod manifest;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    lower::{EnvironmentPlan, PipelinePlan, Plan},
    source::{Sources, Span},
    targets::{
        asl::{self, StateName},
        batch,
        plan_document::plan_document,
        policy,
        resources::Resources,
        schedule, start,
    },
};
use manifest::Manifest;

/// The files of one environment: path relative to its folder, with `/`, and text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The environment's name.
    pub environment: String,
    /// By path.
    pub files: BTreeMap<String, String>,
}

/// Where a pipeline's state machine is, below the environment's folder.
pub fn state_machine_path(pipeline: &str) -> String {
    format!("pipelines/{pipeline}/state-machine.asl.json")
}

/// Where a pipeline's job definitions are, below the environment's folder.
pub fn job_definitions_path(pipeline: &str) -> String {
    format!("pipelines/{pipeline}/job-definitions.json")
}

/// Where a pipeline's plan is, below the environment's folder.
pub fn plan_path(pipeline: &str) -> String {
    format!("pipelines/{pipeline}/plan.json")
}

/// Every environment's files, in the order of declaration.
///
/// An error is a fault of a model that can't be written as JSON: no program can bring it about.
pub fn emit(plan: &Plan, sources: &Sources) -> Result<Vec<Generated>, serde_json::Error> {
    plan.environments.par_iter().map(|it| emit_environment(plan, it, sources)).collect()
}

/// One environment's files.
pub fn emit_environment(
    plan: &Plan,
    environment: &EnvironmentPlan,
    sources: &Sources,
) -> Result<Generated, serde_json::Error> {
    let resources = Resources::new(plan, environment);
    let written: Vec<PipelineFiles> = environment
        .pipelines
        .par_iter()
        .map(|it| PipelineFiles::write(it, environment, resources, sources))
        .collect::<Result<_, _>>()?;
    let mut files = BTreeMap::new();
    let mut manifest = Manifest::default();
    for pipeline in written {
        manifest.add_origins(&pipeline.state_machine, &pipeline.origins, sources);
        for file in pipeline.files {
            manifest.add_file(&file.path, file.sha256);
            drop(files.insert(file.path, file.text));
        }
    }
    drop(files.insert("manifest.json".to_owned(), text(&manifest)?));
    Ok(Generated { environment: environment.name.clone(), files })
}

/// One pipeline's files, and what the manifest says of them.
struct PipelineFiles {
    state_machine: String,
    origins: IndexMap<StateName, Span>,
    files: Vec<File>,
}

struct File {
    path: String,
    sha256: String,
    text: String,
}

impl PipelineFiles {
    fn write(
        pipeline: &PipelinePlan,
        environment: &EnvironmentPlan,
        resources: Resources<'_>,
        sources: &Sources,
    ) -> Result<Self, serde_json::Error> {
        let name = &pipeline.name;
        let file = |path: String, text: String| File { sha256: sha256(&text), path, text };
        let plan = file(plan_path(name), text(&plan_document(pipeline, &environment.name, sources))?);
        let plan_key = sluice_contract::object_key::plan(name, &plan.sha256);
        let built = asl::state_machine(pipeline, resources, &plan_key);
        let state_machine = state_machine_path(name);
        let mut files = vec![
            plan,
            file(state_machine.clone(), text(&built.machine)?),
            file(job_definitions_path(name), text(&[batch::job_definition(pipeline, resources)])?),
        ];
        if environment.on_aws {
            let policies = policy::policies(pipeline, &built.machine, resources);
            let schedules = schedule::schedules(pipeline, resources)?;
            files.push(file(format!("pipelines/{name}/policy.json"), text(&policies)?));
            files.push(file(format!("pipelines/{name}/schedule.json"), text(&schedules)?));
            if let Some(rule) = start::rule(pipeline, resources) {
                files.push(file(format!("pipelines/{name}/start.json"), text(&rule)?));
            }
        }
        Ok(Self { state_machine, origins: built.origins, files })
    }
}

/// Two spaces of indentation and a closing newline.
fn text(value: &impl Serialize) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(value).map(|it| it + "\n")
}

/// In lower-case hexadecimal.
pub fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        for half in [byte >> 4, byte & 15] {
            hex.extend(char::from_digit(u32::from(half), 16));
        }
        hex
    })
}
