//! Every diagnostic code has a page that explains it and a case in which it is raised.

use std::fs;

use super::{
    files::{root, with_extensions},
    none_of,
};

const REGISTRY: &str = "src/diagnostics/codes.rs";
const PAGES: &str = "src/diagnostics/explain";

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let codes = codes();
    let mut violations = Vec::new();
    for (code, _) in &codes {
        let page = root().join(PAGES).join(format!("{code}.md"));
        let text = fs::read_to_string(page).unwrap_or_default();
        if text.trim().is_empty() {
            violations.push(format!("{PAGES}/{code}.md is missing or empty"));
        }
    }
    for page in with_extensions(&["md"]) {
        let name =
            page.path.strip_prefix(PAGES).and_then(|it| it.trim_start_matches('/').strip_suffix(".md"));
        if name.is_some_and(|name| !codes.iter().any(|(code, _)| code == name)) {
            violations.push(format!("{} explains no code", page.path));
        }
    }
    none_of(&violations, "a code and its page belong together");
}

#[test]
fn every_code_is_raised_in_a_case() {
    let cases = cases();
    let mut violations = Vec::new();
    for (code, name) in codes() {
        let variant = format!("Code::{name}");
        let raised = |case: &String| mentions(case, &code) || mentions(case, &variant);
        if !cases.iter().any(raised) {
            violations.push(format!("{code} ({name})"));
        }
    }
    none_of(&violations, "every code is raised in some case: in a snapshot, or by a test that expects it");
}

/// The codes and the names of their variants, from the lines `P0101 => UnclosedString, Error, "…";`.
fn codes() -> Vec<(String, String)> {
    let registry = fs::read_to_string(root().join(REGISTRY))
        .unwrap_or_else(|error| panic!("the registry of codes `{REGISTRY}` can't be read: {error}"));
    let codes: Vec<_> = registry
        .lines()
        .filter_map(|line| {
            let (code, rest) = line.trim().split_once(" => ")?;
            let (name, _) = rest.split_once(',')?;
            is_code(code).then(|| (code.to_owned(), name.trim().to_owned()))
        })
        .collect();
    assert!(!codes.is_empty(), "`{REGISTRY}` has no line such as `P0101 => UnclosedString, Error, \"…\";`");
    codes
}

fn is_code(word: &str) -> bool {
    word.len() == 5 && word.starts_with(['P', 'V']) && word.bytes().skip(1).all(|it| it.is_ascii_digit())
}

/// The texts of all cases. What tests the registry and the rendering raises nothing, and these rules neither.
fn cases() -> Vec<String> {
    let mut cases = Vec::new();
    for file in with_extensions(&[]) {
        if file.path.starts_with("src/diagnostics/") || file.path.starts_with("tests/tidy") {
            continue;
        }
        if file.has_extension("rs") {
            cases.push(file.tests().join("\n"));
        } else if file.path.split('/').any(|it| it == "tests" || it == "snapshots") {
            cases.push(file.text);
        }
    }
    cases
}

/// Whether the word stands there as a word of its own.
fn mentions(text: &str, word: &str) -> bool {
    let part_of_word = |it: char| it.is_alphanumeric() || it == '_';
    text.split(word).skip(1).any(|after| !after.starts_with(part_of_word))
}
