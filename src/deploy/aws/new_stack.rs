//! The platform's stack, where there is none yet.
//!
//! What holds data outlives its stack, and keeps its name: a stack that is made anew takes it over, by a change set that
//! imports what is there. Where nothing can be left of an earlier one, the stack is made from its template.

use serde_json::{Map, Value};

use super::{
    Account,
    batch::text,
    calls::field,
    scope::{PLATFORM, Tags},
    stack::{LONGEST_INLINE, LOOK, LOOKS, missing_values},
    stack_values::pairs,
    states::fields,
    xml::Element,
};
use crate::deploy::{
    cloud::{CloudError, Problem},
    resource::Resource,
};

/// What our change sets are called: a stack has one at a time.
const CHANGE_SET: &str = "sluice";

impl Account<'_> {
    /// Makes the stack; whether all of its template is in it. After one that has failed tables may be left: they are
    /// protected from being deleted, by a rollback too.
    pub(super) fn make_stack(
        &self,
        resource: &Resource,
        template: &Value,
        has_failed: bool,
    ) -> Result<bool, CloudError> {
        let has_bucket = self.has_bucket()?;
        let is_long = template.to_string().len() > LONGEST_INLINE;
        // The functions' programs lie in the bucket that the stack makes.
        let first = without_programs(resource);
        if has_bucket || (has_failed && !is_long) {
            self.take_over(&first, template)?;
        } else if is_long {
            // So does a long template.
            self.change("CreateStack", resource, &only_buckets(template), None)?;
            return Ok(false);
        } else {
            self.change("CreateStack", &first, template, None)?;
        }
        Ok(true)
    }

    /// Whether an earlier stack of this program has left its bucket.
    fn has_bucket(&self) -> Result<bool, CloudError> {
        let operation = "GetBucketTagging";
        let tagging = match self.object(operation, "GET", "", vec![field("tagging", "")], Vec::new(), b"") {
            Ok(answer) => Element::parse(&answer.body),
            Err(refusal) if refusal.code == "NoSuchTagSet" => Element::default(),
            Err(refusal) if refusal.is_missing() => return Ok(false),
            Err(refusal) => return Err(refusal.into()),
        };
        let tags: Tags = pairs(&tagging, "TagSet", "Key", "Value").collect();
        self.check_tags(&tags, "s3:GetBucketTagging")?;
        if tags.get(PLATFORM) == Some(&self.scope.platform) {
            return Ok(true);
        }
        Err(CloudError {
            problem: Problem::NotOurs,
            operation: "s3:GetBucketTagging".to_owned(),
            message: format!("the bucket `{}` has no tag `{PLATFORM}` of this platform", self.scope.bucket),
            problems: Vec::new(),
        })
    }

    /// Makes the stack with what an earlier one has left [CloudFormation, `ImportExistingResources`].
    fn take_over(&self, resource: &Resource, template: &Value) -> Result<(), CloudError> {
        let name = &resource.key.name;
        let set = [field("StackName", name), field("ChangeSetName", CHANGE_SET)];
        // One that nobody has carried out says what was wanted then.
        match self.formation("DeleteChangeSet", &set) {
            Ok(_) => {}
            Err(refusal) if refusal.is_missing() || refusal.code == "ChangeSetNotFound" => {}
            Err(refusal) => return Err(refusal.into()),
        }
        let mut input = self.request(resource, template, None)?;
        input.extend([
            field("ChangeSetName", CHANGE_SET),
            field("ChangeSetType", "CREATE"),
            field("ImportExistingResources", "true"),
        ]);
        drop(self.formation("CreateChangeSet", &input).map_err(missing_values)?);
        self.check_ready(&set)?;
        drop(self.formation("ExecuteChangeSet", &set)?);
        for _ in 0..LOOKS {
            // Until it begins, the stack is in review.
            if self.stack(name)?.is_some() {
                break;
            }
            (self.around.pause)(LOOK);
        }
        self.check_done("ExecuteChangeSet", name)
    }

    /// Waits until the change set can be carried out.
    fn check_ready(&self, set: &[(String, String)]) -> Result<(), CloudError> {
        for _ in 0..LOOKS {
            let described = self.formation("DescribeChangeSet", set)?;
            let status = described.find("Status").map(|it| it.text().to_owned()).unwrap_or_default();
            match status.as_str() {
                "CREATE_COMPLETE" => return Ok(()),
                "FAILED" => {
                    let reason = described.find("StatusReason").map(|it| it.text().to_owned());
                    return Err(CloudError {
                        problem: Problem::Failed,
                        operation: "cloudformation:CreateChangeSet".to_owned(),
                        message: reason.unwrap_or(status),
                        problems: Vec::new(),
                    });
                }
                _ => (self.around.pause)(LOOK),
            }
        }
        Err(CloudError {
            problem: Problem::Unavailable,
            operation: "cloudformation:DescribeChangeSet".to_owned(),
            message: "the change set has not been ready for an hour".to_owned(),
            problems: Vec::new(),
        })
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
