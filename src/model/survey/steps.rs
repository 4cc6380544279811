//! The steps in their order: each with what is known before it.

use super::{
    conditions, offered, prompt,
    questions::Asked,
    scope::{Guard, Scope, Use},
    shape::{Branch, Key, Question, QuestionWords, Step},
    words,
};
use crate::{
    model::{Context, settings::missing},
    syntax::ast::{self, Text},
};

/// Every step, the scope moved behind the last.
pub(super) fn check<'a>(ctx: &mut Context<'_>, steps: &'a [ast::Step], scope: &mut Scope<'a>) -> Vec<Step> {
    let mut checked = Vec::new();
    for step in steps {
        match step {
            ast::Step::Ask(ask) => checked.extend(question(ctx, ask, scope).map(Step::Ask)),
            ast::Step::When(it) => checked.extend(when(ctx, it, scope).map(Step::When)),
        }
    }
    checked
}

/// Whether a line could not be read that may have asked a question.
pub(super) fn may_hide_a_question(survey: &ast::Survey) -> bool {
    !survey.unreadable.is_empty() || survey.steps.iter().any(hides)
}

fn hides(step: &ast::Step) -> bool {
    match step {
        ast::Step::Ask(_) => false,
        ast::Step::When(branch) => !branch.unreadable.is_empty() || branch.steps.iter().any(hides),
    }
}

fn question<'a>(ctx: &mut Context<'_>, ask: &'a ast::Ask, scope: &mut Scope<'a>) -> Option<Question> {
    let prompt = prompt::check(ctx, &ask.text, scope);
    let Asked { answers, is_doubtful, retries, silence_retries, invalid, silence, decline, .. } =
        scope.declared(&ask.name)?.clone();
    let mut spoken = |it: Option<&Text>| it.map(|it| prompt::check(ctx, it, scope));
    let own = QuestionWords { prompt, invalid: spoken(invalid), silence: spoken(silence) };
    // Where it is not known what can be pressed, nothing can be said against what is offered.
    let handled = answers
        .as_ref()
        .filter(|_| !is_doubtful)
        .map(|it| it.numbers().into_iter().map(Key::Digit).chain(decline));
    let handled: Option<Vec<Key>> = handled.map(Iterator::collect);
    if let Some(handled) = &handled {
        offered::check(&ask.text, handled, ctx.diagnostics);
    }
    let translations = scope.translations();
    let translations = translations
        .iter()
        .map(|it| words::question(ctx, it, &ask.name, &own, handled.as_deref(), scope))
        .collect();
    scope.ask(&ask.name.value);
    Some(Question {
        name: ask.name.value.clone(),
        span: ask.name.span,
        words: own,
        translations,
        answers: answers?,
        retries,
        silence_retries,
        decline,
    })
}

/// What stands inside is checked even where the condition can't be made out.
fn when<'a>(ctx: &mut Context<'_>, ast: &'a ast::Branch, scope: &mut Scope<'a>) -> Option<Branch> {
    let condition = conditions::check(&ast.condition, Use::Compared, scope, ctx.diagnostics);
    scope.enter(Guard { keyword: ast.keyword, condition: condition.clone() });
    let steps = check(ctx, &ast.steps, scope);
    scope.leave();
    if ast.steps.is_empty() && ast.unreadable.is_empty() {
        ctx.diagnostics.push(missing("the `when`", "ask", ast.keyword, "ask reason \"…\" { … }"));
    }
    Some(Branch { span: ast.keyword, condition: condition?, steps })
}
