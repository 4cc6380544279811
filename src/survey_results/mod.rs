//! What callers have answered, counted: distributions, NPS or CSAT, by question and by week.
//!
//! Owns the reading of exported items and the arithmetic. Knows no file, no table and no terminal: texts come in,
//! and figures go out.

mod items;
mod share;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;
use sluice_contract::survey::{SurveyAnswers, SurveyDocument, SurveyQuestion};

pub use items::{Caller, Entry, Unreadable, callers};
pub use share::{Interval, net_promoter_score, share};

use items::Call;

/// What a survey came to. All shares and scores are out of 100.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Results {
    /// The survey.
    pub survey: String,
    /// What people call it.
    pub title: String,
    /// How the calls went, by the last thing that is known of each.
    pub calls: BTreeMap<String, u64>,
    /// In the order that they are asked in.
    pub questions: Vec<QuestionResults>,
}

/// What a question came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuestionResults {
    /// The question.
    pub question: String,
    /// What its answers are kept under.
    pub stored_as: String,
    /// How many answers that the survey has.
    pub answers: u64,
    /// How many that it does not have; they count for nothing.
    pub invalid: u64,
    /// What the answers come to together.
    pub score: Option<Score>,
    /// Of a scale.
    pub mean: Option<f64>,
    /// Every answer that could be given.
    pub distribution: Vec<AnswerCount>,
    /// By ISO week, in UTC; the oldest first.
    pub weeks: Vec<WeekResults>,
    /// Answers that no week has, since their date is missing or can't be read: how often each was given.
    pub undated: BTreeMap<String, u64>,
}

/// How often an answer was given.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnswerCount {
    /// The answer.
    pub answer: String,
    /// How often.
    pub count: u64,
    /// Its share of all answers; none where there is no answer.
    pub share: Option<Interval>,
}

/// A week's answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeekResults {
    /// `2026-W48`.
    pub week: String,
    /// How many.
    pub answers: u64,
    /// What they come to.
    pub score: Option<Score>,
    /// Of a scale.
    pub mean: Option<f64>,
    /// How often each answer was given, those that were not left out.
    pub counts: BTreeMap<String, u64>,
}

/// What answers come to together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    /// Which score it is.
    pub kind: ScoreKind,
    /// The score, and where the true one is with 95 % confidence.
    #[serde(flatten)]
    pub interval: Interval,
}

/// Which score it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreKind {
    /// Net Promoter Score, of 0 to 10: the share of 9 and 10 less that of 0 to 6.
    Nps,
    /// Customer satisfaction, of 1 to 5: the share of 4 and 5.
    Csat,
}

/// Counts what the callers have answered in this survey.
pub fn results(survey: &SurveyDocument, callers: &[Caller]) -> Results {
    let mut calls = BTreeMap::new();
    for call in callers.iter().flat_map(|it| &it.calls).filter(|it| it.survey == survey.survey) {
        *calls.entry(call.status.clone()).or_default() += 1;
    }
    let entries: Vec<&Entry> = callers.iter().flat_map(|it| of_survey(it, &survey.survey)).collect();
    let questions = survey.questions.iter().map(|it| question(it, &entries)).collect();
    Results { survey: survey.survey.clone(), title: survey.title.clone(), calls, questions }
}

/// A contact has one entry; those that no call is known of come from systems that know one survey only.
fn of_survey<'c>(caller: &'c Caller, survey: &str) -> Vec<&'c Entry> {
    let mut seen = BTreeSet::new();
    let is_of = |entry: &Entry| {
        let call: Option<&Call> = caller.calls.iter().find(|it| it.contact == entry.contact);
        call.is_none_or(|it| it.survey == survey)
    };
    let mut entries: Vec<&Entry> = caller.entries.iter().filter(|it| is_of(it)).collect();
    entries.retain(|it| it.contact.is_empty() || seen.insert(it.contact.as_str()));
    entries
}

fn question(question: &SurveyQuestion, entries: &[&Entry]) -> QuestionResults {
    let mut all = BTreeMap::new();
    let mut weeks: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    let mut undated: BTreeMap<String, u64> = BTreeMap::new();
    let mut invalid = 0;
    for entry in entries {
        let Some(answer) = entry.answers.get(&question.stored_as) else { continue };
        if !question.answers.includes(answer) {
            invalid += 1;
            continue;
        }
        *all.entry(answer.clone()).or_default() += 1;
        let counts = match week(&entry.date) {
            Some(week) => weeks.entry(week).or_default(),
            None => &mut undated,
        };
        *counts.entry(answer.clone()).or_default() += 1;
    }
    let answers = all.values().sum();
    let count = |answer: String| {
        let count = all.get(&answer).copied().unwrap_or_default();
        AnswerCount { share: share(count, answers), answer, count }
    };
    let week = |(week, counts): (String, BTreeMap<String, u64>)| WeekResults {
        week,
        answers: counts.values().sum(),
        score: score(&question.answers, &counts),
        mean: mean(&question.answers, &counts),
        counts,
    };
    QuestionResults {
        question: question.name.clone(),
        stored_as: question.stored_as.clone(),
        answers,
        invalid,
        score: score(&question.answers, &all),
        mean: mean(&question.answers, &all),
        distribution: possible(&question.answers).into_iter().map(count).collect(),
        weeks: weeks.into_iter().map(week).collect(),
        undated,
    }
}

fn possible(answers: &SurveyAnswers) -> Vec<String> {
    match answers {
        SurveyAnswers::Scale { least, most } => (*least..=*most).map(|it| it.to_string()).collect(),
        SurveyAnswers::Words(words) => words.values().cloned().collect(),
    }
}

fn score(answers: &SurveyAnswers, counts: &BTreeMap<String, u64>) -> Option<Score> {
    let within = |from: u32, to: u32| -> u64 {
        let fits = |it: &str| it.parse::<u32>().is_ok_and(|it| (from..=to).contains(&it));
        counts.iter().filter(|(answer, _)| fits(answer)).map(|(_, count)| count).sum()
    };
    let all = counts.values().sum();
    let (kind, interval) = match answers {
        SurveyAnswers::Scale { least: 0, most: 10 } => {
            (ScoreKind::Nps, net_promoter_score(within(9, 10), within(0, 6), all))
        }
        SurveyAnswers::Scale { least: 1, most: 5 } => (ScoreKind::Csat, share(within(4, 5), all)),
        SurveyAnswers::Scale { .. } | SurveyAnswers::Words(_) => return None,
    };
    interval.map(|interval| Score { kind, interval })
}

fn mean(answers: &SurveyAnswers, counts: &BTreeMap<String, u64>) -> Option<f64> {
    match answers {
        SurveyAnswers::Words(_) => None,
        SurveyAnswers::Scale { .. } => {
            let number = |it: &str| it.parse::<u64>().unwrap_or_default();
            let sum: u64 = counts.iter().map(|(answer, count)| number(answer) * count).sum();
            share::ratio(sum, counts.values().sum()).map(share::rounded)
        }
    }
}

/// The ISO week of a moment or a day.
fn week(date: &str) -> Option<String> {
    let of_moment = || Some(date.parse::<Timestamp>().ok()?.to_zoned(TimeZone::UTC).date());
    let day = of_moment().or_else(|| date.get(..10)?.parse::<Date>().ok())?;
    let week = day.iso_week_date();
    Some(format!("{}-W{:02}", week.year(), week.week()))
}
