//! The platform's stack.

use std::time::Duration;

use serde_json::{Map, Value, from_str};

use super::{
    Account,
    calls::{Refusal, field},
    scope::{ENVIRONMENT, PLATFORM, PROGRAM, Tags},
    stack_values::{is_settled, made_of, pairs, parameters},
    states::{body, fields},
    xml::Element,
};
use crate::deploy::{
    architecture,
    cloud::{Actual, CloudError, Found, Knowledge, Owner, Problem},
    resource::{Key, Kind, Resource, Unit},
};

/// The longest template that goes into a request; a longer one is read from the bucket.
pub(super) const LONGEST_INLINE: usize = 51_200;
/// How often a stack is looked at while it changes.
pub(super) const LOOK: Duration = Duration::from_secs(3);
/// How often at most: an hour.
pub(super) const LOOKS: u32 = 1_200;

impl Account<'_> {
    pub(super) fn formation(&self, operation: &str, input: &[(String, String)]) -> Result<Element, Refusal> {
        self.calls.query("cloudformation", "2010-05-15", operation, input)
    }

    /// The stack as it is; none where there is none.
    pub(super) fn stack(&self, name: &str) -> Result<Option<Element>, CloudError> {
        match self.formation("DescribeStacks", &[field("StackName", name)]) {
            Ok(answer) => {
                let stack = answer.find("Stacks").and_then(|it| it.children().first()).cloned();
                // One in review is a change set that nobody has carried out yet: nothing was made.
                Ok(stack.filter(|it| {
                    !matches!(it.text_of("StackStatus"), Some("DELETE_COMPLETE" | "REVIEW_IN_PROGRESS"))
                }))
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
        let template = made_of(&stack).filter(|_| is_settled(&stack));
        // A word may follow the hash.
        let template = template.iter().flat_map(|it| it.split(' ')).next().unwrap_or_default();
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
        let before = self.settled(name)?;
        let has_failed = self.remove_failed(name, before.as_ref())?;
        let mut there = before.filter(|_| !has_failed);
        check_architecture(resource, &template, there.as_ref())?;
        if there.is_none() {
            let is_whole = self.make_stack(resource, &template, has_failed)?;
            if is_whole && resource.files.is_empty() {
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

    pub(super) fn change(
        &self,
        operation: &str,
        resource: &Resource,
        template: &Value,
        there: Option<&Element>,
    ) -> Result<(), CloudError> {
        let name = &resource.key.name;
        match self.formation(operation, &self.request(resource, template, there)?) {
            Ok(_) => {}
            Err(refusal) if refusal.is_no_change() => return Ok(()),
            // Before there is a stack there is no place for a lock: of two first deployments one makes it.
            Err(refusal) if refusal.code == "AlreadyExistsException" => {
                return Err(CloudError { problem: Problem::LockLost, ..refusal.error });
            }
            Err(refusal) => return Err(missing_values(refusal).into()),
        }
        self.check_done(operation, name)
    }

    /// What a stack is to be, as each of the operations is told.
    pub(super) fn request(
        &self,
        resource: &Resource,
        template: &Value,
        there: Option<&Element>,
    ) -> Result<Vec<(String, String)>, CloudError> {
        let text = template.to_string();
        let mut input = vec![
            field("StackName", resource.key.name.as_str()),
            field("Capabilities.member.1", "CAPABILITY_NAMED_IAM"),
        ];
        if text.len() > LONGEST_INLINE {
            let key = format!("platform/{}.template.json", crate::emit::sha256(&text));
            drop(self.object("PutObject", "PUT", &key, Vec::new(), Vec::new(), text.as_bytes())?);
            let (bucket, region) = (&self.scope.bucket, &self.scope.region);
            input.push(field("TemplateURL", format!("https://{bucket}.s3.{region}.amazonaws.com/{key}")));
        } else {
            input.push(field("TemplateBody", text));
        }
        for ((key, value), number) in self.scope.tags(&Unit::Platform).into_iter().zip(1..) {
            input.push(field(format!("Tags.member.{number}.Key"), key));
            input.push(field(format!("Tags.member.{number}.Value"), value));
        }
        input.extend(parameters(resource, template, there));
        Ok(input)
    }

    /// Waits until the stack has become what it was told to, or not.
    pub(super) fn check_done(&self, operation: &str, name: &str) -> Result<(), CloudError> {
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

    /// Removes a stack that could not be made or has half gone, which is all that can be done with it; whether there was
    /// one. An error where the stack is stuck in another way.
    fn remove_failed(&self, name: &str, stack: Option<&Element>) -> Result<bool, CloudError> {
        let status = stack.and_then(|it| it.text_of("StackStatus")).unwrap_or_default();
        match status {
            "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED" | "DELETE_FAILED" => {
                self.delete_stack(name).map(|()| true)
            }
            "UPDATE_ROLLBACK_FAILED" => Err(CloudError {
                problem: Problem::Failed,
                operation: "cloudformation:UpdateStack".to_owned(),
                message: format!(
                    "the stack is {status}, and CloudFormation changes it only after \
                     `aws cloudformation continue-update-rollback --stack-name {name}` has ended well"
                ),
                problems: self.reasons(name)?,
            }),
            _ => Ok(false),
        }
    }

    /// Waits until nothing changes the stack.
    pub(super) fn settled(&self, name: &str) -> Result<Option<Element>, CloudError> {
        for _ in 0..LOOKS {
            let stack = self.stack(name)?;
            let status = stack.as_ref().and_then(|it| it.text_of("StackStatus")).unwrap_or_default();
            if !status.ends_with("_IN_PROGRESS") {
                return Ok(stack);
            }
            // It may take longer than the lock lasts.
            if !self.hold_on()? {
                return Err(CloudError::lock_lost());
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
    pub(super) fn reasons(&self, name: &str) -> Result<Vec<String>, CloudError> {
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

/// Programs for another processor than the functions' would be deployed without a word, and not start.
fn check_architecture(
    resource: &Resource,
    template: &Value,
    there: Option<&Element>,
) -> Result<(), CloudError> {
    let given = resource.content.pointer("/Parameters/Architecture").and_then(Value::as_str);
    let default = template.pointer("/Parameters/Architecture/Default").and_then(Value::as_str);
    let known = there.and_then(|it| {
        pairs(it, "Parameters", "ParameterKey", "ParameterValue").find(|(name, _)| name == "Architecture")
    });
    let Some(wanted) = given.or(known.as_ref().map(|(_, value)| value.as_str())).or(default) else {
        return Ok(());
    };
    let other = resource
        .files
        .iter()
        .find_map(|(key, zip)| architecture::of_zip(zip).filter(|it| *it != wanted).map(|it| (key, it)));
    let Some((key, built_for)) = other else { return Ok(()) };
    Err(CloudError {
        problem: Problem::OtherProcessor,
        operation: "s3:PutObject".to_owned(),
        message: format!("`{key}` is a program for {built_for}, and the functions run on {wanted}"),
        problems: Vec::new(),
    })
}

/// CloudFormation's words name the parameters.
pub(super) fn missing_values(mut refusal: Refusal) -> Refusal {
    if refusal.error.problem == Problem::ValueMissing {
        refusal.error.message = format!("the platform needs values: {}", refusal.error.message);
    }
    refusal
}
