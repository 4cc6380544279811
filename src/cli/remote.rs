//! The way to what is deployed, for the commands that are about it.

use super::{
    arguments::Shared,
    program::{Program, unknown},
};
use crate::{
    diagnostics::{Code, Diagnostic},
    lower::EnvironmentPlan,
    operate::Deployment,
};

/// The environment that is deployed, where the command is about one; else it is about this machine.
pub(super) fn deployed<'p>(program: &'p Program, shared: &Shared, here: bool) -> Option<&'p EnvironmentPlan> {
    let name = shared.environment.as_deref().filter(|_| !here)?;
    program.plan.environment(name).filter(|it| it.on_aws)
}

/// The pipeline of that name, or what to say.
pub(super) fn pipeline<'p>(environment: &'p EnvironmentPlan, name: &str) -> Result<&'p str, Diagnostic> {
    let all = || environment.pipelines.iter().map(|it| it.name.as_str());
    all().find(|it| *it == name).ok_or_else(|| unknown(Code::UnknownPipeline, "pipeline", name, all()))
}

/// Does something where the environment is deployed.
#[cfg(feature = "aws")]
pub(super) fn at<T>(
    program: &Program,
    environment: &EnvironmentPlan,
    shared: &Shared,
    work: impl FnOnce(&Deployment<'_>) -> Result<T, Diagnostic>,
) -> Result<T, Diagnostic> {
    let aws = crate::operate::Aws::new(&environment.region)?;
    let flags = shared.flags();
    work(&Deployment {
        resources: crate::targets::resources::Resources::new(&program.plan, environment),
        cloud: &aws,
        items: &aws.items,
        patience: &crate::operate::RealPatience,
        flags: &flags,
    })
}

/// Tells how to build in what asks AWS.
#[cfg(not(feature = "aws"))]
pub(super) fn at<T>(
    _program: &Program,
    _environment: &EnvironmentPlan,
    _shared: &Shared,
    _work: impl FnOnce(&Deployment<'_>) -> Result<T, Diagnostic>,
) -> Result<T, Diagnostic> {
    Err(super::transport::out_of_reach())
}
