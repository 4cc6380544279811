//! From the checked program to the Plan: one pipeline in one environment at a time, nothing left to derive.

mod flow;
mod plan;

pub use flow::Flow;
pub use plan::{Compute, EnvironmentPlan, Overlap, PipelinePlan, Plan, SchedulePlan, StagePlan};
