//! Diagnostics as SARIF 2.1.0, which code scanning and editors read.
//!
//! Columns count characters, as in our JSON; a region ends behind its last character. Rules are the codes that were
//! raised, with their pages.

use std::fmt::Write as _;

use serde_sarif::sarif::{
    ArtifactChange, ArtifactContent, ArtifactLocation, Fix, Location, Message, MultiformatMessageString,
    PhysicalLocation, Region, Replacement, ReportingConfiguration, ReportingDescriptor,
    Result as SarifResult, ResultLevel, Run, Sarif, Tool, ToolComponent,
};

use super::{Code, Diagnostic, Diagnostics, Severity, Suggestion};
use crate::source::{Sources, Span};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Every diagnostic, by place. `root` is the program's folder as seen from the repository.
pub fn log(diagnostics: &Diagnostics, sources: &Sources, root: &str) -> Sarif {
    let sorted = diagnostics.sorted();
    let mut codes: Vec<Code> = sorted.iter().map(|it| it.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let writer = Writer { sources, root, codes: &codes };
    let driver = ToolComponent::builder()
        .name("sluice")
        .version(env!("CARGO_PKG_VERSION"))
        .rules(codes.iter().map(|it| rule(*it)).collect::<Vec<_>>())
        .build();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .column_kind("unicodeCodePoints")
        .results(sorted.into_iter().map(|it| writer.result(it)).collect::<Vec<_>>())
        .build();
    Sarif::builder().schema(SCHEMA).version("2.1.0").runs(vec![run]).build()
}

fn rule(code: Code) -> ReportingDescriptor {
    let page = MultiformatMessageString::builder().text(code.explanation()).markdown(code.explanation());
    ReportingDescriptor::builder()
        .id(code.as_str())
        .name(format!("{code:?}"))
        .short_description(&code.title().to_owned())
        .help(page.build())
        .default_configuration(ReportingConfiguration::builder().level(code.severity().as_str()).build())
        .build()
}

struct Writer<'a> {
    sources: &'a Sources,
    root: &'a str,
    codes: &'a [Code],
}

impl Writer<'_> {
    fn result(&self, diagnostic: &Diagnostic) -> SarifResult {
        let help = diagnostic.help.as_ref().map(|it| format!("\n{it}")).unwrap_or_default();
        let level = match diagnostic.severity() {
            Severity::Error => ResultLevel::Error,
            Severity::Warning => ResultLevel::Warning,
        };
        let index =
            self.codes.iter().position(|it| *it == diagnostic.code).and_then(|it| i64::try_from(it).ok());
        let main = diagnostic.span();
        let others = diagnostic.labels.iter().filter(|it| Some(it.span) != main);
        let related: Vec<_> =
            (1_i64..).zip(others).map(|(id, it)| self.related(id, it.span, &it.text)).collect();
        let mut result = SarifResult::builder()
            .rule_id(diagnostic.code.as_str())
            .message(message(&format!("{}{help}", diagnostic.message)))
            .level(level)
            .build();
        result.rule_index = index;
        result.locations = main.map(|it| vec![Location::builder().physical_location(self.place(it)).build()]);
        result.related_locations = (!related.is_empty()).then_some(related);
        result.fixes = diagnostic.suggestion.as_ref().map(|it| vec![self.fix(it, diagnostic)]);
        result
    }

    fn related(&self, id: i64, span: Span, text: &str) -> Location {
        let location = Location::builder().id(id).physical_location(self.place(span));
        if text.is_empty() { location.build() } else { location.message(message(text)).build() }
    }

    fn fix(&self, suggestion: &Suggestion, diagnostic: &Diagnostic) -> Fix {
        let inserted = ArtifactContent::builder().text(suggestion.replacement.clone()).build();
        let replacement = Replacement::builder()
            .deleted_region(self.region(suggestion.span))
            .inserted_content(inserted)
            .build();
        let change = ArtifactChange::builder()
            .artifact_location(self.artifact(suggestion.span))
            .replacements(vec![replacement])
            .build();
        let words = diagnostic.help.clone().unwrap_or_else(|| format!("write `{}`", suggestion.replacement));
        Fix::builder().description(message(&words)).artifact_changes(vec![change]).build()
    }

    fn place(&self, span: Span) -> PhysicalLocation {
        PhysicalLocation::builder().artifact_location(self.artifact(span)).region(self.region(span)).build()
    }

    fn artifact(&self, span: Span) -> ArtifactLocation {
        let uri = uri(&super::path_from(self.root, self.sources.path(span.file)));
        if uri.starts_with("file:") {
            return ArtifactLocation::builder().uri(uri).build();
        }
        ArtifactLocation::builder().uri(uri).uri_base_id("%SRCROOT%").build()
    }

    fn region(&self, span: Span) -> Region {
        let (start, end) = (self.sources.line_column(span), self.sources.end_line_column(span));
        Region::builder()
            .start_line(i64::from(start.line))
            .start_column(i64::from(start.column))
            .end_line(i64::from(end.line))
            .end_column(i64::from(end.column))
            .build()
    }
}

fn message(text: &str) -> Message {
    Message::builder().text(text).build()
}

/// The path as a URI reference; an absolute one as a file's URI.
fn uri(path: &str) -> String {
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing into a string does not fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
