//! `sluice new`: first files, which check and build as they are. Nothing is overwritten.

mod country;

use std::{collections::BTreeMap, io, path::Path};

use serde::Serialize;

use super::{
    Exit, Output,
    arguments::{DEFAULT_PROGRAM, NewArguments, NewCountryArguments, NewWhat, Shared},
};
use crate::{
    compile::compile,
    diagnostics::{Code, Diagnostic, Severity},
    source::{DiskFiles, FileError, Files},
};

/// What was written. The JSON form is stable: fields are only ever added.
#[derive(Serialize)]
struct Written {
    files: Vec<String>,
}

/// Writes first files.
pub(super) fn execute(
    shared: &Shared,
    arguments: &NewArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    match &arguments.what {
        NewWhat::Country(it) => new_country(shared, it, output),
    }
}

fn new_country(
    shared: &Shared,
    arguments: &NewCountryArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    if shared.program.exists() && !shared.program.is_dir() {
        let error = FileError::NotAFolder { path: shared.program.display().to_string() };
        return output.fail(
            Diagnostic::new(Code::ProgramMissing, error.to_string())
                .help("name the program's folder with `--program DIR`; it is made where it is missing"),
        );
    }
    let disk = DiskFiles::new(&shared.program);
    let fresh = disk.list().map_or(true, |it| it.is_empty());
    if !fresh {
        let before = compile(&disk);
        if before.diagnostics.count(Severity::Error) > 0 {
            output.tell(&before.diagnostics, &before.sources)?;
            output.document(&before.diagnostics, &before.sources)?;
            return Ok(Exit::Problems);
        }
    }
    let texts = match country::texts(arguments, &disk, fresh) {
        Ok(texts) => texts,
        Err(failure) => return output.fail(*failure),
    };
    if let Some(path) = texts.keys().find(|it| shared.program.join(it).exists()) {
        let path = shared.program.join(path);
        return output.fail(
            Diagnostic::new(Code::FileUnwritable, format!("`{}` is there already", path.display()))
                .help("choose another name, or delete the file: nothing is ever overwritten"),
        );
    }
    let overlay = Overlay { below: &disk, texts: &texts };
    let after = compile(&overlay);
    if after.plan.is_none() {
        output.tell(&after.diagnostics, &after.sources)?;
        output.document(&after.diagnostics, &after.sources)?;
        return Ok(Exit::Problems);
    }
    for (path, text) in &texts {
        let path = shared.program.join(path);
        let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        if let Err(error) = folder.and_then(|()| std::fs::write(&path, text)) {
            return output.fail(
                Diagnostic::new(
                    Code::FileUnwritable,
                    format!("`{}` can't be written: {error}", path.display()),
                )
                .help("make room or give rights there"),
            );
        }
    }
    tell(shared, arguments, &texts, output)?;
    Ok(Exit::Fine)
}

fn tell(
    shared: &Shared,
    arguments: &NewCountryArguments,
    texts: &BTreeMap<String, String>,
    output: &mut Output<'_>,
) -> io::Result<()> {
    if output.is_json() {
        return output.json(&Written { files: texts.keys().cloned().collect() });
    }
    for path in texts.keys() {
        writeln!(output.out, "wrote {}", shared.program.join(path).display())?;
    }
    let name = &arguments.name;
    writeln!(output.out, "\nNext:")?;
    let pipe = shared.program.join(format!("{name}.pipe"));
    writeln!(output.out, "  1. go over the lines of {} that have a comment", pipe.display())?;
    writeln!(output.out, "  2. write the queries: each selects the columns of its table")?;
    let program = match shared.program.as_path() {
        it if it == Path::new(DEFAULT_PROGRAM) => String::new(),
        it => format!(" --program {}", it.display()),
    };
    writeln!(output.out, "  3. sluice check{program}, and then sluice run {name}{program}")
}

/// The program's folder with the new files in it, before they are written.
struct Overlay<'a> {
    below: &'a DiskFiles,
    texts: &'a BTreeMap<String, String>,
}

impl Files for Overlay<'_> {
    fn list(&self) -> Result<Vec<String>, FileError> {
        let mut all = self.below.list().unwrap_or_default();
        all.extend(self.texts.keys().filter(|it| is_pipe(it)).cloned());
        all.sort_unstable();
        Ok(all)
    }

    fn list_scenarios(&self) -> Result<Vec<String>, FileError> {
        self.below.list_scenarios()
    }

    fn read(&self, path: &str) -> Result<String, FileError> {
        self.texts.get(path).map_or_else(|| self.below.read(path), |it| Ok(it.clone()))
    }

    fn exists(&self, path: &str) -> bool {
        self.texts.contains_key(path) || self.below.exists(path)
    }
}

fn is_pipe(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|it| it == "pipe")
}
