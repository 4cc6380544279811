//! Graphviz's text.

use std::fmt::Write as _;

use super::arrows::arrows;
use crate::lower::PipelinePlan;

/// A digraph from top to bottom.
pub fn dot(pipeline: &PipelinePlan) -> String {
    let mut text = format!("digraph \"{}\" {{\n    node [shape=box];\n", pipeline.name);
    for (at, stage) in pipeline.stages.iter().enumerate() {
        // Writing into a string does not fail.
        let _ = writeln!(text, "    s{at} [label=\"{}\"];", stage.id);
    }
    for (from, to) in arrows(&pipeline.flow) {
        let _ = writeln!(text, "    s{from} -> s{to};");
    }
    text.push_str("}\n");
    text
}
