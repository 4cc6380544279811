//! `sluice graph`

use std::io;

use serde::Serialize;

use super::{
    Exit, Output,
    arguments::{Drawing, GraphArguments, Shared},
    program::{self, unknown},
};
use crate::{diagnostics::Code, graph};

/// A drawing for programs. The JSON form is stable: fields are only ever added.
#[derive(Serialize)]
struct Drawn<'a> {
    pipeline: &'a str,
    drawing: String,
}

/// Draws one pipeline.
pub(super) fn execute(
    shared: &Shared,
    arguments: &GraphArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let program = match program::load(shared, output)? {
        Ok(program) => program,
        Err(exit) => return Ok(exit),
    };
    // The order of stages is the same everywhere.
    let all = program.plan.environments.first().map_or(&[][..], |it| &it.pipelines);
    let Some(pipeline) = all.iter().find(|it| it.name == arguments.pipeline) else {
        let names = all.iter().map(|it| it.name.as_str());
        return output.fail(unknown(Code::UnknownPipeline, "pipeline", &arguments.pipeline, names));
    };
    let drawing = match arguments.drawing {
        Drawing::Tree => graph::tree(pipeline),
        Drawing::Mermaid => graph::mermaid(pipeline),
        Drawing::Svg => graph::svg(pipeline),
        Drawing::Dot => graph::dot(pipeline),
    };
    if output.is_json() {
        output.json(&Drawn { pipeline: &pipeline.name, drawing })?;
    } else {
        write!(output.out, "{drawing}")?;
    }
    Ok(Exit::Fine)
}
