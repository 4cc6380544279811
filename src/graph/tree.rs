//! A tree for a terminal: what stands below each other runs in turn.

use crate::lower::{Flow, PipelinePlan};

/// The pipeline's name and its stages.
pub fn tree(pipeline: &PipelinePlan) -> String {
    let mut text = format!("{}: {}\n", pipeline.name, pipeline.title);
    match &pipeline.flow {
        Flow::Sequence(flows) => branches(pipeline, flows, "", &mut text),
        only @ (Flow::Stage(_) | Flow::Parallel(_)) => {
            branches(pipeline, std::slice::from_ref(only), "", &mut text);
        }
    }
    text
}

fn branches(pipeline: &PipelinePlan, flows: &[Flow], indent: &str, text: &mut String) {
    for (at, flow) in flows.iter().enumerate() {
        let (corner, below) = if at + 1 == flows.len() { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        let (label, inner): (&str, &[Flow]) = match flow {
            Flow::Stage(stage) => (pipeline.stages.get(*stage).map_or("", |it| it.id.as_str()), &[]),
            Flow::Sequence(flows) => ("in turn", flows),
            Flow::Parallel(flows) => ("side by side", flows),
        };
        for part in [indent, corner, label, "\n"] {
            text.push_str(part);
        }
        branches(pipeline, inner, &format!("{indent}{below}"), text);
    }
}
