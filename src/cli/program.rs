//! The program that the command is about: read, checked, told.

use std::io;

use rayon::prelude::*;

use super::{
    Exit, Output,
    arguments::{Deny, Shared},
};
use crate::{
    compile::{Compiled, compile},
    diagnostics::{Code, Diagnostic, Diagnostics, Severity},
    emit::{self, Generated},
    lower::{EnvironmentPlan, PipelinePlan, Plan},
    source::{DiskFiles, Sources},
};

/// The program, where nothing is wrong with it.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) sources: Sources,
    pub(super) plan: Plan,
    /// Warnings, all told.
    pub(super) diagnostics: Diagnostics,
}

impl Program {
    /// The files of these environments.
    pub(super) fn emit(&self, environments: &[&EnvironmentPlan]) -> Result<Vec<Generated>, Diagnostic> {
        environments
            .par_iter()
            .map(|it| emit::emit_environment(&self.plan, it, &self.sources))
            .collect::<Result<_, _>>()
            .map_err(|error| Diagnostic::new(Code::PlanUnusable, error.to_string()))
    }
}

/// What `compile` made of the program, and whether the command may go on with it.
pub(super) struct Read {
    pub(super) compiled: Compiled,
    pub(super) fine: bool,
}

/// Reads the program and tells what is wrong with it, for people.
pub(super) fn read(shared: &Shared, output: &mut Output<'_>) -> io::Result<Read> {
    told(compile(&DiskFiles::new(&shared.program)), shared, output)
}

fn told(compiled: Compiled, shared: &Shared, output: &mut Output<'_>) -> io::Result<Read> {
    let denied = shared.deny == Some(Deny::Warnings) && compiled.diagnostics.count(Severity::Warning) > 0;
    output.tell(&compiled.diagnostics, &compiled.sources)?;
    let fine = compiled.plan.is_some() && !denied;
    Ok(Read { compiled, fine })
}

/// The program, or the end of the command: everything that is wrong has been told.
pub(super) fn load(shared: &Shared, output: &mut Output<'_>) -> io::Result<Result<Program, Exit>> {
    loaded(compile(&DiskFiles::new(&shared.program)), shared, output)
}

/// The same, of a program that has been read.
pub(super) fn loaded(
    compiled: Compiled,
    shared: &Shared,
    output: &mut Output<'_>,
) -> io::Result<Result<Program, Exit>> {
    let Read { compiled, fine } = told(compiled, shared, output)?;
    if let Some(plan) = compiled.plan.filter(|_| fine) {
        if let Some(failure) = shared.environment.as_ref().and_then(|it| environment(&plan, it).err()) {
            return output.fail(failure).map(Err);
        }
        return Ok(Ok(Program { sources: compiled.sources, plan, diagnostics: compiled.diagnostics }));
    }
    output.document(&compiled.diagnostics, &compiled.sources)?;
    Ok(Err(Exit::Problems))
}

/// The environment of that name, or what to say.
pub(super) fn environment<'p>(plan: &'p Plan, name: &str) -> Result<&'p EnvironmentPlan, Diagnostic> {
    plan.environment(name).ok_or_else(|| {
        let all = plan.environments.iter().map(|it| it.name.as_str());
        unknown(Code::UnknownEnvironment, "environment", name, all)
    })
}

/// The pipeline of that name, or what to say.
pub(super) fn pipeline<'p>(
    environment: &'p EnvironmentPlan,
    name: &str,
) -> Result<&'p PipelinePlan, Diagnostic> {
    environment.pipeline(name).ok_or_else(|| {
        let all = environment.pipelines.iter().map(|it| it.name.as_str());
        unknown(Code::UnknownPipeline, "pipeline", name, all)
    })
}

/// "There is no pipeline `grece`".
pub(super) fn unknown<'n>(
    code: Code,
    word: &str,
    name: &str,
    all: impl Iterator<Item = &'n str> + Clone,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(code, format!("there is no {word} `{name}`"));
    let meant = crate::diagnostics::suggest::closest(name, all.clone());
    diagnostic.help(match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if all.clone().next().is_none() => "the program declares none".to_owned(),
        None => format!("there is {}", crate::diagnostics::words::and_ticked(all)),
    })
}
