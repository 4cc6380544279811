//! `sluice fmt`

use std::{
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

use serde::Serialize;
use similar::TextDiff;

use super::{
    Exit, Output,
    arguments::{FmtArguments, Shared},
};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, json, words::counted},
    format::{FormatError, format},
    source::{DiskFiles, FileError, Files, Sources, Span, decoded},
    syntax,
};

/// What the standard input is called in messages.
const STANDARD_INPUT: &str = "<stdin>";
const WAY_OUT: &str = "run `sluice fmt`, which changes nothing but the layout";

/// What was laid out. The JSON form is stable: fields are only ever added.
#[derive(Serialize, Default)]
struct Formatted {
    /// Files that were not in canonical layout; with `--check` they still are not.
    changed: Vec<String>,
    unchanged: usize,
    /// Files that are left as they are, because their braces don't fit.
    damaged: Vec<String>,
    /// What is wrong with those.
    diagnostics: Vec<json::Report>,
}

/// Lays files out, or tells which are not.
pub(super) fn execute(
    shared: &Shared,
    arguments: &FmtArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    if let [only] = arguments.files.as_slice()
        && only == Path::new("-")
    {
        return standard_input(arguments.check, output);
    }
    let paths = match paths(shared, arguments) {
        Ok(paths) => paths,
        Err(failure) => return output.fail(failure),
    };
    let mut work = Work::default();
    for path in paths {
        let text = match fs::read(&path) {
            Ok(bytes) => text(bytes, &path.display().to_string()),
            Err(error) => Err(unreadable(&path, &error)),
        };
        let name = path.display().to_string();
        let below = path.strip_prefix(&shared.program).unwrap_or(&path).display().to_string();
        let below = below.replace('\\', "/");
        let laid_out = text.and_then(|before| Ok((work.lay_out(&name, &below, &before)?, before)));
        match laid_out {
            Ok((Some(after), before)) if arguments.check => {
                work.stale(&name, &below, [&before, &after], output)?;
            }
            Ok((Some(after), _)) => {
                if let Err(error) = fs::write(&path, &after) {
                    return output.fail(unwritable(&path, &error));
                }
            }
            Ok((None, _)) => {}
            Err(failure) => return output.fail(failure),
        }
    }
    work.tell(arguments.check, output)
}

/// What has come of the files so far.
#[derive(Default)]
struct Work {
    formatted: Formatted,
    sources: Sources,
    /// What is wrong with files whose braces don't fit.
    damage: Diagnostics,
    /// Files that are not laid out, where they are only looked at.
    stale: Diagnostics,
}

impl Work {
    /// The text as it should be; none where it is so already, and where its braces don't fit, which is kept to tell.
    fn lay_out(&mut self, name: &str, below: &str, before: &str) -> Result<Option<String>, Diagnostic> {
        match format(before) {
            Ok(after) if after == before => {
                self.formatted.unchanged += 1;
                Ok(None)
            }
            Ok(after) => {
                self.formatted.changed.push(name.to_owned());
                Ok(Some(after))
            }
            Err(FormatError::Damaged) => {
                let file = self.sources.add(below, before);
                drop(syntax::tree(&self.sources, file, &mut self.damage));
                self.formatted.damaged.push(name.to_owned());
                Ok(None)
            }
            Err(error @ FormatError::Unfaithful { .. }) => {
                Err(Diagnostic::new(Code::NotFormatted, error.to_string())
                    .help("this is a fault of sluice: please report it with the file that brings it about"))
            }
        }
    }

    /// Keeps that a file is not laid out, and shows people the difference.
    fn stale(
        &mut self,
        name: &str,
        below: &str,
        [before, after]: [&str; 2],
        output: &mut Output<'_>,
    ) -> io::Result<()> {
        let file = self.sources.add(below, before);
        self.stale.push(
            Diagnostic::new(Code::NotFormatted, "the file is not in canonical layout")
                .label(Span::new(file, 0, 0), "")
                .help(WAY_OUT),
        );
        if output.is_human() && before.replace("\r\n", "\n") == after {
            writeln!(
                output.err,
                "{name}: lines end with CR LF, and are to end with LF; nothing else differs"
            )?;
        } else if output.is_human() {
            let diff = TextDiff::from_lines(before, after);
            write!(output.err, "{}", diff.unified_diff().header(name, &format!("{name} (laid out)")))?;
        }
        Ok(())
    }

    fn tell(mut self, check: bool, output: &mut Output<'_>) -> io::Result<Exit> {
        let fine = self.damage.is_empty() && self.stale.is_empty();
        let exit = if fine { Exit::Fine } else { Exit::Problems };
        if output.is_json() {
            self.formatted.diagnostics = json::reports(&self.damage, &self.sources);
            return output.json(&self.formatted).map(|()| exit);
        }
        if !output.is_human() {
            self.stale.into_vec().into_iter().for_each(|it| self.damage.push(it));
            output.tell(&self.damage, &self.sources)?;
            output.document(&self.damage, &self.sources)?;
            return Ok(exit);
        }
        output.tell(&self.damage, &self.sources)?;
        let changed = counted(self.formatted.changed.len(), "file");
        if !self.stale.is_empty() {
            let message = format!("{changed} not in canonical layout");
            return output.fail(Diagnostic::new(Code::NotFormatted, message).help(WAY_OUT));
        }
        let damaged = match self.formatted.damaged.len() {
            0 => String::new(),
            count => format!(", {} left as it was: braces that don't fit", counted(count, "file")),
        };
        let laid_out = if check { String::new() } else { format!("{changed} laid out, ") };
        writeln!(output.out, "{laid_out}{} unchanged{damaged}", self.formatted.unchanged)?;
        Ok(exit)
    }
}

fn standard_input(check: bool, output: &mut Output<'_>) -> io::Result<Exit> {
    let mut bytes = Vec::new();
    let _ = io::stdin().read_to_end(&mut bytes)?;
    let mut work = Work::default();
    let laid_out = text(bytes, STANDARD_INPUT)
        .and_then(|before| Ok((work.lay_out(STANDARD_INPUT, STANDARD_INPUT, &before)?, before)));
    let (after, before) = match laid_out {
        Ok(laid_out) => laid_out,
        Err(failure) => return output.fail(failure),
    };
    if let (Some(after), true) = (&after, check) {
        work.stale(STANDARD_INPUT, STANDARD_INPUT, [&before, after], output)?;
    }
    if check || !work.damage.is_empty() {
        return work.tell(check, output);
    }
    write!(output.out, "{}", after.unwrap_or(before)).map(|()| Exit::Fine)
}

fn paths(shared: &Shared, arguments: &FmtArguments) -> Result<Vec<PathBuf>, Diagnostic> {
    if !arguments.files.is_empty() {
        return Ok(arguments.files.clone());
    }
    let files = DiskFiles::new(&shared.program);
    let listed = files.list().and_then(|program| Ok((program, files.list_scenarios()?)));
    let (program, scenarios) = listed.map_err(|error: FileError| {
        Diagnostic::new(Code::ProgramMissing, error.to_string()).help("name the folder with `--program DIR`")
    })?;
    Ok(program.into_iter().chain(scenarios).map(|it| shared.program.join(it)).collect())
}

fn text(bytes: Vec<u8>, name: &str) -> Result<String, Diagnostic> {
    decoded(name, bytes)
        .map_err(|error| Diagnostic::new(Code::NotUtf8, error.to_string()).help("save the file as UTF-8"))
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let error = FileError::of(path.display().to_string(), error);
    Diagnostic::new(Code::FileUnreadable, error.to_string()).help("name a `.pipe` file that can be read")
}

fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::FileUnwritable, format!("`{}` can't be written: {error}", path.display()))
        .help("make room or give rights there")
}
