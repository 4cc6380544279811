//! What the program wants in an account: made from the very files that `sluice build` writes.

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;
use serde_json::{Map, Value};
use sluice_contract::plan::Origin;
use thiserror::Error;

use super::resource::{Key, Kind, Resource, Unit};
use crate::{
    emit::{self, Generated},
    lower::{EnvironmentPlan, PipelinePlan, Plan},
    model::survey::{Mode, Survey},
    source::Sources,
    targets::{plan_document::origin, resources::Resources},
};

/// The template of what all pipelines share, below the environment's folder.
const PLATFORM: &str = "platform.template.json";

/// The field of a machine's content that says what each job definition that it names consists of, as a hash: a machine
/// is changed with its job definition, so that each of its versions is whole.
pub(super) const JOB_DEFINITIONS: &str = "jobDefinitions";

/// What is wanted in an environment.
#[derive(Debug, Clone, Default)]
pub struct Desired {
    /// The platform first, then pipelines and surveys in the order of their names.
    pub units: Vec<Wanted>,
}

/// A unit as it is to be.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Which.
    pub unit: Unit,
    /// Of all contents.
    pub hash: String,
    /// In the order in which they are made.
    pub resources: Vec<Arc<Resource>>,
}

/// What the user adds to the program.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Values for the platform's template.
    pub parameters: BTreeMap<String, String>,
    /// The functions' programs, by the keys that they are to have: `functions/<name>-<hash>.zip`.
    pub programs: BTreeMap<String, Vec<u8>>,
}

/// A generated file is not as it should be: a fault of the compiler itself.
#[derive(Debug, Error)]
pub enum DesiredError {
    /// It is not there.
    #[error("`{0}` was not generated")]
    Missing(String),
    /// It can't be read.
    #[error("`{path}` can't be read: {error}")]
    Json {
        /// Its path.
        path: String,
        /// Why.
        error: serde_json::Error,
    },
    /// It lacks a field.
    #[error("`{path}` has no `{field}`")]
    Field {
        /// Its path.
        path: String,
        /// Which.
        field: &'static str,
    },
}

impl Desired {
    /// What the generated files say, with what the user has given.
    pub fn new(
        plan: &Plan,
        environment: &EnvironmentPlan,
        sources: &Sources,
        generated: &Generated,
        given: &Given,
    ) -> Result<Self, DesiredError> {
        let from = From { names: Resources::new(plan, environment), files: Files::new(generated)? };
        let mut units = Vec::new();
        if from.files.has(PLATFORM) {
            units.push(from.platform(given)?);
        }
        for pipeline in &environment.pipelines {
            units.push(from.pipeline(pipeline, &origin(sources, pipeline.span))?);
        }
        if environment.telephone.instance.is_some() {
            for survey in &plan.surveys {
                units.push(from.survey(survey, &origin(sources, survey.span))?);
            }
        }
        units.sort_by(|a, b| a.unit.cmp(&b.unit));
        Ok(Self { units })
    }
}

impl Wanted {
    /// The unit of these resources.
    pub fn new(unit: Unit, mut resources: Vec<Resource>) -> Self {
        resources.sort_by(|a, b| a.key.cmp(&b.key));
        let contents = resources
            .iter()
            .fold(String::new(), |text, it| text + &it.key.to_string() + &it.content.to_string() + "\n");
        let hash = emit::sha256(&contents);
        Self { unit, hash, resources: resources.into_iter().map(Arc::new).collect() }
    }
}

/// The generated files, read as JSON.
struct Files<'a> {
    generated: &'a Generated,
    origins: BTreeMap<String, Arc<BTreeMap<String, Origin>>>,
}

#[derive(Deserialize)]
struct Manifest {
    origins: BTreeMap<String, BTreeMap<String, Origin>>,
}

impl<'a> Files<'a> {
    fn new(generated: &'a Generated) -> Result<Self, DesiredError> {
        let path = "manifest.json";
        let text = generated.files.get(path).ok_or_else(|| DesiredError::Missing(path.to_owned()))?;
        let manifest: Manifest = serde_json::from_str(text)
            .map_err(|error| DesiredError::Json { path: path.to_owned(), error })?;
        let origins = manifest.origins.into_iter().map(|(path, lines)| (path, Arc::new(lines))).collect();
        Ok(Self { generated, origins })
    }

    fn has(&self, path: &str) -> bool {
        self.generated.files.contains_key(path)
    }

    fn text(&self, path: &str) -> Result<&'a str, DesiredError> {
        let text = self.generated.files.get(path).map(String::as_str);
        text.ok_or_else(|| DesiredError::Missing(path.to_owned()))
    }

    fn json(&self, path: &str) -> Result<Value, DesiredError> {
        let read = serde_json::from_str(self.text(path)?);
        read.map_err(|error| DesiredError::Json { path: path.to_owned(), error })
    }

    fn list(&self, path: &str) -> Result<Vec<Value>, DesiredError> {
        match self.json(path)? {
            Value::Array(all) => Ok(all),
            one @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                Ok(vec![one])
            }
        }
    }

    fn origins(&self, path: &str) -> Arc<BTreeMap<String, Origin>> {
        self.origins.get(path).map(Arc::clone).unwrap_or_default()
    }
}

/// What units are made from.
struct From<'a> {
    names: Resources<'a>,
    files: Files<'a>,
}

impl From<'_> {
    fn platform(&self, given: &Given) -> Result<Wanted, DesiredError> {
        let text = self.files.text(PLATFORM)?;
        let mut parameters = given.parameters.clone();
        let template = self.files.json(PLATFORM)?;
        let declared = template.get("Parameters").and_then(Value::as_object);
        for name in declared.into_iter().flatten().map(|(name, _)| name) {
            let program = name.strip_suffix("Code").map(kebab);
            let key = program.and_then(|it| given.programs.keys().find(|key| is_program(key, &it)));
            if let Some(key) = key {
                drop(parameters.insert(name.clone(), key.clone()));
            }
        }
        let content = object([
            ("Template", Value::String(emit::sha256(text))),
            (
                "Parameters",
                parameters.into_iter().map(|(name, value)| (name, Value::String(value))).collect(),
            ),
        ]);
        let key = Key::new(Kind::Stack, self.names.stack());
        let resource = plain(key, &Unit::Platform, content, None).saying(text);
        let resource = Resource { files: Arc::new(given.programs.clone()), ..resource };
        Ok(Wanted::new(Unit::Platform, vec![resource]))
    }

    fn pipeline(&self, pipeline: &PipelinePlan, origin: &Origin) -> Result<Wanted, DesiredError> {
        let (name, unit) = (&pipeline.name, Unit::Pipeline(pipeline.name.clone()));
        let path = |file: &str| format!("pipelines/{name}/{file}");
        let of = |key, content| plain(key, &unit, content, Some(origin));
        let plan = self.files.text(&emit::plan_path(name))?;
        let plan_key = sluice_contract::object_key::plan(name, &emit::sha256(plan));
        let mut resources = vec![of(Key::new(Kind::Object, plan_key), object([])).saying(plan)];
        let named = |kind, path: &str, field, value: Value| match value.get(field).and_then(Value::as_str) {
            Some(name) => Ok(of(Key::new(kind, name), value.clone())),
            None => Err(DesiredError::Field { path: path.to_owned(), field }),
        };
        let definitions = emit::job_definitions_path(name);
        let mut job_definitions = Map::new();
        for it in self.files.list(&definitions)? {
            let definition = named(Kind::JobDefinition, &definitions, "jobDefinitionName", it)?;
            drop(job_definitions.insert(definition.key.name.clone(), definition.hash().into()));
            resources.push(definition);
        }
        let machine_path = emit::state_machine_path(name);
        let machine = object([
            ("definition", self.files.json(&machine_path)?),
            ("roleArn", Value::String(self.names.machine_role(name).as_str().to_owned())),
            (JOB_DEFINITIONS, job_definitions.into()),
        ]);
        let machine = of(Key::new(Kind::StateMachine, self.names.name(name)), machine);
        resources.push(Resource {
            origins: self.files.origins(&machine_path),
            ..machine.saying(self.files.text(&machine_path)?)
        });
        let schedules = path("schedule.json");
        let mut has_schedules = false;
        for it in self.files.list(&schedules)? {
            has_schedules = true;
            resources.push(named(Kind::Schedule, &schedules, "Name", it)?);
        }
        let start = path("start.json");
        if self.files.has(&start) {
            resources.push(named(Kind::Rule, &start, "Name", self.files.json(&start)?)?);
        }
        let policies = path("policy.json");
        let all = self.files.json(&policies)?;
        for field in ROLES {
            let Some(policy) = all.get(field).filter(|_| has_schedules || field != "schedule") else {
                continue;
            };
            let missing = || DesiredError::Field { path: policies.clone(), field };
            let role = all.get("roles").and_then(|it| it.get(field)).ok_or_else(missing)?;
            let name = role.get("RoleName").and_then(Value::as_str).ok_or_else(missing)?;
            let trust = role.get("AssumeRolePolicyDocument").cloned().ok_or_else(missing)?;
            let content = object([("Trust", trust), ("Policy", policy.clone())]);
            resources.push(of(Key::new(Kind::Role, name), content));
        }
        Ok(Wanted::new(unit, resources))
    }

    fn survey(&self, survey: &Survey, origin: &Origin) -> Result<Wanted, DesiredError> {
        let unit = Unit::Survey(survey.name.clone());
        let of = |key, content| plain(key, &unit, content, Some(origin));
        let document = emit::survey_path(&survey.name, "survey.json");
        let text = self.files.text(&document)?;
        let mut resources = vec![
            of(Key::new(Kind::Object, document.clone()), object([("md5", md5(text).into())])).saying(text),
        ];
        let asks = if survey.mode == Mode::PostCall { "post_call.flow.json" } else { "outbound.flow.json" };
        let flows = [
            ("inbound.flow.json", self.names.inbound_flow(&survey.name), "CONTACT_FLOW"),
            (asks, self.names.survey_flow(&survey.name, survey.mode), "CONTACT_FLOW"),
            ("queue.flow.json", self.names.queue_flow(&survey.name), "CUSTOMER_QUEUE"),
        ];
        let mut functions = Vec::new();
        for (file, name, kind) in flows {
            let path = emit::survey_path(&survey.name, file);
            if !self.files.has(&path) {
                continue;
            }
            let content = self.files.json(&path)?;
            collect_functions(&content, &mut functions);
            let content = object([("Type", kind.into()), ("Content", content)]);
            let flow = of(Key::new(Kind::Flow, name), content).saying(self.files.text(&path)?);
            resources.push(Resource { origins: self.files.origins(&path), ..flow });
        }
        functions.sort();
        functions.dedup();
        resources.extend(functions.into_iter().map(|it| of(Key::new(Kind::Association, it), object([]))));
        if survey.mode != Mode::PostCall {
            // Whom to call back is told by the records of their calls.
            resources.push(of(Key::new(Kind::ContactRecords, self.names.contacts_stream()), object([])));
        }
        Ok(Wanted::new(unit, resources))
    }
}

/// The fields of `policy.json` that are policies, each of a role.
const ROLES: [&str; 4] = ["stateMachine", "job", "schedule", "start"];

fn plain(key: Key, unit: &Unit, content: Value, origin: Option<&Origin>) -> Resource {
    let origins = Arc::default();
    let files = Arc::default();
    Resource { key, unit: unit.clone(), content, body: None, files, origin: origin.cloned(), origins }
}

impl Resource {
    fn saying(self, text: &str) -> Self {
        Self { body: Some(Arc::from(text)), ..self }
    }
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}

/// `SurveyResult` as `survey-result`.
fn kebab(name: &str) -> String {
    name.chars().fold(String::new(), |text, it| {
        let dash = if it.is_ascii_uppercase() && !text.is_empty() { "-" } else { "" };
        text + dash + &it.to_ascii_lowercase().to_string()
    })
}

/// Whether the key is that of the function's program.
fn is_program(key: &str, function: &str) -> bool {
    let hash = key.strip_prefix("functions/").and_then(|it| it.strip_suffix(".zip"));
    let hash = hash.and_then(|it| it.strip_prefix(function)?.strip_prefix('-'));
    hash.is_some_and(|it| it.len() == 64 && it.bytes().all(|it| it.is_ascii_hexdigit()))
}

/// Every function that a flow calls.
fn collect_functions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with("arn:aws:lambda:") => found.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|it| collect_functions(it, found)),
        Value::Object(all) => all.values().for_each(|it| collect_functions(it, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// As S3 tells the content of an object in its lists.
fn md5(text: &str) -> String {
    use md5::{Digest, Md5};
    Md5::digest(text.as_bytes()).iter().fold(String::new(), |text, it| text + &format!("{it:02x}"))
}
