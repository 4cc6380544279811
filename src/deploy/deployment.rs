//! A whole deployment: lock, plan, question, doing.

use super::{
    apply::{Applied, Progress, apply},
    cloud::{Cloud, CloudError, Locked},
    desired::Desired,
    plan::{Options, Plan, plan},
    resource::Unit,
    trouble::Trouble,
};

/// Who decides and watches.
pub trait Operator: Progress {
    /// Shows the plan, and says whether it is to be carried out.
    fn agrees(&self, plan: &Plan) -> bool;

    /// Hears what stays otherwise than the program needs it.
    fn hears(&self, warning: &Trouble);
}

/// How a deployment ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Everything was as it should be.
    Nothing,
    /// It is now.
    Done(Applied),
    /// Nobody agreed.
    Declined,
}

/// What would change, without changing anything.
pub fn look(desired: &Desired, cloud: &dyn Cloud, options: &Options) -> Result<Plan, Vec<Trouble>> {
    cloud.check().map_err(|it| vec![Trouble::of(it)])?;
    plan(desired, cloud, options)
}

/// Makes the account as the program wants it. With nothing desired, everything of ours goes.
pub fn deploy(
    desired: &Desired,
    cloud: &dyn Cloud,
    options: &Options,
    operator: &dyn Operator,
) -> Result<Ending, Vec<Trouble>> {
    cloud.check().map_err(|it| vec![Trouble::of(it)])?;
    let locked = take_lock(cloud)?;
    let ended = under_lock(desired, cloud, options, operator, locked);
    // A lock that can't be let go of runs out by itself; what was done is more important to tell.
    let _ = cloud.unlock();
    ended
}

fn under_lock(
    desired: &Desired,
    cloud: &dyn Cloud,
    options: &Options,
    operator: &dyn Operator,
    locked: bool,
) -> Result<Ending, Vec<Trouble>> {
    let planned = plan(desired, cloud, options)?;
    planned.warnings.iter().for_each(|it| operator.hears(it));
    if planned.is_empty() {
        return apply(&planned, desired, cloud, operator).map(|_| Ending::Nothing);
    }
    if !operator.agrees(&planned) {
        return Ok(Ending::Declined);
    }
    if locked {
        return apply(&planned, desired, cloud, operator).map(Ending::Done);
    }
    // The lock is kept in what the platform's stack makes, and CloudFormation lets only one change a stack.
    let (platform, rest): (Vec<_>, Vec<_>) =
        planned.changes.into_iter().partition(|it| it.unit == Unit::Platform);
    let first = Plan { changes: platform, ..Plan::default() };
    let made = apply(&first, desired, cloud, operator)?;
    if rest.is_empty() {
        return Ok(Ending::Done(made));
    }
    let _ = take_lock(cloud)?;
    // Whoever was faster may have done it all.
    let again = plan(desired, cloud, options)?;
    let done = apply(&again, desired, cloud, operator)?;
    Ok(Ending::Done(Applied { done: made.done + done.done }))
}

/// Whether there is a place for the lock yet.
fn take_lock(cloud: &dyn Cloud) -> Result<bool, Vec<Trouble>> {
    match cloud.lock().map_err(|it| vec![Trouble::of(it)])? {
        Locked::Taken => Ok(true),
        Locked::NoPlace => Ok(false),
        Locked::Held(holder) => Err(vec![Trouble::of(CloudError::locked(&holder))]),
    }
}
