//! The contact flows of a survey, in Amazon Connect's Flow language.
//!
//! Three flows at most: [`inbound`] offers the survey and puts callers into the queue; [`asking`] asks, on the call
//! back or when the agent has hung up; [`queue`] speaks to those who wait. What is made is held against [`rules`],
//! what the service takes, and against [`check`], which looks at the graph alone and knows nothing of surveys.
//! [`document`] is what the Lambdas around the flows work by.

mod actions;
mod asking;
pub mod check;
pub mod document;
mod draft;
pub mod flow;
mod inbound;
mod lane;
mod layout;
mod metadata;
mod name;
mod questions;
mod queue;
pub mod references;
pub mod rules;
pub mod size;
mod transitions;

pub use asking::asking;
pub use draft::BuiltFlow;
pub use inbound::inbound;
pub use layout::{WIDTH, height};
pub use name::ActionId;
pub use queue::queue;

use super::resources::Resources;
use crate::model::survey::{Mode, Survey};

/// Every flow of the survey in one environment, by the name of its file.
pub fn flows(survey: &Survey, resources: Resources<'_>) -> Vec<(&'static str, BuiltFlow)> {
    let asks = if survey.mode == Mode::PostCall { "post_call.flow.json" } else { "outbound.flow.json" };
    [
        ("inbound.flow.json", inbound(survey, resources)),
        (asks, asking(survey, resources)),
        ("queue.flow.json", queue(survey, resources)),
    ]
    .into_iter()
    .filter_map(|(file, flow)| Some((file, flow?)))
    .collect()
}
