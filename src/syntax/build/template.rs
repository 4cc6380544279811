//! `template`, `use`, and what comes of the two.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Place,
    cursor::Cursor,
    pipeline,
    statement::{Lines, statements},
    strings,
};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, suggest},
    source::Span,
    syntax::{
        ast::{Argument, Body, Name, Parameter, Template, Use, Value, ValueKind},
        token::{Token, TokenKind},
        tree::{Node, Statement},
    },
};

pub(super) fn template(lines: &mut Lines<'_>, statement: &Statement) -> Option<Template> {
    let header = lines.header(statement, |cursor| {
        let name = cursor.expect_name("a name such as `registry`")?;
        Some((name, in_parentheses(cursor, parameter)?))
    })?;
    let (name, parameters) = header.value;
    let body_span = header.block.map_or(header.span.after(), crate::syntax::tree::Block::span);
    let body = header.block.map_or_else(Vec::new, |it| it.nodes.clone());
    Some(Template { span: header.span, keyword: header.keyword, name, parameters, body_span, body })
}

pub(super) fn usage(lines: &mut Lines<'_>, statement: &Statement) -> Option<Use> {
    let entry = lines.line(statement, |cursor| {
        let template = cursor.expect_name("the name of a template")?;
        Some((template, arguments(cursor)?))
    })?;
    let (template, arguments) = entry.value;
    Some(Use { span: entry.span, keyword: entry.keyword, template, arguments })
}

/// `(language: el, parts: 16)`, or nothing.
pub(super) fn arguments(cursor: &mut Cursor<'_>) -> Option<Vec<Argument>> {
    in_parentheses(cursor, argument)
}

/// `parts`, `parts: number`, `parts: number = 4`, `parts = 4`
fn parameter(cursor: &mut Cursor<'_>) -> Option<Parameter> {
    let name = cursor.expect_name("the name of a parameter")?;
    let kind = match cursor.take(TokenKind::Colon) {
        Some(_) => Some(cursor.expect_one_of(&ValueKind::ALL)?),
        None => None,
    };
    let default = match cursor.take(TokenKind::Equal) {
        Some(_) => Some(value(cursor)?),
        None => None,
    };
    Some(Parameter { name, kind, default })
}

fn argument(cursor: &mut Cursor<'_>) -> Option<Argument> {
    let name = cursor.expect_name("the name of a parameter")?;
    let _ = cursor.expect(TokenKind::Colon, "`:` and a value")?;
    Some(Argument { name, value: value(cursor)? })
}

fn value(cursor: &mut Cursor<'_>) -> Option<Value> {
    let kinds = [
        (TokenKind::Word, ValueKind::Word),
        (TokenKind::Number, ValueKind::Number),
        (TokenKind::Time, ValueKind::Time),
    ];
    if cursor.at(TokenKind::Text) {
        let text = cursor.take_text()?;
        return Some(Value { kind: ValueKind::Text, text: text.value, span: text.span });
    }
    let found = kinds.iter().find_map(|(token, kind)| Some((cursor.take(*token)?, *kind)));
    let (token, kind) = match found {
        Some(found) => found,
        None => (cursor.expect(TokenKind::Word, "a word, number, time or string")?, ValueKind::Word),
    };
    Some(Value { kind, text: token.text.clone(), span: token.span })
}

fn in_parentheses<T>(
    cursor: &mut Cursor<'_>,
    one: impl FnMut(&mut Cursor<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    if cursor.take(TokenKind::OpenParenthesis).is_none() || cursor.take(TokenKind::CloseParenthesis).is_some()
    {
        return Some(Vec::new());
    }
    let all = cursor.expect_list(one)?;
    let _ = cursor.expect(TokenKind::CloseParenthesis, "`,` or `)`")?;
    Some(all)
}

/// Tells what is wrong with a template whatever its arguments are, so that it shows before anybody uses it.
pub(super) fn check(template: &Template, diagnostics: &mut Diagnostics) {
    let mut used = BTreeSet::new();
    let all_known = check_parameters(template, &template.body, &mut used, diagnostics);
    let mut known: BTreeMap<&str, Span> = BTreeMap::new();
    for default in &template.parameters {
        check_default(default, diagnostics);
        let parameter = &default.name;
        if let Some(first) = known.insert(&parameter.value, parameter.span) {
            diagnostics.push(
                Diagnostic::new(
                    Code::DefinedTwice,
                    format!("the parameter `{}` stands twice", parameter.value),
                )
                .label(parameter.span, "again here")
                .also(first, "first here")
                .help("remove one of the two"),
            );
        } else if all_known && !used.contains(parameter.value.as_str()) {
            // An unknown one was probably meant to be it.
            diagnostics.push(
                Diagnostic::new(Code::Unused, format!("the parameter `{}` is never used", parameter.value))
                    .label(parameter.span, "never used")
                    .help(format!("write `${0}`, or `{{{0}}}` in a string, or remove it", parameter.value)),
            );
        }
    }
    drop(pipeline::body(template.body_span, &template.body, Place::Template, diagnostics));
}

/// A default must be of the parameter's own kind.
fn check_default(parameter: &Parameter, diagnostics: &mut Diagnostics) {
    let Parameter { name, kind: Some(kind), default: Some(default) } = parameter else { return };
    if kind.value != default.kind {
        diagnostics.push(
            Diagnostic::new(
                Code::TemplateArguments,
                format!(
                    "the default of `{}` is {}, not {}",
                    name.value,
                    default.kind.name(),
                    kind.value.name()
                ),
            )
            .label(default.span, format!("not {}", kind.value.name()))
            .also(kind.span, "declared here")
            .help(format!("write {}", kind.value.description())),
        );
    }
}

/// Whether every parameter that the nodes name is declared; tells of those that are not.
fn check_parameters(
    template: &Template,
    nodes: &[Node],
    used: &mut BTreeSet<String>,
    diagnostics: &mut Diagnostics,
) -> bool {
    let mut all_known = true;
    for statement in statements(nodes) {
        for token in &statement.tokens {
            for (name, span) in parameters_in(token) {
                if template.parameters.iter().any(|it| it.name.value == name) {
                    let _ = used.insert(name);
                } else {
                    all_known = false;
                    diagnostics.push(unknown_parameter(template, &name, span, token));
                }
            }
        }
        if let Some(block) = &statement.block {
            all_known &= check_parameters(template, &block.nodes, used, diagnostics);
        }
    }
    all_known
}

fn unknown_parameter(template: &Template, name: &str, span: Span, token: &Token) -> Diagnostic {
    let message = format!("the template `{}` has no parameter `{name}`", template.name.value);
    let diagnostic = Diagnostic::new(Code::TemplateArguments, message)
        .label(span, "not declared")
        .also(template.name.span, "declared here");
    let known = template.parameters.iter().map(|it| it.name.value.as_str());
    match suggest::closest(name, known) {
        Some(meant) => {
            let written =
                if token.kind == TokenKind::Parameter { format!("${meant}") } else { format!("{{{meant}}}") };
            diagnostic.help(format!("did you mean `{meant}`?")).suggest(span, written)
        }
        None => diagnostic.help(format!("declare it: `template {}({name})`", template.name.value)),
    }
}

/// The parameters that a token names, and where.
fn parameters_in(token: &Token) -> Vec<(String, Span)> {
    if let Some(name) = name_of_parameter(token) {
        return vec![(name.to_owned(), token.span)];
    }
    if token.kind != TokenKind::Text {
        return Vec::new();
    }
    let names = strings::names_in_braces(&token.text);
    names.map(|(at, name)| (name.to_owned(), strings::part(token, at, name.len() + 2))).collect()
}

fn name_of_parameter(token: &Token) -> Option<&str> {
    token.text.strip_prefix('$').filter(|_| token.kind == TokenKind::Parameter)
}

/// The template's body with the call's arguments put in, and the defaults of the parameters that it does not give.
pub(in crate::syntax) fn expand(template: &Template, call: &Use, diagnostics: &mut Diagnostics) -> Body {
    let given = |name: &Name| call.arguments.iter().any(|it| it.name.value == name.value);
    let defaults = template.parameters.iter().filter(|it| !given(&it.name)).filter_map(|it| {
        // One of another kind was told where it stands; what it would bring about is no other mistake.
        let default =
            it.default.clone().filter(|default| it.kind.is_none_or(|kind| kind.value == default.kind))?;
        Some(Argument { name: it.name.clone(), value: default })
    });
    let arguments: Vec<Argument> = call.arguments.iter().cloned().chain(defaults).collect();
    let nodes = put_in(&template.body, &template.parameters, &arguments);
    let mut found = Diagnostics::default();
    let body = pipeline::body(template.body_span, &nodes, Place::Expansion, &mut found);
    for diagnostic in found.into_vec() {
        // What is wrong whatever the arguments are was told where the template stands.
        if !diagnostics.contains(&diagnostic) {
            diagnostics.push(diagnostic.also(call.span, "with these arguments"));
        }
    }
    body
}

/// The one argument that the body takes at that place.
pub(in crate::syntax) fn argument_at(template: &Template, call: &Use, place: Span) -> Option<Span> {
    let token = token_at(&template.body, place)?;
    let mut given = parameters_in(token).into_iter().filter_map(|(name, _)| {
        call.arguments.iter().find(|it| it.name.value == name).map(|it| it.value.span)
    });
    given.next().filter(|_| given.next().is_none())
}

fn token_at(nodes: &[Node], place: Span) -> Option<&Token> {
    statements(nodes).find_map(|it| {
        let here = it.tokens.iter().find(|it| it.span == place);
        here.or_else(|| token_at(&it.block.as_ref()?.nodes, place))
    })
}

fn put_in(nodes: &[Node], parameters: &[Parameter], arguments: &[Argument]) -> Vec<Node> {
    let statements = statements(nodes).map(|statement| {
        let mut statement = statement.clone();
        for token in &mut statement.tokens {
            put_in_token(token, parameters, arguments);
        }
        if let Some(block) = &mut statement.block {
            block.nodes = put_in(&block.nodes, parameters, arguments);
        }
        Node::Statement(statement)
    });
    statements.collect()
}

fn put_in_token(token: &mut Token, parameters: &[Parameter], arguments: &[Argument]) {
    let value_of = |name: &str| arguments.iter().find(|it| it.name.value == name).map(|it| &it.value);
    if let Some(value) = name_of_parameter(token).and_then(value_of) {
        (token.kind, token.text) = match value.kind {
            ValueKind::Word => (TokenKind::Word, value.text.clone()),
            ValueKind::Text => (TokenKind::Text, format!("\"{}\"", strings::escape(&value.text))),
            ValueKind::Number => (TokenKind::Number, value.text.clone()),
            ValueKind::Time => (TokenKind::Time, value.text.clone()),
        };
    } else if token.kind == TokenKind::Text {
        let mut text = String::with_capacity(token.text.len());
        let mut rest = token.text.as_str();
        let mut done = 0;
        for (at, name) in strings::names_in_braces(&token.text) {
            if !parameters.iter().any(|it| it.name.value == name) {
                continue;
            }
            let Some(value) = value_of(name) else {
                // A string that lacks a part of itself has no value either.
                token.kind = TokenKind::Parameter;
                return;
            };
            text.push_str(token.text.get(done..at).unwrap_or_default());
            text.push_str(&strings::escape(&value.text));
            done = at + name.len() + 2;
            rest = token.text.get(done..).unwrap_or_default();
        }
        text.push_str(rest);
        token.text = text;
    }
}
