//! Job definitions: a revision for each content. A machine names the revision that it was deployed with, so a
//! revision stays active as long as a version that can be gone back to may name it.

use std::{
    collections::BTreeMap,
    sync::{MutexGuard, PoisonError},
};

use serde_json::{Map, Value};

use super::{
    Account,
    calls::Refusal,
    scope::{CONTENT, ENVIRONMENT, PLATFORM, PROGRAM, Tags, UNIT},
    states::{entries, fields, made_of},
};
use crate::deploy::{
    cloud::{Actual, CloudError, Found, Knowledge, Owner},
    resource::{Key, Kind, Resource},
};

/// The content of each active revision, as its hash, by name and number.
pub(super) type Revisions = BTreeMap<String, BTreeMap<u64, String>>;

/// What Batch says of a revision, and was not asked for.
const OWN_FIELDS: [&str; 4] = ["jobDefinitionArn", "revision", "status", "containerOrchestrationType"];

impl Account<'_> {
    fn batch(&self, operation: &str, input: &Value) -> Result<Value, Refusal> {
        let path = format!("/v1/{}", operation.to_ascii_lowercase());
        self.calls.rest(operation, "batch", "POST", path, Vec::new(), Some(input))
    }

    pub(super) fn list_job_definitions(&self, actual: &mut Actual) -> Result<(), CloudError> {
        let prefix = self.scope.prefix();
        let mut newest = BTreeMap::<String, Vec<Value>>::new();
        for definition in self.active_definitions(None)? {
            let name = text(&definition, "jobDefinitionName").to_owned();
            if name.starts_with(&prefix) {
                newest.entry(name).or_default().push(definition);
            }
        }
        for (name, mut revisions) in newest {
            revisions.sort_by_key(revision);
            let of_ours = revisions.iter().filter(|it| matches!(self.scope.owner(&tags(it)), Owner::Ours(_)));
            let hashes = of_ours.filter_map(|it| Some((revision(it), made_of(&tags(it))?)));
            drop(self.revisions().insert(name.clone(), hashes.collect()));
            let Some(definition) = revisions.pop() else { continue };
            let tags = tags(&definition);
            let found = Found {
                owner: self.scope.owner(&tags),
                made_of: made_of(&tags),
                knowledge: Knowledge::Full(plain(definition)),
            };
            drop(actual.found.insert(Key::new(Kind::JobDefinition, name), found));
        }
        Ok(())
    }

    fn active_definitions(&self, name: Option<&str>) -> Result<Vec<Value>, CloudError> {
        let mut found = Vec::new();
        let mut next = Value::Null;
        loop {
            let mut input = Map::from_iter([("status".to_owned(), "ACTIVE".into())]);
            if let Some(name) = name {
                drop(input.insert("jobDefinitionName".to_owned(), name.into()));
            }
            if next.is_string() {
                drop(input.insert("nextToken".to_owned(), next));
            }
            let page = self.batch("DescribeJobDefinitions", &Value::Object(input))?;
            found.extend(entries(&page, "jobDefinitions").iter().cloned());
            next = page.get("nextToken").cloned().unwrap_or_default();
            if !next.is_string() {
                return Ok(found);
            }
        }
    }

    /// Registers a revision where the newest one is another.
    pub(super) fn register(&self, resource: &Resource) -> Result<(), CloudError> {
        let name = &resource.key.name;
        let mut active = self.active_definitions(Some(name))?;
        active.sort_by_key(revision);
        let hash = resource.hash();
        if let Some(newest) = active.last().filter(|it| made_of(&tags(it)).as_ref() == Some(&hash)) {
            self.remember(name, revision(newest), &hash);
            return Ok(());
        }
        let mut input = resource.content.clone();
        if let Some(Value::Object(tags)) = input.get_mut("tags") {
            for (name, value) in self.scope.tags(&resource.unit) {
                drop(tags.insert(name.to_owned(), value.into()));
            }
            drop(tags.insert(CONTENT.to_owned(), hash.as_str().into()));
        }
        let made = self.batch("RegisterJobDefinition", &input)?;
        self.remember(name, revision(&made), &hash);
        Ok(())
    }

    fn remember(&self, name: &str, revision: u64, hash: &str) {
        drop(self.revisions().entry(name.to_owned()).or_default().insert(revision, hash.to_owned()));
    }

    pub(super) fn revisions(&self) -> MutexGuard<'_, Revisions> {
        self.revisions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether that revision can be run.
    pub(super) fn is_active(&self, name: &str, number: u64) -> Result<bool, CloudError> {
        Ok(self.active_definitions(Some(name))?.iter().any(|it| revision(it) == number))
    }

    /// Puts away what is older than that revision: no version that can be gone back to names it.
    pub(super) fn put_away_before(&self, name: &str, oldest: u64) -> Result<(), CloudError> {
        let mut old = self.active_definitions(Some(name))?;
        old.retain(|it| revision(it) < oldest && matches!(self.scope.owner(&tags(it)), Owner::Ours(_)));
        self.put_away(&old)
    }

    /// Puts every revision away.
    pub(super) fn deregister(&self, name: &str) -> Result<(), CloudError> {
        let active = self.active_definitions(Some(name))?;
        self.put_away(&active)
    }

    fn put_away(&self, revisions: &[Value]) -> Result<(), CloudError> {
        for old in revisions {
            let input = fields([("jobDefinition", text(old, "jobDefinitionArn").into())]);
            drop(self.batch("DeregisterJobDefinition", &input)?);
        }
        Ok(())
    }
}

/// A field's text; empty where there is none.
pub(super) fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn revision(definition: &Value) -> u64 {
    definition.get("revision").and_then(Value::as_u64).unwrap_or_default()
}

fn tags(definition: &Value) -> Tags {
    let tags = definition.get("tags").and_then(Value::as_object);
    let texts =
        tags.into_iter().flatten().map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default()));
    texts.map(|(name, value)| (name, value.to_owned())).collect()
}

/// As it was registered: without what Batch adds, and without our own tags.
fn plain(definition: Value) -> Value {
    let Value::Object(mut definition) = definition else { return definition };
    for field in OWN_FIELDS {
        drop(definition.remove(field));
    }
    if let Some(Value::Object(tags)) = definition.get_mut("tags") {
        for name in [PLATFORM, ENVIRONMENT, UNIT, PROGRAM, CONTENT] {
            drop(tags.remove(name));
        }
    }
    // Batch gives these words back in small letters.
    let ends = definition.get_mut("retryStrategy").and_then(|it| it.get_mut("evaluateOnExit"));
    for end in ends.and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(action) = end.get_mut("action") {
            *action = action.as_str().unwrap_or_default().to_ascii_uppercase().into();
        }
    }
    without_nothing(Value::Object(definition))
}

/// Without empty lists, objects and nulls, which say nothing.
fn without_nothing(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| (name, without_nothing(value)))
                .filter(|(_, value)| !is_nothing(value))
                .collect(),
        ),
        Value::Array(all) => Value::Array(all.into_iter().map(without_nothing).collect()),
        value @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => value,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}
