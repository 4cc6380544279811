//! Diagnostics for people: miette draws them.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceSpan};

use super::{Diagnostic, Diagnostics, Label, Severity, excerpt::Excerpt, words};
use crate::source::{Sources, Span};

/// How a terminal wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether it may be coloured.
    pub color: bool,
    /// Whether lines may be drawn with more than ASCII.
    pub unicode: bool,
    /// In columns.
    pub width: usize,
}

impl Style {
    /// For files and tests: no colours, ASCII, 100 columns.
    pub const PLAIN: Self = Self { color: false, unicode: false, width: 100 };
}

/// Nobody reads more at once, and drawing each looks through its whole file.
const MOST_SHOWN: usize = 100;

/// The first hundred diagnostics, by place, and a line that counts all. Empty when there is nothing to tell.
pub fn human(diagnostics: &Diagnostics, sources: &Sources, style: Style) -> String {
    let mut text = String::new();
    let sorted = diagnostics.sorted();
    for diagnostic in sorted.iter().take(MOST_SHOWN) {
        text.push_str(&one(diagnostic, sources, style));
        text.push('\n');
    }
    if sorted.len() > MOST_SHOWN {
        let hidden = sorted.len() - MOST_SHOWN;
        text.extend(["and ", &hidden.to_string(), " more, which `--format json` shows\n"]);
    }
    if let Some(summary) = summary(diagnostics) {
        text.push_str(&summary);
        text.push('\n');
    }
    text
}

/// One diagnostic, ending with a line break.
pub fn one(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let mut text = String::new();
    // Writing into a string does not fail.
    let _ = handler(style).render_report(&mut text, &Report::new(diagnostic, sources));
    let lines = text.lines().map(str::trim_end).filter(|it| !it.is_empty());
    lines.flat_map(|it| [it, "\n"]).collect()
}

/// `2 errors, 1 warning`
pub fn summary(diagnostics: &Diagnostics) -> Option<String> {
    let counts = [Severity::Error, Severity::Warning].map(|it| (it, diagnostics.count(it)));
    let counted: Vec<_> = counts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| words::counted(count, severity.as_str()))
        .collect();
    (!counted.is_empty()).then(|| counted.join(", "))
}

fn handler(style: Style) -> GraphicalReportHandler {
    let theme = match (style.color, style.unicode) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::ascii(),
        (false, true) => GraphicalTheme::unicode_nocolor(),
        (false, false) => GraphicalTheme::none(),
    };
    GraphicalReportHandler::new_themed(theme)
        .with_width(style.width.max(20))
        .with_links(false)
        .with_context_lines(1)
        .with_show_related_as_nested(true)
        .without_syntax_highlighting()
}

/// What miette draws: the labels of one file, those of others as reports of their own.
#[derive(Debug)]
struct Report<'a> {
    code: Option<String>,
    message: &'a str,
    severity: miette::Severity,
    help: Option<&'a str>,
    /// Place in the excerpt, text, and whether the mistake is there.
    labels: Vec<(SourceSpan, &'a str, bool)>,
    source: Option<Excerpt<'a>>,
    elsewhere: Vec<Report<'a>>,
}

impl<'a> Report<'a> {
    fn new(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Self {
        let severity = match diagnostic.severity() {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        };
        let file = diagnostic.span().map(|it| it.file);
        let (labels, others): (Vec<_>, Vec<_>) =
            diagnostic.labels.iter().partition(|it| Some(it.span.file) == file);
        let spans: Vec<Span> = labels.iter().map(|it| it.span).collect();
        let source = file.map(|it| Excerpt::new(it, &spans, sources));
        let labels = labels
            .into_iter()
            .filter_map(|it| Some((source.as_ref()?.place(it.span), it.text.as_str(), it.primary)))
            .collect();
        let elsewhere = others.into_iter().map(|it| Self::elsewhere(it, sources)).collect();
        Self {
            code: Some(format!("{}[{}]", diagnostic.severity().as_str(), diagnostic.code)),
            message: &diagnostic.message,
            severity,
            help: diagnostic.help.as_deref(),
            labels,
            source,
            elsewhere,
        }
    }

    fn elsewhere(label: &'a Label, sources: &'a Sources) -> Self {
        let source = Excerpt::new(label.span.file, &[label.span], sources);
        Self {
            code: None,
            message: &label.text,
            severity: miette::Severity::Advice,
            help: None,
            labels: vec![(source.place(label.span), "", true)],
            source: Some(source),
            elsewhere: Vec::new(),
        }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.message)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.code.as_ref().map(|it| Box::new(it) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.as_ref().map(|it| Box::new(it) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.source.as_ref().map(|it| it as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.labels.is_empty() {
            return None;
        }
        Some(Box::new(self.labels.iter().map(|(span, text, primary)| {
            let text = (!text.is_empty()).then(|| (*text).to_owned());
            if *primary {
                LabeledSpan::new_primary_with_span(text, *span)
            } else {
                LabeledSpan::new_with_span(text, *span)
            }
        })))
    }

    fn related<'b>(&'b self) -> Option<Box<dyn Iterator<Item = &'b dyn miette::Diagnostic> + 'b>> {
        if self.elsewhere.is_empty() {
            return None;
        }
        Some(Box::new(self.elsewhere.iter().map(|it| it as &dyn miette::Diagnostic)))
    }
}
