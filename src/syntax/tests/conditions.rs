//! Conditions: what binds closer, and how deep they go.

use super::{places, read};
use crate::{
    diagnostics::render::{Style, human},
    syntax::ast,
};

#[test]
fn and_binds_closer_than_or() {
    let shown = |condition: &str| {
        let (sources, file, diagnostics) =
            read(&format!("survey s {{\n    when {condition} {{\n    }}\n}}\n"));
        assert!(diagnostics.is_empty(), "{}", human(&diagnostics, &sources, Style::PLAIN));
        let [ast::Item::Survey(survey)] = file.items.as_slice() else { panic!("{file:?}") };
        let [ast::Step::When(branch)] = survey.steps.as_slice() else { panic!("{survey:?}") };
        with_every_parenthesis(&branch.condition)
    };
    assert_eq!(shown("a = 1"), "a = 1");
    assert_eq!(shown("((a <> yes))"), "a <> yes");
    assert_eq!(shown("a = 1 or b < 2 and c >= 3"), "(a = 1 or (b < 2 and c >= 3))");
    assert_eq!(shown("(a = 1 or b <= 2) and c > 3"), "((a = 1 or b <= 2) and c > 3)");
    assert_eq!(shown("a = 1 and b = 2 and c = 3"), "(a = 1 and b = 2 and c = 3)");
}

fn with_every_parenthesis(condition: &ast::Condition) -> String {
    let joined = |parts: &[ast::Condition], word: &str| {
        let parts: Vec<_> = parts.iter().map(with_every_parenthesis).collect();
        format!("({})", parts.join(word))
    };
    match condition {
        ast::Condition::All(parts) => joined(parts, " and "),
        ast::Condition::Any(parts) => joined(parts, " or "),
        ast::Condition::Comparison(it) => {
            let operand = match &it.operand.value {
                ast::Operand::Number(number) => number.to_string(),
                ast::Operand::Word(word) => word.clone(),
            };
            format!("{} {} {operand}", it.question.value, it.relation.value.sign())
        }
    }
}

#[test]
fn parentheses_without_end_are_one_mistake() {
    assert_eq!(places(&format!("survey s {{\n    when {}\n}}\n", "(".repeat(100_000))), ["P0108 2:26"]);
}
