//! A plan for people, as terraform shows it, and for programs.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

use super::{
    difference::{Difference, Line},
    plan::{Change, Plan, Step},
};
use crate::diagnostics::words::counted;

/// The longest text of a value.
const LONGEST: usize = 60;
/// How many differences of one resource are shown.
const MOST_LINES: usize = 12;

/// A plan for programs. The JSON form is stable: fields are only ever added.
#[derive(Debug, Serialize)]
pub struct Shown {
    changes: Vec<ShownChange>,
    create: usize,
    update: usize,
    delete: usize,
    drift: usize,
    /// Resources whose content was taken from tags.
    trusted: usize,
    /// What stays otherwise than the program needs it.
    warnings: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ShownChange {
    kind: &'static str,
    name: String,
    unit: String,
    action: &'static str,
    drift: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    differences: Vec<Line>,
}

impl Shown {
    /// Of that plan.
    pub fn new(plan: &Plan) -> Self {
        let changes = plan.changes.iter().map(|it| {
            let origin = it.resource.as_ref().and_then(|it| it.origin.as_ref());
            ShownChange {
                kind: it.key.kind.words(),
                name: it.key.name.clone(),
                unit: it.unit.tag(),
                action: action(it.step),
                drift: it.drift,
                file: origin.map(|it| it.file.clone()),
                line: origin.map(|it| it.line),
                differences: it.lines.clone(),
            }
        });
        Self {
            changes: changes.collect(),
            create: plan.count(Step::Create),
            update: plan.count(Step::Update) + plan.count(Step::Replace),
            delete: plan.count(Step::Delete),
            drift: plan.drifted(),
            trusted: plan.trusted,
            warnings: plan.warnings.iter().map(|it| it.diagnostic("").message).collect(),
        }
    }
}

/// The plan, unit by unit.
pub fn show(plan: &Plan) -> String {
    let mut text = String::new();
    let mut unit = None;
    for change in &plan.changes {
        if unit != Some(&change.unit) {
            unit = Some(&change.unit);
            let origin = change.resource.as_ref().and_then(|it| it.origin.as_ref());
            let place = origin.map(|it| format!("  {}:{}", it.file, it.line)).unwrap_or_default();
            let _ = writeln!(text, "{}{place}", change.unit);
        }
        show_change(change, &mut text);
    }
    if plan.is_empty() {
        let _ = writeln!(text, "no changes: {} as the program wants them", counted(plan.wanted, "resource"));
    } else {
        let _ = writeln!(
            text,
            "\n{} to create, {} to change, {} to delete{}",
            plan.count(Step::Create),
            plan.count(Step::Update) + plan.count(Step::Replace),
            plan.count(Step::Delete),
            match plan.drifted() {
                0 => String::new(),
                drifted => format!("; {drifted} of them changed outside of sluice"),
            }
        );
    }
    if plan.trusted > 0 {
        let _ = writeln!(
            text,
            "{} taken as deployed by the tags; `--refresh` reads everything",
            counted(plan.trusted, "resource")
        );
    }
    text
}

/// `create`, `update`, `replace`, `delete`
fn action(step: Step) -> &'static str {
    match step {
        Step::Create => "create",
        Step::Update => "update",
        Step::Replace => "replace",
        Step::Delete => "delete",
    }
}

fn show_change(change: &Change, text: &mut String) {
    let (sign, note) = match change.step {
        Step::Create if change.drift => ("+", "  (removed outside of sluice)"),
        Step::Create => ("+", ""),
        Step::Update if change.drift => ("~", "  (changed outside of sluice)"),
        Step::Update => ("~", ""),
        Step::Replace => ("-/+", "  (its type can't be changed: it is made again)"),
        Step::Delete => ("-", ""),
    };
    let _ = writeln!(text, "  {sign} {} {}{note}", change.key.kind.words(), change.key.name);
    let groups = groups(change);
    for (line, states) in groups.iter().take(MOST_LINES) {
        let place = match states {
            1 => line.place(change.key.kind),
            _ => line.place_in_many(*states),
        };
        let origin = line
            .subject(change.key.kind)
            .filter(|_| *states == 1)
            .and_then(|it| change.resource.as_ref()?.origins.get(it))
            .map(|it| format!("  {}:{}", it.file, it.line))
            .unwrap_or_default();
        let _ = match &line.difference {
            Difference::Added { after } => writeln!(text, "      + {place}{}{origin}", inline(after)),
            Difference::Removed { before } => writeln!(text, "      - {place}{}{origin}", inline(before)),
            Difference::Changed { before, after } => {
                writeln!(text, "      ~ {place}: {} -> {}{origin}", short(before), short(after))
            }
        };
    }
    if groups.len() > MOST_LINES {
        let _ = writeln!(text, "      … and {} more", groups.len() - MOST_LINES);
    }
}

/// The lines, of those that say the same of several states only the first, with their number.
fn groups(change: &Change) -> Vec<(&Line, usize)> {
    let mut groups: Vec<(&Line, usize)> = Vec::new();
    for line in &change.lines {
        let same = groups.iter_mut().find(|(first, _)| {
            first.within_subject(change.key.kind).is_some_and(|it| !it.is_empty())
                && first.within_subject(change.key.kind) == line.within_subject(change.key.kind)
                && first.difference == line.difference
        });
        match same {
            Some((_, states)) => *states += 1,
            None => groups.push((line, 1)),
        }
    }
    groups
}

/// A value that says more than its place does.
fn inline(value: &Value) -> String {
    match value {
        Value::Object(_) | Value::Array(_) => String::new(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => format!(": {}", short(value)),
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}
