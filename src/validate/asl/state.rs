//! The states of one `States`, and the states inside of those.

use super::{
    Names,
    check::{Check, Here},
    choice, flow, map, recovery,
    spec::{self, KINDS, Kind, Language},
    task,
};
use crate::{
    diagnostics::{Code, Diagnostic, suggest, words},
    source::Span,
    validate::json::{Field, Object, Value},
};

/// AWS takes so many characters.
const LONGEST_NAME: usize = 80;

/// States inside of a state.
pub(crate) struct Inner<'d> {
    /// What has `StartAt` and `States`.
    pub(crate) states: &'d Object<'d>,
    /// What stands for it in a label.
    pub(crate) at: Span,
    /// Whether it is a branch of a Parallel state.
    pub(crate) branch: bool,
    /// Whether it runs as executions of their own.
    pub(crate) distributed: bool,
    /// Whether those are of the type EXPRESS.
    pub(crate) express: bool,
}

/// What runs inside of the state.
pub(crate) fn inner<'d>(state: &'d Object<'d>) -> Vec<Inner<'d>> {
    let mut found = Vec::new();
    for branch in state.items("Branches") {
        if let Some(states) = branch.object() {
            let at = states.fields.first().map_or(branch.span, |it| it.at);
            found.push(Inner { states, at, branch: true, distributed: false, express: false });
        }
    }
    for name in ["ItemProcessor", "Iterator"] {
        if let Some(field) = state.field(name)
            && let Some(states) = field.node.object()
        {
            let config = states.object("ProcessorConfig");
            let told = |name: &str| config.and_then(|it| it.text(name));
            found.push(Inner {
                states,
                at: field.at,
                branch: false,
                distributed: told("Mode") == Some("DISTRIBUTED"),
                express: told("ExecutionType") == Some("EXPRESS"),
            });
        }
    }
    found
}

/// A machine, a branch or a processor. `at` stands for it where something is missing.
pub(crate) fn scope<'d>(
    check: &mut Check<'_>,
    holder: &'d Object<'d>,
    at: Span,
    here: Here<'_>,
    all: &Names<'d>,
) {
    let Some(field) = holder.field("States") else { return };
    let Some(states) = field.node.object() else { return };
    if states.fields.is_empty() {
        return check.empty(field);
    }
    flow::check(check, holder, states, at, all);
    for state in &states.fields {
        one(check, state, here, all);
    }
}

fn one<'d>(check: &mut Check<'_>, field: &'d Field<'d>, machine: Here<'_>, all: &Names<'d>) {
    name(check, field);
    let Some(state) = field.node.object() else { return check.wrong_type(field, "an object") };
    let language = language(check, state, machine.language);
    let Some(kind) = kind(check, state, field.at) else { return };
    let what = format!("a {} state", kind.name);
    let here = Here { language, state: field.at, what: &what, ..machine };
    let tables: Vec<_> = std::iter::once(spec::STATE).chain(kind.fields.iter().copied()).collect();
    check.fields(state, field.at, &tables, kind.required, here);
    if kind.goes_on() {
        onward(check, state, field.at, &what);
    }
    recovery::check(check, state, here);
    match kind.name {
        "Task" => task::check(check, state, here),
        "Choice" => choice::check(check, state, here),
        "Map" => map::check(check, state, here),
        "Wait" => wait(check, state, here),
        "Fail" => {
            let _ = check.at_most_one(state, &["Error", "ErrorPath"]);
            let _ = check.at_most_one(state, &["Cause", "CausePath"]);
        }
        _ => {}
    }
    branches(check, state);
    for inner in inner(state) {
        let what = if inner.branch { "a branch" } else { "a processor" };
        let inside = Here {
            state: inner.at,
            express: inner.express || (machine.express && !inner.distributed),
            what,
            ..machine
        };
        language_inside(check, inner.states);
        let tables: &[&[spec::Spec]] =
            if inner.branch { &[spec::BRANCH, LANGUAGE] } else { &[spec::BRANCH, spec::PROCESSOR, LANGUAGE] };
        check.fields(inner.states, inner.at, tables, &["StartAt", "States"], inside);
        scope(check, inner.states, inner.at, inside, all);
    }
}

/// Told by a rule of its own.
const LANGUAGE: &[spec::Spec] =
    &[spec::Spec { name: "QueryLanguage", language: None, shape: spec::Shape::Any }];

fn name(check: &mut Check<'_>, field: &Field<'_>) {
    let length = field.name.chars().count();
    if length == 0 || length > LONGEST_NAME {
        check.tell(
            Diagnostic::new(Code::StateNameUnusable, format!("a state's name has {length} characters"))
                .label(field.at, format!("a name has 1 to {LONGEST_NAME}"))
                .help("give it another name, and say more in its `Comment`"),
        );
    }
}

fn language(check: &mut Check<'_>, state: &Object<'_>, machine: Language) -> Language {
    let Some(field) = state.field("QueryLanguage") else { return machine };
    let own = field.node.text().and_then(Language::parse).unwrap_or(machine);
    if (machine, own) == (Language::Jsonata, Language::JsonPath) {
        check.tell(
            Diagnostic::new(Code::LanguageNotAllowed, "a state of a JSONata machine can't be in JSONPath")
                .label(field.node.span, "")
                .help("take `QueryLanguage` off the machine and give it to each state in JSONata"),
        );
    }
    own
}

fn language_inside(check: &mut Check<'_>, states: &Object<'_>) {
    if let Some(field) = states.field("QueryLanguage") {
        check.tell(
            Diagnostic::new(Code::LanguageNotAllowed, "`QueryLanguage` belongs to the machine or to a state")
                .label(field.at, "it can't stand here")
                .help("states inside take over the language of the machine; give it to each that differs"),
        );
    }
}

fn kind(check: &mut Check<'_>, state: &Object<'_>, at: Span) -> Option<&'static Kind> {
    let Some(field) = state.field("Type") else {
        check.missing(at, "a state", "Type");
        return None;
    };
    let text = check.text(field)?;
    let kind = KINDS.iter().find(|it| it.name == text);
    if kind.is_none() {
        let all = KINDS.iter().map(|it| it.name);
        let diagnostic = Diagnostic::new(Code::NotOneOf, format!("there is no state of the type `{text}`"))
            .label(field.node.span, "");
        check.tell(match suggest::closest(text, all.clone()) {
            Some(meant) => diagnostic
                .help(format!("did you mean `{meant}`?"))
                .suggest(field.node.span, format!("\"{meant}\"")),
            None => diagnostic.help(format!("the types are {}", words::and_ticked(all))),
        });
    }
    kind
}

fn onward(check: &mut Check<'_>, state: &Object<'_>, at: Span, what: &str) {
    match (state.field("Next"), state.field("End")) {
        (Some(next), Some(end)) => check.tell(
            Diagnostic::new(Code::NextAndEnd, format!("{what} has both `Next` and `End`"))
                .label(end.at, "it ends here")
                .also(next.at, "and goes on here")
                .help("keep one of them"),
        ),
        (None, Some(end)) if matches!(end.node.value, Value::Bool(false)) => check.tell(
            Diagnostic::new(Code::NoNextOrEnd, "`End` is false, and there is no `Next`")
                .label(end.node.span, "")
                .help("write `\"End\": true`, or name the next state in `Next`"),
        ),
        (None, None) => check.tell(
            Diagnostic::new(Code::NoNextOrEnd, format!("{what} has neither `Next` nor `End`"))
                .label(at, "where does it go on?")
                .help("name the next state in `Next`, or end with `\"End\": true`"),
        ),
        (Some(_), None) | (None, Some(_)) => {}
    }
}

fn wait(check: &mut Check<'_>, state: &Object<'_>, here: Here<'_>) {
    let all = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];
    let named: &[&str] = match here.language {
        Language::JsonPath => &all,
        Language::Jsonata => &["Seconds", "Timestamp"],
    };
    // A path in a JSONata state has been told already.
    if !state.fields.iter().any(|it| all.contains(&it.name.as_ref()) && !named.contains(&it.name.as_ref())) {
        check.exactly_one(state, here.state, named, here.what);
    }
}

fn branches(check: &mut Check<'_>, state: &Object<'_>) {
    for branch in state.items("Branches") {
        if branch.object().is_none() {
            check.tell(
                Diagnostic::new(
                    Code::FieldWrongType,
                    format!("a branch is {}, not an object", branch.kind()),
                )
                .label(branch.span, "")
                .help("write an object with `StartAt` and `States`"),
            );
        }
    }
}

/// What to say of a field that other types of states have.
pub(crate) fn of_other_types(field: &Field<'_>, what: &str) -> Option<Diagnostic> {
    if !what.ends_with(" state") {
        return None;
    }
    let types: Vec<_> = KINDS.iter().filter(|it| it.has(&field.name)).map(|it| it.name).collect();
    (!types.is_empty()).then(|| {
        Diagnostic::new(Code::FieldNotOfType, format!("{what} has no field `{}`", field.name))
            .label(field.at, "it can't stand here")
            .help(format!("states of the type {} have it", words::and_ticked(types)))
    })
}
