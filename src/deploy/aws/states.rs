//! State machines, with a version of each that was deployed and the alias `live` on the newest.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Map, Value, from_str};

use super::{
    Account,
    calls::Refusal,
    revisions::{named, unnamed},
    scope::Tags,
};
use crate::deploy::{
    aws::{batch::text, scope::CONTENT},
    cloud::{Actual, CloudError, Found, Knowledge, Problem},
    desired::JOB_DEFINITIONS,
    resource::{Key, Kind, Resource},
};

/// The alias of the version that runs.
pub(super) const ALIAS: &str = "live";
/// How many versions are kept to go back to, with the revisions of job definitions that they name.
const VERSIONS: usize = 10;

impl Account<'_> {
    pub(super) fn states(&self, operation: &str, input: &Value) -> Result<Value, Refusal> {
        self.calls.json("states", &format!("AWSStepFunctions.{operation}"), "1.0", input)
    }

    pub(super) fn machine_arn(&self, name: &str) -> String {
        self.scope.arn("states", &format!("stateMachine:{name}"))
    }

    pub(super) fn list_machines(&self, actual: &mut Actual) -> Result<(), CloudError> {
        let prefix = self.scope.prefix();
        let mut input = fields([("maxResults", 1000.into())]);
        loop {
            let page = self.states("ListStateMachines", &input)?;
            for machine in entries(&page, "stateMachines") {
                let name = text(machine, "name");
                if name.starts_with(&prefix) {
                    let found = Found {
                        owner: self.scope.guessed(name, &actual.units),
                        knowledge: Knowledge::Part(fields([])),
                        made_of: None,
                    };
                    drop(actual.found.insert(Key::new(Kind::StateMachine, name), found));
                }
            }
            let Some(next) = page.get("nextToken").filter(|it| it.is_string()) else { return Ok(()) };
            input = fields([("maxResults", 1000.into()), ("nextToken", next.clone())]);
        }
    }

    pub(super) fn read_machine(&self, name: &str) -> Result<Option<Found>, CloudError> {
        let arn = self.machine_arn(name);
        let input = fields([("stateMachineArn", arn.clone().into())]);
        let machine = match self.states("DescribeStateMachine", &input) {
            Ok(machine) => machine,
            Err(refusal) if refusal.is_missing() => return Ok(None),
            Err(refusal) => return Err(refusal.into()),
        };
        let tags = self.states("ListTagsForResource", &fields([("resourceArn", arn.into())]))?;
        let tags: Tags = entries(&tags, "tags")
            .iter()
            .map(|it| (text(it, "key").to_owned(), text(it, "value").to_owned()))
            .collect();
        let mut definition = from_str(text(&machine, "definition")).unwrap_or_default();
        let known = self.revisions();
        let content_of = |(name, number): (String, Option<u64>)| {
            let hash = number.and_then(|it| known.get(&name)?.get(&it));
            (name, hash.map_or("none", String::as_str).into())
        };
        let definitions: Map<String, Value> = unnamed(&mut definition).into_iter().map(content_of).collect();
        drop(known);
        let content = fields([
            ("definition", definition),
            ("roleArn", text(&machine, "roleArn").into()),
            (JOB_DEFINITIONS, definitions.into()),
        ]);
        Ok(Some(Found { owner: self.scope.owner(&tags), knowledge: Knowledge::Full(content), made_of: None }))
    }

    pub(super) fn create_machine(&self, resource: &Resource) -> Result<(), CloudError> {
        let name = &resource.key.name;
        let tags = self.scope.tags(&resource.unit).into_iter();
        let tags = tags.map(|(key, value)| fields([("key", key.into()), ("value", value.into())]));
        let input = fields([
            ("name", name.as_str().into()),
            ("definition", self.definition(resource)?.into()),
            ("roleArn", text(&resource.content, "roleArn").into()),
            ("type", "STANDARD".into()),
            ("publish", true.into()),
            ("versionDescription", resource.hash().into()),
            ("tags", tags.collect()),
        ]);
        let made = match self.states("CreateStateMachine", &input) {
            Ok(made) => made,
            // A machine that was removed a moment ago ends with its executions.
            Err(refusal) if refusal.code == "StateMachineAlreadyExists" => {
                return self.update_machine(resource);
            }
            Err(refusal) => return Err(refusal.into()),
        };
        self.point_alias(name, text(&made, "stateMachineVersionArn"))
    }

    pub(super) fn update_machine(&self, resource: &Resource) -> Result<(), CloudError> {
        let name = &resource.key.name;
        let input = fields([
            ("stateMachineArn", self.machine_arn(name).into()),
            ("definition", self.definition(resource)?.into()),
            ("roleArn", text(&resource.content, "roleArn").into()),
            ("publish", true.into()),
            ("versionDescription", resource.hash().into()),
        ]);
        let made = self.states("UpdateStateMachine", &input)?;
        self.point_alias(name, text(&made, "stateMachineVersionArn"))?;
        let versions = self.versions(name)?;
        let gone: Vec<_> = versions.iter().skip(VERSIONS).collect();
        for (arn, _) in &gone {
            drop(self.states(
                "DeleteStateMachineVersion",
                &fields([("stateMachineVersionArn", arn.as_str().into())]),
            )?);
        }
        let Some((oldest, _)) = versions.get(VERSIONS - 1).filter(|_| !gone.is_empty()) else {
            return Ok(());
        };
        // A later version never names an earlier revision: what is older than the oldest one's is named by none.
        for (name, revision) in self.revisions_of(oldest)?.1 {
            self.put_away_before(&name, revision.unwrap_or_default())?;
        }
        Ok(())
    }

    /// A version as it was described, with the revisions of job definitions that it names.
    pub(super) fn revisions_of(
        &self,
        version: &str,
    ) -> Result<(Value, BTreeMap<String, Option<u64>>), CloudError> {
        let machine = self.states("DescribeStateMachine", &fields([("stateMachineArn", version.into())]))?;
        let mut definition = from_str(text(&machine, "definition")).unwrap_or_default();
        let named = unnamed(&mut definition);
        Ok((machine, named))
    }

    /// The definition's text, in which each job definition is the revision that the program wants.
    fn definition(&self, resource: &Resource) -> Result<String, CloudError> {
        let wanted = resource.content.get(JOB_DEFINITIONS).and_then(Value::as_object);
        let hashes = wanted
            .into_iter()
            .flatten()
            .filter_map(|(name, hash)| Some((name.clone(), hash.as_str()?.to_owned())));
        named(body(resource), &hashes.collect(), &self.revisions()).map_err(|name| CloudError {
            problem: Problem::Failed,
            operation: "batch:DescribeJobDefinitions".to_owned(),
            message: format!("the job definition `{name}` is not registered as the program wants it"),
            problems: Vec::new(),
        })
    }

    pub(super) fn delete_machine(&self, name: &str) -> Result<(), CloudError> {
        let input = fields([("stateMachineArn", self.machine_arn(name).into())]);
        match self.states("DeleteStateMachine", &input) {
            Ok(_) => Ok(()),
            Err(refusal) if refusal.is_missing() => Ok(()),
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// The versions with their numbers, newest first.
    pub(super) fn versions(&self, name: &str) -> Result<Vec<(String, u64)>, CloudError> {
        let input = fields([("stateMachineArn", self.machine_arn(name).into()), ("maxResults", 1000.into())]);
        let listed = self.states("ListStateMachineVersions", &input)?;
        let mut versions: Vec<_> = entries(&listed, "stateMachineVersions")
            .iter()
            .filter_map(|it| {
                let arn = text(it, "stateMachineVersionArn");
                Some((arn.to_owned(), version_number(arn)?))
            })
            .collect();
        versions.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
        Ok(versions)
    }

    /// Makes the alias name that version, and makes it where it is not there yet.
    pub(super) fn point_alias(&self, name: &str, version: &str) -> Result<(), CloudError> {
        let route = fields([("stateMachineVersionArn", version.into()), ("weight", 100.into())]);
        let routes = Value::Array(vec![route]);
        let alias = format!("{}:{ALIAS}", self.machine_arn(name));
        let input =
            fields([("stateMachineAliasArn", alias.into()), ("routingConfiguration", routes.clone())]);
        match self.states("UpdateStateMachineAlias", &input) {
            Ok(_) => Ok(()),
            Err(refusal) if refusal.is_missing() || refusal.code == "ValidationException" => {
                let input = fields([("name", ALIAS.into()), ("routingConfiguration", routes)]);
                self.states("CreateStateMachineAlias", &input).map(drop).map_err(Into::into)
            }
            Err(refusal) => Err(refusal.into()),
        }
    }
}

/// The number at the end of a version's ARN.
pub(super) fn version_number(arn: &str) -> Option<u64> {
    arn.rsplit(':').next()?.parse().ok()
}

/// An object.
pub(super) fn fields<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The entries of a list; none where there is no such list.
pub(super) fn entries<'v>(value: &'v Value, list: &str) -> &'v [Value] {
    value.get(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// What is sent as a text.
pub(super) fn body(resource: &Resource) -> &str {
    resource.body.as_ref().map(Arc::as_ref).unwrap_or_default()
}

/// The content's tag.
pub(super) fn made_of(tags: &Tags) -> Option<String> {
    tags.get(CONTENT).cloned()
}
