//! The examples of `sluice explain`, compiled: each laid over `tests/check/base/`.
//!
//! A `pipe` block takes the place of the base's file that declares the same thing first: a pipeline that of
//! `greece.pipe`, a table that of `tables.pipe`, a platform that of `platform.pipe`; anything else is a file of its
//! own. A `sql` block takes the place of the file that a `run` line of the page names, else of `companies.sql`.

use std::{collections::BTreeMap, fs, path::Path};

use sluice::{compile::compile, diagnostics::Code, source::MemoryFiles};

/// The blocks of a page that are fenced as `pipe,fails`, `sql,fails` and so on.
pub(crate) fn blocks(page: &str, tag: &str) -> Vec<String> {
    let fence = format!("```{tag}\n");
    page.split(fence.as_str()).skip(1).map(|it| it.split("```").next().unwrap().to_owned()).collect()
}

/// The codes that the blocks raise, laid over the base.
pub(crate) fn raised(pipes: &[String], queries: &[String]) -> Vec<&'static str> {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check/base");
    let read = |name: &str| (name.to_owned(), fs::read_to_string(base.join(name)).unwrap());
    let names = ["platform.pipe", "tables.pipe", "greece.pipe", "companies.sql", "post_checks.sql"];
    let mut files: BTreeMap<String, String> = names.into_iter().map(read).collect();
    let mut own = String::new();
    for pipe in pipes {
        for (word, file) in [
            ("platform ", "platform.pipe"),
            ("table companies ", "tables.pipe"),
            ("pipeline ", "greece.pipe"),
        ] {
            if pipe.lines().any(|it| it.starts_with(word)) {
                let _ = files.insert(file.to_owned(), String::new());
            }
        }
        own.push_str(pipe);
    }
    files.retain(|_, text| !text.is_empty());
    let _ = files.insert("example.pipe".to_owned(), own);
    if let [query] = queries {
        let run = pipes.iter().find_map(|it| it.split_once("run ")?.1.split('"').nth(1));
        let _ = files.insert(run.unwrap_or("companies.sql").to_owned(), query.clone());
    }
    let program = files.into_iter().fold(MemoryFiles::default(), |all, (name, text)| all.with(name, text));
    let compiled = compile(&program);
    let mut codes: Vec<_> = compiled.diagnostics.sorted().iter().map(|it| it.code.as_str()).collect();
    codes.dedup();
    codes
}

#[test]
fn failing_examples_raise_their_code_and_fixed_ones_nothing() {
    let mut wrong = Vec::new();
    for code in Code::all() {
        let name = code.as_str();
        if !["P02", "P03", "P04", "P05"].iter().any(|it| name.starts_with(it)) {
            continue;
        }
        let page = code.explanation();
        let told = |kind: &str| {
            let (pipes, queries) =
                (blocks(page, &format!("pipe,{kind}")), blocks(page, &format!("sql,{kind}")));
            (!pipes.is_empty() || !queries.is_empty()).then(|| raised(&pipes, &queries))
        };
        match told("fails") {
            Some(codes) if codes == [name] => {}
            other => wrong.push(format!("{name}: the failing example raises {other:?}")),
        }
        match told("fixed") {
            Some(codes) if codes.is_empty() => {}
            other => wrong.push(format!("{name}: the fixed example raises {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
