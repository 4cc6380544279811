//! The Batch job definition of a pipeline: one container, told by its parameters which stage to run.
//!
//! Source: `RegisterJobDefinition`, Batch API reference; retry strategies, Batch user guide.

use indexmap::IndexMap;
use serde::Serialize;
use sluice_contract::job::{EXIT_TRY_AGAIN, FLAGS, HOST_LOST, PROGRAM};

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
    /// The worker writes to its own temporary folder only.
    pub readonly_root_filesystem: bool,
    /// Where its log lines go.
    pub log_configuration: LogConfiguration,
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

/// One kind of end.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EvaluateOnExit {
    /// The container's exit code; `*` at its end stands for anything, not for the lack of a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_exit_code: Option<String>,
    /// The job's reason: what became of its host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_status_reason: Option<&'static str>,
    /// `RETRY` or `EXIT`.
    pub action: &'static str,
}

/// The longest a retry strategy goes on.
const MOST_ATTEMPTS: u32 = 10;

/// The pipeline's job definition.
pub fn job_definition(pipeline: &PipelinePlan, resources: Resources<'_>) -> JobDefinition {
    JobDefinition {
        job_definition_name: resources.name(&pipeline.name),
        r#type: "container",
        platform_capabilities: ["FARGATE"],
        container_properties: ContainerProperties {
            image: resources.worker_image(),
            command: command(),
            job_role_arn: resources.job_role(&pipeline.name),
            execution_role_arn: resources.job_execution_role(),
            resource_requirements: requirements(pipeline.effort.compute)
                .map(|(r#type, value)| ResourceRequirement { r#type, value })
                .into(),
            environment: vec![
                EnvironmentVariable { name: "SLUICE_BUCKET", value: resources.bucket() },
                EnvironmentVariable { name: "SLUICE_RUNS_TABLE", value: resources.runs_table() },
            ],
            readonly_root_filesystem: true,
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

/// Another attempt for what the worker says may pass and for whatever kept the program from an end of its own; none
/// for the program's own failure.
///
/// An attempt whose program ended has an exit code. One whose host was lost may have the code of the signal that
/// ended it, too, so hosts are asked for first; a program that was killed for its memory has the same code and would
/// be killed again. What never started has no code: its image was not pulled, its network or its secrets were not
/// there in time. An image that does not exist costs a few attempts, each of seconds. A job that is terminated, and
/// one that ran out of its attempt's time, is not tried again whatever stands here.
fn ends() -> Vec<EvaluateOnExit> {
    let none = EvaluateOnExit::default;
    let passing =
        EvaluateOnExit { on_exit_code: Some(EXIT_TRY_AGAIN.to_string()), action: "RETRY", ..none() };
    let lost =
        HOST_LOST.map(|reason| EvaluateOnExit { on_status_reason: Some(reason), action: "RETRY", ..none() });
    let ended = EvaluateOnExit { on_exit_code: Some("*".to_owned()), action: "EXIT", ..none() };
    let never_started = EvaluateOnExit { on_status_reason: Some("*"), action: "RETRY", ..none() };
    [passing].into_iter().chain(lost).chain([ended, never_started]).collect()
}

/// The kinds and amounts of a job's resources, as Batch writes them.
pub(super) fn requirements(compute: Compute) -> [(&'static str, String); 2] {
    [("VCPU", compute.vcpus.to_string()), ("MEMORY", compute.memory_mib.to_string())]
}

#[cfg(test)]
mod tests {
    use super::{EvaluateOnExit, ends};

    fn fits(pattern: Option<&str>, text: Option<&str>) -> bool {
        match (pattern, text) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(pattern), Some(text)) => {
                pattern.strip_suffix('*').map_or(pattern == text, |start| text.starts_with(start))
            }
        }
    }

    /// What Batch does: the first that fits in all that it names, and another attempt where none does.
    fn action(exit_code: Option<&str>, status_reason: &str) -> &'static str {
        let fitting = |it: &EvaluateOnExit| {
            fits(it.on_exit_code.as_deref(), exit_code) && fits(it.on_status_reason, Some(status_reason))
        };
        ends().iter().find(|it| fitting(it)).map_or("RETRY", |it| it.action)
    }

    #[test]
    fn a_host_or_an_image_that_failed_is_tried_again_and_a_program_that_failed_is_not() {
        const EXITED: &str = "Essential container in task exited";
        assert!(ends().len() <= 5, "Batch takes five");
        for (exit_code, status_reason, wanted) in [
            (Some("75"), EXITED, "RETRY"),
            (Some("1"), EXITED, "EXIT"),
            (Some("2"), EXITED, "EXIT"),
            (Some("101"), EXITED, "EXIT"),
            (Some("137"), "OutOfMemoryError: container killed due to memory usage", "EXIT"),
            (Some("137"), "Your Spot Task was interrupted.", "RETRY"),
            (Some("137"), "Host EC2 (instance i-0123) terminated.", "RETRY"),
            (None, "Host EC2 (instance i-0123) terminated.", "RETRY"),
            (None, "CannotPullContainerError: pull image manifest has been retried 5 time(s)", "RETRY"),
            (None, "Timeout waiting for network interface provisioning to complete.", "RETRY"),
            (None, "ResourceInitializationError: unable to pull secrets or registry auth", "RETRY"),
        ] {
            assert_eq!(action(exit_code, status_reason), wanted, "{exit_code:?} {status_reason}");
        }
    }
}
