//! What the resources of one environment are called. Every other target asks here, so that a name is made once.

use super::arn::Arn;
use crate::{
    lower::{EnvironmentPlan, Plan},
    model::{DIRECTIONS, survey::Mode},
};

/// The names of one environment of one platform.
#[derive(Debug, Clone, Copy)]
pub struct Resources<'a> {
    platform: &'a str,
    environment: &'a EnvironmentPlan,
}

impl<'a> Resources<'a> {
    /// Of that environment.
    pub fn new(plan: &'a Plan, environment: &'a EnvironmentPlan) -> Self {
        Self { platform: &plan.platform, environment }
    }

    /// The name of a pipeline's machine, job definition, schedule: `credit-reports-greece`.
    pub fn name(&self, pipeline: &str) -> String {
        format!("{}-{pipeline}", self.platform)
    }

    /// The prefix of all names: `credit-reports`.
    pub fn platform(&self) -> &'a str {
        self.platform
    }

    /// Twelve digits.
    pub fn account(&self) -> &'a str {
        &self.environment.account
    }

    /// `eu-west-1`.
    pub fn region(&self) -> &'a str {
        &self.environment.region
    }

    /// The runs table's name.
    pub fn runs_table(&self) -> String {
        sluice_contract::runs::table_name(self.platform)
    }

    /// The runs table.
    pub fn runs_table_arn(&self) -> Arn {
        self.arn("dynamodb", &format!("table/{}", self.runs_table()))
    }

    /// The bucket of plans, extracts and rejects. Bucket names are the world's, so the account is in it.
    pub fn bucket(&self) -> String {
        format!("{}-{}-{}", self.platform, self.environment.account, self.environment.region)
    }

    /// The bucket; its ARN has neither region nor account.
    pub fn bucket_arn(&self) -> Arn {
        Arn::new("s3", "", "", &self.bucket())
    }

    /// The queue that all jobs go to.
    pub fn job_queue(&self) -> Arn {
        self.arn("batch", &format!("job-queue/{}", self.job_queue_name()))
    }

    /// The name of the queue that all jobs go to.
    pub fn job_queue_name(&self) -> String {
        self.platform.to_owned()
    }

    /// A pipeline's job definition, without a revision: the newest one counts.
    pub fn job_definition(&self, pipeline: &str) -> Arn {
        self.arn("batch", &format!("job-definition/{}", self.name(pipeline)))
    }

    /// Every job of this account and region: a job's own id is known only once it is submitted.
    pub fn all_jobs(&self) -> Arn {
        self.arn("batch", "job/*")
    }

    /// A pipeline's machine.
    pub fn state_machine(&self, pipeline: &str) -> Arn {
        self.arn("states", &format!("stateMachine:{}", self.name(pipeline)))
    }

    /// The executions of a pipeline's machine.
    pub fn executions(&self, pipeline: &str) -> Arn {
        self.arn("states", &format!("execution:{}:*", self.name(pipeline)))
    }

    /// The rule that Step Functions itself keeps for `.sync` tasks of Batch.
    pub fn batch_events_rule(&self) -> Arn {
        self.arn("events", "rule/StepFunctionsGetEventsForBatchJobsRule")
    }

    /// A secret, by name; Secrets Manager ends its ARN with six characters of its own.
    pub fn secret(&self, name: &str) -> Arn {
        self.arn("secretsmanager", &format!("secret:{name}-??????"))
    }

    /// The log group of all jobs.
    pub fn job_logs(&self) -> String {
        sluice_contract::job::log_group(self.platform)
    }

    /// A role: IAM knows no regions, so its name says the region, or two regions of an account would share it.
    pub fn role(&self, name: &str) -> Arn {
        Arn::new("iam", "", self.account(), &format!("role/{}-{}", self.name(name), self.region_code()))
    }

    /// `euw1`: what names say in which a whole region has no room.
    pub fn region_code(&self) -> String {
        region_code(self.region())
    }

    /// The name of a role.
    pub fn role_name(&self, name: &str) -> String {
        self.role(name).last_part().to_owned()
    }

    /// The name of the dashboard; CloudWatch's have no region either.
    pub fn dashboard(&self) -> String {
        self.name(&self.region_code())
    }

    /// The role that a pipeline's jobs work under.
    pub fn job_role(&self, pipeline: &str) -> Arn {
        self.role(&format!("{pipeline}-job"))
    }

    /// The role that Batch starts containers under: image and logs.
    pub fn job_execution_role(&self) -> Arn {
        self.role("job-execution")
    }

    /// The role that a pipeline's machine works under.
    pub fn machine_role(&self, pipeline: &str) -> Arn {
        self.role(&format!("{pipeline}-machine"))
    }

    /// The stack of what all pipelines share.
    pub fn stack(&self) -> String {
        format!("{}-{}", self.platform, self.environment.name)
    }

    /// The role that a pipeline's schedule starts its machine under.
    pub fn schedule_role(&self, pipeline: &str) -> Arn {
        self.role(&format!("{pipeline}-schedule"))
    }

    /// Whether it has an account.
    pub fn on_aws(&self) -> bool {
        self.environment.on_aws
    }

    /// A function that a task calls.
    pub fn function(&self, task: &str) -> Arn {
        self.arn("lambda", &format!("function:{}", self.name(task)))
    }

    /// The rule that starts a pipeline after others.
    pub fn start_rule(&self, pipeline: &str) -> String {
        format!("{}-start", self.name(pipeline))
    }

    /// The role that a pipeline's rule starts its machine under.
    pub fn start_role(&self, pipeline: &str) -> Arn {
        self.role(&format!("{pipeline}-start"))
    }

    /// The group of all schedules.
    pub fn schedule_group(&self) -> String {
        self.platform.to_owned()
    }

    /// A group of schedules.
    pub fn schedule_group_arn(&self, name: &str) -> Arn {
        self.arn("scheduler", &format!("schedule-group/{name}"))
    }

    /// Every container of this account and region: which one a job becomes is known only when it runs.
    pub fn containers(&self) -> Arn {
        self.arn("ecs", "*")
    }

    /// The worker's image.
    pub fn worker_image(&self) -> String {
        let EnvironmentPlan { account, region, .. } = self.environment;
        format!(
            "{account}.dkr.ecr.{region}.amazonaws.com/{}:{}",
            self.worker_repository(),
            env!("CARGO_PKG_VERSION")
        )
    }

    /// The name of the repository of the worker's image.
    pub fn worker_repository(&self) -> String {
        format!("{}-worker", self.platform)
    }

    /// The repository of the worker's image.
    pub fn worker_repository_arn(&self) -> Arn {
        self.arn("ecr", &format!("repository/{}", self.worker_repository()))
    }

    /// The environment's name.
    pub fn environment(&self) -> &'a str {
        &self.environment.name
    }

    /// The ID of the Connect instance; zeros where there is none.
    pub fn connect_instance(&self) -> &'a str {
        self.environment.telephone.instance.as_deref().unwrap_or("00000000-0000-0000-0000-000000000000")
    }

    /// The ID of a queue, where the program says it.
    pub fn connect_queue_id(&self, name: &str) -> Option<&'a str> {
        self.environment.telephone.queues.get(name).map(String::as_str)
    }

    /// A queue; one whose ID is not known is found by its name, which then stands for the ID.
    pub fn connect_queue(&self, name: &str) -> Arn {
        self.in_connect("queue", self.connect_queue_id(name).unwrap_or(name))
    }

    /// Hours of operation; those whose ID is not known are found by their name, which then stands for the ID.
    pub fn connect_hours(&self, name: &str) -> Arn {
        let id = self.environment.telephone.hours.get(name);
        self.in_connect("operating-hours", id.map_or(name, String::as_str))
    }

    /// A flow: Connect gives it its ID when it is created, so its name stands for it.
    pub fn connect_flow(&self, name: &str) -> Arn {
        self.in_connect("contact-flow", name)
    }

    /// The name of the flow that offers a survey.
    pub fn inbound_flow(&self, survey: &str) -> String {
        format!("{}-inbound", self.name(survey))
    }

    /// The name of the flow that asks.
    pub fn survey_flow(&self, survey: &str, mode: Mode) -> String {
        let what = if mode == Mode::PostCall { "post-call" } else { "outbound" };
        format!("{}-{what}", self.name(survey))
    }

    /// The name of the flow of those who wait.
    pub fn queue_flow(&self, survey: &str) -> String {
        format!("{}-queue", self.name(survey))
    }

    /// The name of the function that keeps answers.
    pub fn survey_result_name(&self) -> String {
        self.name("survey-result")
    }

    /// The function that keeps answers.
    pub fn survey_result_function(&self) -> Arn {
        self.function("survey-result")
    }

    /// The Connect instance.
    pub fn connect_instance_arn(&self) -> Arn {
        self.arn("connect", &format!("instance/{}", self.connect_instance()))
    }

    fn in_connect(&self, kind: &str, id: &str) -> Arn {
        self.arn("connect", &format!("instance/{}/{kind}/{id}", self.connect_instance()))
    }

    /// Of this account and region.
    pub(super) fn arn(&self, service: &str, resource: &str) -> Arn {
        Arn::new(service, &self.environment.region, &self.environment.account, resource)
    }
}

/// `euw1` for `eu-west-1`: names have few characters, and no two regions have one code.
fn region_code(region: &str) -> String {
    let short = |word: &str| {
        let known = DIRECTIONS.iter().find(|(long, _)| *long == word);
        known.map_or_else(|| word.to_owned(), |(_, short)| (*short).to_owned())
    };
    region.split('-').map(short).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::REGIONS;

    #[test]
    fn every_region_has_a_code_of_its_own_that_is_short() {
        let codes: BTreeSet<String> = REGIONS.into_iter().map(region_code).collect();
        assert_eq!(codes.len(), REGIONS.len());
        assert!(codes.iter().all(|it| it.len() <= 8), "{codes:?}");
        assert_eq!(region_code("ap-southeast-2"), "apse2");
    }
}
