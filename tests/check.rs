//! What is told of a program: one folder a case under `tests/check/`, laid over `tests/check/base/`.
//!
//! The snapshot shows the case's own files and every diagnostic, as people see it without colours.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use sluice::{
    compile::{Compiled, compile},
    diagnostics::render,
    source::MemoryFiles,
};

/// The case's own files, by name.
fn own_files(case: &Path) -> BTreeMap<String, String> {
    fs::read_dir(case)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.is_file())
        .map(|it| (it.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&it).unwrap()))
        .collect()
}

/// The base with the case's files over it.
pub(crate) fn program(case: &Path) -> MemoryFiles {
    let mut files = own_files(&case.with_file_name("base"));
    files.extend(own_files(case));
    files.into_iter().fold(MemoryFiles::default(), |program, (name, text)| program.with(name, text))
}

fn shown(case: &Path) -> String {
    let Compiled { sources, diagnostics, .. } = compile(&program(case));
    let mut shown = String::new();
    for (name, text) in own_files(case) {
        writeln!(shown, "----- {name}\n{text}").unwrap();
    }
    let told = render::human(&diagnostics, &sources, render::Style::PLAIN);
    write!(shown, "===== told\n{told}").unwrap();
    shown
}

#[test]
fn every_case_is_told_as_recorded() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("check/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for case in fs::read_dir(cases).unwrap().map(|it| it.unwrap().path()) {
            let name = case.file_name().unwrap().to_str().unwrap().to_owned();
            if case.is_dir() && name != "base" && name != "snapshots" {
                insta::assert_snapshot!(name, shown(&case));
            }
        }
    });
}
