//! Where a command writes: results to one stream, what is told about them to the other.

use std::io::{self, Write};

use serde::Serialize;

use super::{
    Exit,
    arguments::{Cli, Color, Surroundings},
};
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Severity, json, render},
    source::Sources,
};

/// The two streams, and how they are to look.
pub struct Output<'a> {
    /// Results.
    pub(super) out: &'a mut dyn Write,
    /// What is told about them.
    pub(super) err: &'a mut dyn Write,
    style: render::Style,
    json: bool,
    live: bool,
}

impl std::fmt::Debug for Output<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Output").field("style", &self.style).finish_non_exhaustive()
    }
}

impl<'a> Output<'a> {
    /// As the flags and the surroundings want it.
    pub fn new(cli: &Cli, around: Surroundings, out: &'a mut dyn Write, err: &'a mut dyn Write) -> Self {
        let color = match cli.color() {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => around.terminal && !around.no_color,
        };
        let style = render::Style { color, unicode: true, width: around.width.unwrap_or(100).min(120) };
        Self { out, err, style, json: cli.for_programs(), live: around.terminal && !cli.for_programs() }
    }

    /// Whether a program reads the results.
    pub(super) fn is_json(&self) -> bool {
        self.json
    }

    /// Whether somebody watches.
    pub(super) fn is_live(&self) -> bool {
        self.live
    }

    /// One JSON document.
    pub(super) fn json(&mut self, document: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *self.out, document)?;
        writeln!(self.out)
    }

    /// Every diagnostic for people, and how many there are.
    pub(super) fn tell(&mut self, diagnostics: &Diagnostics, sources: &Sources) -> io::Result<()> {
        if diagnostics.is_empty() {
            return Ok(());
        }
        let text = render::human(diagnostics, sources, self.style);
        write!(self.err, "{text}")
    }

    /// One diagnostic that no text is at fault for, for people.
    pub(super) fn tell_one(&mut self, diagnostic: &Diagnostic) -> io::Result<()> {
        write!(self.err, "{}", render::one(diagnostic, &Sources::default(), self.style))
    }

    /// One failure that no text is at fault for.
    pub(super) fn fail(&mut self, failure: Diagnostic) -> io::Result<Exit> {
        if self.json {
            let mut diagnostics = Diagnostics::default();
            diagnostics.push(failure);
            self.json(&Told::new(&diagnostics, &Sources::default()))?;
        } else {
            self.tell_one(&failure)?;
        }
        Ok(Exit::Problems)
    }
}

/// Diagnostics for programs. The JSON form is stable: fields are only ever added.
#[derive(Serialize)]
pub(super) struct Told {
    diagnostics: Vec<json::Report>,
    errors: usize,
    warnings: usize,
}

impl Told {
    pub(super) fn new(diagnostics: &Diagnostics, sources: &Sources) -> Self {
        Self {
            diagnostics: json::reports(diagnostics, sources),
            errors: diagnostics.count(Severity::Error),
            warnings: diagnostics.count(Severity::Warning),
        }
    }
}
