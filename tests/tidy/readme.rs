//! What the README shows of the language is what the shipped program says.

use super::{files::with_extensions, none_of};

#[test]
fn the_tour_shows_the_shipped_program() {
    let readme = include_str!("../../README.md");
    let program = with_extensions(&["pipe"]);
    let blocks = readme.split("```\n").skip(1).step_by(2);
    let shown: Vec<_> = blocks.filter(|it| it.contains(" {\n")).collect();
    assert!(!shown.is_empty(), "the README shows no `.pipe` file");
    let strays = shown.iter().filter(|block| !program.iter().any(|it| it.text.contains(**block)));
    let violations: Vec<_> = strays.filter_map(|it| it.lines().next()).map(str::to_owned).collect();
    none_of(&violations, "every block of the README's tour stands in `pipelines/`");
}
