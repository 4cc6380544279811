//! The order of a pipeline's tables: `after` names what must be published first, and must not run in a circle.

use std::collections::BTreeMap;

use super::program::Into;
use crate::{
    diagnostics::{Code, Diagnostic, Diagnostics, words},
    source::Span,
};

/// The tables, each behind those it comes after. A circle is told once, and cut where it closes.
pub(super) fn sort(
    intos: Vec<Into>,
    afters: &BTreeMap<(String, String), Span>,
    diagnostics: &mut Diagnostics,
) -> Vec<Into> {
    let mut left = intos;
    let mut sorted: Vec<Into> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |it: &Into, left: &[Into]| {
            it.after.iter().any(|after| left.iter().any(|other| other.table == *after))
        };
        match left.iter().position(|it| !waits(it, &left)) {
            Some(ready) => sorted.push(left.remove(ready)),
            None => cut_circle(&mut left, afters, diagnostics),
        }
    }
    sorted
}

/// Everything in `left` waits for something in `left`: following the first `after` must come around.
fn cut_circle(left: &mut [Into], afters: &BTreeMap<(String, String), Span>, diagnostics: &mut Diagnostics) {
    let next = |table: &str| {
        let into = left.iter().find(|it| it.table == table)?;
        into.after.iter().find(|after| left.iter().any(|other| other.table == **after)).cloned()
    };
    let mut path: Vec<String> = left.first().map(|it| it.table.clone()).into_iter().collect();
    while let Some(following) = path.last().and_then(|it| next(it)) {
        if let Some(start) = path.iter().position(|it| *it == following) {
            drop(path.drain(..start));
            break;
        }
        path.push(following);
    }
    let closing: Vec<String> = path.iter().chain(path.first()).map(|it| format!("`{it}`")).collect();
    let message = if path.len() == 1 {
        format!("{} waits for itself", closing.first().map_or("", String::as_str))
    } else {
        format!("tables wait for each other in a circle: {}", closing.join(" after "))
    };
    let mut diagnostic = Diagnostic::new(Code::StageCycle, message);
    for (index, (table, after)) in path.iter().zip(path.iter().cycle().skip(1)).enumerate() {
        let Some(span) = afters.get(&(table.clone(), after.clone())) else { continue };
        let text = format!("`{table}` waits for `{after}`");
        diagnostic = if index == 0 { diagnostic.label(*span, text) } else { diagnostic.also(*span, text) };
    }
    diagnostics.push(diagnostic.help(format!("delete `after` from one of {}", words::or_ticked(&path))));
    for into in left.iter_mut().filter(|it| path.contains(&it.table)) {
        into.after.retain(|it| !path.contains(it));
    }
}
