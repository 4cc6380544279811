//! `sluice test`

use std::io;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};
use serde::Serialize;

use super::{
    Exit, Output,
    arguments::{Shared, TestArguments},
    program::{self, Program, unknown},
    table,
};
use crate::{
    diagnostics::{
        Code, Diagnostic, Diagnostics, json,
        suggest::nearest_first,
        words::{self, counted},
    },
    lower::{EnvironmentPlan, Plan},
    scenario::{self, Played, Scene},
    source::{DiskFiles, Sources},
    syntax::ast::Scenario,
};

/// More titles than these are counted, not listed.
const MOST_TITLES: usize = 12;

/// Plays the scenarios and tells which do not hold.
pub(super) fn execute(
    shared: &Shared,
    arguments: &TestArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let mut program = match program::load(shared, output)? {
        Ok(program) => program,
        Err(exit) => return Ok(exit),
    };
    let environment = match environment(&program.plan, shared.environment.as_deref()) {
        Ok(environment) => environment,
        Err(failure) => return output.fail(failure),
    };
    let mut diagnostics = Diagnostics::default();
    let files = scenario::load(&DiskFiles::new(&shared.program), &mut program.sources, &mut diagnostics);
    if diagnostics.has_errors() {
        return problems(&diagnostics, &program, output);
    }
    let all: Vec<&Scenario> = files.iter().flat_map(|it| &it.scenarios).collect();
    let wanted = match wanted(&all, arguments, environment) {
        Ok(wanted) => wanted,
        Err(failure) => return output.fail(failure),
    };
    let scene = match Scene::new(&program.plan, environment, &program.sources) {
        Ok(scene) => scene,
        Err(failure) => return output.fail(failure),
    };
    let mut played = Vec::new();
    for scenario in wanted {
        match scene.play(scenario) {
            Ok(it) => played.push((scenario, it)),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    if diagnostics.has_errors() {
        return problems(&diagnostics, &program, output);
    }
    tell(&played, &program, output)
}

/// Tells what keeps scenarios from being played.
fn problems(diagnostics: &Diagnostics, program: &Program, output: &mut Output<'_>) -> io::Result<Exit> {
    output.tell(diagnostics, &program.sources)?;
    output.document(diagnostics, &program.sources)?;
    Ok(Exit::Problems)
}

/// The one that was asked for; else the first that is deployed, since scenarios are about what happens there.
fn environment<'p>(plan: &'p Plan, name: Option<&str>) -> Result<&'p EnvironmentPlan, Diagnostic> {
    if let Some(name) = name {
        return program::environment(plan, name);
    }
    let first = plan.environments.iter().find(|it| it.on_aws).or_else(|| plan.environments.first());
    first.ok_or_else(|| Diagnostic::new(Code::UnknownEnvironment, "the program has no environment"))
}

fn wanted<'s>(
    all: &[&'s Scenario],
    arguments: &TestArguments,
    environment: &EnvironmentPlan,
) -> Result<Vec<&'s Scenario>, Diagnostic> {
    let names = environment.pipelines.iter().map(|it| it.name.as_str());
    for name in &arguments.pipelines {
        if environment.pipeline(name).is_none() {
            return Err(unknown(Code::UnknownPipeline, "pipeline", name, names));
        }
    }
    let is_wanted = |it: &&&Scenario| {
        (arguments.pipelines.is_empty() || arguments.pipelines.contains(&it.pipeline.value))
            && arguments.only.as_ref().is_none_or(|text| it.title.value.contains(text))
    };
    let wanted: Vec<&Scenario> = all.iter().filter(is_wanted).copied().collect();
    match &arguments.only {
        Some(text) if wanted.is_empty() => Err(no_such_scenario(text, all, &arguments.pipelines)),
        Some(_) | None => Ok(wanted),
    }
}

/// Lists the titles of these pipelines, or of all, the most similar first.
fn no_such_scenario(text: &str, all: &[&Scenario], pipelines: &[String]) -> Diagnostic {
    let (whose, titles): (String, Vec<&str>) = {
        let is_asked = |it: &&&Scenario| pipelines.is_empty() || pipelines.contains(&it.pipeline.value);
        let whose =
            if pipelines.is_empty() { String::new() } else { format!(" of {}", words::or_ticked(pipelines)) };
        (whose, all.iter().filter(is_asked).map(|it| it.title.value.as_str()).collect())
    };
    let diagnostic =
        Diagnostic::new(Code::NoSuchScenario, format!("no scenario{whose} has a title with `{text}`"));
    let titles = nearest_first(text, titles);
    diagnostic.help(match titles.len() {
        0 => "there are none: write one into a file such as `greece.test.pipe`".to_owned(),
        count if count <= MOST_TITLES => format!("there is {}", words::and_ticked(titles)),
        count => {
            let shown = titles.iter().take(MOST_TITLES).map(|it| format!("`{it}`")).collect::<Vec<_>>();
            format!("there is {}, and {} more", shown.join(", "), count - MOST_TITLES)
        }
    })
}

type Case<'s> = (&'s Scenario, Played);

fn tell(played: &[Case<'_>], program: &Program, output: &mut Output<'_>) -> io::Result<Exit> {
    let failed = played.iter().filter(|(_, it)| !it.unmet.is_empty()).count();
    let exit = if failed == 0 { Exit::Fine } else { Exit::Problems };
    if output.is_json() {
        output.json(&Report::new(played, failed, &program.sources))?;
        return Ok(exit);
    }
    if output.is_junit() {
        return junit(played, failed, program, output).map(|()| exit);
    }
    for (_, it) in played {
        let mark = if it.unmet.is_empty() { "ok    " } else { "FAILED" };
        writeln!(output.out, "{mark}  {}: {}", it.pipeline, it.title)?;
    }
    for (_, it) in played {
        for (index, unmet) in it.unmet.iter().enumerate() {
            let told = output.rendered(&unmet.diagnostic, &program.sources);
            write!(output.out, "\n{}: {}\n{told}", it.pipeline, it.title)?;
            // What else is not met of the same run is told before the run itself.
            if it.unmet.get(index + 1).is_none_or(|next| next.run != unmet.run) {
                let history = table::history(&unmet.history, unmet.start, &[]);
                writeln!(output.out, "\nthe last events of `{}`:\n{history}", unmet.run)?;
            }
        }
    }
    if played.is_empty() {
        writeln!(output.out, "no scenarios: write one into a file such as `greece.test.pipe`")?;
    } else {
        let seconds = played.iter().map(|(_, it)| it.milliseconds).sum::<i64>() / 1_000;
        let (all, hours) = (counted(played.len(), "scenario"), seconds / 3_600);
        writeln!(output.out, "\n{all}, {failed} failed; {hours} h {} min of runs", seconds / 60 % 60)?;
    }
    Ok(exit)
}

/// How the scenarios went. The JSON form is stable: fields are only ever added.
#[derive(Serialize)]
struct Report<'a> {
    scenarios: Vec<CaseReport<'a>>,
    failed: usize,
}

#[derive(Serialize)]
struct CaseReport<'a> {
    pipeline: &'a str,
    title: &'a str,
    file: &'a str,
    line: u32,
    passed: bool,
    virtual_milliseconds: i64,
    transitions: u64,
    unmet: Vec<json::Report>,
}

impl<'a> Report<'a> {
    fn new(played: &'a [Case<'_>], failed: usize, sources: &'a Sources) -> Self {
        let report = |(scenario, it): &'a Case<'_>| CaseReport {
            pipeline: &it.pipeline,
            title: &it.title,
            file: sources.path(scenario.span.file),
            line: sources.line_column(scenario.span).line,
            passed: it.unmet.is_empty(),
            virtual_milliseconds: it.milliseconds,
            transitions: it.transitions,
            unmet: it.unmet.iter().map(|unmet| json::report(&unmet.diagnostic, sources)).collect(),
        };
        Self { scenarios: played.iter().map(report).collect(), failed }
    }
}

/// One suite a file, one case a scenario, as CI systems read it.
fn junit(played: &[Case<'_>], failed: usize, program: &Program, output: &mut Output<'_>) -> io::Result<()> {
    let sources = &program.sources;
    let mut files: Vec<&str> = played.iter().map(|(it, _)| sources.path(it.span.file)).collect();
    files.dedup();
    let mut told = Vec::new();
    for (scenario, it) in played {
        let text: String = it.unmet.iter().map(|unmet| output.rendered(&unmet.diagnostic, sources)).collect();
        told.push((sources.path(scenario.span.file), scenario, it, text));
    }
    let mut writer = Writer::new_with_indent(&mut *output.out, b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let (tests, failures) = (played.len().to_string(), failed.to_string());
    let suites = writer.create_element("testsuites").with_attributes([
        ("name", "sluice test"),
        ("tests", &tests),
        ("failures", &failures),
    ]);
    let _ = suites.write_inner_content(|writer| {
        for file in files {
            let cases: Vec<_> = told.iter().filter(|(of, ..)| *of == file).collect();
            let tests = cases.len().to_string();
            let failures = cases.iter().filter(|(.., text)| !text.is_empty()).count().to_string();
            let suite = writer.create_element("testsuite").with_attributes([
                ("name", file),
                ("tests", &tests),
                ("failures", &failures),
            ]);
            let _ = suite.write_inner_content(|writer| {
                cases.into_iter().try_for_each(|(file, scenario, it, text)| {
                    let seconds = (it.milliseconds / 1_000).to_string();
                    let line = sources.line_column(scenario.span).line.to_string();
                    let case = writer.create_element("testcase").with_attributes([
                        ("name", it.title.as_str()),
                        ("classname", it.pipeline.as_str()),
                        ("file", *file),
                        ("line", &line),
                        ("time", &seconds),
                    ]);
                    let Some(first) = it.unmet.first() else { return case.write_empty().map(drop) };
                    let message = first.diagnostic.message.as_str();
                    case.write_inner_content(|writer| {
                        let failure = writer.create_element("failure").with_attributes([
                            ("message", message),
                            ("type", first.diagnostic.code.as_str()),
                        ]);
                        failure.write_text_content(BytesText::new(text)).map(drop)
                    })
                    .map(drop)
                })
            })?;
        }
        Ok(())
    })?;
    writeln!(output.out)
}
