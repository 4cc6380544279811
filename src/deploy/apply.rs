//! Carries a plan out: units side by side, each in the order of its kinds.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    cloud::{Cloud, CloudError},
    desired::Desired,
    plan::{Change, Plan, Step},
    resource::{Key, Kind, Unit},
    spread::spread,
    trouble::Trouble,
};

/// Who is told how far it has come.
pub trait Progress: Sync {
    /// A resource is done.
    fn done(&self, key: &Key, step: Step);
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Resources that were made, changed or removed.
    pub done: usize,
}

/// Does what the plan says. The platform comes first, and goes last; a unit that fails stops no other.
pub(super) fn apply(
    plan: &Plan,
    desired: &Desired,
    cloud: &dyn Cloud,
    progress: &dyn Progress,
) -> Result<Applied, Vec<Trouble>> {
    let mut units: BTreeMap<&Unit, Vec<&Change>> = BTreeMap::new();
    for change in &plan.changes {
        units.entry(&change.unit).or_default().push(change);
    }
    let platform = units.remove(&Unit::Platform).unwrap_or_default();
    let (going, coming): (Vec<&Change>, Vec<&Change>) =
        platform.into_iter().partition(|it| it.step == Step::Delete);
    let mut done = coming.len() + going.len();
    platform_changes(&coming, cloud, progress)?;
    let units: Vec<(&Unit, Vec<&Change>)> = units.into_iter().collect();
    let ended = spread(&units, |(unit, changes)| {
        let hash = desired.units.iter().find(|it| it.unit == **unit).map(|it| it.hash.as_str());
        unit_changes(unit, changes, hash, cloud, progress)
    });
    done += units.iter().map(|(_, changes)| changes.len()).sum::<usize>();
    let mut troubles: Vec<Trouble> = ended.into_iter().filter_map(Result::err).collect();
    if troubles.is_empty() && !plan.unmarked.is_empty() {
        check_lock(cloud).map_err(|it| vec![it])?;
        for (unit, hash) in &plan.unmarked {
            troubles.extend(cloud.mark(unit, Some(hash)).err().map(Trouble::of));
        }
    }
    if troubles.is_empty() {
        platform_changes(&going, cloud, progress)?;
    }
    if troubles.is_empty() { Ok(Applied { done }) } else { Err(troubles) }
}

fn platform_changes(
    changes: &[&Change],
    cloud: &dyn Cloud,
    progress: &dyn Progress,
) -> Result<(), Vec<Trouble>> {
    if changes.is_empty() {
        return Ok(());
    }
    let done = check_lock(cloud).and_then(|()| carry_out(&Unit::Platform, changes, cloud, progress));
    done.map_err(|it| vec![it])
}

/// Whoever thinks for long before agreeing may have lost it, and then what was planned is of another day.
fn check_lock(cloud: &dyn Cloud) -> Result<(), Trouble> {
    if cloud.keep_lock().map_err(Trouble::of)? {
        return Ok(());
    }
    Err(Trouble::of(CloudError::lock_lost()))
}

fn unit_changes(
    unit: &Unit,
    changes: &[&Change],
    hash: Option<&str>,
    cloud: &dyn Cloud,
    progress: &dyn Progress,
) -> Result<(), Trouble> {
    check_lock(cloud)?;
    // Whoever stops in the middle leaves no tag that says that all is as it was.
    let stays = changes.iter().any(|it| it.step != Step::Create);
    if stays && hash.is_some() {
        cloud.mark(unit, None).map_err(Trouble::of)?;
    }
    carry_out(unit, changes, cloud, progress)?;
    match hash {
        Some(hash) => cloud.mark(unit, Some(hash)).map_err(Trouble::of),
        None => Ok(()),
    }
}

fn carry_out(
    unit: &Unit,
    changes: &[&Change],
    cloud: &dyn Cloud,
    progress: &dyn Progress,
) -> Result<(), Trouble> {
    let mut coming: Vec<&&Change> = changes.iter().filter(|it| it.step != Step::Delete).collect();
    coming.sort_by_key(|it| it.key.kind);
    for change in &coming {
        let Some(resource) = &change.resource else { continue };
        let failed = |error| Trouble::with(resource, error);
        match change.step {
            Step::Create => cloud.create(resource).map_err(failed)?,
            Step::Update => cloud.update(resource).map_err(failed)?,
            Step::Replace => {
                cloud.delete(&change.key).map_err(failed)?;
                cloud.create(resource).map_err(failed)?;
            }
            Step::Delete => {}
        }
        if change.key.kind != Kind::Flow || change.step == Step::Update {
            progress.done(&change.key, change.step);
        }
    }
    // Flows name each other: all are there before any says something.
    for change in coming.iter().filter(|it| it.key.kind == Kind::Flow && it.step != Step::Update) {
        let Some(resource) = &change.resource else { continue };
        cloud.update(resource).map_err(|it| Trouble::with(resource, it))?;
        progress.done(&change.key, change.step);
    }
    let mut going: Vec<&&Change> = changes.iter().filter(|it| it.step == Step::Delete).collect();
    going.sort_by_key(|it| Reverse(it.key.kind));
    for change in going {
        cloud.delete(&change.key).map_err(|it| Trouble::at(&change.key, unit, it))?;
        progress.done(&change.key, change.step);
    }
    Ok(())
}
