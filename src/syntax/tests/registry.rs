//! The registry of settings: its examples are right.

use super::read;
use crate::{
    diagnostics::render::{Style, human},
    syntax::settings::BlockKind,
};

#[test]
fn every_example_of_the_registry_is_right() {
    let around = |kind: BlockKind| match kind {
        BlockKind::File => ("", ""),
        BlockKind::Platform => ("platform p {\n", "\n}"),
        BlockKind::Environment => ("platform p {\nenvironment e {\n", "\n}\n}"),
        BlockKind::Connection => ("platform p {\nconnection c {\n", "\n}\n}"),
        BlockKind::Defaults => ("platform p {\ndefaults {\n", "\n}\n}"),
        BlockKind::Table => ("table t {\n", "\n}"),
        BlockKind::Pipeline => ("pipeline p {\n", "\n}"),
        BlockKind::Into => ("pipeline p {\ninto t {\n", "\n}\n}"),
        BlockKind::Survey => ("survey s {\n", "\n}"),
        BlockKind::Ask => ("survey s {\nask q \"How?\" {\n", "\n}\n}"),
        BlockKind::When => ("survey s {\nwhen q = 1 {\n", "\n}\n}"),
        BlockKind::Translation => ("survey s {\ntranslation es-US {\n", "\n}\n}"),
        BlockKind::TranslatedAsk => ("survey s {\ntranslation es-US {\nask q \"?\" {\n", "\n}\n}\n}"),
    };
    for kind in BlockKind::ALL {
        for setting in kind.settings() {
            let (before, after) = around(kind);
            let text = format!("{before}{}{after}\n", setting.example);
            let (sources, _, diagnostics) = read(&text);
            let told = human(&diagnostics, &sources, Style::PLAIN);
            assert!(!diagnostics.has_errors(), "{text}\n{told}");
        }
    }
}
