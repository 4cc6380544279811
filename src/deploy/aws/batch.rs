//! Job definitions: a revision for each content, of which only the newest stays active.

use serde_json::{Map, Value};

use super::{
    Account,
    calls::Refusal,
    scope::{CONTENT, ENVIRONMENT, PLATFORM, Tags, UNIT},
    states::{entries, fields, made_of},
};
use crate::deploy::{
    cloud::{Actual, CloudError, Found, Knowledge},
    resource::{Key, Kind, Resource},
};

/// What Batch says of a revision, and was not asked for.
const OWN_FIELDS: [&str; 4] = ["jobDefinitionArn", "revision", "status", "containerOrchestrationType"];

impl Account<'_> {
    fn batch(&self, operation: &str, input: &Value) -> Result<Value, Refusal> {
        let path = format!("/v1/{}", operation.to_ascii_lowercase());
        self.calls.rest(operation, "batch", "POST", path, Vec::new(), Some(input))
    }

    pub(super) fn list_job_definitions(&self, actual: &mut Actual) -> Result<(), CloudError> {
        let prefix = self.scope.prefix();
        let mut newest = std::collections::BTreeMap::<String, Vec<Value>>::new();
        for definition in self.active_definitions(None)? {
            let name = text(&definition, "jobDefinitionName").to_owned();
            if name.starts_with(&prefix) {
                newest.entry(name).or_default().push(definition);
            }
        }
        for (name, mut revisions) in newest {
            revisions.sort_by_key(revision);
            let older = revisions.len() - 1;
            let Some(definition) = revisions.pop() else { continue };
            let tags = tags(&definition);
            let mut content = plain(definition);
            if older > 0
                && let Value::Object(content) = &mut content
            {
                // Whoever stopped before the older ones were put away.
                drop(content.insert("olderRevisions".to_owned(), older.into()));
            }
            let found = Found {
                owner: self.scope.owner(&tags),
                knowledge: Knowledge::Full(content),
                made_of: made_of(&tags).filter(|_| older == 0),
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

    /// Registers a revision where the newest one is another, and puts the older ones away.
    pub(super) fn register(&self, resource: &Resource) -> Result<(), CloudError> {
        let mut active = self.active_definitions(Some(&resource.key.name))?;
        active.sort_by_key(revision);
        let hash = resource.hash();
        let is_newest = active.last().is_some_and(|it| made_of(&tags(it)).as_ref() == Some(&hash));
        if is_newest {
            drop(active.pop());
        } else {
            let mut input = resource.content.clone();
            if let Some(Value::Object(tags)) = input.get_mut("tags") {
                for (name, value) in self.scope.tags(&resource.unit) {
                    drop(tags.insert(name.to_owned(), value.into()));
                }
                drop(tags.insert(CONTENT.to_owned(), hash.into()));
            }
            drop(self.batch("RegisterJobDefinition", &input)?);
        }
        self.put_away(&active)
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
        for name in [PLATFORM, ENVIRONMENT, UNIT, CONTENT] {
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
