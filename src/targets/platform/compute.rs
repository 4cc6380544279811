//! Where jobs run: Fargate, on spare capacity first, and the worker's image.

use serde::Serialize;

use super::{
    Context, SECURITY_GROUPS, SUBNETS,
    model::{Resource, Stack, Value},
};

/// `AWS::Batch::ComputeEnvironment`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ComputeEnvironment {
    compute_environment_name: String,
    r#type: &'static str,
    state: &'static str,
    compute_resources: ComputeResources,
    /// It has a name, which two can't have at a time.
    replace_compute_environment: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ComputeResources {
    r#type: &'static str,
    maxv_cpus: u32,
    subnets: Value,
    security_group_ids: Value,
}

/// `AWS::Batch::JobQueue`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct JobQueue {
    job_queue_name: String,
    state: &'static str,
    priority: u32,
    compute_environment_order: Vec<ComputeEnvironmentOrder>,
    job_state_time_limit_actions: Vec<TimeLimit>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ComputeEnvironmentOrder {
    order: u32,
    compute_environment: Value,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct TimeLimit {
    action: &'static str,
    max_time_seconds: u32,
    reason: &'static str,
    state: &'static str,
}

/// `AWS::ECR::Repository`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Repository {
    repository_name: String,
    image_tag_mutability: &'static str,
    image_scanning_configuration: Scanning,
    encryption_configuration: ImageEncryption,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Scanning {
    scan_on_push: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ImageEncryption {
    encryption_type: &'static str,
}

/// Jobs at a time, in vCPUs: thirty countries with a few arrays, far below the quota that an account begins with.
const MOST_VCPUS: u32 = 256;
/// For how long a job may hold up those behind it, and why; then it fails, and its run is told.
const TIME_LIMITS: [(&str, u32); 3] = [
    ("CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY", 4 * 60 * 60),
    ("MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE", 10 * 60),
    ("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT", 10 * 60),
];

pub(super) fn add(ctx: Context<'_>, stack: &mut Stack) {
    let names = ctx.resources;
    let environment = |name: &str, kind: &'static str| ComputeEnvironment {
        compute_environment_name: names.name(name),
        r#type: "MANAGED",
        state: "ENABLED",
        compute_resources: ComputeResources {
            r#type: kind,
            maxv_cpus: MOST_VCPUS,
            subnets: Value::of(SUBNETS),
            security_group_ids: Value::of(SECURITY_GROUPS),
        },
        replace_compute_environment: false,
    };
    stack.add("SpotCompute", environment("spot", "FARGATE_SPOT"));
    stack.add("OnDemandCompute", environment("on-demand", "FARGATE"));
    let order = |order, id| ComputeEnvironmentOrder { order, compute_environment: Value::of(id) };
    stack.add(
        "JobQueue",
        JobQueue {
            job_queue_name: names.job_queue_name(),
            state: "ENABLED",
            priority: 1,
            compute_environment_order: vec![order(1, "SpotCompute"), order(2, "OnDemandCompute")],
            job_state_time_limit_actions: TIME_LIMITS
                .iter()
                .map(|(reason, max_time_seconds)| TimeLimit {
                    action: "CANCEL",
                    max_time_seconds: *max_time_seconds,
                    reason,
                    state: "RUNNABLE",
                })
                .collect(),
        },
    );
    let images = Repository {
        repository_name: names.worker_repository(),
        image_tag_mutability: "IMMUTABLE",
        image_scanning_configuration: Scanning { scan_on_push: true },
        encryption_configuration: ImageEncryption { encryption_type: "AES256" },
    };
    stack.add("WorkerRepository", Resource::from(images).kept());
}
