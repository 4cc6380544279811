//! The Batch job definition of a pipeline: one container, told by its parameters which stage to run.
//!
//! Which ends of an attempt are worth another one: what the program says of itself is known, what may become of
//! its host is not. So the list names the program's own ends, and whatever is not on it is tried again.
//!
//! Source: `RegisterJobDefinition`, Batch API reference; "Automated job retries", Batch user guide.

use indexmap::IndexMap;
use serde::Serialize;
use sluice_contract::{
    job::{EXIT_FAILED, EXIT_KILLED, EXIT_TERMINATED, FLAGS, PROGRAM},
    plan::Work,
};

use super::{arn::Arn, resources::Resources};
use crate::{lower::PipelinePlan, model::Compute};

/// A request of `RegisterJobDefinition`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobDefinition {
    /// What machines submit by.
    pub job_definition_name: String,
    /// Always `container`.
    pub r#type: &'static str,
    /// Always `FARGATE`.
    pub platform_capabilities: [&'static str; 1],
    /// The container.
    pub container_properties: ContainerProperties,
    /// Which ends of an attempt are worth another one.
    pub retry_strategy: RetryStrategy,
    /// So that bills can be read by country.
    pub tags: IndexMap<&'static str, String>,
    /// Whether the ECS task gets the tags too.
    pub propagate_tags: bool,
}

/// The container of a job.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerProperties {
    /// The worker's image.
    pub image: String,
    /// With `Ref::name` where a parameter goes.
    pub command: Vec<String>,
    /// What the worker works under.
    pub job_role_arn: Arn,
    /// What the container is started under.
    pub execution_role_arn: Arn,
    /// vCPUs and memory.
    pub resource_requirements: Vec<ResourceRequirement>,
    /// What is the same for all stages.
    pub environment: Vec<EnvironmentVariable>,
    /// Unless a stage sorts: Batch gives a container on Fargate no other place to write to than its own layer.
    pub readonly_root_filesystem: bool,
    /// Room for what a sort can't hold in memory; without it Fargate's 20 GiB, most of which images may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ephemeral_storage: Option<EphemeralStorage>,
    /// Where its log lines go.
    pub log_configuration: LogConfiguration,
}

/// The task's own disk, which ends with it.
#[derive(Debug, Clone, Serialize)]
pub struct EphemeralStorage {
    /// 21 to 200.
    #[serde(rename = "sizeInGiB")]
    pub size_in_gib: u32,
}

/// An amount, as text.
#[derive(Debug, Clone, Serialize)]
pub struct ResourceRequirement {
    /// `VCPU` or `MEMORY`.
    pub r#type: &'static str,
    /// `0.25`, `2`; MiB for memory.
    pub value: String,
}

/// A variable of the container's environment.
#[derive(Debug, Clone, Serialize)]
pub struct EnvironmentVariable {
    /// Never starts with `AWS_BATCH`, which is reserved.
    pub name: &'static str,
    /// Its text.
    pub value: String,
}

/// Where log lines go.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogConfiguration {
    /// Always `awslogs`.
    pub log_driver: &'static str,
    /// Group and prefix.
    pub options: IndexMap<&'static str, String>,
}

/// How often an attempt is made, and after which ends.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RetryStrategy {
    /// 1 to 10, the first included.
    pub attempts: u32,
    /// Tried in order; at most five. An end that fits none is worth another attempt.
    pub evaluate_on_exit: Vec<EvaluateOnExit>,
}

/// One kind of end: all that is given must fit. `*` at the end of a text stands for anything.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EvaluateOnExit {
    /// The container's exit code, in decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_exit_code: Option<String>,
    /// The container's reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_reason: Option<&'static str>,
    /// The job's reason: what became of its host, or of the container's start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_status_reason: Option<&'static str>,
    /// `RETRY` or `EXIT`.
    pub action: &'static str,
}

/// The longest a retry strategy goes on.
const MOST_ATTEMPTS: u32 = 10;

/// The disk of jobs that sort: twice the rows of 100 million companies.
const SORT_GIB: u32 = 50;

/// The pipeline's job definition.
pub fn job_definition(pipeline: &PipelinePlan, resources: Resources<'_>) -> JobDefinition {
    let sorts = pipeline.stages.iter().any(|it| matches!(it.work, Work::Sort { .. }));
    JobDefinition {
        job_definition_name: resources.name(&pipeline.name),
        r#type: "container",
        platform_capabilities: ["FARGATE"],
        container_properties: ContainerProperties {
            image: resources.worker_image(),
            command: command(),
            job_role_arn: resources.job_role(&pipeline.name),
            execution_role_arn: resources.job_execution_role(),
            resource_requirements: requirements(pipeline.effort.compute),
            environment: vec![
                EnvironmentVariable { name: "SLUICE_BUCKET", value: resources.bucket() },
                EnvironmentVariable { name: "SLUICE_RUNS_TABLE", value: resources.runs_table() },
            ],
            readonly_root_filesystem: !sorts,
            ephemeral_storage: sorts.then_some(EphemeralStorage { size_in_gib: SORT_GIB }),
            log_configuration: LogConfiguration {
                log_driver: "awslogs",
                options: IndexMap::from([
                    ("awslogs-group", resources.job_logs()),
                    ("awslogs-stream-prefix", pipeline.name.clone()),
                ]),
            },
        },
        retry_strategy: RetryStrategy {
            attempts: (pipeline.effort.retry.times + 1).min(MOST_ATTEMPTS),
            evaluate_on_exit: ends(),
        },
        tags: IndexMap::from([
            ("sluice:pipeline", pipeline.name.clone()),
            ("sluice:country", pipeline.country.clone()),
        ]),
        propagate_tags: true,
    }
}

/// `sluice-worker --plan Ref::plan …`.
fn command() -> Vec<String> {
    let flags = FLAGS.iter().flat_map(|(flag, parameter)| [(*flag).to_owned(), format!("Ref::{parameter}")]);
    std::iter::once(PROGRAM.to_owned()).chain(flags).collect()
}

/// Another attempt unless the program itself has failed.
///
/// What is tried again, since nothing on the list fits it: exit code 75 (the worker says that it may pass), a
/// reclaimed or broken host (`Host EC2 (instance i-…) terminated.`, `Your Spot Task was interrupted.`, `Timeout
/// waiting for network interface provisioning to complete.`), a container that did not start
/// (`CannotPullContainerError`, `ResourceInitializationError`, an agent that went away). None of these has an exit
/// code. The children of an array are held against the list one by one. A job that was cancelled or terminated is
/// never tried again, and neither is one whose attempt ran longer than it may.
fn ends() -> Vec<EvaluateOnExit> {
    let code = |code: String, action| EvaluateOnExit {
        on_exit_code: Some(code),
        action,
        ..EvaluateOnExit::default()
    };
    vec![
        // It is killed with 137, too, and would run out of memory again.
        EvaluateOnExit { on_reason: Some("OutOfMemoryError*"), action: "EXIT", ..EvaluateOnExit::default() },
        code(EXIT_KILLED.to_string(), "RETRY"),
        code(EXIT_TERMINATED.to_string(), "RETRY"),
        // The worker's own 1, a panic's 101, a command that is not there (126, 127), a crash (134, 139).
        code(format!("{EXIT_FAILED}*"), "EXIT"),
        EvaluateOnExit { on_status_reason: Some("*"), action: "RETRY", ..EvaluateOnExit::default() },
    ]
}

/// The amounts of a job's resources, as Batch writes them.
pub(super) fn requirements(compute: Compute) -> Vec<ResourceRequirement> {
    vec![
        ResourceRequirement { r#type: "VCPU", value: compute.vcpus.to_string() },
        ResourceRequirement { r#type: "MEMORY", value: compute.memory_mib.to_string() },
    ]
}

#[cfg(test)]
mod tests {
    use sluice_contract::job::fits;

    use super::{EvaluateOnExit, ends};

    /// How an attempt ended, as Batch tells it.
    struct End {
        code: Option<i32>,
        reason: &'static str,
        status_reason: &'static str,
    }

    const EXITED: &str = "Essential container in task exited";

    /// What Batch does about it: the first entry that fits, and another attempt where none does.
    fn action(end: &End) -> &'static str {
        let holds = |pattern: Option<&str>, text: Option<&str>| {
            pattern.is_none_or(|pattern| text.is_some_and(|text| fits(pattern, text)))
        };
        let code = end.code.map(|it| it.to_string());
        let entries = ends();
        let fitting = entries.iter().find(|it: &&EvaluateOnExit| {
            holds(it.on_exit_code.as_deref(), code.as_deref())
                && holds(it.on_reason, Some(end.reason))
                && holds(it.on_status_reason, Some(end.status_reason))
        });
        fitting.map_or("RETRY", |it| it.action)
    }

    #[test]
    fn a_lost_host_is_told_from_a_program_that_failed() {
        let exited = |code| End { code: Some(code), reason: "", status_reason: EXITED };
        let lost = |status_reason| End { code: None, reason: "", status_reason };
        let not_started = |reason| End { code: None, reason, status_reason: "Task failed to start" };
        for end in [
            exited(75),
            exited(137),
            exited(143),
            lost("Host EC2 (instance i-0123456789abcdef0) terminated."),
            lost("Your Spot Task was interrupted."),
            lost("Timeout waiting for network interface provisioning to complete."),
            not_started("CannotPullContainerError: pull access denied"),
            not_started("ResourceInitializationError: unable to pull secrets"),
            End { code: Some(137), reason: "", status_reason: "Your Spot Task was interrupted." },
        ] {
            assert_eq!(action(&end), "RETRY", "{:?} {} {}", end.code, end.reason, end.status_reason);
        }
        let out_of_memory = "OutOfMemoryError: Container killed due to memory usage";
        let full = End { code: Some(137), reason: out_of_memory, status_reason: EXITED };
        for end in [exited(1), exited(101), exited(127), exited(134), exited(139), full] {
            assert_eq!(action(&end), "EXIT", "{:?} {}", end.code, end.reason);
        }
    }

    #[test]
    fn batch_takes_the_list() {
        let entries = ends();
        assert!(entries.len() <= 5);
        for entry in entries {
            assert!(entry.on_exit_code.is_none_or(|it| it.trim_end_matches('*').parse::<u8>().is_ok()));
        }
    }
}
