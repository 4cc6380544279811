//! Which names and tags are ours.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    deploy::{cloud::Owner, resource::Unit},
    lower::{EnvironmentPlan, Plan},
    targets::resources::Resources,
};

/// Tags that say whose a resource is, and what it was made from.
pub(super) const PLATFORM: &str = "sluice:platform";
pub(super) const ENVIRONMENT: &str = "sluice:environment";
pub(super) const UNIT: &str = "sluice:unit";
pub(super) const PROGRAM: &str = "sluice:program";
pub(super) const CONTENT: &str = "sluice:content";

/// The resource's tags, by name.
pub(super) type Tags = BTreeMap<String, String>;

/// One environment of one platform.
#[derive(Debug, Clone)]
pub struct Scope {
    pub(super) platform: String,
    /// Which of the programs that may call their platforms so.
    pub(super) program: String,
    pub(super) environment: String,
    pub(super) account: String,
    pub(super) region: String,
    pub(super) bucket: String,
    pub(super) group: String,
    pub(super) stack: String,
    /// The telephone system, where there is one.
    pub(super) instance: Option<String>,
    /// The queues that surveys name.
    pub(super) queues: BTreeSet<String>,
    /// The function that flows call.
    pub(super) survey_function: String,
    /// The stream that is to get the records of contacts.
    pub(super) contacts_stream: String,
    /// How the name of the role of a pipeline's machine ends.
    pub(super) machine_role_end: String,
}

impl Scope {
    /// Of that environment of the program that is known by `program`.
    pub fn new(plan: &Plan, environment: &EnvironmentPlan, program: &str) -> Self {
        let names = Resources::new(plan, environment);
        Self {
            platform: plan.platform.clone(),
            program: program.to_owned(),
            environment: environment.name.clone(),
            account: environment.account.clone(),
            region: environment.region.clone(),
            bucket: names.bucket(),
            group: names.schedule_group(),
            stack: names.stack(),
            instance: environment.telephone.instance.clone(),
            queues: plan.surveys.iter().map(|it| it.queue.name.clone()).collect(),
            survey_function: names.survey_result_function().as_str().to_owned(),
            contacts_stream: names.contacts_stream(),
            machine_role_end: format!("-machine-{}", names.region_code()),
        }
    }

    /// The region that calls go to.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The names of a pipeline's resources start so.
    pub(super) fn name(&self, pipeline: &str) -> String {
        format!("{}-{pipeline}", self.platform)
    }

    /// What all names start with.
    pub(super) fn prefix(&self) -> String {
        format!("{}-", self.platform)
    }

    pub(super) fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.region, self.account)
    }

    /// The tags of a resource of that unit.
    pub(super) fn tags(&self, unit: &Unit) -> Vec<(&'static str, String)> {
        vec![
            (PLATFORM, self.platform.clone()),
            (ENVIRONMENT, self.environment.clone()),
            (UNIT, unit.tag()),
            (PROGRAM, self.program.clone()),
        ]
    }

    /// Whose a resource with these tags is. What the platform's stack makes has the stack's tags, and is the
    /// stack's own business.
    pub(super) fn owner(&self, tags: &Tags) -> Owner {
        let is = |name: &str, value: &str| tags.get(name).is_some_and(|it| it == value);
        match tags.get(PLATFORM) {
            None => Owner::Other("it has no tag `sluice:platform`".to_owned()),
            Some(platform) if *platform != self.platform => {
                Owner::Other(format!("it belongs to the platform `{platform}`"))
            }
            Some(_) if !is(ENVIRONMENT, &self.environment) => {
                let other = tags.get(ENVIRONMENT).map_or("none", String::as_str);
                Owner::Other(format!("it belongs to the environment `{other}` of this platform"))
            }
            Some(_) if !is(PROGRAM, &self.program) => Owner::Other(match tags.get(PROGRAM) {
                None => "it has no tag `sluice:program`".to_owned(),
                Some(other) => format!("it belongs to another program of that platform's name, `{other}`"),
            }),
            Some(_) => match tags.get(UNIT).and_then(|it| Unit::from_tag(it)) {
                Some(unit @ (Unit::Pipeline(_) | Unit::Survey(_))) => Owner::Ours(unit),
                Some(Unit::Platform) | None => Owner::Other("it belongs to the platform's stack".to_owned()),
            },
        }
    }

    /// The pipeline whose resources have such names, of those that are there: the longest name that fits.
    pub(super) fn guess(&self, name: &str, units: &BTreeSet<Unit>) -> Option<Unit> {
        let fits = |unit: &&Unit| match unit {
            Unit::Pipeline(pipeline) => {
                let start = self.name(pipeline);
                name.strip_prefix(&start).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            }
            Unit::Platform | Unit::Survey(_) => false,
        };
        units.iter().filter(fits).max_by_key(|it| it.name().len()).cloned()
    }

    /// Whose a resource of that name is, as far as its name tells.
    pub(super) fn guessed(&self, name: &str, units: &BTreeSet<Unit>) -> Owner {
        match self.guess(name, units) {
            Some(unit) => Owner::Perhaps(unit),
            None => Owner::Perhaps(Unit::Platform),
        }
    }
}
