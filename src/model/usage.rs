//! What is declared and never used: meant for later, or left over.
//!
//! Told only of a program without errors: where a name is misspelt, the one that was meant is unused as well.

use super::{Context, names::Kind};
use crate::diagnostics::{Code, Diagnostic};

/// Warns of every declaration that nothing names.
pub(super) fn check(ctx: &mut Context<'_>) {
    if ctx.diagnostics.has_errors() {
        return;
    }
    for kind in [Kind::Table, Kind::Template, Kind::Connection, Kind::Channel] {
        for name in ctx.names.unused(kind) {
            ctx.diagnostics.push(
                Diagnostic::new(Code::Unused, format!("the {} `{}` is never used", kind.word(), name.value))
                    .label(name.span, "never used")
                    .help("use it, or delete it"),
            );
        }
    }
}
