//! `task`: a function that is called by name, with arguments.

use std::collections::BTreeMap;

use sluice_contract::plan::TaskValue;

use super::{Context, program::StageKind};
use crate::{
    diagnostics::{Code, Diagnostic},
    syntax::ast::{Argument, Task, ValueKind},
};

/// Names of Lambda functions have at most 64 characters; the platform's name and a hyphen stand before ours.
const FUNCTION: usize = 64 - 1;

/// The functions of the platform itself, without its name: a task of such a name would call them.
pub const OWN_FUNCTIONS: [&str; 4] = ["watch", "notify", "survey-dispatch", "survey-result"];

/// The task, of which name and arguments can be used on AWS.
pub(super) fn check(ctx: &mut Context<'_>, task: &Task) -> StageKind {
    let name = &task.name;
    let usable = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
    let platform = ctx.names.platform().map_or(0, |it| it.name.value.len());
    let longest = FUNCTION.saturating_sub(platform);
    if !name.value.chars().all(usable) {
        ctx.diagnostics.push(
            Diagnostic::new(Code::UnusableName, format!("`{}` can't be the name of a function", name.value))
                .label(name.span, "not usable on AWS")
                .help("write letters, digits, `_` and `-`"),
        );
    } else if OWN_FUNCTIONS.contains(&name.value.as_str()) {
        ctx.diagnostics.push(
            Diagnostic::new(Code::NameTaken, format!("`{}` is a function of the platform's own", name.value))
                .label(name.span, "would be called in place of yours")
                .help("give the function another name, and the task with it"),
        );
    } else if name.value.len() > longest {
        ctx.diagnostics.push(
            Diagnostic::new(Code::NameTooLong, format!("the name `{}` is too long", name.value))
                .label(name.span, format!("{} characters", name.value.len()))
                .help(format!(
                    "the function's name is made of the platform's and it: it can have {longest} here"
                )),
        );
    }
    let mut arguments = BTreeMap::new();
    for argument in &task.arguments {
        let value = value(ctx, argument);
        if arguments.insert(argument.name.value.clone(), value).is_some() {
            ctx.diagnostics.push(
                Diagnostic::new(
                    Code::SettingTwice,
                    format!("the argument `{}` is given twice", argument.name.value),
                )
                .label(argument.name.span, "given again")
                .help("keep one of the two"),
            );
        }
    }
    StageKind::Task { name: name.value.clone(), arguments }
}

fn value(ctx: &mut Context<'_>, argument: &Argument) -> TaskValue {
    let value = &argument.value;
    if value.text.starts_with("{%") {
        ctx.diagnostics.push(
            Diagnostic::new(Code::UnusableValue, "a text of a task can't start with `{%`")
                .label(value.span, "would be run as an expression")
                .help("begin it with something else"),
        );
    }
    match value.kind {
        ValueKind::Number => {
            let number = value.text.replace('_', "").parse();
            number.map_or_else(|_| TaskValue::Text(value.text.clone()), TaskValue::Number)
        }
        ValueKind::Word | ValueKind::Text | ValueKind::Time => TaskValue::Text(value.text.clone()),
    }
}
