//! What is told to whoever names something wrong on the command line: the file, the folder, the title, the code.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

use crate::support::Scene;

#[test]
fn a_path_starts_where_it_is_said_to_start() {
    let scene = Scene::program_only();
    let here = "it starts at the folder that the command runs in";
    let _ = scene.sluice("validate x.json").problem("P0901").says(here);
    let _ = scene.sluice("exec x.json").problem("P0901").says("there is no file `x.json`").says(here);
    let _ = scene.sluice("call x.json").problem("P0901").says("there is no file `x.json`");
    scene.write(
        "m.json",
        r#"{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#,
    );
    let _ = scene.sluice("exec m.json --input @in.json").problem("P0901").says("there is no file `in.json`");
    let _ = scene.sluice("exec m.json --mocks in.json").problem("P0901").says("there is no file `in.json`");
    let _ =
        scene.sluice("survey results satisfaction --items in.json").problem("P0901").says("there is no file");
    let _ = scene.sluice("exec pipelines").problem("P0901").says("is a folder, not a file");
}

#[test]
fn a_file_in_place_of_a_folder_is_told_without_the_systems_numbers() {
    let scene = Scene::program_only();
    scene.write("file", "");
    let told = [
        scene.sluice("check --program file").problem("P0903"),
        scene.sluice("new country latvia --program file").problem("P0903"),
        scene.sluice("runs --state file").problem("P0608"),
    ];
    for told in told {
        let told = told.says("`file` is a file, not a folder");
        assert!(!told.err.contains("os error") && !told.err.contains("P0210"), "{}", told.err);
    }
    let _ = scene.sluice("check --program none").problem("P0903").says("there is no folder `none`");
    let told = scene.sluice("runs --state /proc/none").problem("P0608");
    let told = told.says("--state DIR");
    assert!(!told.err.contains("removed by hand"), "{}", told.err);
}

#[test]
fn an_empty_folder_is_told_how_a_program_begins_and_nothing_else() {
    let scene = Scene::empty();
    std::fs::create_dir(scene.path("pipelines")).unwrap();
    let told = scene.sluice("check").problem("P0903").says("sluice new country NAME");
    assert!(!told.err.contains("P0210"), "{}", told.err);
}

#[test]
fn a_byte_that_is_not_text_is_told_by_line_and_column_and_hides_no_platform() {
    let scene = Scene::program_only();
    let mut bytes = scene.read("pipelines/platform.pipe").into_bytes();
    let _ = bytes.splice(0..0, b"# one\n# \xce\xb1 \xff\n".iter().copied());
    std::fs::write(scene.path("pipelines/platform.pipe"), bytes).unwrap();
    let told = scene.sluice("check").problem("P0902").says("(line 2, column 5)");
    assert!(!told.err.contains("P0210"), "{}", told.err);
}

#[test]
fn a_code_without_its_letter_is_found_and_other_words_get_no_long_list() {
    let scene = Scene::empty();
    let _ = scene.sluice("explain 603").problem("P0907").says("did you mean `P0603` or `V0603`?");
    let told = scene.sluice("explain greece").problem("P0907").says("`sluice explain` lists them all");
    assert!(told.err.len() < 400, "{}", told.err);
}

#[test]
fn times_that_are_none_are_told_by_example() {
    let scene = Scene::program_only();
    for (arguments, example) in [
        ("call satisfaction --at tomorrow", "2026-05-04T18:30"),
        ("call satisfaction --hours 25..3", "09:00..17:00"),
        ("call satisfaction --hours 17:00..09:00", "09:00..17:00"),
        ("exec x.json --start junk", "2026-03-29T00:00Z"),
    ] {
        let told = scene.sluice(arguments);
        assert!(told.code == Some(2) && told.err.contains(example), "{arguments}\n{}", told.err);
    }
}

#[test]
fn runs_are_shown_although_a_file_has_a_mistake() {
    let scene = Scene::shipped(1_200);
    let _ = scene.sluice("run greece").fine();
    scene.write("pipelines/broken.pipe", "pipeline {\n");
    let told = scene.sluice("runs").fine().says("succeeded").says("sluice check");
    assert!(told.out.contains("greece"), "{}", told.out);
    let _ = scene.sluice("runs greece --last").fine().says("publish");
    let _ = scene.sluice("runs grece").problem("P0908").says("did you mean `greece`?");
    assert_eq!(scene.sluice("runs --format json").fine().json()[0]["pipeline"], "greece");
}

#[test]
fn lines_that_differ_by_their_ends_alone_are_told_so() {
    let scene = Scene::program_only();
    let text = scene.read("pipelines/greece.pipe").replace('\n', "\r\n");
    scene.write("pipelines/greece.pipe", &text);
    let told = scene.sluice("fmt --check").problem("P0906").says("lines end with CR LF");
    assert!(!told.err.contains("+pipeline"), "{}", told.err);
}

#[test]
fn a_survey_has_a_cost_of_its_own() {
    let scene = Scene::program_only();
    let told = scene.sluice("cost satisfaction").fine().says("calls of satisfaction");
    assert!(!told.out.contains("greece"), "{}", told.out);
    let _ = scene.sluice("cost satisfactio").problem("P0908").says("did you mean `satisfaction`?");
}

#[test]
fn a_channel_is_missed_where_there_is_none() {
    let scene = Scene::program_only();
    let platform = scene.read("pipelines/platform.pipe");
    let without: Vec<&str> = platform
        .lines()
        .filter(|it| !it.trim_start().starts_with("channel ") && !it.trim_start().starts_with("notify "))
        .collect();
    scene.write("pipelines/platform.pipe", &without.join("\n"));
    std::fs::remove_file(scene.path("pipelines/satisfaction.pipe")).unwrap();
    let _ = scene.sluice("test greece").problem("P0206").says("the program declares none");
}

#[test]
fn exported_items_are_read_as_they_are_packed_and_undated_answers_are_counted() {
    let scene = Scene::program_only();
    let items = r#"[{"PhoneNumber":"+1","SurveyData":[
        {"ContactID":"c1","Date":"junk","NPS_Rating":5},
        {"ContactID":"c2","NPS_Rating":5},
        {"ContactID":"c3","Date":"2026-11-23T09:30:00Z","NPS_Rating":"5"},
        {"ContactID":"c4","Date":"2026-11-23T09:30:00Z","NPS_Rating":4.5}],
        "SurveyCalls":[{"ContactID":"c3","Survey":"satisfaction","Status":"completed"}]}]"#;
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(items.as_bytes()).unwrap();
    std::fs::write(scene.path("items.json.gz"), packed.finish().unwrap()).unwrap();
    let results = "survey results satisfaction --items items.json.gz";
    let told = scene.sluice(results).fine().says("3 answers, 2 of them without a date, in no week");
    let _ = told.says("1 that is none").says("1 call: 1 completed");
    let csv = scene.sluice(&format!("{results} --format csv")).fine();
    assert!(csv.out.contains("satisfaction,rating,2026-W48,5,1\nsatisfaction,rating,,5,2\n"), "{}", csv.out);
    let json = scene.sluice(&format!("{results} --format json")).fine().json();
    assert_eq!(json["questions"][0]["undated"]["5"], 2);
    std::fs::write(scene.path("items.json.gz"), [0x1f, 0x8b, 8]).unwrap();
    let _ = scene.sluice(results).problem("P0901");
}
