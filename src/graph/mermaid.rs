//! Mermaid's text, which GitHub and GitLab draw inside Markdown.

use std::fmt::Write as _;

use super::arrows::arrows;
use crate::lower::PipelinePlan;

/// A flowchart from top to bottom.
pub fn mermaid(pipeline: &PipelinePlan) -> String {
    let mut text = "flowchart TD\n".to_owned();
    for (at, stage) in pipeline.stages.iter().enumerate() {
        // Writing into a string does not fail.
        let _ = writeln!(text, "    s{at}[\"{}\"]", stage.id);
    }
    for (from, to) in arrows(&pipeline.flow) {
        let _ = writeln!(text, "    s{from} --> s{to}");
    }
    text
}
