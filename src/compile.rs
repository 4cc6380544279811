//! The front half as one call: from the program's files to its Plan.

use crate::{
    diagnostics::Diagnostics,
    lower::{self, Plan},
    model,
    source::{self, Files, Sources},
    syntax,
    targets::connect,
};

/// What became of a program.
#[derive(Debug)]
pub struct Compiled {
    /// Every text that a diagnostic points into.
    pub sources: Sources,
    /// Everything there is to tell.
    pub diagnostics: Diagnostics,
    /// How many surveys there are.
    pub surveys: usize,
    /// None where there is an error.
    pub plan: Option<Plan>,
}

/// Reads, resolves and lowers the program.
pub fn compile(files: &dyn Files) -> Compiled {
    let mut diagnostics = Diagnostics::default();
    let mut sources = source::load(files, &mut diagnostics);
    let parsed: Vec<_> = sources.ids().map(|it| syntax::parse(&sources, it, &mut diagnostics)).collect();
    let checked = model::check(&parsed, files, &mut sources, &mut diagnostics);
    let plan = (!diagnostics.has_errors()).then(|| lower::lower(&checked));
    // What a survey's flows grow to is known only when they are made.
    if let Some(plan) = &plan {
        connect::size::check(plan, &mut diagnostics);
    }
    let plan = plan.filter(|_| !diagnostics.has_errors());
    let surveys = checked.program().surveys.len();
    Compiled { sources, diagnostics, surveys, plan }
}
