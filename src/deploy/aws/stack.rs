//! The platform's stack.

use std::{collections::BTreeMap, sync::PoisonError, time::Duration};

use serde_json::{Map, Value, from_str};

use super::{
    Account,
    batch::text,
    calls::{Refusal, field},
    scope::{CONTENT, ENVIRONMENT, PLATFORM, PROGRAM, Tags},
    states::{body, fields},
    xml::Element,
};
use crate::deploy::{
    cloud::{Actual, CloudError, Found, Knowledge, Owner, Problem},
    resource::{Key, Kind, Resource, Unit},
};

/// The longest template that goes into a request; a longer one is read from the bucket.
const LONGEST_INLINE: usize = 51_200;
/// The parameter that says what Connect calls the flows and queues.
const CONNECT_IDS: &str = "ConnectIds";
/// How often a stack is looked at while it changes.
const LOOK: Duration = Duration::from_secs(3);
/// How often at most: an hour.
const LOOKS: u32 = 1_200;

impl Account<'_> {
    fn formation(&self, operation: &str, input: &[(String, String)]) -> Result<Element, Refusal> {
        self.calls.query("cloudformation", "2010-05-15", operation, input)
    }

    /// The stack as it is; none where there is none.
    pub(super) fn stack(&self, name: &str) -> Result<Option<Element>, CloudError> {
        match self.formation("DescribeStacks", &[field("StackName", name)]) {
            Ok(answer) => {
                let stack = answer.find("Stacks").and_then(|it| it.children().first()).cloned();
                Ok(stack.filter(|it| it.text_of("StackStatus") != Some("DELETE_COMPLETE")))
            }
            Err(refusal) if refusal.is_missing() => Ok(None),
            Err(refusal) => Err(refusal.into()),
        }
    }

    pub(super) fn list_stack(&self, actual: &mut Actual) -> Result<(), CloudError> {
        let name = &self.scope.stack;
        let Some(stack) = self.stack(name)? else { return Ok(()) };
        let tags: Tags = pairs(&stack, "Tags", "Key", "Value").collect();
        let is = |name: &str, value: &String| tags.get(name) == Some(value);
        let ours = is(PLATFORM, &self.scope.platform)
            && is(ENVIRONMENT, &self.scope.environment)
            && is(PROGRAM, &self.scope.program);
        let owner = if ours {
            Owner::Ours(Unit::Platform)
        } else {
            Owner::Other("its tags are not those of this platform and program".to_owned())
        };
        let parameters: Map<String, Value> = pairs(&stack, "Parameters", "ParameterKey", "ParameterValue")
            .map(|(key, value)| (key, value.into()))
            .collect();
        // What was rolled back is not what the tag says.
        let settled = matches!(stack.text_of("StackStatus"), Some("CREATE_COMPLETE" | "UPDATE_COMPLETE"));
        let template = tags.get(CONTENT).filter(|_| settled).cloned().unwrap_or_default();
        let content = fields([("Template", template.into()), ("Parameters", parameters.into())]);
        let found = Found { owner, knowledge: Knowledge::Full(content), made_of: None };
        drop(actual.found.insert(Key::new(Kind::Stack, name.as_str()), found));
        let _ = actual.units.insert(Unit::Platform);
        Ok(())
    }

    /// Whether the stack is there and ours: then so is what it made, and what can't be tagged itself.
    pub(super) fn has_stack(&self, actual: &Actual) -> bool {
        let stack = actual.found.get(&Key::new(Kind::Stack, self.scope.stack.as_str()));
        stack.is_some_and(|it| matches!(it.owner, Owner::Ours(_)))
    }

    /// The template that the platform was made from; none where there is no stack.
    pub fn deployed_template(&self) -> Result<Option<Value>, CloudError> {
        let input = [field("StackName", &self.scope.stack), field("TemplateStage", "Original")];
        match self.formation("GetTemplate", &input) {
            Ok(answer) => Ok(answer.find("TemplateBody").and_then(|it| from_str(it.text()).ok())),
            Err(refusal) if refusal.is_missing() => Ok(None),
            Err(refusal) => Err(refusal.into()),
        }
    }

    pub(super) fn put_stack(&self, resource: &Resource) -> Result<(), CloudError> {
        let name = &resource.key.name;
        let template: Value = from_str(body(resource)).unwrap_or_default();
        let text = template.to_string();
        let mut there = self.settled(name)?;
        if there.as_ref().is_some_and(|it| it.text_of("StackStatus") == Some("ROLLBACK_COMPLETE")) {
            // A stack that could not be made holds nothing, and can only be removed.
            self.delete_stack(name)?;
            there = None;
        }
        if there.is_none() && text.len() > LONGEST_INLINE {
            // The bucket that a long template is read from is the stack's own.
            self.change("CreateStack", resource, &only_buckets(&template), None)?;
            there = self.settled(name)?;
        }
        if there.is_none() {
            // The functions' programs lie in the bucket that the stack makes.
            let first = without_programs(resource);
            self.change("CreateStack", &first, &template, None)?;
            if resource.files.is_empty() {
                return Ok(());
            }
            there = self.settled(name)?;
        }
        for (key, program) in resource.files.iter() {
            self.put_program(key, program)?;
        }
        self.change("UpdateStack", resource, &template, there.as_ref())
    }

    fn put_program(&self, key: &str, program: &[u8]) -> Result<(), CloudError> {
        match self.object("HeadObject", "HEAD", key, Vec::new(), Vec::new(), b"") {
            Ok(_) => return Ok(()),
            Err(refusal) if refusal.is_missing() => {}
            Err(refusal) => return Err(refusal.into()),
        }
        let headers = vec![("content-type", "application/zip".to_owned())];
        self.object("PutObject", "PUT", key, Vec::new(), headers, program).map(drop).map_err(Into::into)
    }

    /// Tells the platform what Connect calls the flows and queues: its functions call back through them.
    pub(super) fn tell_ids(&self, ids: &str) -> Result<(), CloudError> {
        let name = self.scope.stack.as_str();
        let one_at_a_time = self.stack_changes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(stack) = self.settled(name)? else { return Ok(()) };
        let parameters: Vec<_> = pairs(&stack, "Parameters", "ParameterKey", "ParameterValue").collect();
        if !parameters.iter().any(|(name, value)| name == CONNECT_IDS && value != ids) {
            return Ok(());
        }
        let mut input = vec![
            field("StackName", name),
            field("Capabilities.member.1", "CAPABILITY_NAMED_IAM"),
            field("UsePreviousTemplate", "true"),
        ];
        for ((name, _), number) in parameters.iter().zip(1..) {
            let at = |what: &str| format!("Parameters.member.{number}.{what}");
            input.push(field(at("ParameterKey"), name));
            input.push(if name == CONNECT_IDS {
                field(at("ParameterValue"), ids)
            } else {
                field(at("UsePreviousValue"), "true")
            });
        }
        drop(self.formation("UpdateStack", &input)?);
        let settled = self.settled(name)?;
        drop(one_at_a_time);
        let status = settled.as_ref().and_then(|it| it.text_of("StackStatus")).unwrap_or("gone");
        if status == "UPDATE_COMPLETE" {
            return Ok(());
        }
        Err(CloudError {
            problem: Problem::Failed,
            operation: "cloudformation:UpdateStack".to_owned(),
            message: format!("the stack is {status}"),
            problems: self.reasons(name)?,
        })
    }

    /// What the platform was told that Connect calls the flows and queues; none where nobody asks.
    pub(super) fn told_ids(&self) -> Result<Option<String>, CloudError> {
        let stack = self.stack(&self.scope.stack)?;
        let parameters =
            stack.iter().flat_map(|it| pairs(it, "Parameters", "ParameterKey", "ParameterValue"));
        Ok(parameters.filter(|(name, _)| name == CONNECT_IDS).map(|(_, value)| value).next())
    }

    fn change(
        &self,
        operation: &str,
        resource: &Resource,
        template: &Value,
        there: Option<&Element>,
    ) -> Result<(), CloudError> {
        let name = &resource.key.name;
        let text = template.to_string();
        let mut input =
            vec![field("StackName", name), field("Capabilities.member.1", "CAPABILITY_NAMED_IAM")];
        if text.len() > LONGEST_INLINE {
            let key = format!("platform/{}.template.json", crate::emit::sha256(&text));
            drop(self.object("PutObject", "PUT", &key, Vec::new(), Vec::new(), text.as_bytes())?);
            let (bucket, region) = (&self.scope.bucket, &self.scope.region);
            input.push(field("TemplateURL", format!("https://{bucket}.s3.{region}.amazonaws.com/{key}")));
        } else {
            input.push(field("TemplateBody", text));
        }
        let tags = self.scope.tags(&Unit::Platform).into_iter();
        let hash = text_of_template(resource);
        for ((key, value), number) in tags.chain([(CONTENT, hash)]).zip(1..) {
            input.push(field(format!("Tags.member.{number}.Key"), key));
            input.push(field(format!("Tags.member.{number}.Value"), value));
        }
        input.extend(parameters(resource, template, there));
        match self.formation(operation, &input) {
            Ok(_) => {}
            Err(refusal) if refusal.error.message.contains("No updates are to be performed") => return Ok(()),
            // Before there is a stack there is no place for a lock: of two first deployments one makes it.
            Err(refusal) if refusal.code == "AlreadyExistsException" => {
                return Err(CloudError { problem: Problem::LockLost, ..refusal.error });
            }
            Err(refusal) => return Err(missing_values(refusal).into()),
        }
        let stack = self.settled(name)?;
        let status = stack.as_ref().and_then(|it| it.text_of("StackStatus")).unwrap_or("gone").to_owned();
        if matches!(status.as_str(), "CREATE_COMPLETE" | "UPDATE_COMPLETE") {
            return Ok(());
        }
        Err(CloudError {
            problem: Problem::Failed,
            operation: format!("cloudformation:{operation}"),
            message: format!("the stack is {status}"),
            problems: self.reasons(name)?,
        })
    }

    /// Waits until nothing changes the stack.
    fn settled(&self, name: &str) -> Result<Option<Element>, CloudError> {
        for _ in 0..LOOKS {
            let stack = self.stack(name)?;
            let status = stack.as_ref().and_then(|it| it.text_of("StackStatus")).unwrap_or_default();
            if !status.ends_with("_IN_PROGRESS") {
                return Ok(stack);
            }
            (self.around.pause)(LOOK);
        }
        Err(CloudError {
            problem: Problem::Unavailable,
            operation: "cloudformation:DescribeStacks".to_owned(),
            message: format!("the stack `{name}` has been changing for an hour"),
            problems: Vec::new(),
        })
    }

    /// What CloudFormation says of resources that failed, the first of them first.
    fn reasons(&self, name: &str) -> Result<Vec<String>, CloudError> {
        let events = self.formation("DescribeStackEvents", &[field("StackName", name)])?;
        let events = events.find("StackEvents").map(Element::children).unwrap_or_default().to_vec();
        let failed = events
            .iter()
            .rev()
            .filter(|it| it.text_of("ResourceStatus").is_some_and(|status| status.ends_with("_FAILED")));
        Ok(failed
            .map(|it| {
                let resource = it.text_of("LogicalResourceId").unwrap_or_default();
                format!("{resource}: {}", it.text_of("ResourceStatusReason").unwrap_or_default())
            })
            .collect())
    }

    pub(super) fn delete_stack(&self, name: &str) -> Result<(), CloudError> {
        drop(self.formation("DeleteStack", &[field("StackName", name)])?);
        match self.settled(name)? {
            None => Ok(()),
            Some(stack) => Err(CloudError {
                problem: Problem::Failed,
                operation: "cloudformation:DeleteStack".to_owned(),
                message: format!("the stack is {}", stack.text_of("StackStatus").unwrap_or_default()),
                problems: self.reasons(name)?,
            }),
        }
    }
}

/// The same resource before its programs are in the bucket.
fn without_programs(resource: &Resource) -> Resource {
    let mut first = resource.clone();
    if let Some(Value::Object(parameters)) = first.content.get_mut("Parameters") {
        parameters.retain(|_, value| !value.as_str().is_some_and(|it| resource.files.contains_key(it)));
    }
    first
}

fn text_of_template(resource: &Resource) -> String {
    text(&resource.content, "Template").to_owned()
}

pub(super) fn pairs<'e>(
    stack: &'e Element,
    list: &str,
    key: &'e str,
    value: &'e str,
) -> impl Iterator<Item = (String, String)> + 'e {
    let pair = move |it: &Element| {
        Some((it.text_of(key)?.to_owned(), it.text_of(value).unwrap_or_default().to_owned()))
    };
    stack.entries(list).iter().filter_map(pair)
}

/// What the user has given, and what the stack has already; the template's own defaults stand for the rest.
fn parameters(resource: &Resource, template: &Value, there: Option<&Element>) -> Vec<(String, String)> {
    let given: BTreeMap<&String, &str> = resource
        .content
        .get("Parameters")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name, value.as_str()?)))
        .collect();
    let has = |name: &String| {
        there.is_some_and(|it| {
            pairs(it, "Parameters", "ParameterKey", "ParameterValue").any(|(key, _)| key == *name)
        })
    };
    let names =
        template.get("Parameters").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name);
    let mut input = Vec::new();
    for name in names {
        let number = input.len() / 2 + 1;
        let at = |what: &str| format!("Parameters.member.{number}.{what}");
        let value = match given.get(name) {
            Some(value) => field(at("ParameterValue"), *value),
            None if has(name) => field(at("UsePreviousValue"), "true"),
            None => continue,
        };
        input.extend([field(at("ParameterKey"), name), value]);
    }
    input
}

/// The template with its bucket alone.
fn only_buckets(template: &Value) -> Value {
    let buckets: Map<String, Value> = template
        .get("Resources")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter(|(_, it)| text(it, "Type") == "AWS::S3::Bucket")
        .map(|(name, it)| (name.clone(), it.clone()))
        .collect();
    fields([("AWSTemplateFormatVersion", "2010-09-09".into()), ("Resources", buckets.into())])
}

/// CloudFormation's words name the parameters.
fn missing_values(mut refusal: Refusal) -> Refusal {
    if refusal.error.problem == Problem::ValueMissing {
        refusal.error.message = format!("the platform needs values: {}", refusal.error.message);
    }
    refusal
}
