//! Warnings that the program allows, each with a reason.
//!
//! An `allow` covers the warnings of its code that have a place in its block, or in its file where it stands at the
//! top. What it covers is dropped before anybody counts, so `--deny warnings` respects it.

use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, Severity, suggest::closest},
    syntax::ast::{self, Allow},
};

/// Drops what is allowed, and warns of what is allowed for nothing.
pub(super) fn apply(asts: &[ast::File], diagnostics: &mut Diagnostics) {
    let mut allows = Vec::new();
    for allow in asts.iter().flat_map(|it| &it.allows) {
        match code(allow) {
            Ok(code) => allows.push((allow, code, false)),
            Err(wrong) => diagnostics.push(*wrong),
        }
    }
    diagnostics.retain(|diagnostic| {
        let mut kept = true;
        for (allow, code, used) in &mut allows {
            if *code == diagnostic.code && covers(allow, diagnostic) {
                *used = true;
                kept = false;
            }
        }
        kept
    });
    if diagnostics.has_errors() {
        // Warnings that need a program without errors were not raised.
        return;
    }
    for (allow, code, _) in allows.iter().filter(|(_, _, used)| !used) {
        let place = if allow.block.is_some() { "block" } else { "file" };
        diagnostics.push(
            Diagnostic::new(Code::AllowUnused, format!("`{code}` is allowed, and nothing raises it"))
                .label(allow.span, format!("not raised in this {place}"))
                .help("delete the line, or move it to where the warning is raised"),
        );
    }
}

fn covers(allow: &Allow, diagnostic: &Diagnostic) -> bool {
    diagnostic.labels.iter().any(|it| match allow.block {
        Some(block) => block.contains(it.span),
        None => allow.span.file == it.span.file,
    })
}

/// The warning that is allowed, or what is wrong with it.
fn code(allow: &Allow) -> Result<Code, Box<Diagnostic>> {
    let written = &allow.code;
    let Some(code) = Code::find(&written.value) else {
        let unknown = Diagnostic::new(Code::UnknownCode, format!("there is no code `{}`", written.value));
        let warnings = Code::all().iter().filter(|it| it.severity() == Severity::Warning);
        return Err(Box::new(match closest(&written.value, warnings.map(|it| it.as_str())) {
            Some(meant) => unknown
                .label(written.span, "not a warning")
                .help(format!("did you mean `{meant}`?"))
                .suggest(written.span, meant),
            None => unknown
                .label(written.span, "not a code")
                .help("copy it from the warning: `allow P0312 \"…\"`"),
        }));
    };
    if code.severity() == Severity::Error {
        return Err(Box::new(
            Diagnostic::new(
                Code::UnusableValue,
                format!("`{code}` is an error, and only warnings can be allowed"),
            )
            .label(written.span, "an error")
            .help(format!("put it right: `sluice explain {code}` says how")),
        ));
    }
    if allow.reason.value.trim().is_empty() {
        return Err(Box::new(
            Diagnostic::new(Code::UnusableValue, format!("`{code}` is allowed without a reason"))
                .label(allow.reason.span, "says nothing")
                .help("write for whoever comes next why the warning is meant so"),
        ));
    }
    Ok(code)
}
