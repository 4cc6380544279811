//! Conditions: each comparison fits its question, and the whole can be true and false.

use super::{
    questions::Asked,
    scope::{Scope, Use},
    shape::{Answers, Condition},
};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, suggest::closest, words},
    source::Span,
    syntax::ast::{self, Comparison, Operand},
};

/// The condition; none where a part of it can't be made out, which is told.
pub(super) fn check(
    condition: &ast::Condition,
    used: Use,
    scope: &Scope<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Condition> {
    let mut reader = Reader { used, scope, diagnostics, is_told: false };
    let checked = reader.condition(condition)?;
    if !reader.is_told
        && let Some(span) = condition.span()
    {
        tell_constant(&checked, span, scope, diagnostics);
    }
    Some(checked)
}

struct Reader<'r, 'a> {
    used: Use,
    scope: &'r Scope<'a>,
    diagnostics: &'r mut Diagnostics,
    /// Whether a comparison was told that makes no difference.
    is_told: bool,
}

impl Reader<'_, '_> {
    fn condition(&mut self, condition: &ast::Condition) -> Option<Condition> {
        match condition {
            ast::Condition::Comparison(it) => self.comparison(it),
            ast::Condition::All(parts) => self.parts(parts).map(Condition::All),
            ast::Condition::Any(parts) => self.parts(parts).map(Condition::Any),
        }
    }

    /// Each is checked, even behind a mistake.
    fn parts(&mut self, parts: &[ast::Condition]) -> Option<Vec<Condition>> {
        let checked: Vec<Option<Condition>> = parts.iter().map(|it| self.condition(it)).collect();
        checked.into_iter().collect()
    }

    fn comparison(&mut self, comparison: &Comparison) -> Option<Condition> {
        let answered = self.scope.is_answered(&comparison.question, self.used, self.diagnostics);
        // What is compared is judged even where the answer may be missing.
        let asked = self.scope.question(&comparison.question, self.diagnostics)?;
        let number = match number(comparison, asked)? {
            Ok(number) => number,
            Err(diagnostic) => {
                self.diagnostics.push(*diagnostic);
                return None;
            }
        };
        let checked = Condition::Comparison {
            question: comparison.question.value.clone(),
            relation: comparison.relation.value,
            number,
        };
        let alone = self.scope.outcomes_alone(&checked)?;
        if let (Some(answers), false) = (&asked.answers, alone.holds && alone.fails) {
            self.is_told = true;
            let code = if alone.holds { Code::AlwaysTrue } else { Code::NeverTrue };
            let says = format!(
                "`{} {} {}` is {}",
                comparison.question.value,
                comparison.relation.value.sign(),
                written(&comparison.operand.value),
                if alone.holds { "always true" } else { "never true" }
            );
            self.diagnostics.push(
                Diagnostic::new(code, says)
                    .label(comparison.span, format!("`{}` is {}", comparison.question.value, said(answers)))
                    .also(asked.name.span, "asked here")
                    .help("compare with an answer that makes a difference"),
            );
        }
        answered.then_some(checked)
    }
}

fn written(operand: &Operand) -> String {
    match operand {
        Operand::Number(number) => number.to_string(),
        Operand::Word(word) => word.clone(),
    }
}

/// What would be pressed for the operand; nothing where the question's answers are not known.
fn number(comparison: &Comparison, asked: &Asked<'_>) -> Option<Result<u32, Box<Diagnostic>>> {
    let answers = asked.answers.as_ref()?;
    let (question, operand) = (&comparison.question.value, &comparison.operand);
    let wrong = |message: String| {
        Diagnostic::new(Code::Uncomparable, message).also(asked.name.span, format!("it is {}", said(answers)))
    };
    let words = answers.words();
    if !words.is_empty() && comparison.relation.value.is_of_order() {
        let diagnostic = wrong(format!("answers to `{question}` have no order"))
            .label(comparison.relation.span, "an order")
            .help("compare with `=` or `<>`, and join several by `or`");
        return Some(Err(Box::new(diagnostic)));
    }
    Some(match &operand.value {
        Operand::Number(number) if words.is_empty() => Ok(u32::try_from(*number).unwrap_or(u32::MAX)),
        Operand::Number(number) => {
            let diagnostic = wrong(format!("`{question}` is compared with the key and not with the answer"))
                .label(operand.span, "a number");
            let meant = words.iter().find(|(_, key)| u64::from(*key) == *number);
            Err(Box::new(match meant {
                Some((word, _)) => {
                    diagnostic.help(format!("write `{word}`")).suggest(operand.span, (*word).to_owned())
                }
                None => diagnostic.help(format!("write {}", listed(&words))),
            }))
        }
        Operand::Word(word) => {
            let known = words.iter().find(|(it, _)| it == word).map(|(_, key)| *key);
            known.ok_or_else(|| {
                let diagnostic = wrong(format!("`{word}` is no answer to `{question}`"));
                Box::new(not_an_answer(diagnostic, word, operand.span, &words))
            })
        }
    })
}

fn not_an_answer(diagnostic: Diagnostic, word: &str, span: Span, words: &[(&str, u32)]) -> Diagnostic {
    if words.is_empty() {
        return diagnostic.label(span, "not a number").help("compare it with a number");
    }
    let diagnostic = diagnostic.help(format!("write {}", listed(words)));
    match closest(word, words.iter().map(|(it, _)| *it)) {
        Some(meant) => diagnostic.label(span, format!("did you mean `{meant}`?")).suggest(span, meant),
        None => diagnostic.label(span, "not an answer"),
    }
}

/// A condition that is the same whatever is pressed, where it stands.
fn tell_constant(condition: &Condition, span: Span, scope: &Scope<'_>, diagnostics: &mut Diagnostics) {
    let Some(outcomes) = scope.outcomes(condition) else { return };
    if !outcomes.holds && outcomes.fails {
        diagnostics.push(
            Diagnostic::new(Code::NeverTrue, "no answers make this condition true here")
                .label(span, "never true")
                .help("what stands behind it is never reached: change it, or delete it"),
        );
    } else if outcomes.holds && !outcomes.fails {
        diagnostics.push(
            Diagnostic::new(Code::AlwaysTrue, "this condition is true whatever is pressed")
                .label(span, "always true here")
                .help("it makes no difference: change it, or delete it"),
        );
    }
}

/// `a number from 1 to 5`
fn said(answers: &Answers) -> String {
    match answers {
        Answers::Scale { least, most } => format!("a number from {least} to {most}"),
        Answers::Choices(_) | Answers::YesNo => listed(&answers.words()),
    }
}

fn listed(words: &[(&str, u32)]) -> String {
    words::or_ticked(words.iter().map(|(word, _)| word))
}
