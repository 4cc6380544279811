//! `sluice survey results`

use std::{collections::BTreeMap, io};

use sluice_contract::survey::Progress;

use super::{
    Exit, Output,
    arguments::Shared,
    file,
    program::{self, environment, unknown},
    survey_arguments::{SurveyArguments, SurveyResultsArguments, SurveyWhat},
    table,
};
use crate::{
    diagnostics::{Code, Diagnostic, words::counted},
    survey_results::{
        Caller, Interval, QuestionResults, Results, Score, ScoreKind, WeekResults, callers, results,
    },
    targets::{connect::document::survey_document, resources::Resources},
};

/// The longest bar, in columns.
const BAR: u64 = 30;

/// What is asked of a survey.
pub(super) fn execute(
    shared: &Shared,
    arguments: &SurveyArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    match &arguments.what {
        SurveyWhat::Results(arguments) => tell_results(shared, arguments, output),
    }
}

fn tell_results(
    shared: &Shared,
    arguments: &SurveyResultsArguments,
    output: &mut Output<'_>,
) -> io::Result<Exit> {
    let program = match program::load(shared, output)? {
        Ok(program) => program,
        Err(exit) => return Ok(exit),
    };
    let plan = &program.plan;
    let Some(survey) = plan.surveys.iter().find(|it| it.name == arguments.survey) else {
        let all = plan.surveys.iter().map(|it| it.name.as_str());
        return output.fail(unknown(Code::UnknownSurvey, "survey", &arguments.survey, all));
    };
    // Questions are the same in every environment.
    let environment = match &shared.environment {
        Some(name) => environment(plan, name).ok(),
        None => plan.environments.first(),
    };
    let Some(environment) = environment else { return Ok(Exit::Fine) };
    let document = survey_document(survey, Resources::new(plan, environment), &program.sources);
    let callers = match read(arguments) {
        Ok(callers) => callers,
        Err(failure) => return output.fail(failure),
    };
    let results = results(&document, &callers);
    if output.is_csv() {
        csv(&results, output)?;
    } else if output.is_json() {
        output.json(&results)?;
    } else {
        human(&results, output)?;
    }
    Ok(Exit::Fine)
}

fn read(arguments: &SurveyResultsArguments) -> Result<Vec<Caller>, Diagnostic> {
    let (text, from) = match &arguments.items {
        Some(path) => {
            let shown = path.display().to_string();
            let text = file::unpacked_text(path, "give the file of exported items with `--items`")?;
            (text, shown)
        }
        None => (super::survey_table::read(&arguments.table)?, arguments.table.clone()),
    };
    callers(&text).map_err(|error| {
        Diagnostic::new(Code::ItemsUnusable, format!("`{from}` can't be used: {error}"))
            .help("`--items` takes lines of a DynamoDB export, the answer of a scan, or plain JSON")
    })
}

fn human(results: &Results, output: &mut Output<'_>) -> io::Result<()> {
    let out = &mut *output.out;
    writeln!(out, "{}: {}", results.survey, results.title)?;
    let all: u64 = results.calls.values().sum();
    if all > 0 {
        let calls: Vec<String> =
            results.calls.iter().map(|(status, it)| format!("{it} {}", words(status))).collect();
        writeln!(out, "{}: {}", counted(all, "call"), calls.join(", "))?;
    }
    for question in &results.questions {
        writeln!(out, "\n{}: {}", question.question, heading(question))?;
        let most = question.distribution.iter().map(|it| it.count).max().unwrap_or_default().max(1);
        let widest =
            question.distribution.iter().map(|it| it.answer.chars().count()).max().unwrap_or_default();
        for it in question.distribution.iter().filter(|_| question.answers > 0) {
            let share = it.share.map(|it| format!("{:5.1} %", it.value)).unwrap_or_default();
            writeln!(out, "  {:>widest$}  {}{:>6}  {share}", it.answer, bar(it.count, most), it.count)?;
        }
        if !question.weeks.is_empty() {
            writeln!(out, "\n{}", weeks(&question.weeks))?;
        }
    }
    Ok(())
}

/// A call that only has answers did not get to its end.
fn words(status: &str) -> &str {
    if status == Progress::Answered.word() { "broken off" } else { status }
}

fn heading(question: &QuestionResults) -> String {
    let mut parts = Vec::new();
    parts.extend(question.score.map(|it| score(&it)));
    parts.extend(question.mean.map(|it| format!("mean {it:.1}")));
    parts.push(counted(question.answers, "answer"));
    let undated: u64 = question.undated.values().sum();
    if undated > 0 {
        parts.push(format!("{undated} of them without a date, in no week"));
    }
    match question.invalid {
        0 => {}
        1 => parts.push("1 that is none".to_owned()),
        invalid => parts.push(format!("{invalid} that are none")),
    }
    parts.join(", ")
}

fn score(score: &Score) -> String {
    let Interval { value, low, high } = score.interval;
    match score.kind {
        ScoreKind::Nps => format!("NPS {value:.1} (95 %: {low:.1} to {high:.1})"),
        ScoreKind::Csat => format!("CSAT {value:.1} % (95 %: {low:.1} to {high:.1})"),
    }
}

/// A small count is never nothing.
fn bar(count: u64, most: u64) -> String {
    let eighths = (count * BAR * 8).div_ceil(most);
    let whole = usize::try_from(eighths / 8).unwrap_or_default();
    let part = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'].get(usize::try_from(eighths % 8).unwrap_or_default());
    let width = usize::try_from(BAR).unwrap_or_default() + 1;
    let mut bar = "█".repeat(whole);
    bar.extend(part);
    format!("{bar:<width$}")
}

fn weeks(weeks: &[WeekResults]) -> String {
    let is_scored = weeks.iter().any(|it| it.score.is_some());
    let header: &[&str] = if is_scored { &["week", "answers", "score"] } else { &["week", "answers"] };
    let mut rows = table::plain(header, 1);
    for week in weeks {
        let mut row = vec![week.week.clone(), week.answers.to_string()];
        row.extend(week.score.map(|it| score(&it)));
        let _ = rows.add_row(row);
    }
    rows.to_string()
}

/// One line for each answer of each week, so that any spreadsheet can count further; no week for those without one.
fn csv(results: &Results, output: &mut Output<'_>) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(&mut *output.out);
    writer.write_record(["survey", "question", "week", "answer", "count"])?;
    for question in &results.questions {
        for week in &question.weeks {
            lines(&mut writer, &results.survey, question, &week.week, &week.counts)?;
        }
        lines(&mut writer, &results.survey, question, "", &question.undated)?;
    }
    writer.flush()
}

fn lines(
    writer: &mut csv::Writer<impl io::Write>,
    survey: &str,
    question: &QuestionResults,
    week: &str,
    counts: &BTreeMap<String, u64>,
) -> io::Result<()> {
    for (answer, count) in counts {
        writer.write_record([survey, &question.question, week, answer, &count.to_string()])?;
    }
    Ok(())
}
