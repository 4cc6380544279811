//! Data flows one way: which module of the compiler may import which.

use super::{
    files::{TextFile, rust},
    none_of,
};

/// A module of `src/`, and the modules it may import. Whatever stands on no list is forbidden.
const LAYERS: [(&str, &[&str]); 24] = [
    // A file that can't be read is told as a diagnostic, and a diagnostic has a place in a file.
    ("source", &["diagnostics"]),
    ("diagnostics", &["source"]),
    ("syntax", &["source", "diagnostics"]),
    ("format", &["source", "diagnostics", "syntax"]),
    ("calendar", &[]),
    // What Connect takes is a fact: those who make flows and those who check them read the same tables.
    ("connect", &[]),
    ("model", &["source", "diagnostics", "syntax", "calendar"]),
    ("lower", &["source", "diagnostics", "syntax", "model"]),
    ("graph", &["source", "diagnostics", "syntax", "model", "lower"]),
    ("targets", &["source", "diagnostics", "syntax", "model", "lower", "connect"]),
    ("emit", &["source", "diagnostics", "syntax", "model", "lower", "targets"]),
    // Whether a survey fits a contact flow is known when the flow is made.
    ("compile", &["source", "diagnostics", "syntax", "model", "lower", "targets"]),
    // The engine reads the generated documents, as AWS does: it knows nothing of who wrote them.
    ("engine", &[]),
    // Nor does the validator, which takes any file.
    ("validate", &["source", "diagnostics", "connect"]),
    // What services answer is the same whoever stands for them.
    ("twins", &["engine"]),
    // What executes machines of whatever origin knows no more than the engine does.
    ("exec", &["engine"]),
    // A telephone reads flows as the engine reads machines.
    ("telephone", &[]),
    // Items and figures: what a survey asks stands in its document.
    ("survey_results", &[]),
    (
        "scenario",
        &["source", "diagnostics", "syntax", "model", "lower", "targets", "emit", "engine", "exec", "twins"],
    ),
    ("run", &["source", "diagnostics", "syntax", "model", "lower", "targets", "emit", "engine", "twins"]),
    // What is asked of a deployed environment is told in the same words as what runs here.
    ("operate", &["source", "diagnostics", "syntax", "model", "lower", "targets", "run"]),
    ("cost", &["source", "model", "lower", "targets", "calendar"]),
    ("deploy", &["source", "diagnostics", "syntax", "model", "lower", "targets", "emit"]),
    (
        "cli",
        &[
            "source",
            "diagnostics",
            "syntax",
            "format",
            "model",
            "lower",
            "targets",
            "emit",
            "compile",
            "calendar",
            "cost",
            "graph",
            "engine",
            "validate",
            "exec",
            "scenario",
            "survey_results",
            "run",
            "operate",
            "deploy",
            "telephone",
        ],
    ),
];

/// From text to generated files nothing waits for anything.
const NEVER_ASYNC: [&str; 15] = [
    "source",
    "diagnostics",
    "syntax",
    "format",
    "model",
    "lower",
    "targets",
    "emit",
    "compile",
    "calendar",
    "cost",
    "connect",
    "graph",
    "validate",
    "telephone",
];

#[test]
fn a_module_imports_only_what_stands_before_it() {
    let mut violations = Vec::new();
    for file in rust() {
        let Some(module) = module(&file) else { continue };
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == module) else {
            violations.push(format!("{}: `{module}` has no place in the table of layers", file.path));
            continue;
        };
        for imported in imports(&code_text(&file)) {
            let is_layer = LAYERS.iter().any(|(name, _)| *name == imported);
            if is_layer && imported != module && !allowed.contains(&imported.as_str()) {
                violations.push(format!("{}: `{module}` imports `{imported}`", file.path));
            }
        }
        if file.path == format!("src/{module}/mod.rs") && code_text(&file).contains("\nuse super::") {
            violations.push(format!("{}: write `crate::`, not `super::`, for another layer", file.path));
        }
    }
    none_of(&violations, "a module imports only what its layer may");
}

#[test]
fn nothing_between_source_and_emit_is_async() {
    let mut violations = Vec::new();
    for file in rust() {
        if !module(&file).is_some_and(|it| NEVER_ASYNC.contains(&it)) {
            continue;
        }
        for (number, line) in file.code() {
            let words = line.split(|it: char| !it.is_alphanumeric() && it != '_');
            let waits = words.into_iter().any(|it| ["async", "await", "tokio", "futures"].contains(&it));
            if waits && !is_comment(line) && !line.contains('"') {
                violations.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none_of(&violations, "nothing between source and emit is async");
}

/// The layer a file belongs to; none outside `src/` and for the two files that stand above all layers.
fn module(file: &TextFile) -> Option<&str> {
    let inside = file.path.strip_prefix("src/")?;
    let name = inside.split(['/', '.']).next()?;
    (!["lib", "main", "bin"].contains(&name)).then_some(name)
}

fn code_text(file: &TextFile) -> String {
    let lines = file.code().into_iter().map(|(_, line)| line).filter(|it| !is_comment(it));
    lines.collect::<Vec<_>>().join("\n")
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// The names right after each `crate::`, those in braces included.
fn imports(code: &str) -> Vec<String> {
    let pieces: Vec<_> = code.split("crate::").collect();
    let mut found = Vec::new();
    for (before, after) in pieces.iter().zip(pieces.iter().skip(1)) {
        if before.ends_with(|it: char| it.is_alphanumeric() || it == '_') {
            continue;
        }
        match after.strip_prefix('{') {
            None => found.push(leading_name(after)),
            Some(list) => found.extend(names_of_list(list)),
        }
    }
    found
}

/// `a::{b, c}, d}` gives `a` and `d`.
fn names_of_list(list: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut depth = 0;
    for character in list.chars() {
        match character {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(String::new()),
            _ if depth == 0 => names.last_mut().unwrap().push(character),
            _ => {}
        }
    }
    names.iter().map(|it| leading_name(it.trim())).filter(|it| !it.is_empty()).collect()
}

fn leading_name(text: &str) -> String {
    text.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_found_in_every_shape() {
        let code = "use crate::source::Span;\n\
                    use crate::{\n    model::{Checked, Names},\n    lower,\n};\n\
                    fn f() { crate::cli::main(); mycrate::emit(); }";
        assert_eq!(imports(code), ["source", "model", "lower", "cli"]);
    }
}
