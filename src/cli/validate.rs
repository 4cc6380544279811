//! `sluice validate`

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use rayon::prelude::*;
use serde::Serialize;

use super::{
    Exit, Output,
    arguments::{Deny, Shared, ValidateArguments},
};
use crate::{
    diagnostics::{Diagnostics, Severity, words::counted},
    source::{self, FileError, Sources, decoded, report_file_error},
    validate::{self, Finding, Options, Validator},
};

/// What was found. The JSON form is stable: fields are only ever added.
#[derive(Serialize)]
struct Found {
    files: usize,
    diagnostics: Vec<Finding>,
    errors: usize,
    warnings: usize,
}

/// Tells everything that is wrong with the documents.
pub(super) fn execute(
    shared: &Shared,
    arguments: &ValidateArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let mut files = Vec::new();
    for path in &arguments.files {
        match read(path) {
            Ok((name, text)) => files.push(sources.add(name, text)),
            Err(error) => report_file_error(&error, source::From::Here, &mut diagnostics),
        }
    }
    let options = Options { express: arguments.express };
    let told: Vec<Diagnostics> = files
        .into_par_iter()
        .map_init(
            || Validator::new(options),
            |validator, file| {
                let mut told = Diagnostics::default();
                let _ = validator.validate(file, &sources, &mut told);
                told
            },
        )
        .collect();
    told.into_iter().flat_map(Diagnostics::into_vec).for_each(|it| diagnostics.push(it));
    output.show_paths_as_given();
    output.tell(&diagnostics, &sources)?;
    let (errors, warnings) = (diagnostics.count(Severity::Error), diagnostics.count(Severity::Warning));
    let denied = shared.deny == Some(Deny::Warnings) && warnings > 0;
    let files = arguments.files.len();
    if output.is_json() {
        let diagnostics = validate::findings(&diagnostics, &sources);
        output.json(&Found { files, diagnostics, errors, warnings })?;
    } else if output.is_sarif() {
        output.document(&diagnostics, &sources)?;
    } else if errors == 0 && !denied {
        writeln!(output.out, "{}: fine", counted(files, "file"))?;
    }
    Ok(if errors == 0 && !denied { Exit::Fine } else { Exit::Problems })
}

/// The file's name and its text.
fn read(path: &Path) -> Result<(String, String), FileError> {
    let name = path.strip_prefix(".").unwrap_or(path).display().to_string().replace('\\', "/");
    let (name, bytes) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = io::stdin().read_to_end(&mut bytes);
        ("stdin".to_owned(), read.map(|_| bytes))
    } else {
        (name, fs::read(path))
    };
    let bytes = bytes.map_err(|error| FileError::of(&name, &error))?;
    Ok((name.clone(), decoded(name, bytes)?))
}
