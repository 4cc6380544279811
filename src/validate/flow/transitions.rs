//! Where an action leads: the next one, the branches of its errors, its conditions.

use std::collections::BTreeSet;

use super::{
    super::json::{Node, Object},
    Check,
    action::Place,
};
use crate::{
    connect::rules::{ActionRule, Conditions, Next},
    diagnostics::{
        Code, Diagnostic,
        words::{and_ticked, or_ticked},
    },
    source::Span,
};

const OPERATORS: [&str; 8] = [
    "Equals",
    "TextStartsWith",
    "TextEndsWith",
    "TextContains",
    "NumberGreaterThan",
    "NumberGreaterOrEqualTo",
    "NumberLessThan",
    "NumberLessOrEqualTo",
];

impl Check<'_> {
    pub(super) fn transitions(&mut self, action: &Object<'_>, rule: &ActionRule, place: Place<'_>) {
        let empty = Object { fields: Vec::new() };
        let field = action.field("Transitions");
        let transitions = field.and_then(|it| it.node.object()).unwrap_or(&empty);
        let at = field.map_or(place.at, |it| it.at);
        match rule.next {
            Next::Never => return self.nowhere(transitions, rule, at, place),
            Next::Required if !transitions.has("NextAction") => {
                let message = format!("`{}` does not say what comes next", place.name);
                let help =
                    "write `NextAction`, even where conditions decide: it is what follows when none does";
                self.missing(at, &place.path("Transitions.NextAction"), message, help);
            }
            Next::Required | Next::Optional => {}
        }
        self.errors(transitions, rule, at, place);
        self.conditions(transitions, rule, at, place);
    }

    fn nowhere(&mut self, transitions: &Object<'_>, rule: &ActionRule, at: Span, place: Place<'_>) {
        // Not even an empty list is taken.
        if ["NextAction", "Errors", "Conditions"].into_iter().any(|it| transitions.has(it)) {
            self.tell(
                Diagnostic::new(
                    Code::TransitionsRefused,
                    format!("`{}` ends the flow, and has transitions", place.name),
                )
                .label(
                    at,
                    format!("Action does not support transitions. Path: {}", place.path("Transitions")),
                )
                .help(format!("write `\"Transitions\": {{}}`: nothing follows `{}`", rule.action_type)),
            );
        }
    }

    fn errors(&mut self, transitions: &Object<'_>, rule: &ActionRule, at: Span, place: Place<'_>) {
        let branches = transitions.items("Errors");
        let path = place.path("Transitions.Errors");
        let mut seen = BTreeSet::new();
        for branch in branches {
            let error = branch.object().and_then(|it| it.get("ErrorType"));
            let Some(name) = error.and_then(Node::text) else {
                self.unfit(branch, &path, "a branch has no `ErrorType`", "name the error that leads there");
                continue;
            };
            let span = error.map_or(branch.span, |it| it.span);
            let known = rule.required_errors.contains(&name) || rule.allowed_errors.contains(&name);
            if known && seen.insert(name) {
                continue;
            }
            let message = if known {
                format!("`{}` has two branches for `{name}`", place.name)
            } else {
                format!("`{}` can't have a branch for `{name}`", rule.action_type)
            };
            let possible: Vec<_> = rule.required_errors.iter().chain(rule.allowed_errors).collect();
            self.tell(
                Diagnostic::new(Code::ErrorBranchRefused, message)
                    .label(span, format!("Invalid Action error. Error: {name}, Path: {path}"))
                    .help(if known {
                        "delete one of them".to_owned()
                    } else if possible.is_empty() {
                        "delete the branch: the action has none".to_owned()
                    } else {
                        format!("delete the branch: the action's errors are {}", and_ticked(possible))
                    }),
            );
        }
        for error in rule.required_errors.iter().filter(|it| !seen.contains(*it)) {
            self.tell(
                Diagnostic::new(
                    Code::ErrorBranchMissing,
                    format!("`{}` has no branch for `{error}`", place.name),
                )
                .label(at, format!("Action is missing required error. Error: {error}, Path: {path}"))
                .help(format!(
                    "write `{{\"ErrorType\": \"{error}\", \"NextAction\": \"…\"}}` into `Transitions.Errors`"
                )),
            );
        }
    }

    fn conditions(&mut self, transitions: &Object<'_>, rule: &ActionRule, at: Span, place: Place<'_>) {
        let branches = transitions.items("Conditions");
        let mut found = Vec::new();
        for branch in branches {
            let condition = branch.object().and_then(|it| it.object("Condition"));
            let operator = condition.and_then(|it| it.text("Operator"));
            let operands = condition.map_or(&[][..], |it| it.items("Operands"));
            // Conditions of conditions are the service's matter.
            if operands.iter().any(|it| it.object().is_some()) {
                continue;
            }
            let Some(operator) = operator.filter(|it| OPERATORS.contains(it)) else {
                self.condition(branch.span, place, "a condition has no operator that there is", || {
                    format!("write {}", or_ticked(OPERATORS))
                });
                continue;
            };
            let [operand] = operands else {
                self.condition(branch.span, place, "a condition has not exactly one operand", || {
                    "write one text into `Operands`".to_owned()
                });
                continue;
            };
            let Some(text) = operand.text() else {
                self.condition(operand.span, place, "an operand is no text", || {
                    "write it in quotes".to_owned()
                });
                continue;
            };
            found.push((operator, text, operand.span));
        }
        self.fit(&found, rule, at, place);
    }

    /// Whether the conditions are those that the type has.
    fn fit(&mut self, found: &[(&str, &str, Span)], rule: &ActionRule, at: Span, place: Place<'_>) {
        let (needs_equals, possible): (bool, Option<&[&str]>) = match rule.conditions {
            Conditions::Any | Conditions::Numbers => (false, None),
            Conditions::AnyEqual | Conditions::Keys => (true, None),
            Conditions::None => (true, Some(&[])),
            Conditions::All(all) | Conditions::Some(all) => (true, Some(all)),
        };
        let is_key =
            |it: &str| it.len() == 1 && it.contains(|it: char| it.is_ascii_digit() || "*#".contains(it));
        let mut seen = BTreeSet::new();
        for (operator, text, span) in found {
            let help = || match possible {
                Some([]) => "delete it".to_owned(),
                Some(words) => format!("write `Equals` and {}", or_ticked(words)),
                None => "write `Equals` and one key: `0` to `9`, `*`, `#`".to_owned(),
            };
            if possible == Some(&[]) {
                let message = format!("`{}` has no conditions", rule.action_type);
                self.condition(*span, place, &message, help);
            } else if needs_equals && *operator != "Equals" {
                let message = format!("`{}` compares with `Equals` only", rule.action_type);
                self.condition(*span, place, &message, help);
            } else if possible.is_some_and(|it| !it.contains(text))
                || rule.conditions == Conditions::Keys && !is_key(text)
            {
                let message = format!("`{}` never has the result `{text}`", rule.action_type);
                self.condition(*span, place, &message, help);
            } else if needs_equals && !seen.insert(*text) {
                let message = format!("`{}` has two conditions for `{text}`", place.name);
                self.condition(*span, place, &message, || "delete one of them".to_owned());
            }
        }
        if rule.conditions == Conditions::Numbers && found.is_empty() {
            let message = format!("`{}` has no condition", place.name);
            self.condition(at, place, &message, || "write at least one, with a number".to_owned());
        }
        if let Conditions::All(all) = rule.conditions {
            for missing in all.iter().filter(|it| !found.iter().any(|(_, text, _)| text == *it)) {
                let message = format!("`{}` has no condition for `{missing}`", place.name);
                self.condition(at, place, &message, || {
                    format!("add one: {} are all needed", and_ticked(all))
                });
            }
        }
    }

    fn condition(&mut self, at: Span, place: Place<'_>, message: &str, help: impl Fn() -> String) {
        let label = format!("Invalid Action property value. Path: {}", place.path("Transitions.Conditions"));
        self.tell(Diagnostic::new(Code::ConditionUnfit, message).label(at, label).help(help()));
    }
}
