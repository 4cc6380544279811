//! Findings for programs: a diagnostic with its JSON pointer and AWS's own code.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    aws::aws_code,
    flow,
    json::{self, Node},
    pointer::pointer,
};
use crate::{
    diagnostics::{Diagnostics, json as report},
    source::{FileId, Sources},
};

/// One finding. The JSON form is stable: fields are only ever added.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// What every diagnostic has.
    #[serde(flatten)]
    pub report: report::Report,
    /// The key or value at fault, as a JSON pointer; null where the file is no JSON.
    pub pointer: Option<String>,
    /// What AWS calls it, where that is known.
    pub aws_code: Option<&'static str>,
    /// What the service would answer in its own words, where that is known.
    pub problem: Option<String>,
}

/// Every finding, by place.
pub fn findings(diagnostics: &Diagnostics, sources: &Sources) -> Vec<Finding> {
    let mut documents: BTreeMap<FileId, Option<Node<'_>>> = BTreeMap::new();
    let mut findings = Vec::new();
    for diagnostic in diagnostics.sorted() {
        let pointer = diagnostic.span().and_then(|span| {
            let read = || json::read(span.file, sources.text(span.file), &mut Diagnostics::default());
            let document = documents.entry(span.file).or_insert_with(read);
            document.as_ref().map(|root| pointer(root, span))
        });
        findings.push(Finding {
            report: report::report(diagnostic, sources),
            pointer,
            aws_code: aws_code(diagnostic.code),
            problem: flow::problem(diagnostic).map(str::to_owned),
        });
    }
    findings
}
