//! The front half as one call: from the program's files to its Plan.

use rayon::prelude::*;

use crate::{
    diagnostics::Diagnostics,
    lower::{self, Plan},
    model,
    source::{self, Files, Sources},
    syntax::{self, ast},
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
    let parsed = parse(&sources, &mut diagnostics);
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

/// Every file by itself, on all processors; what is told keeps the order of the files.
fn parse(sources: &Sources, diagnostics: &mut Diagnostics) -> Vec<ast::File> {
    let ids: Vec<_> = sources.ids().collect();
    let parsed: Vec<_> = ids
        .into_par_iter()
        .map(|it| {
            let mut told = Diagnostics::default();
            (syntax::parse(sources, it, &mut told), told)
        })
        .collect();
    let (files, told): (Vec<_>, Vec<_>) = parsed.into_iter().unzip();
    for diagnostic in told.into_iter().flat_map(Diagnostics::into_vec) {
        diagnostics.push(diagnostic);
    }
    files
}
