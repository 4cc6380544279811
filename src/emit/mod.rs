//! From the Plan to the texts of `generated/<environment>/`, the same bytes on every machine.
//!
//! Knows no file system: whoever calls writes the texts, or compares them.

mod manifest;

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{
    lower::{EnvironmentPlan, PipelinePlan, Plan},
    model::survey::Survey,
    source::{Sources, Span},
    targets::{
        asl, batch,
        connect::{self, check::Fault, document::survey_document},
        plan_document::plan_document,
        platform, policy,
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

/// Where the template of what all pipelines share is, below the environment's folder.
pub const PLATFORM_PATH: &str = "platform.template.json";

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
    plan.environments.par_iter().map(|it| emit_environment(plan, it, sources)).collect()
}

/// One environment's files.
pub fn emit_environment(
    plan: &Plan,
    environment: &EnvironmentPlan,
    sources: &Sources,
) -> Result<Generated, EmitError> {
    let resources = Resources::new(plan, environment);
    let pipelines = environment
        .pipelines
        .par_iter()
        .map(|it| Documents::of_pipeline(it, environment, resources, sources));
    let surveys = plan.surveys.par_iter().map(|it| Documents::of_survey(it, resources, sources));
    let mut all: Vec<Documents> = pipelines.chain(surveys).collect::<Result<_, _>>()?;
    if environment.on_aws {
        all.push(Documents::of_platform(plan, environment, sources)?);
    }
    let mut files = BTreeMap::new();
    let mut manifest = Manifest::default();
    for document in all.into_iter().flat_map(|it| it.0) {
        if let Some(origins) = document.origins {
            manifest.add_origins(&document.path, origins, sources);
        }
        manifest.add_file(&document.path, document.sha256);
        drop(files.insert(document.path, document.text));
    }
    drop(files.insert("manifest.json".to_owned(), text(&manifest)?));
    Ok(Generated { environment: environment.name.clone(), files })
}

/// What is made of one pipeline or survey.
struct Documents(Vec<Document>);

struct Document {
    path: String,
    text: String,
    sha256: String,
    /// What its states or actions come from, where it has any.
    origins: Option<Vec<(String, Span)>>,
}

impl Document {
    fn new(path: String, value: &impl Serialize) -> Result<Self, serde_json::Error> {
        let text = text(value)?;
        Ok(Self { sha256: sha256(&text), path, text, origins: None })
    }
}

impl Documents {
    fn of_pipeline(
        pipeline: &PipelinePlan,
        environment: &EnvironmentPlan,
        resources: Resources<'_>,
        sources: &Sources,
    ) -> Result<Self, EmitError> {
        let name = &pipeline.name;
        let plan = Document::new(plan_path(name), &plan_document(pipeline, &environment.name, sources))?;
        let plan_key = sluice_contract::object_key::plan(name, &plan.sha256);
        let built = asl::state_machine(pipeline, resources, &plan_key);
        let origins = built.origins.iter().map(|(name, span)| (name.as_str().to_owned(), *span)).collect();
        let mut documents = vec![
            plan,
            Document { origins: Some(origins), ..Document::new(state_machine_path(name), &built.machine)? },
            Document::new(job_definitions_path(name), &[batch::job_definition(pipeline, resources)])?,
        ];
        if environment.on_aws {
            let path = |file: &str| format!("pipelines/{name}/{file}");
            let policies = policy::policies(pipeline, &built.machine, resources);
            documents.push(Document::new(path("policy.json"), &policies)?);
            documents.push(Document::new(path("schedule.json"), &schedule::schedules(pipeline, resources)?)?);
            if let Some(rule) = start::rule(pipeline, resources) {
                documents.push(Document::new(path("start.json"), &rule)?);
            }
        }
        Ok(Self(documents))
    }

    fn of_platform(plan: &Plan, environment: &EnvironmentPlan, sources: &Sources) -> Result<Self, EmitError> {
        let template = platform::template(plan, environment, sources)?;
        Ok(Self(vec![Document::new(PLATFORM_PATH.to_owned(), &template)?]))
    }

    fn of_survey(survey: &Survey, resources: Resources<'_>, sources: &Sources) -> Result<Self, EmitError> {
        let mut documents = Vec::new();
        for (file, built) in connect::flows(survey, resources) {
            let path = survey_path(&survey.name, file);
            if let Some(fault) = connect::check::faults(&built.flow, &built.given).into_iter().next() {
                return Err(EmitError::Flow { path, fault });
            }
            let origins = built.origins.iter().map(|(id, span)| (id.as_str().to_owned(), *span)).collect();
            documents.push(Document { origins: Some(origins), ..Document::new(path, &built.flow)? });
        }
        let document = survey_document(survey, resources, sources);
        documents.push(Document::new(survey_path(&survey.name, "survey.json"), &document)?);
        Ok(Self(documents))
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
