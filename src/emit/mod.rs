//! From the Plan to the texts of `generated/<environment>/`, the same bytes on every machine.
//!
//! Knows no file system: whoever calls writes the texts, or compares them.

mod manifest;

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{
    lower::{EnvironmentPlan, PipelinePlan, Plan},
    model::survey::Survey,
    source::Sources,
    targets::{
        asl, batch,
        connect::{self, check::Fault, document::survey_document},
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

/// Where a survey's files are, below the environment's folder.
pub fn survey_path(survey: &str, file: &str) -> String {
    format!("surveys/{survey}/{file}")
}

/// A fault of the compiler itself: no program can bring it about.
#[derive(Debug, Error)]
pub enum EmitError {
    /// A model can't be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A flow was made that can't work.
    #[error("the flow `{path}` was made wrong: {fault}")]
    Flow {
        /// Its file.
        path: String,
        /// The first thing that is wrong.
        fault: Fault,
    },
}

/// Every environment's files, in the order of declaration.
pub fn emit(plan: &Plan, sources: &Sources) -> Result<Vec<Generated>, EmitError> {
    plan.environments.iter().map(|it| emit_environment(plan, it, sources)).collect()
}

/// One environment's files.
pub fn emit_environment(
    plan: &Plan,
    environment: &EnvironmentPlan,
    sources: &Sources,
) -> Result<Generated, EmitError> {
    let mut writer =
        Writer { plan, environment, sources, files: BTreeMap::new(), manifest: Manifest::default() };
    for pipeline in &environment.pipelines {
        writer.pipeline(pipeline)?;
    }
    for survey in &plan.surveys {
        writer.survey(survey)?;
    }
    let Writer { mut files, mut manifest, .. } = writer;
    for (path, text) in &files {
        manifest.add_file(path, sha256(text));
    }
    drop(files.insert("manifest.json".to_owned(), text(&manifest)?));
    Ok(Generated { environment: environment.name.clone(), files })
}

struct Writer<'a> {
    plan: &'a Plan,
    environment: &'a EnvironmentPlan,
    sources: &'a Sources,
    files: BTreeMap<String, String>,
    manifest: Manifest,
}

impl Writer<'_> {
    fn pipeline(&mut self, pipeline: &PipelinePlan) -> Result<(), serde_json::Error> {
        let resources = Resources::new(self.plan, self.environment);
        let name = &pipeline.name;
        let plan_text = text(&plan_document(pipeline, &self.environment.name, self.sources))?;
        let plan_key = sluice_contract::object_key::plan(name, &sha256(&plan_text));
        let built = asl::state_machine(pipeline, resources, &plan_key);
        let origins = built.origins.iter().map(|(name, span)| (name.as_str(), *span));
        self.manifest.add_origins(&state_machine_path(name), origins, self.sources);
        self.add(plan_path(name), plan_text);
        self.add(state_machine_path(name), text(&built.machine)?);
        self.add(job_definitions_path(name), text(&[batch::job_definition(pipeline, resources)])?);
        if self.environment.on_aws {
            let policies = policy::policies(pipeline, &built.machine, resources);
            self.add(format!("pipelines/{name}/policy.json"), text(&policies)?);
            self.add(
                format!("pipelines/{name}/schedule.json"),
                text(&schedule::schedules(pipeline, resources)?)?,
            );
            if let Some(rule) = start::rule(pipeline, resources) {
                self.add(format!("pipelines/{name}/start.json"), text(&rule)?);
            }
        }
        Ok(())
    }

    fn survey(&mut self, survey: &Survey) -> Result<(), EmitError> {
        let resources = Resources::new(self.plan, self.environment);
        for (file, built) in connect::flows(survey, resources) {
            let path = survey_path(&survey.name, file);
            if let Some(fault) = connect::check::faults(&built.flow, &built.given).into_iter().next() {
                return Err(EmitError::Flow { path, fault });
            }
            let origins = built.origins.iter().map(|(id, span)| (id.as_str(), *span));
            self.manifest.add_origins(&path, origins, self.sources);
            self.add(path, text(&built.flow)?);
        }
        let document = survey_document(survey, resources, self.sources);
        self.add(survey_path(&survey.name, "survey.json"), text(&document)?);
        Ok(())
    }

    fn add(&mut self, path: String, text: String) {
        drop(self.files.insert(path, text));
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
