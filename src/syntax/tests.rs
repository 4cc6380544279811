//! Cases of whole files, by subject: what is told of a text, with the text.

mod braces;
mod conditions;
mod laws;
mod mistakes;
mod registry;
mod slips;
mod templates;

use super::{ast, parse};
use crate::{
    diagnostics::{
        Diagnostics,
        render::{Style, human},
    },
    source::Sources,
};

pub(super) fn read(text: &str) -> (Sources, ast::File, Diagnostics) {
    let mut sources = Sources::default();
    let file = sources.add("case.pipe", text);
    let mut diagnostics = Diagnostics::default();
    let parsed = parse(&sources, file, &mut diagnostics);
    (sources, parsed, diagnostics)
}

fn told(text: &str) -> String {
    let (sources, _, diagnostics) = read(text);
    human(&diagnostics, &sources, Style::PLAIN)
}

/// Each as `code line:column`.
fn places(text: &str) -> Vec<String> {
    let (sources, _, diagnostics) = read(text);
    let place = |it: &crate::diagnostics::Diagnostic| {
        let at = sources.line_column(it.span().unwrap());
        format!("{} {}:{}", it.code, at.line, at.column)
    };
    diagnostics.sorted().into_iter().map(place).collect()
}

fn case(name: &str, text: &str) {
    let shown = format!("SOURCE\n{text}\n\nRESULT\n{}", told(text));
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, shown);
    });
}
