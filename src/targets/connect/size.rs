//! How large a survey's flows become: told to whoever wrote the survey, before the service refuses them.

use super::flows;
use crate::{
    connect::{MOST_ACTIONS, MOST_CHARACTERS, MOST_IMPORTED},
    diagnostics::{Code, Diagnostic, Diagnostics},
    lower::Plan,
    model::survey::Survey,
    targets::resources::Resources,
};

/// Holds every flow against what the service takes.
pub fn check(plan: &Plan, diagnostics: &mut Diagnostics) {
    for survey in &plan.surveys {
        let sizes = plan.environments.iter().flat_map(|it| {
            flows(survey, Resources::new(plan, it)).into_iter().map(|(_, built)| {
                let text = serde_json::to_string(&built.flow).unwrap_or_default();
                (built.flow.actions.len(), text.chars().count())
            })
        });
        let (actions, characters) = sizes.fold((0, 0), |most, size| (most.0.max(size.0), most.1.max(size.1)));
        if let Some(diagnostic) = judge(survey, actions, characters) {
            diagnostics.push(diagnostic);
        }
    }
}

fn judge(survey: &Survey, actions: usize, characters: usize) -> Option<Diagnostic> {
    let name = &survey.name;
    let told =
        |code: Code, message: String, label: String| Diagnostic::new(code, message).label(survey.span, label);
    let shorter = if survey.translations.is_empty() {
        "make two surveys of it"
    } else {
        "make two surveys of it, or one for each language: each language has all actions once"
    };
    if actions > MOST_ACTIONS {
        return Some(
            told(
                Code::OverLimit,
                format!("the survey `{name}` is too large for a contact flow"),
                format!("{actions} actions"),
            )
            .help(format!("a flow can have {MOST_ACTIONS}: {shorter}")),
        );
    }
    if characters > MOST_CHARACTERS {
        return Some(
            told(
                Code::OverLimit,
                format!("the survey `{name}` says too much for a contact flow"),
                format!("{characters} characters"),
            )
            .help(format!("a flow can have {MOST_CHARACTERS}: shorten what is said, or {shorter}")),
        );
    }
    (actions > MOST_IMPORTED).then(|| {
        told(
            Code::NotImportable,
            format!("the survey `{name}` is too large to be imported in the console"),
            format!("{actions} actions"),
        )
        .help(format!("the console imports up to {MOST_IMPORTED}, the API takes more; or {shorter}"))
    })
}
