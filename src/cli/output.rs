//! Where a command writes: results to one stream, what is told about them to the other.

use std::io::{self, Write};

use serde::Serialize;

use super::{
    Exit,
    arguments::{Cli, Color, Format, Surroundings},
};
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Severity, github, json, render, sarif},
    source::Sources,
};

/// The two streams, and how they are to look.
pub struct Output<'a> {
    /// Results.
    pub(super) out: &'a mut dyn Write,
    /// What is told about them.
    pub(super) err: &'a mut dyn Write,
    style: render::Style,
    format: Format,
    live: bool,
    /// The program's folder, from where the command runs.
    root: String,
    /// The environment, as far as connections to servers ask for it.
    pub(super) variables: crate::run::Variables,
}

impl std::fmt::Debug for Output<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Output").field("style", &self.style).finish_non_exhaustive()
    }
}

impl<'a> Output<'a> {
    /// As the flags and the surroundings want it.
    pub fn new(cli: &Cli, around: &Surroundings, out: &'a mut dyn Write, err: &'a mut dyn Write) -> Self {
        let color = match cli.color() {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => around.terminal && !around.no_color,
        };
        let style = render::Style { color, unicode: true, width: around.width.unwrap_or(100).min(120) };
        let format = cli.shared.format;
        let live = around.terminal && format == Format::Human;
        let program = cli.shared.program.as_path();
        let program =
            around.directory.as_deref().and_then(|it| program.strip_prefix(it).ok()).unwrap_or(program);
        let root = program.strip_prefix(".").unwrap_or(program).display().to_string().replace('\\', "/");
        let variables = around.variables.clone();
        Self { out, err, style, format, live, root, variables }
    }

    /// Whether a program reads the results.
    pub(super) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Whether a spreadsheet reads the results.
    pub(super) fn is_csv(&self) -> bool {
        self.format == Format::Csv
    }

    /// Whether people read the results.
    pub(super) fn is_human(&self) -> bool {
        self.format == Format::Human
    }

    /// Whether the result is one SARIF document and nothing else.
    pub(super) fn is_sarif(&self) -> bool {
        self.format == Format::Sarif
    }

    /// Whether the result is one `JUnit` document and nothing else.
    pub(super) fn is_junit(&self) -> bool {
        self.format == Format::Junit
    }

    /// Whether somebody watches.
    pub(super) fn is_live(&self) -> bool {
        self.live
    }

    /// Paths are as they were given, not below the program's folder.
    pub(super) fn show_paths_as_given(&mut self) {
        self.root.clear();
    }

    /// One JSON document.
    pub(super) fn json(&mut self, document: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *self.out, document)?;
        writeln!(self.out)
    }

    /// Every diagnostic, to people or in the lines of a log; a document for programs comes at the end.
    pub(super) fn tell(&mut self, diagnostics: &Diagnostics, sources: &Sources) -> io::Result<()> {
        match self.format {
            Format::Human | Format::Csv if diagnostics.is_empty() => Ok(()),
            // A table has no place for what is wrong.
            Format::Human | Format::Csv => {
                write!(self.err, "{}", render::human(diagnostics, sources, self.style))
            }
            Format::Github => write!(self.out, "{}", github::annotations(diagnostics, sources, &self.root)),
            Format::Json | Format::Sarif | Format::Junit => Ok(()),
        }
    }

    /// The document that programs read, where that is what they asked for.
    pub(super) fn document(&mut self, diagnostics: &Diagnostics, sources: &Sources) -> io::Result<()> {
        match self.format {
            Format::Human | Format::Github | Format::Csv => Ok(()),
            // A program that can't be read has no tests to tell of.
            Format::Junit => write!(self.err, "{}", render::human(diagnostics, sources, self.style)),
            Format::Json => self.json(&Told::new(diagnostics, sources)),
            Format::Sarif => {
                let log = sarif::log(diagnostics, sources, &self.root);
                self.json(&log)
            }
        }
    }

    /// One diagnostic, as people see it.
    pub(super) fn rendered(&self, diagnostic: &Diagnostic, sources: &Sources) -> String {
        render::one(diagnostic, sources, self.style)
    }

    /// One diagnostic that no text is at fault for, for people.
    pub(super) fn tell_one(&mut self, diagnostic: &Diagnostic) -> io::Result<()> {
        write!(self.err, "{}", render::one(diagnostic, &Sources::default(), self.style))
    }

    /// What a command passed over, for people.
    pub(super) fn warn(&mut self, warnings: &[Diagnostic]) -> io::Result<()> {
        warnings.iter().try_for_each(|it| self.tell_one(it))
    }

    /// One failure that no text is at fault for.
    pub(super) fn fail(&mut self, failure: Diagnostic) -> io::Result<Exit> {
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(failure);
        self.tell(&diagnostics, &Sources::default())?;
        self.document(&diagnostics, &Sources::default())?;
        Ok(Exit::Problems)
    }
}

/// Diagnostics for programs. The JSON form is stable: fields are only ever added.
#[derive(Serialize)]
struct Told {
    diagnostics: Vec<json::Report>,
    errors: usize,
    warnings: usize,
}

impl Told {
    fn new(diagnostics: &Diagnostics, sources: &Sources) -> Self {
        Self {
            diagnostics: json::reports(diagnostics, sources),
            errors: diagnostics.count(Severity::Error),
            warnings: diagnostics.count(Severity::Warning),
        }
    }
}
