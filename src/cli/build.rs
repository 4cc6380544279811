//! `sluice build`

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    Exit, Output,
    arguments::{BuildArguments, Shared},
    program, program_id,
};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, words::counted},
    emit::Generated,
    lower::EnvironmentPlan,
    source::Sources,
    validate::{self, Options, Validator},
};

/// What a build did. The JSON form is stable: fields are only ever added.
#[derive(Serialize, Default)]
struct Built {
    /// Paths below the output folder.
    written: Vec<String>,
    deleted: Vec<String>,
    unchanged: usize,
}

/// What `--check` found. The JSON form is stable: fields are only ever added.
#[derive(Serialize, Default)]
struct Compared {
    differing: Vec<String>,
    missing: Vec<String>,
    left_over: Vec<String>,
}

/// Writes the generated files, or compares them.
pub(super) fn execute(
    shared: &Shared,
    arguments: &BuildArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let program = match program::load(shared, output)? {
        Ok(program) => program,
        Err(exit) => return Ok(exit),
    };
    let environments: Vec<&EnvironmentPlan> = match &shared.environment {
        None => program.plan.environments.iter().collect(),
        Some(name) => match program::environment(&program.plan, name) {
            Ok(environment) => vec![environment],
            Err(failure) => return output.fail(failure),
        },
    };
    let generated = match program.emit(&environments) {
        Ok(generated) => generated,
        Err(failure) => return output.fail(failure),
    };
    if let Err(failure) = valid(&generated) {
        return output.fail(failure);
    }
    if arguments.check {
        return check(&arguments.out, &program, &generated, output);
    }
    if program.plan.environments.iter().any(|it| it.on_aws)
        && let Err(failure) = program_id::keep(&shared.program, &program.sources)
    {
        return output.fail(failure);
    }
    match write(&arguments.out, &generated) {
        Ok(built) if output.is_json() => output.json(&built)?,
        Ok(_) if output.is_sarif() => output.document(&program.diagnostics, &program.sources)?,
        Ok(built) => writeln!(
            output.out,
            "{} written, {} unchanged, {} deleted in {}",
            counted(built.written.len(), "file"),
            built.unchanged,
            built.deleted.len(),
            arguments.out.display()
        )?,
        Err(failure) => return output.fail(failure),
    }
    Ok(Exit::Fine)
}

/// Whether AWS would take every state machine and contact flow: no program may bring about one that it would not.
fn valid(generated: &[Generated]) -> Result<(), Diagnostic> {
    let documents: Vec<_> = generated.iter().flat_map(files).filter(|(path, _)| is_validated(path)).collect();
    let first = documents
        .into_par_iter()
        .map_init(
            || Validator::new(Options::default()),
            |validator, (path, text)| {
                let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
                let _ = validator.validate(sources.add(path, text.as_str()), &sources, &mut diagnostics);
                validate::findings(&diagnostics, &sources).into_iter().next()
            },
        )
        .find_map_first(|it| it);
    let Some(first) = first else { return Ok(()) };
    let (file, at) = (first.report.place.file.unwrap_or_default(), first.pointer.unwrap_or_default());
    let message =
        format!("`{file}` would not be taken: {} ({}, at `{at}`)", first.report.message, first.report.code);
    Err(Diagnostic::new(Code::GeneratedInvalid, message)
        .help("this is a fault of sluice: please report it with the `.pipe` file that brings it about"))
}

fn is_validated(path: &str) -> bool {
    path.ends_with(".asl.json") || path.ends_with(".flow.json")
}

fn write(out: &Path, generated: &[Generated]) -> Result<Built, Diagnostic> {
    let mut built = Built::default();
    for environment in generated {
        for old in left_over(out, environment) {
            let path = out.join(&old);
            std::fs::remove_file(&path).map_err(|error| unwritable(&path, &error))?;
            built.deleted.push(old);
        }
        let written: Vec<Option<String>> = files(environment)
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|(file, text)| Ok(write_changed(&out.join(&file), text)?.then_some(file)))
            .collect::<Result<_, Diagnostic>>()?;
        built.unchanged += written.iter().filter(|it| it.is_none()).count();
        built.written.extend(written.into_iter().flatten());
    }
    Ok(built)
}

/// Whether the file had another text, or was not there.
fn write_changed(path: &Path, text: &str) -> Result<bool, Diagnostic> {
    match std::fs::read(path) {
        Ok(found) if found == text.as_bytes() => return Ok(false),
        Ok(_) => {}
        Err(_) => {
            let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            folder.map_err(|error| unwritable(path, &error))?;
        }
    }
    std::fs::write(path, text).map_err(|error| unwritable(path, &error))?;
    Ok(true)
}

fn check(
    out: &Path,
    program: &program::Program,
    generated: &[Generated],
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let mut compared = Compared::default();
    for environment in generated {
        compared.left_over.extend(left_over(out, environment));
        let found: Vec<_> = files(environment)
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|(file, text)| (std::fs::read(out.join(&file)).map(|it| it == text.as_bytes()), file))
            .collect();
        for (same, file) in found {
            match same {
                Ok(true) => {}
                Ok(false) => compared.differing.push(file),
                Err(_) => compared.missing.push(file),
            }
        }
    }
    let all = [
        ("differs", &compared.differing),
        ("missing", &compared.missing),
        ("left over", &compared.left_over),
    ];
    let stale = all.iter().map(|(_, files)| files.len()).sum::<usize>();
    if output.is_json() {
        output.json(&compared)?;
        return Ok(if stale == 0 { Exit::Fine } else { Exit::Problems });
    }
    if stale == 0 && output.is_sarif() {
        return output.document(&program.diagnostics, &program.sources).map(|()| Exit::Fine);
    }
    if stale == 0 {
        writeln!(output.out, "{} is what the compiler makes", out.display())?;
        return Ok(Exit::Fine);
    }
    for (word, files) in all {
        for file in files {
            writeln!(output.err, "{word}: {file}")?;
        }
    }
    let message = format!("{} in `{}` not what the compiler makes", are(stale), out.display());
    output.fail(
        Diagnostic::new(Code::GeneratedStale, message).help("run `sluice build` and commit what it writes"),
    )
}

fn are(count: usize) -> String {
    if count == 1 { "1 file is".to_owned() } else { format!("{count} files are") }
}

/// Path below the output folder and text.
fn files(environment: &Generated) -> impl Iterator<Item = (String, &String)> {
    environment.files.iter().map(|(path, text)| (format!("{}/{path}", environment.environment), text))
}

/// What an earlier build wrote and this one would not: only what its manifest names, never anything else.
fn left_over(out: &Path, environment: &Generated) -> Vec<String> {
    #[derive(Deserialize)]
    struct Manifest {
        files: std::collections::BTreeMap<String, String>,
    }
    let folder: PathBuf = out.join(&environment.environment);
    let text = std::fs::read(folder.join("manifest.json")).unwrap_or_default();
    let Ok(manifest) = serde_json::from_slice::<Manifest>(&text) else { return Vec::new() };
    let old: BTreeSet<String> =
        manifest.files.into_keys().filter(|it| !environment.files.contains_key(it)).collect();
    old.into_iter()
        .filter(|it| folder.join(it).is_file())
        .map(|it| format!("{}/{it}", environment.environment))
        .collect()
}

fn unwritable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(Code::FileUnwritable, format!("`{}` can't be written: {error}", path.display()))
        .help("make room or give rights there, or name another folder with `--out DIR`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_aws_would_refuse_is_told_with_its_state() {
        let machine = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}"#;
        let path = crate::emit::state_machine_path("greece");
        let files = std::iter::once((path, machine.to_owned())).collect();
        let failure = valid(&[Generated { environment: "test".to_owned(), files }]).unwrap_err();
        assert_eq!(failure.code, Code::GeneratedInvalid);
        assert!(failure.message.contains("test/pipelines/greece/state-machine.asl.json"), "{failure:?}");
        assert!(failure.message.contains("/States/A/Next"), "{failure:?}");
    }
}
