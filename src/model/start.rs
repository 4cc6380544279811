//! `start after`: pipelines that start when another one has succeeded, which must not go round in a circle.

use std::collections::BTreeMap;

use super::{
    Context,
    names::Kind,
    order::{self, Circle, Waiting},
    program::{Pipeline, Start},
};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics},
    syntax::ast::Name,
};

/// One `start after`; the pipeline that it names must be declared, and be named once.
pub(super) fn take(ctx: &mut Context<'_>, name: &Name, starts: &mut Vec<Start>) {
    let known = ctx.names.known(Kind::Pipeline, name, ctx.diagnostics);
    if let Some(first) = starts.iter().find(|it| it.pipeline == name.value) {
        ctx.diagnostics.push(
            Diagnostic::new(Code::SettingTwice, format!("`start after {}` is given twice", name.value))
                .label(name.span, "given again")
                .also(first.span, "first given here")
                .help("keep one of the two"),
        );
    } else if known {
        starts.push(Start { pipeline: name.value.clone(), span: name.span });
    }
}

/// Tells of every circle in which pipelines start each other, and cuts it.
pub(super) fn check(pipelines: &mut [Pipeline], diagnostics: &mut Diagnostics) {
    let mut spans = BTreeMap::new();
    let mut waiting = Vec::new();
    for pipeline in pipelines.iter().filter(|it| !it.starts_after.is_empty()) {
        for start in &pipeline.starts_after {
            let _ = spans.insert((pipeline.name.clone(), start.pipeline.clone()), start.span);
        }
        let after = pipeline.starts_after.iter().map(|it| it.pipeline.clone()).collect();
        waiting.push(Waiting { name: pipeline.name.clone(), after });
    }
    let circle = Circle {
        code: Code::StartCycle,
        things: "pipelines start each other",
        verb: "starts after",
        setting: "start after",
    };
    let _ = order::sort(&mut waiting, &spans, &circle, diagnostics);
    for pipeline in pipelines {
        if let Some(cut) = waiting.iter().find(|it| it.name == pipeline.name) {
            pipeline.starts_after.retain(|it| cut.after.contains(&it.pipeline));
        }
    }
}
