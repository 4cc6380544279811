//! Rules that start a pipeline after others.

use serde_json::{Map, Value, from_str};

use super::{
    Account,
    batch::text,
    calls::Refusal,
    scope::{CONTENT, Tags},
    states::{entries, fields, made_of},
};
use crate::deploy::{
    cloud::{Actual, CloudError, Found, Knowledge},
    resource::{Key, Kind, Resource},
};

impl Account<'_> {
    fn events(&self, operation: &str, input: &Value) -> Result<Value, Refusal> {
        self.calls.json("events", &format!("AWSEvents.{operation}"), "1.1", input)
    }

    pub(super) fn list_rules(&self, actual: &mut Actual) -> Result<(), CloudError> {
        let mut input = Map::from_iter([("NamePrefix".to_owned(), self.scope.prefix().into())]);
        loop {
            let page = self.events("ListRules", &Value::Object(input.clone()))?;
            for rule in entries(&page, "Rules") {
                let name = text(rule, "Name");
                // Every rule of ours ends so; the platform's own belong to its stack.
                if !name.ends_with("-start") {
                    continue;
                }
                let found = Found {
                    owner: self.scope.guessed(name, &actual.units),
                    knowledge: Knowledge::Part(plain(rule)),
                    made_of: None,
                };
                drop(actual.found.insert(Key::new(Kind::Rule, name), found));
            }
            let Some(next) = page.get("NextToken").filter(|it| it.is_string()) else { return Ok(()) };
            drop(input.insert("NextToken".to_owned(), next.clone()));
        }
    }

    pub(super) fn read_rule(&self, name: &str) -> Result<Option<Found>, CloudError> {
        let rule = match self.events("DescribeRule", &fields([("Name", name.into())])) {
            Ok(rule) => rule,
            Err(refusal) if refusal.is_missing() => return Ok(None),
            Err(refusal) => return Err(refusal.into()),
        };
        let tags = fields([("ResourceARN", text(&rule, "Arn").into())]);
        let tags = self.events("ListTagsForResource", &tags)?;
        let tags: Tags = entries(&tags, "Tags")
            .iter()
            .map(|it| (text(it, "Key").to_owned(), text(it, "Value").to_owned()))
            .collect();
        let targets = self.events("ListTargetsByRule", &fields([("Rule", name.into())]))?;
        let mut content = plain(&rule);
        if let Value::Object(content) = &mut content {
            drop(content.insert("Name".to_owned(), name.into()));
            drop(content.insert("Targets".to_owned(), entries(&targets, "Targets").to_vec().into()));
        }
        let made_of = made_of(&tags);
        Ok(Some(Found { owner: self.scope.owner(&tags), knowledge: Knowledge::Full(content), made_of }))
    }

    pub(super) fn put_rule(&self, resource: &Resource) -> Result<(), CloudError> {
        let (content, name) = (&resource.content, &resource.key.name);
        let is_new = self.read_rule(name)?.is_none();
        let pattern = content.get("EventPattern").map(Value::to_string).unwrap_or_default();
        let tags = self.scope.tags(&resource.unit).into_iter().chain([(CONTENT, resource.hash())]);
        let tags: Value =
            tags.map(|(key, value)| fields([("Key", key.into()), ("Value", value.into())])).collect();
        let mut input = Map::from_iter([
            ("Name".to_owned(), Value::from(name.as_str())),
            ("Description".to_owned(), text(content, "Description").into()),
            ("EventPattern".to_owned(), pattern.into()),
            ("State".to_owned(), text(content, "State").into()),
        ]);
        // `PutRule` takes tags of a new rule only, and drops those of one that is there.
        if is_new {
            drop(input.insert("Tags".to_owned(), tags.clone()));
        }
        let rule = self.events("PutRule", &Value::Object(input))?;
        let wanted = content.get("Targets").cloned().unwrap_or_default();
        let put =
            self.events("PutTargets", &fields([("Rule", name.as_str().into()), ("Targets", wanted)]))?;
        if let Some(failed) = entries(&put, "FailedEntries").first() {
            return Err(CloudError {
                problem: crate::deploy::cloud::Problem::Refused,
                operation: "events:PutTargets".to_owned(),
                message: format!("{} ({})", text(failed, "ErrorMessage"), text(failed, "ErrorCode")),
                problems: Vec::new(),
            });
        }
        if !is_new {
            let input = fields([("ResourceARN", text(&rule, "RuleArn").into()), ("Tags", tags)]);
            drop(self.events("TagResource", &input)?);
        }
        Ok(())
    }

    pub(super) fn delete_rule(&self, name: &str) -> Result<(), CloudError> {
        let targets = match self.events("ListTargetsByRule", &fields([("Rule", name.into())])) {
            Ok(targets) => targets,
            Err(refusal) if refusal.is_missing() => return Ok(()),
            Err(refusal) => return Err(refusal.into()),
        };
        let ids: Vec<Value> = entries(&targets, "Targets").iter().map(|it| text(it, "Id").into()).collect();
        if !ids.is_empty() {
            let input = fields([("Rule", name.into()), ("Ids", ids.into())]);
            drop(self.events("RemoveTargets", &input)?);
        }
        self.events("DeleteRule", &fields([("Name", name.into())])).map(drop).map_err(Into::into)
    }
}

/// What a list and a description tell of a rule.
fn plain(rule: &Value) -> Value {
    fields([
        ("Description", text(rule, "Description").into()),
        ("EventPattern", from_str(text(rule, "EventPattern")).unwrap_or_default()),
        ("State", text(rule, "State").into()),
    ])
}
