//! What is kept: the runs table, the bucket, and the group of schedules.
//!
//! Tables and bucket hold what can't be made again, so they outlive their stack.

use serde::Serialize;

use super::{
    Context,
    model::{Resource, Stack, Value},
};
use crate::targets::iam::{PolicyDocument, Principal, Statement};

/// `AWS::DynamoDB::Table`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Table {
    table_name: String,
    attribute_definitions: Vec<AttributeDefinition>,
    key_schema: Vec<KeyPart>,
    billing_mode: &'static str,
    point_in_time_recovery_specification: PointInTimeRecovery,
    #[serde(rename = "SSESpecification")]
    sse_specification: TableEncryption,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_to_live_specification: Option<TimeToLive>,
    deletion_protection_enabled: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AttributeDefinition {
    attribute_name: &'static str,
    attribute_type: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct KeyPart {
    attribute_name: &'static str,
    key_type: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct PointInTimeRecovery {
    point_in_time_recovery_enabled: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct TableEncryption {
    #[serde(rename = "SSEEnabled")]
    enabled: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct TimeToLive {
    attribute_name: &'static str,
    enabled: bool,
}

impl Table {
    /// Of texts as keys, paid by request.
    pub(super) fn new(name: String, keys: &[&'static str], expires: Option<&'static str>) -> Self {
        Self {
            table_name: name,
            attribute_definitions: keys
                .iter()
                .map(|it| AttributeDefinition { attribute_name: it, attribute_type: "S" })
                .collect(),
            key_schema: keys
                .iter()
                .zip(["HASH", "RANGE"])
                .map(|(it, key_type)| KeyPart { attribute_name: it, key_type })
                .collect(),
            billing_mode: "PAY_PER_REQUEST",
            point_in_time_recovery_specification: PointInTimeRecovery {
                point_in_time_recovery_enabled: true,
            },
            sse_specification: TableEncryption { enabled: true },
            time_to_live_specification: expires
                .map(|attribute_name| TimeToLive { attribute_name, enabled: true }),
            deletion_protection_enabled: true,
        }
    }
}

/// `AWS::S3::Bucket`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Bucket {
    bucket_name: String,
    bucket_encryption: BucketEncryption,
    lifecycle_configuration: Lifecycle,
    ownership_controls: OwnershipControls,
    public_access_block_configuration: PublicAccessBlock,
    versioning_configuration: Versioning,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct BucketEncryption {
    server_side_encryption_configuration: [EncryptionRule; 1],
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct EncryptionRule {
    server_side_encryption_by_default: DefaultEncryption,
}

#[derive(Debug, Clone, Serialize)]
struct DefaultEncryption {
    #[serde(rename = "SSEAlgorithm")]
    algorithm: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Lifecycle {
    rules: Vec<LifecycleRule>,
}

#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct LifecycleRule {
    id: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_in_days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    noncurrent_version_expiration: Option<NoncurrentVersions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    abort_incomplete_multipart_upload: Option<IncompleteUploads>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct NoncurrentVersions {
    noncurrent_days: u32,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct IncompleteUploads {
    days_after_initiation: u32,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct OwnershipControls {
    rules: [OwnershipRule; 1],
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct OwnershipRule {
    object_ownership: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_excessive_bools, reason = "these are the service's own fields")]
struct PublicAccessBlock {
    block_public_acls: bool,
    block_public_policy: bool,
    ignore_public_acls: bool,
    restrict_public_buckets: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Versioning {
    status: &'static str,
}

/// `AWS::S3::BucketPolicy`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BucketPolicy {
    bucket: Value,
    policy_document: PolicyDocument,
}

/// `AWS::Scheduler::ScheduleGroup`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ScheduleGroup {
    name: String,
}

impl ScheduleGroup {
    /// Of that name.
    pub(super) fn new(name: String) -> Self {
        Self { name }
    }
}

/// Extracts serve the run that made them, its resume, and the question why a row looks as it does.
const EXTRACT_DAYS: i64 = 30;
/// Until when a deleted or overwritten object can be brought back.
const NONCURRENT_DAYS: u32 = 30;
/// An upload that is not finished by then never will be.
const UPLOAD_DAYS: u32 = 7;
/// Rejected rows go with the records of their run.
const REJECT_DAYS: i64 = sluice_contract::runs::DAYS_KEPT;

pub(super) fn add(ctx: Context<'_>, stack: &mut Stack) {
    let runs = Table::new(ctx.resources.runs_table(), &["pk", "sk"], Some("expires_at"));
    stack.add("RunsTable", Resource::from(runs).kept());
    stack.add("Bucket", Resource::from(bucket(ctx)).kept());
    stack.add("BucketPolicy", bucket_policy(ctx));
    stack.add("ScheduleGroup", ScheduleGroup::new(ctx.resources.schedule_group()));
}

fn bucket(ctx: Context<'_>) -> Bucket {
    Bucket {
        bucket_name: ctx.resources.bucket(),
        bucket_encryption: BucketEncryption {
            server_side_encryption_configuration: [EncryptionRule {
                server_side_encryption_by_default: DefaultEncryption { algorithm: "AES256" },
            }],
        },
        lifecycle_configuration: Lifecycle {
            rules: vec![
                expiring("extracts", "extracts/", EXTRACT_DAYS),
                expiring("rejects", "rejects/", REJECT_DAYS),
                LifecycleRule {
                    id: "old-versions",
                    status: "Enabled",
                    noncurrent_version_expiration: Some(NoncurrentVersions {
                        noncurrent_days: NONCURRENT_DAYS,
                    }),
                    abort_incomplete_multipart_upload: Some(IncompleteUploads {
                        days_after_initiation: UPLOAD_DAYS,
                    }),
                    ..LifecycleRule::default()
                },
            ],
        },
        ownership_controls: OwnershipControls {
            rules: [OwnershipRule { object_ownership: "BucketOwnerEnforced" }],
        },
        public_access_block_configuration: PublicAccessBlock {
            block_public_acls: true,
            block_public_policy: true,
            ignore_public_acls: true,
            restrict_public_buckets: true,
        },
        versioning_configuration: Versioning { status: "Enabled" },
    }
}

fn expiring(id: &'static str, prefix: &'static str, days: i64) -> LifecycleRule {
    LifecycleRule {
        id,
        status: "Enabled",
        prefix: Some(prefix),
        expiration_in_days: Some(days),
        ..LifecycleRule::default()
    }
}

fn bucket_policy(ctx: Context<'_>) -> BucketPolicy {
    let bucket = ctx.resources.bucket_arn();
    let everything = vec![bucket.clone(), bucket.within("/*")];
    let only_tls = Statement::deny("OnlyWithTls", &["s3:*"], everything).by(Principal::ANYBODY).when(
        "Bool",
        "aws:SecureTransport",
        "false".to_owned(),
    );
    BucketPolicy { bucket: Value::of("Bucket"), policy_document: PolicyDocument::of(vec![only_tls]) }
}
