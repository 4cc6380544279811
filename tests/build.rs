//! What a program becomes: one folder a case under `tests/build/`, its generated files in snapshots beside it.

use std::{fmt::Write as _, fs, path::Path};

use proptest::prelude::*;
use sluice::{
    compile::{Compiled, compile},
    emit::{Generated, PLATFORM_PATH, emit},
    source::{DiskFiles, MemoryFiles},
};

fn generate(files: &dyn sluice::source::Files) -> Vec<Generated> {
    let Compiled { sources, plan, diagnostics, .. } = compile(files);
    let told =
        sluice::diagnostics::render::human(&diagnostics, &sources, sluice::diagnostics::render::Style::PLAIN);
    emit(&plan.unwrap_or_else(|| panic!("{told}")), &sources).unwrap()
}

#[test]
fn every_case_becomes_the_files_as_recorded() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/build");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("build/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for case in fs::read_dir(cases).unwrap().map(|it| it.unwrap().path()) {
            let name = case.file_name().unwrap().to_str().unwrap().to_owned();
            if !case.is_dir() || name == "snapshots" {
                continue;
            }
            let source = fs::read_to_string(case.join("program.pipe")).unwrap();
            let mut shown = format!("----- program.pipe\n{source}\n");
            for environment in generate(&DiskFiles::new(&case)) {
                for (path, text) in environment.files {
                    // What all pipelines share says nothing of a case; `platform` looks at it.
                    if path == PLATFORM_PATH {
                        continue;
                    }
                    writeln!(shown, "===== {}/{path}\n{text}", environment.environment).unwrap();
                }
            }
            insta::assert_snapshot!(name, shown);
        }
    });
}

#[test]
fn the_shipped_program_becomes_what_is_committed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for environment in generate(&DiskFiles::new(root.join("pipelines"))) {
        for (path, text) in environment.files {
            let committed = root.join("generated").join(&environment.environment).join(&path);
            let committed = fs::read_to_string(&committed).unwrap_or_default();
            assert!(committed == text, "{path} of {} is stale: run `sluice build`", environment.environment);
        }
    }
}

#[test]
fn the_same_program_becomes_the_same_bytes_wherever_it_lies_and_however_often() {
    let here = generate(&DiskFiles::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines")));
    for _ in 0..2 {
        let scene = crate::support::Scene::program_only();
        assert!(generate(&DiskFiles::new(scene.path("pipelines"))) == here);
    }
}

/// The top-level blocks of two shipped countries and of what they share, and their queries.
fn shipped() -> (Vec<String>, Vec<(String, String)>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines");
    let mut blocks = Vec::new();
    for file in ["platform.pipe", "tables.pipe", "templates.pipe", "greece.pipe", "ireland.pipe"] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        let mut block = String::new();
        for line in text.lines() {
            block.push_str(line);
            block.push('\n');
            if line == "}" {
                blocks.push(std::mem::take(&mut block));
            }
        }
    }
    let queries =
        ["greece/companies.sql", "greece/officers.sql", "ireland/companies.sql", "ireland/officers.sql"]
            .map(|it| (it.to_owned(), fs::read_to_string(root.join(it)).unwrap()));
    (blocks, queries.to_vec())
}

/// The blocks spread over some files in some order, and what they become. Lines of origin differ, nothing else may.
fn spread(order: &[usize], files: usize) -> Vec<(String, String)> {
    let (blocks, queries) = shipped();
    let mut texts = vec![String::new(); files];
    for (position, block) in order.iter().enumerate() {
        texts[position % files].push_str(&blocks[*block]);
    }
    let mut program = MemoryFiles::default();
    for (index, text) in texts.into_iter().enumerate() {
        program = program.with(format!("{index}.pipe"), text);
    }
    for (name, text) in queries {
        program = program.with(name, text);
    }
    generate(&program)
        .into_iter()
        .flat_map(|it| it.files)
        .filter(|(path, _)| path.ends_with("policy.json") || path.ends_with("schedule.json"))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_order_of_files_and_blocks_changes_nothing(
        order in Just((0..8).collect::<Vec<usize>>()).prop_shuffle(),
        files in 1_usize..4,
    ) {
        prop_assert_eq!(spread(&order, files), spread(&[0, 1, 2, 3, 4, 5, 6, 7], 1));
    }
}

/// A pipeline of tables with long names, each after some earlier ones.
fn long_names(after: &[Vec<u8>]) -> MemoryFiles {
    // All alike up to their end: what is cut would be the same.
    let name = |index: usize| format!("{}{index:02}", "t".repeat(46));
    let mut text = String::from(
        "platform p {\n environment local\n connection c {\n  local sqlite \"c.db\"\n }\n target c\n}\n",
    );
    let mut ways = String::new();
    for (index, picks) in after.iter().enumerate() {
        let mut others: Vec<String> =
            picks.iter().filter(|_| index > 0).map(|it| name(usize::from(*it) % index.max(1))).collect();
        others.sort();
        others.dedup();
        let after = if others.is_empty() { String::new() } else { format!("after {}", others.join(", ")) };
        let table = name(index);
        writeln!(text, "table {table} {{\n k text(9) key\n}}").unwrap();
        writeln!(ways, " into {table} {after} {{\n extract \"q.sql\"\n publish append\n }}").unwrap();
    }
    writeln!(text, "pipeline greece {{\n country gr\n source c\n{ways}}}").unwrap();
    MemoryFiles::default().with("p.pipe", text).with("q.sql", "SELECT k FROM t".to_owned())
}

/// The names of a machine's states, of nested ones too.
fn state_names(branch: &serde_json::Value, names: &mut Vec<String>) {
    for (name, state) in branch["States"].as_object().unwrap() {
        names.push(name.clone());
        state["Branches"].as_array().into_iter().flatten().for_each(|it| state_names(it, names));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn states_have_names_of_their_own_that_fit(
        after in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..3), 1..12),
    ) {
        let generated = generate(&long_names(&after));
        let machine = &generated[0].files[&sluice::emit::state_machine_path("greece")];
        let mut names = Vec::new();
        state_names(&serde_json::from_str(machine).unwrap(), &mut names);
        prop_assert!(names.iter().all(|it| (1..=80).contains(&it.chars().count())), "{:?}", names);
        let stages = names.iter().filter(|it| ["Extract ", "Load ", "Publish "].iter().any(|word| it.starts_with(word)));
        prop_assert_eq!(stages.count(), after.len() * 3);
        let mut unique = names.clone();
        unique.sort();
        unique.dedup();
        prop_assert_eq!(unique.len(), names.len(), "{:?}", names);
    }
}
