//! The front half as one call: from the program's files to its Plan.

use crate::{
    diagnostics::Diagnostics,
    lower::{self, Plan},
    model,
    source::{self, Files, Sources},
    syntax,
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
    let surveys = checked.program().surveys.len();
    Compiled { sources, diagnostics, surveys, plan }
}
