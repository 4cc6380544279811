//! What leads where: identifiers that are there once, targets that exist, actions that can be reached.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::json::{Node, Object},
    Check,
};
use crate::diagnostics::{Code, Diagnostic, suggest};

impl Check<'_> {
    pub(super) fn graph(&mut self, flow: &Object<'_>, actions: &[Node<'_>]) {
        let mut by_id: BTreeMap<&str, &Object<'_>> = BTreeMap::new();
        for action in actions.iter().filter_map(Node::object) {
            let Some(identifier) = action.get("Identifier") else { continue };
            let Some(text) = identifier.text() else { continue };
            let Some(first) = by_id.get(text).and_then(|it| it.get("Identifier")) else {
                let _ = by_id.insert(text, action);
                continue;
            };
            self.tell(
                Diagnostic::new(Code::IdentifierTwice, format!("two actions have the identifier `{text}`"))
                    .label(identifier.span, "this identifier is used already")
                    .also(first.span, "first used here")
                    .help("give each action an identifier of its own"),
            );
        }
        let start = flow.get("StartAction");
        for target in start.into_iter().chain(by_id.values().flat_map(|it| targets(it))) {
            self.target(target, &by_id);
        }
        if self.has_gaps {
            return;
        }
        let Some(start) = start.and_then(Node::text).filter(|it| by_id.contains_key(it)) else { return };
        let mut reached = BTreeSet::from([start]);
        let mut waiting = vec![start];
        while let Some(id) = waiting.pop() {
            let further = by_id.get(id).map(|it| targets(it)).unwrap_or_default();
            waiting.extend(further.into_iter().filter_map(Node::text).filter(|it| reached.insert(it)));
        }
        for (id, action) in by_id.iter().filter(|(id, _)| !reached.contains(*id)) {
            self.tell(
                Diagnostic::new(Code::ActionNeverReached, format!("nothing leads to the action `{id}`"))
                    .label(action.get("Identifier").map(|it| it.span), "never reached")
                    .help("lead to it from an action that is reached, or delete it"),
            );
        }
    }

    fn target(&mut self, target: &Node<'_>, by_id: &BTreeMap<&str, &Object<'_>>) {
        self.has_gaps |= target.text().is_none_or(|it| !by_id.contains_key(it));
        let Some(name) = target.text() else {
            let message = format!("the next action is {}, not a text", target.kind());
            return self.tell(
                Diagnostic::new(Code::ActionUnknown, message)
                    .label(target.span, "")
                    .help("write the identifier of an action"),
            );
        };
        if by_id.contains_key(name) {
            return;
        }
        let diagnostic = Diagnostic::new(Code::ActionUnknown, format!("there is no action `{name}`"))
            .label(target.span, "leads nowhere");
        self.tell(match suggest::closest(name, by_id.keys().copied()) {
            Some(meant) => diagnostic
                .help(format!("did you mean `{meant}`?"))
                .suggest(target.span, format!("\"{meant}\"")),
            None => diagnostic.help("write the identifier of an action of this flow"),
        });
    }
}

/// Every action that can come next.
fn targets<'n, 'a>(action: &'n Object<'a>) -> Vec<&'n Node<'a>> {
    let Some(transitions) = action.object("Transitions") else { return Vec::new() };
    let next = |it: &'n Object<'a>| it.get("NextAction");
    let branches = ["Errors", "Conditions"].into_iter().flat_map(|it| transitions.items(it));
    // An empty text is how the console writes a branch that nobody has connected; required ones are told elsewhere.
    let connected = |it: &&Node<'_>| it.text() != Some("");
    next(transitions)
        .into_iter()
        .chain(branches.filter_map(Node::object).filter_map(next))
        .filter(connected)
        .collect()
}
