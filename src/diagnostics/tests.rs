//! Cases of the registry, the words and the rendering.

use super::{Code, Diagnostic, Diagnostics, Severity, json, render, suggest, words};
use crate::{
    source::{Sources, Span},
    syntax,
};

#[test]
fn codes_are_in_order_and_found_by_name() {
    let codes: Vec<_> = Code::all().iter().map(|it| it.as_str()).collect();
    assert!(codes.is_sorted());
    assert_eq!(Code::find("p0102"), Some(Code::UnknownWord));
    assert_eq!(Code::find("P9999"), None);
}

#[test]
fn every_code_is_explained() {
    for code in Code::all() {
        let page = code.explanation();
        let head = format!("# {code}: {}\n", code.title());
        assert!(page.starts_with(&head), "{code}: the page starts with {:?}", page.lines().next());
        for section in ["## What", "## Why"] {
            assert!(page.contains(section), "{code}: no {section}");
        }
        let needs_example = !["P06", "P09"].iter().any(|it| code.as_str().starts_with(it));
        let (fails, fixed) = (examples(page, "pipe,fails"), examples(page, "pipe,fixed"));
        assert!(
            !needs_example || (page.contains(",fails\n") && page.contains(",fixed\n")),
            "{code}: no example"
        );
        for text in &fixed {
            let told = syntax_codes(text);
            assert!(told.is_empty(), "{code}: the fixed example has mistakes: {told:?}");
        }
        for text in &fails {
            let told = syntax_codes(text);
            if *code == Code::TooDeep {
                // Nothing in the language goes so deep, so the block is unknown as well.
                assert!(told.contains(&code.as_str()), "{told:?}");
            } else if code.as_str().starts_with("P01") {
                assert_eq!(told, [code.as_str()], "{code}: the failing example");
            } else {
                assert!(told.iter().all(|it| *it == code.as_str()), "{code}: the failing example: {told:?}");
            }
        }
    }
}

fn examples(page: &str, tag: &str) -> Vec<String> {
    let fence = format!("```{tag}\n");
    page.split(fence.as_str()).skip(1).map(|it| it.split("```").next().unwrap().to_owned()).collect()
}

fn syntax_codes(text: &str) -> Vec<&'static str> {
    let mut sources = Sources::default();
    let file = sources.add("example.pipe", text);
    let mut diagnostics = Diagnostics::default();
    let _ = syntax::parse(&sources, file, &mut diagnostics);
    diagnostics.sorted().iter().map(|it| it.code.as_str()).collect()
}

#[test]
fn the_nearest_word_is_suggested() {
    let known = ["extract", "expect", "Extract2"];
    assert_eq!(suggest::closest("extrct", known), Some("extract"));
    assert_eq!(suggest::closest("EXPECT", known), Some("expect"));
    assert_eq!(suggest::closest("publish", known), None);
    assert_eq!(suggest::closest("nmae", ["name"]), Some("name"));
    assert_eq!(suggest::closest("el", ["en", "fr"]), Some("en"));
}

#[test]
fn lists_read_as_english() {
    assert_eq!(words::or_ticked(["a"]), "`a`");
    assert_eq!(words::or_ticked(["a", "b", "c"]), "`a`, `b` or `c`");
    assert_eq!(words::and_ticked(["a", "b"]), "`a` and `b`");
    assert_eq!(words::counted(1, "error"), "1 error");
    assert_eq!(words::counted(0, "error"), "0 errors");
}

fn two_files() -> (Sources, Diagnostics) {
    let mut sources = Sources::default();
    let here = sources.add("greece.pipe", "pipeline greece {\n    source athns\n}\n");
    let there = sources.add("platform.pipe", "platform p {\n    connection athens {\n    }\n}\n");
    let mut diagnostics = Diagnostics::default();
    let unknown = Diagnostic::new(Code::UnknownConnection, "there is no connection `athns`")
        .label(Span::new(here, 29, 34), "not declared")
        .also(Span::new(there, 28, 34), "`athens` is declared here")
        .help("did you mean `athens`?")
        .suggest(Span::new(here, 29, 34), "athens");
    diagnostics.push(unknown.clone());
    diagnostics.push(unknown);
    diagnostics.push(
        Diagnostic::new(Code::Unused, "the connection `athens` is never used")
            .label(Span::new(there, 28, 34), ""),
    );
    diagnostics.push(Diagnostic::new(Code::ProgramMissing, "there is no `.pipe` file"));
    (sources, diagnostics)
}

#[test]
fn people_see_each_file_with_its_name() {
    let (sources, diagnostics) = two_files();
    insta::assert_snapshot!(render::human(&diagnostics, &sources, render::Style::PLAIN));
}

#[test]
fn programs_see_one_object_each() {
    let (sources, diagnostics) = two_files();
    let shown = serde_json::to_string_pretty(&json::reports(&diagnostics, &sources)).unwrap();
    insta::assert_snapshot!(shown);
}

#[test]
fn the_same_is_told_once_and_counted_by_severity() {
    let (_, diagnostics) = two_files();
    assert_eq!((diagnostics.count(Severity::Error), diagnostics.count(Severity::Warning)), (2, 1));
    assert_eq!(render::summary(&diagnostics).unwrap(), "2 errors, 1 warning");
    assert!(diagnostics.has_errors());
}

#[test]
fn of_very_many_the_first_hundred_are_shown_and_all_are_counted() {
    let mut sources = Sources::default();
    let file = sources.add("many.pipe", "x\n".repeat(1_000));
    let mut diagnostics = Diagnostics::default();
    for line in 0..1_000 {
        let span = Span::new(file, line * 2, line * 2 + 1);
        diagnostics.push(Diagnostic::new(Code::UnknownWord, format!("line {line}")).label(span, ""));
    }
    let told = render::human(&diagnostics, &sources, render::Style::PLAIN);
    assert_eq!(told.matches("error[P0102]").count(), 100);
    assert!(told.ends_with("and 900 more, which `--format json` shows\n1000 errors\n"), "{told}");
}
