//! How two contents differ, in the words of what they are.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::resource::Kind;

/// One place at which two contents differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Where: names of fields, states, actions, entries.
    pub path: Vec<String>,
    /// How.
    #[serde(flatten)]
    pub difference: Difference,
}

/// How a place differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "lowercase")]
pub enum Difference {
    /// It is new.
    Added {
        /// What it will be.
        after: Value,
    },
    /// It goes.
    Removed {
        /// What it is.
        before: Value,
    },
    /// It changes.
    Changed {
        /// What it is.
        before: Value,
        /// What it will be.
        after: Value,
    },
}

/// What names an entry of a list, so that an entry that is added is not told as a change of all that follow.
const NAMES: [&str; 6] = ["Identifier", "Sid", "name", "type", "Id", "ErrorType"];

/// Every place at which they differ, in the order of the names.
pub fn differences(before: &Value, after: &Value) -> Vec<Line> {
    let mut lines = Vec::new();
    compare(before, after, &mut Vec::new(), &mut lines);
    lines
}

/// Whether every field of `part` is so in `whole`.
pub(super) fn agrees(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => {
            part.iter().all(|(name, value)| whole.get(name).is_some_and(|it| agrees(value, it)))
        }
        (part, whole) => part == whole,
    }
}

/// What of `whole` is asked for in `asked`; entries of lists are taken whole.
pub(super) fn restricted(whole: &Value, asked: &Value) -> Value {
    match (whole, asked) {
        (Value::Object(whole), Value::Object(asked)) => {
            let fields = whole.iter().filter_map(|(name, value)| {
                asked.get(name).map(|asked| (name.clone(), restricted(value, asked)))
            });
            Value::Object(fields.collect())
        }
        (whole, _) => whole.clone(),
    }
}

impl Line {
    /// Where, as people say it: ``state `Extract companies`, Retry``.
    pub fn place(&self, kind: Kind) -> String {
        let words: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let (named, rest) = match (kind, words.as_slice()) {
            (Kind::StateMachine, ["definition", "States", name, rest @ ..]) => {
                (Some(format!("state `{name}`")), rest)
            }
            (Kind::Flow, ["Content", "Actions", name, rest @ ..]) => (Some(format!("action `{name}`")), rest),
            (_, all) => (None, all),
        };
        let rest = rest.join(".");
        match named {
            Some(named) if rest.is_empty() => named,
            Some(named) => format!("{named}, {rest}"),
            None => rest,
        }
    }

    /// The place within a state or action; none outside of them.
    pub(super) fn within_subject(&self, kind: Kind) -> Option<&[String]> {
        self.subject(kind).and(self.path.get(3..))
    }

    /// Where, for a line that says the same of several states or actions.
    pub(super) fn place_in_many(&self, count: usize) -> String {
        let rest = self.path.get(3..).unwrap_or_default().join(".");
        let of = if self.path.first().is_some_and(|it| it == "definition") { "states" } else { "actions" };
        format!("{count} {of}, {rest}")
    }

    /// The state or action that the line is about.
    pub fn subject(&self, kind: Kind) -> Option<&str> {
        let words: Vec<&str> = self.path.iter().map(String::as_str).collect();
        match (kind, words.as_slice()) {
            (Kind::StateMachine, ["definition", "States", name, ..])
            | (Kind::Flow, ["Content", "Actions", name, ..]) => {
                self.path.iter().map(String::as_str).find(|it| it == name)
            }
            _ => None,
        }
    }
}

fn compare(before: &Value, after: &Value, path: &mut Vec<String>, lines: &mut Vec<Line>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => compare_maps(before, after, path, lines),
        (Value::Array(old), Value::Array(new)) => match (by_name(old), by_name(new)) {
            (Some(old), Some(new)) if old != new => compare_maps(&old, &new, path, lines),
            _ => lines.push(changed(before, after, path)),
        },
        _ => lines.push(changed(before, after, path)),
    }
}

fn changed(before: &Value, after: &Value, path: &[String]) -> Line {
    let difference = Difference::Changed { before: before.clone(), after: after.clone() };
    Line { path: path.to_vec(), difference }
}

fn compare_maps(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    path: &mut Vec<String>,
    lines: &mut Vec<Line>,
) {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        path.push(name.clone());
        match (before.get(name), after.get(name)) {
            (Some(before), Some(after)) => compare(before, after, path, lines),
            (Some(before), None) => lines.push(Line {
                path: path.clone(),
                difference: Difference::Removed { before: before.clone() },
            }),
            (None, Some(after)) => lines
                .push(Line { path: path.clone(), difference: Difference::Added { after: after.clone() } }),
            (None, None) => {}
        }
        let _ = path.pop();
    }
}

/// The entries by their names, where each has one of its own.
fn by_name(entries: &[Value]) -> Option<Map<String, Value>> {
    let name =
        NAMES.iter().find(|name| entries.iter().all(|it| it.get(name).is_some_and(Value::is_string)))?;
    let mut named = Map::new();
    for entry in entries {
        let key = entry.get(name)?.as_str()?.to_owned();
        if named.insert(key, entry.clone()).is_some() {
            return None;
        }
    }
    Some(named)
}
