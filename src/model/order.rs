//! What waits for what: an order in which each stands behind those it waits for, and the circles that have none.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, words},
    source::Span,
};

/// Something that waits for others.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) name: String,
    /// The names of those that it waits for; names of nothing in the list don't matter.
    pub(super) after: Vec<String>,
}

/// How a circle is told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circle {
    pub(super) code: Code,
    /// `tables wait for each other`
    pub(super) things: &'static str,
    /// `waits for`
    pub(super) verb: &'static str,
    /// What is written to wait: `after`.
    pub(super) setting: &'static str,
}

/// The names, each behind those it waits for. A circle is told once, and cut in `all` where it closes.
pub(super) fn sort(
    all: &mut [Waiting],
    spans: &BTreeMap<(String, String), Span>,
    circle: &Circle,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    let mut left: Vec<usize> = (0..all.len()).collect();
    let mut names: BTreeSet<String> = all.iter().map(|it| it.name.clone()).collect();
    let mut sorted = Vec::with_capacity(all.len());
    while !left.is_empty() {
        let waits = |it: &Waiting| it.after.iter().any(|after| names.contains(after));
        let ready = left.iter().position(|index| all.get(*index).is_some_and(|it| !waits(it)));
        if let Some(ready) = ready.map(|it| left.remove(it)) {
            if let Some(it) = all.get(ready) {
                let _ = names.remove(&it.name);
                sorted.push(it.name.clone());
            }
        } else {
            let path = find(all, &left, &names);
            diagnostics.push(told(&path, spans, circle));
            for it in all.iter_mut().filter(|it| path.contains(&it.name)) {
                it.after.retain(|it| !path.contains(it));
            }
        }
    }
    sorted
}

/// Everything that is left waits for something that is left: following the first of each must come around.
fn find(all: &[Waiting], left: &[usize], names: &BTreeSet<String>) -> Vec<String> {
    let next = |name: &str| {
        let waiting = left.iter().filter_map(|index| all.get(*index)).find(|it| it.name == name)?;
        waiting.after.iter().find(|after| names.contains(*after)).cloned()
    };
    let first = left.first().and_then(|it| all.get(*it));
    let mut path: Vec<String> = first.map(|it| it.name.clone()).into_iter().collect();
    while let Some(following) = path.last().and_then(|it| next(it)) {
        if let Some(start) = path.iter().position(|it| *it == following) {
            drop(path.drain(..start));
            break;
        }
        path.push(following);
    }
    path
}

fn told(path: &[String], spans: &BTreeMap<(String, String), Span>, circle: &Circle) -> Diagnostic {
    let Circle { code, things, verb, setting } = circle;
    let closing: Vec<String> = path.iter().chain(path.first()).map(|it| format!("`{it}`")).collect();
    let message = if path.len() == 1 {
        format!("{} {verb} itself", closing.first().map_or("", String::as_str))
    } else {
        format!("{things} in a circle: {}", closing.join(" after "))
    };
    let mut diagnostic = Diagnostic::new(*code, message);
    for (index, (name, after)) in path.iter().zip(path.iter().cycle().skip(1)).enumerate() {
        let Some(span) = spans.get(&(name.clone(), after.clone())) else { continue };
        let text = format!("`{name}` {verb} `{after}`");
        diagnostic = if index == 0 { diagnostic.label(*span, text) } else { diagnostic.also(*span, text) };
    }
    diagnostic.help(if path.len() == 1 {
        format!("delete this `{setting}`")
    } else {
        format!("delete `{setting}` from one of {}", words::or_ticked(path))
    })
}
