//! What is called: a survey of the program, or the file of a flow.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use sluice_contract::survey::{SurveyDocument, attribute};

use super::super::{
    Exit, Output,
    arguments::{CallArguments, Shared},
    file,
    program::{self, Program, unknown},
};
use crate::{
    diagnostics::{Code, Diagnostic},
    lower::EnvironmentPlan,
    model::survey::Survey,
    targets::{
        connect::{self, BuiltFlow, document::survey_document},
        resources::Resources,
    },
    telephone::{Contact, Flow},
};

/// One flow to call, and what is known before.
pub(super) struct Target {
    /// As people call it: `outbound`, or the file's name.
    pub(super) name: String,
    /// It, and those that it may lead to.
    pub(super) flows: Vec<Flow>,
    pub(super) contact: Contact,
    pub(super) attributes: BTreeMap<String, String>,
    /// Attributes that are answers.
    pub(super) answers: Vec<String>,
    /// The survey, where it is one of the program's.
    pub(super) survey: Option<SurveyDocument>,
}

/// The flows that are meant, the one to call first.
pub(super) fn find(
    shared: &Shared,
    arguments: &CallArguments,
    output: &mut Output<'_>,
) -> io::Result<Result<Vec<Target>, Exit>> {
    let path = Path::new(&arguments.what);
    let is_json = path.extension().is_some_and(|it| it.eq_ignore_ascii_case("json"));
    if is_json || path.is_file() {
        return match of_file(path, &arguments.with) {
            Ok(target) => Ok(Ok(vec![target])),
            Err(failure) => output.fail(failure).map(Err),
        };
    }
    let program = match program::load(shared, output)? {
        Ok(program) => program,
        Err(exit) => return Ok(Err(exit)),
    };
    let environment = match &shared.environment {
        Some(name) => program.plan.environment(name),
        None => program.plan.environments.first(),
    };
    let Some(environment) = environment else {
        let failure = Diagnostic::new(Code::UnknownEnvironment, "the program has no environment");
        return output.fail(failure).map(Err);
    };
    let Some(survey) = program.plan.surveys.iter().find(|it| it.name == arguments.what) else {
        let failure = no_survey(&arguments.what, &program.plan.surveys);
        return output.fail(failure).map(Err);
    };
    match of_survey(survey, &program, environment, arguments) {
        Ok(targets) => Ok(Ok(targets)),
        Err(failure) => output.fail(failure).map(Err),
    }
}

fn no_survey(name: &str, surveys: &[Survey]) -> Diagnostic {
    if surveys.is_empty() {
        return Diagnostic::new(Code::UnknownSurvey, format!("there is no survey `{name}`"))
            .help("the program declares none; a file is named with its ending, `.json`");
    }
    unknown(Code::UnknownSurvey, "survey", name, surveys.iter().map(|it| it.name.as_str()))
}

fn of_file(path: &Path, with: &[PathBuf]) -> Result<Target, Diagnostic> {
    let first = std::iter::once(path).chain(with.iter().map(PathBuf::as_path));
    let flows = first.map(read).collect::<Result<Vec<Flow>, Diagnostic>>()?;
    let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
    Ok(Target {
        name: name.split('.').next().unwrap_or_default().to_owned(),
        flows,
        contact: Contact::default(),
        attributes: BTreeMap::new(),
        answers: Vec::new(),
        survey: None,
    })
}

fn read(path: &Path) -> Result<Flow, Diagnostic> {
    let shown = path.display();
    let help = "check the path, which starts at the folder that the command runs in, or name a survey of the program";
    let text = file::text(path, help)?;
    Flow::parse(&text).map_err(|error| {
        Diagnostic::new(Code::FlowUnplayable, format!("`{shown}` can't be played: {error}"))
            .help(format!("`sluice validate {shown}` tells more"))
    })
}

fn of_survey(
    survey: &Survey,
    program: &Program,
    environment: &EnvironmentPlan,
    arguments: &CallArguments,
) -> Result<Vec<Target>, Diagnostic> {
    let mut targets = Vec::new();
    let resources = Resources::new(&program.plan, environment);
    let document = survey_document(survey, resources, &program.sources);
    let built = connect::flows(survey, resources);
    let flows = built.iter().map(|(_, it)| compiled(it)).collect::<Result<Vec<Flow>, Diagnostic>>()?;
    let stem = |file: &'static str| file.split('.').next().unwrap_or_default();
    for (place, (file, it)) in built.iter().enumerate() {
        // The one that is called first, whatever it leads to behind it.
        let (before, rest) = flows.split_at_checked(place).unwrap_or_default();
        let flows = rest.iter().take(1).chain(before).chain(rest.iter().skip(1)).cloned().collect();
        let is_outbound = stem(file) == "outbound";
        let initiation = if is_outbound { "API" } else { "INBOUND" };
        let contact = Contact { initiation: initiation.to_owned(), ..Contact::default() };
        let attributes = it.given.iter().map(|name| (name.clone(), given(name, survey, &contact))).collect();
        let answers = survey.questions().into_iter().map(|it| it.name.clone()).collect();
        let survey = Some(document.clone());
        targets.push(Target { name: stem(file).to_owned(), flows, contact, attributes, answers, survey });
    }
    match &arguments.flow {
        Some(name) => {
            let all: Vec<String> = targets.iter().map(|it| it.name.clone()).collect();
            targets.retain(|it| it.name == *name);
            if targets.is_empty() {
                let what = format!("flow of the survey `{}` called", survey.name);
                return Err(unknown(Code::UnknownFlow, &what, name, all.iter().map(String::as_str)));
            }
        }
        // The flow that asks comes first.
        None => targets.sort_by_key(|it| !matches!(it.name.as_str(), "outbound" | "post_call")),
    }
    Ok(targets)
}

/// Through its text, as Connect gets it.
fn compiled(built: &BuiltFlow) -> Result<Flow, Diagnostic> {
    let text = serde_json::to_string(&built.flow).unwrap_or_default();
    Flow::parse(&text).map_err(|error| Diagnostic::new(Code::FlowUnplayable, error.to_string()))
}

/// What whoever starts the flow has set.
fn given(name: &str, survey: &Survey, contact: &Contact) -> String {
    match name {
        attribute::ORIGINAL_CONTACT => contact.initial_id.clone(),
        attribute::ASKED => "No".to_owned(),
        _ => survey.words.voice.language.clone(),
    }
}
