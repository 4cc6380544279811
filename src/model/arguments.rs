//! What a `use` gives its template: every parameter once, of its kind, unless it has a default.

use std::collections::BTreeMap;

use super::Context;
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, suggest::closest, words},
    source::Span,
    syntax::ast::{Argument, Template, Use, Value, ValueKind},
};

/// The call with those of its arguments that fit; tells of the others, and of those that lack.
pub(super) fn check(ctx: &mut Context<'_>, template: &Template, call: &Use) -> Use {
    let parameters: Vec<&str> = template.parameters.iter().map(|it| it.name.value.as_str()).collect();
    let mut fitting = call.clone();
    fitting.arguments.retain(|argument| is_of_kind(template, argument, ctx.diagnostics));
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for argument in &call.arguments {
        let name = argument.name.value.as_str();
        let wrong = |message: String| {
            Diagnostic::new(Code::TemplateArguments, message)
                .also(template.name.span, format!("takes {}", words::and_ticked(&parameters)))
        };
        if !parameters.contains(&name) {
            let diagnostic =
                wrong(format!("the template `{}` has no parameter `{name}`", template.name.value));
            ctx.diagnostics.push(match closest(name, parameters.iter().copied()) {
                Some(meant) => diagnostic
                    .label(argument.name.span, "no such parameter")
                    .help(format!("did you mean `{meant}`?"))
                    .suggest(argument.name.span, meant),
                None => diagnostic.label(argument.name.span, "no such parameter").help("delete it"),
            });
        }
        if seen.insert(name, argument.name.span).is_some() {
            ctx.diagnostics.push(
                wrong(format!("the parameter `{name}` is given twice"))
                    .label(argument.name.span, "given again")
                    .help("keep one of the two"),
            );
        }
    }
    let absent: Vec<&str> = template
        .parameters
        .iter()
        .filter(|it| it.default.is_none())
        .map(|it| it.name.value.as_str())
        .filter(|it| !seen.contains_key(it))
        .collect();
    if !absent.is_empty() {
        let example: Vec<String> = absent.iter().map(|it| format!("{it}: …")).collect();
        ctx.diagnostics.push(
            Diagnostic::new(
                Code::TemplateArguments,
                format!("the template `{}` needs {}", template.name.value, words::and_ticked(&absent)),
            )
            .label(call.template.span, "an argument is missing")
            .also(template.name.span, "declared here")
            .help(format!("add `{}` in its parentheses", example.join(", "))),
        );
    }
    fitting
}

/// Whether the argument is what its parameter must be; tells if not.
fn is_of_kind(template: &Template, argument: &Argument, diagnostics: &mut Diagnostics) -> bool {
    let parameter = template.parameters.iter().find(|it| it.name.value == argument.name.value);
    let Some(kind) = parameter.and_then(|it| it.kind) else { return true };
    let value = &argument.value;
    if value.kind == kind.value {
        return true;
    }
    let wanted = kind.value.name();
    let message = format!("`{}` must be {wanted}, and is {}", argument.name.value, value.kind.name());
    let diagnostic = Diagnostic::new(Code::TemplateArguments, message)
        .label(value.span, format!("not {wanted}"))
        .also(kind.span, format!("`{}` is declared here", argument.name.value));
    diagnostics.push(match written_as(kind.value, value) {
        Some(text) => diagnostic.help(format!("write `{text}`")).suggest(value.span, text),
        None => diagnostic.help(format!("write {}", kind.value.description())),
    });
    false
}

/// The same value as that kind, where quotes are all that tells them apart.
fn written_as(kind: ValueKind, value: &Value) -> Option<String> {
    let is_word = |it: &str| {
        it.starts_with(|it: char| it.is_ascii_alphabetic())
            && it.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
    };
    match (kind, value.kind) {
        (ValueKind::Text, ValueKind::Word | ValueKind::Number | ValueKind::Time) => {
            Some(format!("\"{}\"", value.text))
        }
        (ValueKind::Word, ValueKind::Text) => is_word(&value.text).then(|| value.text.clone()),
        (ValueKind::Number, ValueKind::Text) => value.text.parse::<u64>().is_ok().then(|| value.text.clone()),
        (ValueKind::Word | ValueKind::Number | ValueKind::Time | ValueKind::Text, _) => None,
    }
}
