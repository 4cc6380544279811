//! The collector that every stage writes into.

use indexmap::IndexSet;

use super::{Diagnostic, Severity};

/// Everything there is to tell, once each.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    all: IndexSet<Diagnostic>,
}

impl Diagnostics {
    /// Takes it in, unless the very same was told already.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let _ = self.all.insert(diagnostic);
    }

    /// Whether the very same was told already.
    pub fn contains(&self, diagnostic: &Diagnostic) -> bool {
        self.all.contains(diagnostic)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Takes out those behind the first `len`.
    pub fn split_off(&mut self, len: usize) -> Vec<Diagnostic> {
        if len < self.all.len() { self.all.split_off(len).into_iter().collect() } else { Vec::new() }
    }

    /// Drops those for which it is false.
    pub fn retain(&mut self, mut keep: impl FnMut(&Diagnostic) -> bool) {
        self.all.retain(|it| keep(it));
    }

    /// Whether anything must be put right before going on.
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// How many there are of that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.all.iter().filter(|it| it.severity() == severity).count()
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// By file, place and code; what has no place comes first.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<_> = self.all.iter().collect();
        sorted.sort_by_key(|it| (it.span().map(|span| (span.file, span.start)), it.code));
        sorted
    }

    /// In the order in which they were raised.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.all.into_iter().collect()
    }
}
