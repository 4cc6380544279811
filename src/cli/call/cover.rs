//! `sluice call --coverage`

use std::io;

use serde::Serialize;

use super::{Exit, Output, target::Target};
use crate::{
    diagnostics::{Code, Diagnostic, words::counted},
    telephone::{Coverage, FaultKind, cover},
};

/// The coverage of one flow. The JSON form is stable: fields are only ever added.
#[derive(Serialize)]
struct Covered {
    flow: String,
    #[serde(flatten)]
    coverage: Coverage,
}

/// Looks at every way through each flow by itself.
pub(super) fn execute(targets: &[Target], output: &mut Output<'_>) -> io::Result<Exit> {
    let covered: Vec<Covered> = targets
        .iter()
        .map(|it| {
            let first: Vec<_> = it.flows.iter().take(1).cloned().collect();
            let coverage = cover(&first, &it.contact, &it.attributes, &it.answers);
            Covered { flow: it.name.clone(), coverage }
        })
        .collect();
    let is_fine = covered.iter().all(|it| it.coverage.faults.is_empty());
    let exit = if is_fine { Exit::Fine } else { Exit::Problems };
    if output.is_json() {
        output.json(&covered)?;
        return Ok(exit);
    }
    for Covered { flow, coverage } in &covered {
        let all = coverage.reached + coverage.never_reached.len();
        let verdict = match coverage.faults.len() {
            _ if !coverage.complete => "more than can be looked at".to_owned(),
            0 => "every way ends".to_owned(),
            faults => counted(faults, "fault"),
        };
        writeln!(
            output.out,
            "{flow}: {}, {} of {} reached: {verdict}",
            counted(coverage.situations, "situation"),
            coverage.reached,
            counted(all, "action")
        )?;
    }
    output.out.flush()?;
    for Covered { flow, coverage } in &covered {
        for fault in &coverage.faults {
            let code = match fault.kind {
                FaultKind::Endless => Code::CallEndless,
                FaultKind::Unset => Code::UnsetSpoken,
                FaultKind::Lost => Code::AnswerLost,
                FaultKind::Broken => Code::FlowUnplayable,
            };
            let way = if fault.way.is_empty() {
                "every call comes there".to_owned()
            } else {
                format!("a caller comes there by `{}`", fault.way)
            };
            output.tell_one(&Diagnostic::new(code, format!("{flow}: {}", fault.message)).help(way))?;
        }
        for action in &coverage.never_reached {
            let message = format!("{flow}: no caller comes to the action `{action}`");
            output.tell_one(&Diagnostic::new(Code::ActionNeverReached, message))?;
        }
    }
    Ok(exit)
}
