//! The Plan: every pipeline in every environment with nothing left to derive, and every node's place in the program.

use sluice_contract::plan::{Connection, Retry, Table, Work};
use std::collections::BTreeMap;

use crate::source::Span;

use super::flow::Flow;

/// The whole program, ready to become files.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The prefix of every AWS resource's name: `credit-reports`.
    pub platform: String,
    /// In the order of declaration.
    pub environments: Vec<EnvironmentPlan>,
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
    /// By name.
    pub pipelines: Vec<PipelinePlan>,
}

impl EnvironmentPlan {
    /// The pipeline of that name.
    pub fn pipeline(&self, name: &str) -> Option<&PipelinePlan> {
        self.pipelines.iter().find(|it| it.name == name)
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
    /// Whom it belongs to.
    pub owner: Option<String>,
    /// Whether its schedules fire.
    pub enabled: bool,
    /// When it starts by itself.
    pub schedules: Vec<SchedulePlan>,
    /// What a second run does.
    pub overlap: Overlap,
    /// What the worker does about failures that may pass.
    pub retry: Retry,
    /// What a job gets where its stage does not say otherwise.
    pub compute: Compute,
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
    /// The setting.
    pub span: Span,
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
    /// How long it may take, queueing and all attempts included, in seconds.
    pub timeout_seconds: u32,
    /// What its job gets, where that is not the pipeline's.
    pub compute: Option<Compute>,
}

/// What a job gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compute {
    /// In quarters of a vCPU: Fargate's smallest step.
    pub quarter_vcpus: u32,
    /// In MiB.
    pub memory_mib: u32,
}

/// What a run does that finds another one of its pipeline still going.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlap {
    /// It ends at once, and well.
    Skip,
    /// It waits.
    Wait,
    /// It ends at once, as failed.
    Fail,
}

impl Compute {
    /// As Batch writes it: `0.25`, `2`.
    pub fn vcpus(self) -> String {
        let whole = self.quarter_vcpus / 4;
        match self.quarter_vcpus % 4 {
            0 => whole.to_string(),
            1 => format!("{whole}.25"),
            2 => format!("{whole}.5"),
            _ => format!("{whole}.75"),
        }
    }
}
