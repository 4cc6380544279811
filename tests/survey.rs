//! `sluice survey results`, as a user sees it.

use crate::support::Scene;

/// Two weeks of callers, as a table exports them.
fn export() -> String {
    let caller = |number: usize, day: usize, rating: usize| {
        let reason = if rating <= 2 { r#","reason":{"S":"price"}"# } else { "" };
        let status = if rating == 3 { "answered" } else { "completed" };
        format!(
            r#"{{"Item":{{"PhoneNumber":{{"S":"+30210{number:07}"}},"SurveyData":{{"L":[{{"M":{{"ContactID":{{"S":"c{number}"}},"Date":{{"S":"2026-11-{day:02}T09:30:00Z"}},"NPS_Rating":{{"N":"{rating}"}}{reason}}}}}]}},"SurveyCalls":{{"L":[{{"M":{{"ContactID":{{"S":"c{number}"}},"Survey":{{"S":"satisfaction"}},"Status":{{"S":"{status}"}}}}}}]}}}}}}"#
        )
    };
    let ratings = [5, 5, 4, 5, 1, 3, 4, 5, 2, 5, 4, 5];
    let lines = ratings.iter().enumerate().map(|(at, rating)| caller(at, 16 + at, *rating));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn results_are_counted_for_people_programs_and_spreadsheets() {
    let scene = Scene::program_only();
    scene.write("items.json", &export());
    let told = scene.sluice("survey results satisfaction --items items.json").fine();
    insta::assert_snapshot!(told.out);
    let told = scene.sluice("survey results satisfaction --items items.json --format json").fine().json();
    assert_eq!(told["questions"][0]["score"]["kind"], "csat");
    assert_eq!(told["questions"][0]["score"]["value"], 75.0);
    assert_eq!(told["calls"]["completed"], 11);
    let told = scene.sluice("survey results satisfaction --items items.json --format csv").fine();
    insta::assert_snapshot!(told.out);
}

#[test]
fn a_survey_that_nobody_has_answered_has_no_score() {
    let scene = Scene::program_only();
    scene.write("items.json", "[]");
    let told = scene.sluice("survey results satisfaction --items items.json").fine();
    insta::assert_snapshot!(told.out);
}

#[test]
fn what_cant_be_counted_is_told() {
    let scene = Scene::program_only();
    let _ = scene.sluice("survey results weather --items x").problem("P0945").says("satisfaction");
    let _ = scene.sluice("survey results satisfaction --items none.json").problem("P0901");
    scene.write("items.json", "{\"Item\": {}}");
    let _ = scene.sluice("survey results satisfaction --items items.json").problem("P0951");
    scene.write("items.json", "{");
    let _ = scene.sluice("survey results satisfaction --items items.json").problem("P0951").says("line 1");
    assert_eq!(scene.sluice("check --format csv").code, Some(2));
    assert_eq!(scene.sluice("survey results satisfaction --format junit").code, Some(2));
}

#[cfg(not(feature = "aws"))]
#[test]
fn a_build_without_aws_says_that_it_reads_no_table() {
    let scene = Scene::program_only();
    let _ = scene.sluice("survey results satisfaction").problem("P0952").says("--items FILE");
}
