//! The Plan: every pipeline in every environment with nothing left to derive, and every node's place in the program.

use std::collections::BTreeMap;

use sluice_contract::plan::{Connection, Table, Work};

use crate::{
    model::{Channel, Compute, Effort, Overlap, Telephone, survey::Survey},
    source::Span,
};

use super::flow::Flow;

/// The whole program, ready to become files.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The prefix of every AWS resource's name: `credit-reports`.
    pub platform: String,
    /// Where it is named.
    pub platform_span: Option<Span>,
    /// In the order of declaration.
    pub environments: Vec<EnvironmentPlan>,
    /// Who is told what, the same in every environment.
    pub channels: Vec<Channel>,
    /// The same in every environment, by name.
    pub surveys: Vec<Survey>,
}

impl Plan {
    /// The environment of that name.
    pub fn environment(&self, name: &str) -> Option<&EnvironmentPlan> {
        self.environments.iter().find(|it| it.name == name)
    }
}

/// The program in one environment.
#[derive(Debug, Clone)]
pub struct EnvironmentPlan {
    /// `local`, `prod`.
    pub name: String,
    /// Twelve digits; zeros where the environment is not on AWS.
    pub account: String,
    /// `eu-west-1`; `local` where the environment is not on AWS.
    pub region: String,
    /// Whether it has an account: schedules and policies mean nothing without one.
    pub on_aws: bool,
    /// Where surveys are asked.
    pub telephone: Telephone,
    /// By name.
    pub pipelines: Vec<PipelinePlan>,
}

impl EnvironmentPlan {
    /// The pipeline of that name.
    pub fn pipeline(&self, name: &str) -> Option<&PipelinePlan> {
        self.pipelines.iter().find(|it| it.name == name)
    }

    /// The pipelines that start when that one has published; a disabled one does not.
    pub fn started_by(&self, name: &str) -> impl Iterator<Item = &PipelinePlan> {
        self.pipelines
            .iter()
            .filter(move |it| it.enabled && it.starts_after.iter().any(|after| after == name))
    }
}

/// One pipeline in one environment.
#[derive(Debug, Clone)]
pub struct PipelinePlan {
    /// `greece`.
    pub name: String,
    /// `pipeline greece`.
    pub span: Span,
    /// What its file calls it, or its name.
    pub title: String,
    /// `GR`.
    pub country: String,
    /// Whether its schedules fire.
    pub enabled: bool,
    /// When it starts by itself.
    pub schedules: Vec<SchedulePlan>,
    /// The pipelines whose successes start it.
    pub starts_after: Vec<String>,
    /// What a second run does.
    pub overlap: Overlap,
    /// How hard its work is tried, where a stage does not say otherwise.
    pub effort: Effort,
    /// Every connection that a stage names.
    pub connections: BTreeMap<String, Connection>,
    /// The connection of staging and target.
    pub target: String,
    /// Every table that a stage names.
    pub tables: BTreeMap<String, Table>,
    /// Every stage, each after those it needs.
    pub stages: Vec<StagePlan>,
    /// The same stages in the order that they may run in; an index into `stages`.
    pub flow: Flow,
}

/// One start.
#[derive(Debug, Clone)]
pub struct SchedulePlan {
    /// EventBridge Scheduler's six fields, without `cron(…)`.
    pub cron: String,
    /// IANA name.
    pub zone: String,
}

/// One stage.
#[derive(Debug, Clone)]
pub struct StagePlan {
    /// `companies.extract`.
    pub id: String,
    /// The declaration that asked for it.
    pub span: Span,
    /// Indexes of the stages it needs.
    pub needs: Vec<usize>,
    /// What to do.
    pub work: Work,
    /// How hard it is tried. The timeout includes queueing and all attempts.
    pub effort: Effort,
    /// Where each of its parts is a job of its own.
    pub array: Option<Array>,
}

/// A stage as an array of jobs, one for each part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Array {
    /// How many parts at most: the data may give fewer, and the last children then find nothing to do.
    pub size: u32,
    /// What each job gets.
    pub child: Compute,
}
