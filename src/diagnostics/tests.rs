//! Cases of the registry, the words and the rendering.

use super::{Code, Diagnostic, Diagnostics, Severity, github, json, render, sarif, suggest, words};
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
        let needs_example = !["P06", "P07", "P09"].iter().any(|it| code.as_str().starts_with(it));
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
fn github_sees_one_line_each() {
    let (sources, diagnostics) = two_files();
    insta::assert_snapshot!(github::annotations(&diagnostics, &sources, "data/pipelines"));
}

#[test]
fn what_github_reads_as_its_own_is_escaped() {
    let mut sources = Sources::default();
    let file = sources.add("a,b:c.pipe", "x\n");
    let mut diagnostics = Diagnostics::default();
    diagnostics.push(
        Diagnostic::new(Code::UnknownWord, "100%: a\r\nb, c").label(Span::new(file, 0, 1), "").help("d"),
    );
    let shown = github::annotations(&diagnostics, &sources, "p");
    assert_eq!(
        shown,
        "::error file=p/a%2Cb%3Ac.pipe,line=1,col=1,endLine=1,endColumn=2,title=P0102::100%25: a%0D%0Ab, c%0Ad\n"
    );
}

#[test]
fn code_scanning_sees_results_rules_and_fixes() {
    let (sources, diagnostics) = two_files();
    let log = serde_json::to_value(sarif::log(&diagnostics, &sources, "data/my pipelines")).unwrap();
    // Pages are long, and have a test of their own.
    let mut shown = log.clone();
    for rule in shown["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap() {
        assert!(rule.as_object_mut().unwrap().remove("help").is_some());
    }
    shown["runs"][0]["tool"]["driver"]["version"] = "…".into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&shown).unwrap());
}

/// What the schema of SARIF 2.1.0 requires, and what code scanning asks for beyond it.
#[test]
fn a_sarif_log_has_every_required_field() {
    let (sources, diagnostics) = two_files();
    let log = serde_json::to_value(sarif::log(&diagnostics, &sources, "")).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().ends_with("sarif-2.1.0.json"));
    for run in log["runs"].as_array().unwrap() {
        let driver = &run["tool"]["driver"];
        assert_eq!(driver["name"], "sluice");
        let rules = driver["rules"].as_array().unwrap();
        assert!(rules.iter().all(|it| it["id"].is_string() && it["shortDescription"]["text"].is_string()));
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), 3);
        for result in results {
            assert!(result["message"]["text"].is_string());
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
            assert_eq!(rule["defaultConfiguration"]["level"], result["level"]);
            for location in result["locations"].as_array().into_iter().flatten() {
                let place = &location["physicalLocation"];
                assert!(place["artifactLocation"]["uri"].is_string());
                assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
            }
            for change in result["fixes"]
                .as_array()
                .into_iter()
                .flatten()
                .flat_map(|it| it["artifactChanges"].as_array().unwrap())
            {
                assert!(change["artifactLocation"]["uri"].is_string());
                assert!(
                    change["replacements"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .all(|it| it["deletedRegion"].is_object())
                );
            }
        }
    }
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

#[test]
fn a_very_long_line_is_cut_around_what_is_told_of() {
    let mut sources = Sources::default();
    let text =
        format!("short\n{}here{}there{}\nshort\n", "é".repeat(900), "漢 ".repeat(700), "x".repeat(5_000));
    let file = sources.add("long.sql", text.as_str());
    let place = |word: &str| {
        let at = u32::try_from(text.find(word).unwrap()).unwrap();
        Span::new(file, at, at + u32::try_from(word.len()).unwrap())
    };
    let drawn = |told: Diagnostic| render::one(&told, &sources, render::Style::PLAIN);
    let both =
        Diagnostic::new(Code::SqlSyntax, "told").label(place("here"), "this").also(place("there"), "that");
    let shown = drawn(both.clone());
    assert!(shown.contains("[long.sql:2:901]"), "{shown}");
    assert!(shown.contains("here") && shown.contains("there") && shown.contains("this"), "{shown}");
    assert!(shown.lines().all(|it| it.chars().count() < 500), "{shown}");
    // The line beside the one that is told of.
    let shown = drawn(Diagnostic::new(Code::SqlSyntax, "told").label(Span::new(file, 0, 5), "this"));
    assert!(shown.contains("ééé...\n"), "{shown}");
}
