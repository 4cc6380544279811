//! The way to what is deployed, for the commands that are about it.

use super::{arguments::Shared, program::Program};
use crate::{diagnostics::Diagnostic, lower::EnvironmentPlan, operate::Deployment};

/// The environment that is deployed, where the command is about one; else it is about this machine.
pub(super) fn deployed<'p>(program: &'p Program, shared: &Shared, here: bool) -> Option<&'p EnvironmentPlan> {
    let name = shared.environment.as_deref().filter(|_| !here)?;
    program.plan.environment(name).filter(|it| it.on_aws)
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
