//! Diagnostics as annotations of GitHub Actions: one line each, shown beside the changed lines of a pull request.
//!
//! Source: "Workflow commands for GitHub Actions": a value escapes `%`, `\r`, `\n`, and `:` and `,` where it is a
//! property.

use std::fmt::Write as _;

use super::{Diagnostic, Diagnostics, Severity};
use crate::source::Sources;

/// Every diagnostic, by place, a line each. `root` is the program's folder as seen from the repository.
pub fn annotations(diagnostics: &Diagnostics, sources: &Sources, root: &str) -> String {
    diagnostics.sorted().into_iter().map(|it| annotation(it, sources, root)).collect()
}

fn annotation(diagnostic: &Diagnostic, sources: &Sources, root: &str) -> String {
    let command = match diagnostic.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut properties = String::new();
    if let Some(span) = diagnostic.span() {
        let (start, end) = (sources.line_column(span), sources.end_line_column(span));
        let file = property(&super::path_from(root, sources.path(span.file)));
        // Writing into a string does not fail.
        let _ = write!(properties, "file={file},line={},col={}", start.line, start.column);
        let _ = write!(properties, ",endLine={}", end.line);
        if end.line == start.line {
            let _ = write!(properties, ",endColumn={}", end.column);
        }
        properties.push(',');
    }
    let help = diagnostic.help.as_ref().map(|it| format!("\n{it}")).unwrap_or_default();
    let message = escaped(&format!("{}{help}", diagnostic.message));
    format!("::{command} {properties}title={}::{message}\n", diagnostic.code)
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}
