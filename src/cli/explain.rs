//! `sluice explain`

use std::io;

use serde::Serialize;

use super::{Exit, Output, arguments::ExplainArguments, program::unknown};
use crate::diagnostics::Code;

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
                let all = Code::all().iter().map(|it| it.as_str());
                return output.fail(unknown(Code::UnknownCode, "code", name, all));
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
