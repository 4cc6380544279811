//! `sluice explain`

use std::io;

use serde::Serialize;

use super::{Exit, Output, arguments::ExplainArguments};
use crate::diagnostics::{Code, Diagnostic, suggest::closest, words};

/// A code for programs. The JSON form is stable: fields are only ever added.
#[derive(Serialize)]
struct Explained {
    code: &'static str,
    severity: &'static str,
    title: &'static str,
    explanation: &'static str,
}

/// Prints the long story of a code, or every code with its title.
pub(super) fn execute(arguments: &ExplainArguments, output: &mut Output<'_>) -> io::Result<Exit> {
    let codes: Vec<Code> = match &arguments.code {
        None => Code::all().to_vec(),
        Some(name) => {
            let Some(code) = Code::find(name) else {
                return output.fail(no_code(name));
            };
            vec![code]
        }
    };
    if output.is_json() {
        let explained = |it: Code| Explained {
            code: it.as_str(),
            severity: it.severity().as_str(),
            title: it.title(),
            explanation: it.explanation(),
        };
        output.json(&codes.into_iter().map(explained).collect::<Vec<_>>())?;
    } else if arguments.code.is_some() {
        for code in codes {
            writeln!(output.out, "{}", code.explanation().trim_end())?;
        }
    } else {
        for code in codes {
            writeln!(output.out, "{code}  {:7}  {}", code.severity().as_str(), code.title())?;
        }
    }
    Ok(Exit::Fine)
}

/// With the codes that were meant by a number alone, or by a slip.
fn no_code(name: &str) -> Diagnostic {
    let numbered = ["P", "V"].map(|letter| format!("{letter}{name:0>4}"));
    let mut meant: Vec<&str> = numbered.iter().filter_map(|it| Code::find(it)).map(Code::as_str).collect();
    if meant.is_empty() && name.chars().any(|it| it.is_ascii_digit()) {
        meant.extend(closest(name, Code::all().iter().map(|it| it.as_str())));
    }
    let help = if meant.is_empty() {
        "a code is a letter and four digits, such as `P0301`; `sluice explain` lists them all".to_owned()
    } else {
        format!("did you mean {}?", words::or_ticked(meant))
    };
    Diagnostic::new(Code::UnknownCode, format!("there is no code `{name}`")).help(help)
}
