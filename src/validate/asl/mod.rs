//! The rules of the Amazon States Language, for machines in JSONPath and in JSONata.
//!
//! Owns what the language allows. Must not know JSON's text (`json` read it), nor where findings go.

mod arguments;
mod check;
mod choice;
mod flow;
mod integration;
mod intrinsic;
mod jsonata;
mod map;
mod path;
mod recovery;
mod spec;
mod state;
mod task;
mod template;
mod variables;

pub(crate) use jsonata::Expressions;

use check::{Check, Here};
use spec::Language;

use super::{
    Options,
    json::{Node, Object},
};
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics},
    source::Span,
};

/// AWS's hard limit on the text of a definition, in bytes.
const LARGEST: usize = 1_048_576;

/// Tells everything that is wrong with the machine.
pub(crate) fn check(
    root: &Node<'_>,
    text: &str,
    options: Options,
    expressions: &mut Expressions,
    diagnostics: &mut Diagnostics,
) {
    let Some(machine) = root.object() else { return };
    let file = root.span.file;
    // What stands for the whole machine: its first key, or where one would be.
    let at = machine.fields.first().map_or(Span::new(file, root.span.start, root.span.start + 1), |it| it.at);
    let mut check = Check { diagnostics, expressions, uses: Vec::new() };
    if text.len() > LARGEST {
        check.tell(
            Diagnostic::new(
                Code::DefinitionTooLarge,
                format!("the definition has {} bytes; AWS takes {LARGEST}", text.len()),
            )
            .label(at, "")
            .help("write it without indentation, or move parts of it into machines of their own"),
        );
    }
    let language = machine.text("QueryLanguage").and_then(Language::parse).unwrap_or(Language::JsonPath);
    let here = Here { language, state: at, express: options.express, what: "a state machine" };
    check.fields(machine, at, &[spec::MACHINE], &["StartAt", "States"], here);
    let mut all = Names::default();
    names(machine, &mut all, &mut check);
    state::scope(&mut check, machine, at, here, &all);
    variables::check(&mut check, machine);
}

/// Every state of the machine, however deep.
#[derive(Default)]
struct Names<'d> {
    states: std::collections::HashMap<&'d str, Span>,
    labels: std::collections::HashMap<&'d str, Span>,
}

fn names<'d>(holder: &'d Object<'d>, all: &mut Names<'d>, check: &mut Check<'_>) {
    for field in holder.object("States").into_iter().flat_map(|it| &it.fields) {
        // The same name in the same object has been told as a key that is given twice.
        if let Some(first) = all.states.insert(&field.name, field.at)
            && holder
                .object("States")
                .and_then(|it| it.field(&field.name))
                .is_some_and(|it| it.at == field.at)
        {
            check.tell(
                Diagnostic::new(Code::StateNameTwice, format!("two states are named `{}`", field.name))
                    .label(field.at, "this name is used already")
                    .also(first, "first used here")
                    .help("a name is used once in the whole machine, branches and processors included"),
            );
        }
        let Some(state) = field.node.object() else { continue };
        if let Some((label, at)) = state.field("Label").and_then(|it| Some((it.node.text()?, it.node.span)))
            && let Some(first) = all.labels.insert(label, at)
        {
            check.tell(
                Diagnostic::new(Code::LabelTwice, format!("two Map states have the label `{label}`"))
                    .label(at, "this label is used already")
                    .also(first, "first used here")
                    .help("give each Map state a label of its own"),
            );
        }
        for inner in state::inner(state) {
            names(inner.states, all, check);
        }
    }
}
