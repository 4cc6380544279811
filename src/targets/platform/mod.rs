//! What all pipelines of an environment share, as one CloudFormation template.
//!
//! Names no pipeline: a country that is added has a machine, a job definition, schedules, objects and roles of its
//! own, and nothing here changes. Each subject is a module that owns the typed properties of its resources and makes
//! them; [`model`] knows how they stand in a template.
//!
//! Source: "AWS resource and property types reference", CloudFormation user guide.

#![expect(clippy::struct_field_names, reason = "properties are called what CloudFormation calls them")]

mod alarms;
mod compute;
mod dashboard;
mod events;
mod functions;
mod logs;
mod model;
mod names;
mod outputs;
mod parameters;
mod program;
mod roles;
mod storage;
mod surveys;
mod wildcards;

pub use model::{LogicalId, Template};
pub use parameters::{
    ARCHITECTURE, CONNECT_IDS, CONTENT, CodeParameter, SECURITY_GROUPS, SUBNETS, code_parameters,
};

use super::resources::Resources;
use crate::{
    lower::{EnvironmentPlan, Plan},
    source::Sources,
};
use model::Stack;

/// The most resources that a template may have [CloudFormation quotas].
pub const MOST_RESOURCES: usize = 500;
/// The longest template that is taken from the bucket, in bytes.
pub const LONGEST: usize = 1_000_000;
/// The longest template that is taken in a request, in bytes; a longer one is put into the bucket first.
pub const LONGEST_INLINE: usize = 51_200;

/// What the subjects make their resources from.
#[derive(Debug, Clone, Copy)]
struct Context<'a> {
    plan: &'a Plan,
    resources: Resources<'a>,
    sources: &'a Sources,
    /// Whether surveys are asked in this environment.
    surveys: bool,
}

/// The template of an environment that has an account.
pub fn template(
    plan: &Plan,
    environment: &EnvironmentPlan,
    sources: &Sources,
) -> Result<Template, serde_json::Error> {
    let surveys = !plan.surveys.is_empty() && environment.telephone.instance.is_some();
    let ctx = Context { plan, resources: Resources::new(plan, environment), sources, surveys };
    let mut stack = Stack::default();
    storage::add(ctx, &mut stack);
    logs::add(ctx, &mut stack);
    events::add(ctx, &mut stack);
    compute::add(ctx, &mut stack);
    roles::add(ctx, &mut stack);
    functions::add(ctx, &mut stack)?;
    if surveys {
        surveys::add(ctx, &mut stack);
    }
    alarms::add(ctx, &mut stack);
    dashboard::add(ctx, &mut stack)?;
    Ok(Template {
        format_version: "2010-09-09",
        description: format!(
            "What all pipelines of {} share in {}. Made by `sluice build`.",
            plan.platform, environment.name
        ),
        metadata: wildcards::metadata(surveys),
        parameters: parameters::parameters(surveys),
        conditions: parameters::conditions(surveys),
        outputs: outputs::outputs(ctx),
        resources: stack.into_resources(),
    })
}
