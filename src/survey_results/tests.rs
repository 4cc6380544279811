//! Exports in, figures out.

use sluice_contract::{
    plan::Origin,
    survey::{FORMAT, Resource, SurveyMode},
};

use super::*;

fn survey() -> SurveyDocument {
    let question = |name: &str, stored_as: &str, answers| SurveyQuestion {
        name: name.to_owned(),
        stored_as: stored_as.to_owned(),
        answers,
    };
    SurveyDocument {
        format: FORMAT,
        environment: "prod".into(),
        survey: "s".into(),
        title: "The survey".into(),
        origin: Origin { file: "s.pipe".into(), line: 1 },
        mode: SurveyMode::PostCall,
        instance: "i".into(),
        flow: "f".into(),
        queue: Resource { name: "q".into(), id: None },
        calls: None,
        language_attribute: None,
        questions: vec![
            question("rating", "NPS_Rating", SurveyAnswers::Scale { least: 1, most: 5 }),
            question("friend", "friend", SurveyAnswers::Scale { least: 0, most: 10 }),
            question(
                "reason",
                "reason",
                SurveyAnswers::Words([(1, "price".into()), (2, "other".into())].into()),
            ),
        ],
        alerts: Vec::new(),
    }
}

const EXPORT: &str = r#"
{"Item":{"PhoneNumber":{"S":"+301"},"Tags":{"SS":["x"]},"SurveyData":{"L":[
  {"M":{"ContactID":{"S":"c1"},"Date":{"S":"2026-11-23T09:30:00Z"},"NPS_Rating":{"N":"5"},"reason":{"S":"price"}}},
  {"M":{"ContactID":{"S":"c2"},"Date":{"S":"2026-12-31T23:59:59Z"},"NPS_Rating":{"N":"2"},"friend":{"N":"10"}}}]},
 "SurveyCalls":{"L":[{"M":{"ContactID":{"S":"c1"},"Survey":{"S":"s"},"Status":{"S":"completed"}}},
  {"M":{"ContactID":{"S":"c2"},"Survey":{"S":"s"},"Status":{"S":"answered"}}},
  {"M":{"ContactID":{"S":"c3"},"Survey":{"S":"other"},"Status":{"S":"declined"}}}]}}}
{"Item":{"PhoneNumber":{"S":"+302"},"SurveyData":{"L":[
  {"M":{"ContactID":{"S":"c9"},"Date":{"S":"2026-11-24"},"NPS_Rating":{"N":"4"}}}]},
 "SurveyCalls":{"L":[{"M":{"ContactID":{"S":"c9"},"Survey":{"S":"other"},"Status":{"S":"completed"}}}]}}}
"#;

#[test]
fn an_export_is_counted_by_question_and_week() {
    let callers = callers(EXPORT).unwrap();
    let results = results(&survey(), &callers);
    assert_eq!(results.calls, [("answered".to_owned(), 1), ("completed".to_owned(), 1)].into());
    let [rating, friend, reason] = <[QuestionResults; 3]>::try_from(results.questions).unwrap();
    assert_eq!((rating.answers, rating.mean), (2, Some(3.5)));
    let score = rating.score.unwrap();
    assert_eq!((score.kind, score.interval.value.to_string().as_str()), (ScoreKind::Csat, "50"));
    let counts: Vec<_> = rating.distribution.iter().map(|it| it.count).collect();
    assert_eq!(counts, [0, 1, 0, 0, 1]);
    let weeks: Vec<_> = rating.weeks.iter().map(|it| (it.week.as_str(), it.answers)).collect();
    assert_eq!(weeks, [("2026-W48", 1), ("2026-W53", 1)]);
    assert_eq!(friend.score.unwrap().kind, ScoreKind::Nps);
    assert_eq!(friend.score.unwrap().interval.value.to_string(), "100");
    assert_eq!((reason.score, reason.mean, reason.answers), (None, None, 1));
}

#[test]
fn plain_json_is_read_too_and_what_is_no_answer_counts_for_nothing() {
    let text = r#"[{"PhoneNumber":"+301","SurveyData":[
        {"ContactID":"a","Date":"2026-11-23","NPS_Rating":4},
        {"ContactID":"a","Date":"2026-11-23","NPS_Rating":4},
        {"ContactID":"b","Date":"?","NPS_Rating":"5"},
        {"ContactID":"c","Date":"2026-11-23","NPS_Rating":"Timeout"},
        {"ContactID":"d","Date":"2026-11-23","NPS_Rating":7}, 3]},
        {"PhoneNumber":"+302"}]"#;
    let results = results(&survey(), &callers(text).unwrap());
    let rating = &results.questions[0];
    assert_eq!((rating.answers, rating.invalid), (2, 2));
    assert_eq!(rating.weeks.iter().map(|it| it.answers).sum::<u64>(), 1);
    assert_eq!(rating.undated, [("5".to_owned(), 1)].into());
}

#[test]
fn a_scan_and_an_empty_file_are_read_and_other_things_are_told() {
    let scan = r#"{"Items":[{"PhoneNumber":{"S":"+301"}}],"Count":1,"ScannedCount":1}"#;
    assert_eq!(callers(scan).unwrap(), [Caller::default()]);
    assert_eq!(callers("").unwrap(), []);
    assert_eq!(callers("{}").unwrap_err().to_string(), "document 1 holds no item with a `PhoneNumber`");
    assert_eq!(callers("[3]").unwrap_err(), Unreadable::NoItem { number: 1 });
    assert!(callers("{\n\"a\": }").unwrap_err().to_string().contains("line 2 column 6"));
    let none = results(&survey(), &[]);
    assert!(none.questions.iter().all(|it| it.score.is_none() && it.mean.is_none()));
}
