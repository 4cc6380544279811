//! The language reference: its tables are the registry's, and its examples compile.

use std::{fmt::Write as _, fs, path::Path};

use sluice::{
    diagnostics::{Code, Severity},
    model::{DEFAULT_EFFORT, DEFAULT_OVERLAP, Overlap},
    syntax::settings::{BlockKind, Setting},
};

use super::pages::{blocks, raised};

const END: &str = "<!-- end -->";

#[test]
fn every_example_of_the_reference_compiles() {
    let page = reference();
    let examples = blocks(&page, "pipe");
    assert!(examples.len() > 5);
    for example in examples {
        let told = raised(std::slice::from_ref(&example), &[]);
        assert!(told.is_empty(), "{example}\nraises {told:?}");
    }
}

#[test]
fn the_tables_of_the_reference_are_those_of_the_registry() {
    let page = reference();
    let tables = [("settings", settings()), ("defaults", defaults()), ("codes", codes())];
    let renewed = tables.iter().fold(page.clone(), |page, (name, table)| {
        let mark = format!("<!-- generated {name} -->\n");
        let (before, rest) = page.split_once(&mark).unwrap_or_else(|| panic!("no mark `{name}`"));
        let (_, after) = rest.split_once(END).unwrap();
        format!("{before}{mark}{table}{END}{after}")
    });
    if std::env::var_os("BLESS").is_some() {
        fs::write(path(), &renewed).unwrap();
        return;
    }
    assert!(page == renewed, "docs/language.md is stale: run `BLESS=1 cargo test --test main language`");
}

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/language.md")
}

fn reference() -> String {
    fs::read_to_string(path()).unwrap()
}

fn settings() -> String {
    let mut text = String::new();
    for kind in BlockKind::ALL.into_iter().filter(|it| !it.settings().is_empty()) {
        let title = match kind {
            BlockKind::File => "At the top of a file".to_owned(),
            BlockKind::Platform
            | BlockKind::Environment
            | BlockKind::Connection
            | BlockKind::Defaults
            | BlockKind::Table
            | BlockKind::Pipeline
            | BlockKind::Into
            | BlockKind::Survey
            | BlockKind::Ask
            | BlockKind::When
            | BlockKind::Translation
            | BlockKind::TranslatedAsk => format!("In {}", kind.name()),
        };
        writeln!(text, "\n### {title}\n\n| word | what it is for | example |\n|---|---|---|").unwrap();
        for Setting { word, description, example, .. } in kind.settings() {
            let example = example.replace('\n', " ").split_whitespace().collect::<Vec<_>>().join(" ");
            writeln!(text, "| `{word}` | {description} | `{}` |", example.replace('|', "\\|")).unwrap();
        }
    }
    text.push('\n');
    text
}

fn defaults() -> String {
    let effort = DEFAULT_EFFORT;
    let doubling = if effort.retry.factor == 2 { " doubling" } else { "" };
    let overlap = match DEFAULT_OVERLAP {
        Overlap::Skip => "skip",
        Overlap::Wait => "wait",
        Overlap::Fail => "fail",
    };
    let rows = [
        format!("retry {} times from {} seconds{doubling}", effort.retry.times, effort.retry.from_seconds),
        format!("timeout {} hours", effort.timeout_seconds / 3600),
        format!("compute {} vcpu {} GB", effort.compute.vcpus, effort.compute.memory_mib / 1024),
        format!("overlap {overlap}"),
        "enabled yes".to_owned(),
    ];
    let row = |it: &String| format!("| `{}` | `{it}` |", it.split(' ').next().unwrap());
    let rows = rows.iter().map(row).collect::<Vec<_>>().join("\n");
    format!("\n| setting | as if it said |\n|---|---|\n{rows}\n\n")
}

fn codes() -> String {
    let row = |code: &Code| {
        let severity = match code.severity() {
            Severity::Error => "E",
            Severity::Warning => "W",
        };
        format!("| `{code}` | {severity} | {} |", code.title())
    };
    let rows = Code::all().iter().map(row).collect::<Vec<_>>().join("\n");
    format!("\n| code | | what it means |\n|---|---|---|\n{rows}\n\n")
}
