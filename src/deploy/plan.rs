//! What has to change so that an account is as the program wants it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_json::Value;

use super::{
    cloud::{Actual, Cloud, Found, Knowledge, Owner},
    desired::{Desired, Wanted},
    difference::{Line, agrees, differences, restricted},
    resource::{Key, Kind, Resource, Unit},
    spread::spread,
    trouble::Trouble,
};

/// How a plan is made.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Reads all content, also of units whose tag says that it is as it should be.
    pub refresh: bool,
    /// Only units of these names; all where there is none.
    pub targets: BTreeSet<String>,
}

impl Options {
    fn means(&self, unit: &Unit) -> bool {
        self.targets.is_empty() || self.targets.contains(unit.name())
    }
}

/// What has to change, unit by unit.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// In the order of units and, within one, in that of doing.
    pub changes: Vec<Change>,
    /// Units that are as they should be, and are not marked so.
    pub unmarked: Vec<(Unit, String)>,
    /// How many resources' content was taken from the tags.
    pub trusted: usize,
    /// How many resources there are that the program wants.
    pub wanted: usize,
    /// What stays otherwise than the program needs it, since it is not sluice's to change.
    pub warnings: Vec<Trouble>,
}

impl Plan {
    /// Whether nothing has to change.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// How many changes are of that kind.
    pub fn count(&self, step: Step) -> usize {
        self.changes.iter().filter(|it| it.step == step).count()
    }

    /// What there is of each unit that changes, by kind: what a change says of it, and what the program wants where
    /// nothing changes. A unit of which nothing is there has none.
    pub fn before<'v>(&'v self, desired: &'v Desired) -> BTreeMap<&'v Unit, Vec<(Kind, &'v Value)>> {
        let mut before: BTreeMap<&Unit, Vec<(Kind, &Value)>> = BTreeMap::new();
        for change in &self.changes {
            let there = before.entry(&change.unit).or_default();
            there.extend(change.before.iter().map(|it| (change.key.kind, it)));
        }
        for wanted in &desired.units {
            let Some(there) = before.get_mut(&wanted.unit) else { continue };
            let changed = |key: &Key| self.changes.iter().any(|it| it.key == *key);
            let same = wanted.resources.iter().filter(|it| !changed(&it.key));
            there.extend(same.map(|it| (it.key.kind, &it.content)));
        }
        before
    }

    /// How many were made outside.
    pub fn drifted(&self) -> usize {
        self.changes.iter().filter(|it| it.drift).count()
    }
}

/// One resource that has to change.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Which.
    pub key: Key,
    /// What it belongs to.
    pub unit: Unit,
    /// What is done with it.
    pub step: Step,
    /// Whether it was changed by somebody else since it was deployed.
    pub drift: bool,
    /// Where it differs.
    pub lines: Vec<Line>,
    /// As it is; none where it is not there, or nobody has read it.
    pub before: Option<Value>,
    /// As it is to be; none where it goes.
    pub resource: Option<Arc<Resource>>,
}

/// What is done with a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is made.
    Create,
    /// It is changed.
    Update,
    /// It is removed and made again, since AWS can't change it.
    Replace,
    /// It is removed.
    Delete,
}

/// Compares what is wanted with what there is.
pub fn plan(desired: &Desired, cloud: &dyn Cloud, options: &Options) -> Result<Plan, Vec<Trouble>> {
    let actual = cloud.list().map_err(|it| vec![Trouble::of(it)])?;
    let units: Vec<&Wanted> = desired.units.iter().filter(|it| options.means(&it.unit)).collect();
    let compared = spread(&units, |it| compare(it, &actual, cloud, options.refresh));
    let mut plan = Plan::default();
    let mut troubles = Vec::new();
    for (wanted, compared) in units.iter().zip(compared) {
        plan.wanted += wanted.resources.len();
        match compared {
            Ok(compared) => {
                let marked = actual.marks.get(&wanted.unit) == Some(&wanted.hash);
                if compared.changes.is_empty() && !marked && wanted.unit.is_marked() {
                    plan.unmarked.push((wanted.unit.clone(), wanted.hash.clone()));
                }
                plan.trusted += compared.trusted;
                plan.changes.extend(compared.changes);
                plan.warnings.extend(compared.warnings);
            }
            Err(trouble) => troubles.push(trouble),
        }
    }
    match left_over(desired, &actual, cloud, options) {
        Ok(deleted) => plan.changes.extend(deleted),
        Err(found) => troubles.extend(found),
    }
    if troubles.is_empty() { Ok(plan) } else { Err(troubles) }
}

impl Unit {
    /// Whether a tag says what it was last made to be; that of the platform is part of its content.
    fn is_marked(&self) -> bool {
        match self {
            Self::Pipeline(_) | Self::Survey(_) => true,
            Self::Platform => false,
        }
    }
}

/// One unit, compared.
#[derive(Default)]
struct Compared {
    changes: Vec<Change>,
    /// How many of its resources were not read.
    trusted: usize,
    warnings: Vec<Trouble>,
}

fn compare(wanted: &Wanted, actual: &Actual, cloud: &dyn Cloud, refresh: bool) -> Result<Compared, Trouble> {
    let marked = actual.marks.get(&wanted.unit) == Some(&wanted.hash);
    let mut compared = Compared::default();
    for resource in &wanted.resources {
        let Some(found) = actual.found.get(&resource.key) else {
            compared.changes.push(change(resource, Step::Create, marked, Vec::new(), None));
            continue;
        };
        if let Owner::Other(whose) = &found.owner {
            // Of these an instance has one, which may well be another's: all else works without.
            if resource.key.kind == Kind::ContactRecords {
                compared.warnings.push(Trouble::records_elsewhere(resource, whose));
                continue;
            }
            return Err(Trouble::not_ours(resource, whose));
        }
        if let Knowledge::Part(part) = &found.knowledge
            && marked
            && !refresh
            && agrees(part, &resource.content)
        {
            compared.trusted += 1;
            continue;
        }
        let Some((content, made_of)) = content(resource, found, cloud)? else {
            compared.changes.push(change(resource, Step::Create, marked, Vec::new(), None));
            continue;
        };
        let lines = lines(resource, &content, made_of.as_deref());
        if !lines.is_empty() {
            let step = if must_be_replaced(resource.key.kind, &lines) { Step::Replace } else { Step::Update };
            compared.changes.push(change(resource, step, marked, lines, Some(content)));
        }
    }
    Ok(compared)
}

/// Where the resource differs. What a service adds by itself is no difference, unless the resource was made from
/// something else: then a field may have gone from the program.
fn lines(resource: &Resource, content: &Value, made_of: Option<&str>) -> Vec<Line> {
    let within = || differences(&restricted(content, &resource.content), &resource.content);
    let all = || differences(content, &resource.content);
    match made_of {
        _ if resource.key.kind == Kind::Stack => within(),
        None => all(),
        Some(hash) => {
            let lines = within();
            if lines.is_empty() && hash != resource.hash() { all() } else { lines }
        }
    }
}

/// All of the resource's content and what it was made from; none where it has gone meanwhile.
fn content(
    resource: &Arc<Resource>,
    found: &Found,
    cloud: &dyn Cloud,
) -> Result<Option<(Value, Option<String>)>, Trouble> {
    if let (Knowledge::Full(content), Owner::Ours(_)) = (&found.knowledge, &found.owner) {
        return Ok(Some((content.clone(), found.made_of.clone())));
    }
    let read = cloud.read(&resource.key).map_err(|it| Trouble::with(resource, it))?;
    let Some(Found { owner, knowledge, made_of }) = read else { return Ok(None) };
    match (owner, knowledge) {
        (Owner::Other(whose), _) => Err(Trouble::not_ours(resource, &whose)),
        (Owner::Ours(_) | Owner::Perhaps(_), Knowledge::Full(it) | Knowledge::Part(it)) => {
            Ok(Some((it, made_of)))
        }
    }
}

/// A flow's type is given when it is made.
fn must_be_replaced(kind: Kind, lines: &[Line]) -> bool {
    kind == Kind::Flow && lines.iter().any(|it| it.path.first().is_some_and(|name| name == "Type"))
}

fn change(
    resource: &Arc<Resource>,
    step: Step,
    drift: bool,
    lines: Vec<Line>,
    before: Option<Value>,
) -> Change {
    Change {
        key: resource.key.clone(),
        unit: resource.unit.clone(),
        step,
        drift,
        lines,
        before,
        resource: Some(Arc::clone(resource)),
    }
}

/// What is ours and nobody wants any longer, in the order in which it goes.
fn left_over(
    desired: &Desired,
    actual: &Actual,
    cloud: &dyn Cloud,
    options: &Options,
) -> Result<Vec<Change>, Vec<Trouble>> {
    let wanted: BTreeSet<&Key> =
        desired.units.iter().flat_map(|it| &it.resources).map(|it| &it.key).collect();
    let unwanted: Vec<_> = actual.found.iter().filter(|(key, _)| !wanted.contains(key)).collect();
    let owners = spread(&unwanted, |(key, found)| match &found.owner {
        Owner::Ours(unit) => Ok(Some((unit.clone(), found.knowledge.clone()))),
        Owner::Other(_) => Ok(None),
        Owner::Perhaps(unit) => match cloud.read(key) {
            Ok(Some(Found { owner: Owner::Ours(unit), knowledge, .. })) => Ok(Some((unit, knowledge))),
            Ok(_) => Ok(None),
            Err(error) => Err(Trouble::at(key, unit, error)),
        },
    });
    let mut changes = Vec::new();
    let mut troubles = Vec::new();
    for ((key, _), owner) in unwanted.into_iter().zip(owners) {
        match owner {
            Ok(Some((unit, knowledge))) if options.means(&unit) && !kept(desired, key, &unit) => {
                changes.push(Change {
                    key: key.clone(),
                    unit,
                    step: Step::Delete,
                    drift: false,
                    lines: Vec::new(),
                    before: match knowledge {
                        Knowledge::Full(content) => Some(content),
                        Knowledge::Part(_) => None,
                    },
                    resource: None,
                });
            }
            Ok(_) => {}
            Err(trouble) => troubles.push(trouble),
        }
    }
    changes.sort_by(|a, b| (&a.unit, b.key.kind, &a.key.name).cmp(&(&b.unit, a.key.kind, &b.key.name)));
    if troubles.is_empty() { Ok(changes) } else { Err(troubles) }
}

/// Earlier plans of a pipeline stay as long as the pipeline does: executions that go on, redrives and rollbacks
/// need them.
fn kept(desired: &Desired, key: &Key, unit: &Unit) -> bool {
    key.kind == Kind::Object && desired.units.iter().any(|it| it.unit == *unit)
}
