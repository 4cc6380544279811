//! How resources stand in a template: logical ids, references, and the types with their properties.

use indexmap::IndexMap;
use serde::Serialize;

use super::{
    alarms::Alarm,
    compute::{ComputeEnvironment, JobQueue, Repository},
    dashboard::Dashboard,
    events::{Queue, QueuePolicy, Rule, Subscription, Topic, TopicPolicy},
    functions::{EventInvokeConfig, EventSourceMapping, Function, Permission},
    logs::LogGroup,
    outputs::Output,
    parameters::{Condition, Parameter},
    roles::Role,
    storage::{Bucket, BucketPolicy, ScheduleGroup, Table},
    surveys::{Key, Stream},
    wildcards::Metadata,
};

/// A CloudFormation template.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Template {
    #[serde(rename = "AWSTemplateFormatVersion")]
    pub(super) format_version: &'static str,
    pub(super) description: String,
    pub(super) metadata: Metadata,
    pub(super) parameters: IndexMap<&'static str, Parameter>,
    pub(super) conditions: IndexMap<&'static str, Condition>,
    pub(super) resources: IndexMap<LogicalId, Resource>,
    pub(super) outputs: IndexMap<&'static str, Output>,
}

impl Template {
    /// How many resources of that type it makes: `AWS::SQS::Queue`.
    pub fn count(&self, kind: &str) -> u64 {
        self.resources.values().filter(|it| it.kind.name() == kind).count() as u64
    }

    /// What it makes, by logical id.
    pub fn resource_ids(&self) -> impl Iterator<Item = &LogicalId> {
        self.resources.keys()
    }
}

/// What a resource is called within the template: letters and digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct LogicalId(String);

impl LogicalId {
    /// Of something that each program has under that name.
    pub(super) fn new(name: &'static str) -> Self {
        Self(name.to_owned())
    }

    /// `DataTeamEmail`: of something that the program names.
    pub(super) fn of_name(name: &str, what: &str) -> Self {
        let words = name.split(|it: char| !it.is_ascii_alphanumeric()).map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
        });
        Self(words.chain([what.to_owned()]).collect())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A resource with its place in the life of the stack.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Resource {
    #[serde(flatten)]
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_policy: Option<Kept>,
    #[serde(skip_serializing_if = "Option::is_none")]
    update_replace_policy: Option<Kept>,
}

impl Resource {
    fn of(kind: Kind) -> Self {
        Self { kind, condition: None, deletion_policy: None, update_replace_policy: None }
    }

    /// Only where the condition holds.
    pub(super) fn only_if(mut self, condition: &'static str) -> Self {
        self.condition = Some(condition);
        self
    }

    /// Holds what can't be made again: it stays when the stack is deleted, or would replace it. What a creation has made
    /// that fails holds nothing, and would be in the way of the next.
    pub(super) fn kept(mut self) -> Self {
        self.deletion_policy = Some(Kept::RetainExceptOnCreate);
        self.update_replace_policy = Some(Kept::Retain);
        self
    }
}

/// What becomes of a resource without its stack.
#[derive(Debug, Clone, Copy, Serialize)]
enum Kept {
    Retain,
    RetainExceptOnCreate,
}

macro_rules! kinds {
    ($($kind:ident => $name:literal,)*) => {
        /// A type with its properties.
        #[derive(Debug, Clone, Serialize)]
        #[serde(tag = "Type", content = "Properties")]
        pub(super) enum Kind {
            $(#[serde(rename = $name)] $kind(Box<$kind>),)*
        }

        impl Kind {
            fn name(&self) -> &'static str {
                match self {
                    $(Self::$kind(_) => $name,)*
                }
            }
        }

        $(impl From<$kind> for Resource {
            fn from(properties: $kind) -> Self {
                Self::of(Kind::$kind(Box::new(properties)))
            }
        })*
    };
}

kinds! {
    Alarm => "AWS::CloudWatch::Alarm",
    Bucket => "AWS::S3::Bucket",
    BucketPolicy => "AWS::S3::BucketPolicy",
    ComputeEnvironment => "AWS::Batch::ComputeEnvironment",
    Dashboard => "AWS::CloudWatch::Dashboard",
    EventInvokeConfig => "AWS::Lambda::EventInvokeConfig",
    EventSourceMapping => "AWS::Lambda::EventSourceMapping",
    Function => "AWS::Lambda::Function",
    JobQueue => "AWS::Batch::JobQueue",
    Key => "AWS::KMS::Key",
    LogGroup => "AWS::Logs::LogGroup",
    Permission => "AWS::Lambda::Permission",
    Queue => "AWS::SQS::Queue",
    QueuePolicy => "AWS::SQS::QueuePolicy",
    Repository => "AWS::ECR::Repository",
    Role => "AWS::IAM::Role",
    Rule => "AWS::Events::Rule",
    ScheduleGroup => "AWS::Scheduler::ScheduleGroup",
    Stream => "AWS::Kinesis::Stream",
    Subscription => "AWS::SNS::Subscription",
    Table => "AWS::DynamoDB::Table",
    Topic => "AWS::SNS::Topic",
    TopicPolicy => "AWS::SNS::TopicPolicy",
}

/// A text, or what another resource's text will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum Value {
    Text(String),
    Reference {
        #[serde(rename = "Ref")]
        id: LogicalId,
    },
    Attribute {
        #[serde(rename = "Fn::GetAtt")]
        path: (LogicalId, &'static str),
    },
}

impl Value {
    /// What the resource or parameter refers to by itself: a name, a URL or an ARN, by its type.
    pub(super) fn of(id: &'static str) -> Self {
        Self::Reference { id: LogicalId::new(id) }
    }

    /// The resource's ARN.
    pub(super) fn arn_of(id: &'static str) -> Self {
        Self::Attribute { path: (LogicalId::new(id), "Arn") }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&crate::targets::arn::Arn> for Value {
    fn from(arn: &crate::targets::arn::Arn) -> Self {
        Self::Text(arn.as_str().to_owned())
    }
}

/// The resources while they are put together, in the order that they are read in.
#[derive(Debug, Default)]
pub(super) struct Stack(IndexMap<LogicalId, Resource>);

impl Stack {
    /// Takes it in under an id that each program has.
    pub(super) fn add(&mut self, id: &'static str, resource: impl Into<Resource>) {
        self.add_named(LogicalId::new(id), resource);
    }

    /// Takes it in under an id that the program gives.
    pub(super) fn add_named(&mut self, id: LogicalId, resource: impl Into<Resource>) {
        let _ = self.0.insert(id, resource.into());
    }

    /// All of them.
    pub(super) fn into_resources(self) -> IndexMap<LogicalId, Resource> {
        self.0
    }
}
