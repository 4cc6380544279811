//! `sluice fmt`

use std::{
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
    diagnostics::{Code, Diagnostic, Diagnostics, words::counted},
    format::format,
    source::{DiskFiles, FileError, Files, Sources, Span},
};

/// What was laid out. The JSON form is stable: fields are only ever added.
#[derive(Serialize, Default)]
struct Formatted {
    /// Files that were not in canonical layout; with `--check` they still are not.
    changed: Vec<String>,
    unchanged: usize,
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
        return standard_input(output);
    }
    let paths = match paths(shared, arguments) {
        Ok(paths) => paths,
        Err(failure) => return output.fail(failure),
    };
    let mut formatted = Formatted::default();
    let mut stale = Stale::default();
    for path in paths {
        let laid_out = std::fs::read_to_string(&path)
            .map_err(|error| unreadable(&path, &error))
            .and_then(|before| laid_out(&before).map(|after| (before, after)));
        let (before, after) = match laid_out {
            Ok(texts) => texts,
            Err(failure) => return output.fail(failure),
        };
        if before == after {
            formatted.unchanged += 1;
            continue;
        }
        formatted.changed.push(path.display().to_string());
        if arguments.check {
            stale.add(shared, &path, &before);
            if output.is_human() {
                let name = path.display().to_string();
                let diff = TextDiff::from_lines(&before, &after);
                write!(output.err, "{}", diff.unified_diff().header(&name, &format!("{name} (laid out)")))?;
            }
        } else if let Err(error) = std::fs::write(&path, &after) {
            return output.fail(unwritable(&path, &error));
        }
    }
    if output.is_human() || output.is_json() {
        return tell(&formatted, arguments.check, output);
    }
    output.tell(&stale.diagnostics, &stale.sources)?;
    output.document(&stale.diagnostics, &stale.sources)?;
    Ok(if stale.diagnostics.is_empty() { Exit::Fine } else { Exit::Problems })
}

/// What a review is told of each file that is not in canonical layout.
#[derive(Default)]
struct Stale {
    sources: Sources,
    diagnostics: Diagnostics,
}

impl Stale {
    fn add(&mut self, shared: &Shared, path: &Path, text: &str) {
        let below = path.strip_prefix(&shared.program).unwrap_or(path).display().to_string();
        let file = self.sources.add(below.replace('\\', "/"), text);
        self.diagnostics.push(
            Diagnostic::new(Code::NotFormatted, "the file is not in canonical layout")
                .label(Span::new(file, 0, 0), "")
                .help("run `sluice fmt`, which changes nothing but the layout"),
        );
    }
}

fn tell(formatted: &Formatted, check: bool, output: &mut Output<'_>) -> io::Result<Exit> {
    let stale = check && !formatted.changed.is_empty();
    let exit = if stale { Exit::Problems } else { Exit::Fine };
    if output.is_json() {
        return output.json(formatted).map(|()| exit);
    }
    let count = counted(formatted.changed.len(), "file");
    if stale {
        let message = format!("{count} not in canonical layout");
        return output.fail(
            Diagnostic::new(Code::NotFormatted, message)
                .help("run `sluice fmt`, which changes nothing but the layout"),
        );
    }
    writeln!(output.out, "{count} laid out, {} unchanged", formatted.unchanged)?;
    Ok(exit)
}

fn standard_input(output: &mut Output<'_>) -> io::Result<Exit> {
    let mut text = String::new();
    let _ = io::stdin().read_to_string(&mut text)?;
    match laid_out(&text) {
        Ok(after) => write!(output.out, "{after}").map(|()| Exit::Fine),
        Err(failure) => output.fail(failure),
    }
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

fn laid_out(text: &str) -> Result<String, Diagnostic> {
    format(text).map_err(|error| {
        Diagnostic::new(Code::NotFormatted, error.to_string())
            .help("this is a fault of sluice: please report it with the file that brings it about")
    })
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::FileUnreadable, format!("`{}` can't be read: {error}", path.display()))
        .help("name a `.pipe` file that can be read")
}

fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::FileUnwritable, format!("`{}` can't be written: {error}", path.display()))
        .help("make room or give rights there")
}
