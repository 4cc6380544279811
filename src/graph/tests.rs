//! Cases of drawings: two tables side by side, one of them before a third.

use super::{dot, mermaid, svg, tree};
use crate::{compile::compile, lower::PipelinePlan, source::MemoryFiles};

fn pipeline() -> PipelinePlan {
    let base = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/check/base");
    let shared = std::fs::read_to_string(format!("{base}/platform.pipe")).unwrap();
    let tables: String = ["companies", "officers", "filings"]
        .map(|it| format!("table {it} {{\n    id integer key\n}}\n"))
        .concat();
    let into = |table: &str| format!("into {table} {{\n extract \"q.sql\"\n publish upsert\n }}\n");
    let body = [into("companies"), into("officers after companies"), into("filings")].concat();
    let files = MemoryFiles::default()
        .with("platform.pipe", shared)
        .with("tables.pipe", tables)
        .with("q.sql", "SELECT id FROM t\n")
        .with(
            "greece.pipe",
            format!("pipeline greece \"Greece\" {{\ncountry gr\nsource registry\n{body}}}\n"),
        );
    let compiled = compile(&files);
    compiled.plan.unwrap().environments[0].pipelines[0].clone()
}

#[test]
fn a_tree_shows_what_runs_in_turn_and_side_by_side() {
    insta::assert_snapshot!(tree(&pipeline()));
}

#[test]
fn mermaid_has_a_box_for_each_stage() {
    insta::assert_snapshot!(mermaid(&pipeline()));
}

#[test]
fn dot_has_a_box_for_each_stage() {
    insta::assert_snapshot!(dot(&pipeline()));
}

#[test]
fn a_picture_shows_every_stage_and_is_the_same_each_time() {
    let (first, second) = (svg(&pipeline()), svg(&pipeline()));
    assert_eq!(first, second);
    for stage in pipeline().stages {
        assert!(first.contains(&stage.id), "{} is missing", stage.id);
    }
}
