//! Rules on the text of files: documentation, length, what is never left behind.

use super::{
    files::{root, rust, with_extensions},
    none_of,
};

/// What a file should not grow past, tests excluded.
const LONG: usize = 350;
/// What no file may grow past, whatever its reason.
const TOO_LONG: usize = 500;
/// Files between the two, each with its reason.
const LONG_FILES: &[(&str, &str)] = &[];

#[test]
fn every_module_says_what_it_owns() {
    let files = rust();
    let bare = files.iter().filter(|it| !it.text.starts_with("//! "));
    let violations: Vec<_> = bare.map(|it| it.path.clone()).collect();
    none_of(&violations, "the first line of a Rust file is `//!` and what the module owns");
}

#[test]
fn files_stay_short() {
    let mut violations = Vec::new();
    for file in rust() {
        let length = file.code().len();
        let excepted = LONG_FILES.iter().any(|(path, reason)| *path == file.path && !reason.is_empty());
        if length > TOO_LONG || (length > LONG && !excepted) {
            violations.push(format!("{}: {length} lines", file.path));
        }
        if excepted && length <= LONG {
            violations.push(format!("{}: short enough to leave the list of exceptions", file.path));
        }
    }
    none_of(&violations, &format!("a Rust file has at most {LONG} lines without its tests"));
}

#[test]
fn nothing_is_left_open() {
    // In two halves, or this file would break its own rule.
    let left: Vec<_> =
        [("to", "do!("), ("unimple", "mented!("), ("db", "g!("), ("FIX", "ME"), ("#[ign", "ore")]
            .map(|(start, end)| format!("{start}{end}"))
            .into();
    let mut violations = Vec::new();
    for file in with_extensions(&["rs", "pest", "toml", "pipe", "sql"]) {
        for (number, line) in (1..).zip(file.text.lines()) {
            violations.extend(
                left.iter()
                    .filter(|it| line.contains(it.as_str()))
                    .map(|it| format!("{}:{number}: `{it}`", file.path)),
            );
        }
    }
    none_of(&violations, "nothing is left open or switched off");
}

#[test]
fn no_line_ends_in_blanks() {
    let mut violations = Vec::new();
    for file in with_extensions(&["rs", "toml", "md", "pest", "pipe", "sql"]) {
        // Cases hold bad input on purpose.
        if file.path.starts_with("tests/") && !file.has_extension("rs") {
            continue;
        }
        for (number, line) in (1..).zip(file.text.lines()) {
            if line.ends_with([' ', '\t', '\r']) {
                violations.push(format!("{}:{number}", file.path));
            }
        }
    }
    none_of(&violations, "no line ends in blanks");
}

#[test]
fn no_file_knows_the_machine_it_was_made_on() {
    let here = format!("{}/", root().display());
    let homes = [("/ho", "me/"), ("/ro", "ot/"), ("/Us", "ers/"), ("\\Us", "ers\\")];
    let places: Vec<_> =
        homes.map(|(start, end)| format!("{start}{end}")).into_iter().chain([here]).collect();
    let mut violations = Vec::new();
    for file in with_extensions(&[]) {
        for (number, line) in (1..).zip(file.text.lines()) {
            if places.iter().any(|it| line.contains(it.as_str())) {
                violations.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none_of(&violations, "no file holds a path of the machine it was made on");
}
