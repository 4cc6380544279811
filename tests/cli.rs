//! The commands that work on files, as a user sees them: exit codes, streams, JSON.

use std::{io::Write, process::Stdio};

use crate::support::{Scene, Told};

#[test]
fn check_is_fine_with_the_shipped_program() {
    let scene = Scene::shipped(1_200);
    let told = scene.sluice("check").fine().says(" and 1 survey in 3 environments: fine");
    assert_eq!(told.err, "");
}

#[test]
fn check_tells_people_and_programs() {
    let scene = Scene::shipped(1_200);
    scene.edit("pipelines/greece.pipe", "Europe/Athens", "Europe/Athen");
    let told = scene.sluice("check").problem("P0303").says("did you mean `Europe/Athens`?");
    assert!(!told.err.contains('\u{1b}'), "no colours where nobody looks");
    let json = scene.sluice("check --format json");
    assert_eq!(json.code, Some(1));
    let told = json.json();
    assert_eq!(told["errors"], 1);
    assert_eq!(told["diagnostics"][0]["code"], "P0303");
    assert_eq!(told["diagnostics"][0]["file"], "greece.pipe");
    assert_eq!(told["diagnostics"][0]["suggestion"]["replacement"], "Europe/Athens");
}

#[test]
fn warnings_can_be_denied() {
    let scene = Scene::shipped(1_200);
    scene.write("pipelines/more.pipe", "table nobody {\n    id  integer  key\n}\n");
    let _ = scene.sluice("check").fine().says("P0312");
    assert_eq!(scene.sluice("check --deny warnings").code, Some(1));
}

#[test]
fn wrong_usage_exits_with_2() {
    let scene = Scene::empty();
    assert_eq!(scene.sluice("biuld").code, Some(2));
    assert_eq!(scene.sluice("run").code, Some(2));
    assert_eq!(scene.sluice("validate").code, Some(2));
}

#[test]
fn documents_are_validated_from_the_standard_input_and_whatever_their_bytes() {
    let scene = Scene::empty();
    let validate = |bytes: &[u8]| {
        let mut command = scene.command("validate -");
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = piped.spawn().unwrap();
        running.stdin.take().unwrap().write_all(bytes).unwrap();
        Told::of(running.wait_with_output().unwrap(), &scene.path(""))
    };
    let _ =
        validate(br#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#).fine().says("1 file: fine");
    let told = validate(br#"{"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}"#).problem("V0301");
    let _ = told.says("stdin:1:13");
    let _ = validate(b"\xff\xfe").problem("P0902");
    let _ = scene.sluice("validate none.json").problem("P0901");
    let _ = scene.sluice("validate .").problem("P0901");
}

#[test]
fn colours_are_honoured_and_refused() {
    let scene = Scene::shipped(1_200);
    scene.edit("pipelines/greece.pipe", "Europe/Athens", "Europe/Athen");
    assert!(scene.sluice("check --color always").err.contains('\u{1b}'));
    assert!(!scene.sluice("check --color never").err.contains('\u{1b}'));
}

#[test]
fn build_writes_once_and_check_finds_what_is_stale() {
    let scene = Scene::shipped(1_200);
    let _ = scene.sluice("build --check").problem("P0905").says("missing: prod/manifest.json");
    let _ = scene.sluice("build").fine().says("0 unchanged");
    let _ = scene.sluice("build").fine().says("0 files written");
    let _ = scene.sluice("build --check").fine();
    scene.edit("generated/prod/pipelines/greece/schedule.json", "ENABLED", "DISABLED");
    let _ =
        scene.sluice("build --check").problem("P0905").says("differs: prod/pipelines/greece/schedule.json");
}

#[test]
fn build_deletes_what_it_wrote_for_a_country_that_is_gone_and_nothing_else() {
    let scene = Scene::shipped(1_200);
    let _ = scene.sluice("build").fine();
    scene.write("generated/prod/notes.txt", "mine");
    std::fs::remove_file(scene.path("pipelines/ireland.pipe")).unwrap();
    scene.edit("pipelines/platform.pipe", "connection dublin_registry", "connection unused_registry");
    let _ =
        scene.sluice("build --check").problem("P0905").says("left over: prod/pipelines/ireland/plan.json");
    let _ = scene.sluice("build").fine();
    assert!(!scene.path("generated/prod/pipelines/ireland/plan.json").exists());
    assert_eq!(scene.read("generated/prod/notes.txt"), "mine");
}

#[test]
fn output_that_cant_be_written_is_told() {
    let scene = Scene::shipped(1_200);
    scene.write("occupied", "a file");
    let _ = scene.sluice("build --out occupied").problem("P0904").says("--out DIR");
}

#[test]
fn fmt_lays_out_and_check_shows_the_difference() {
    let scene = Scene::shipped(1_200);
    let canonical = scene.read("pipelines/greece.pipe");
    let _ = scene.sluice("fmt --check").fine();
    scene.edit("pipelines/greece.pipe", "    country   gr", "  country gr # Hellas");
    let _ = scene.sluice("fmt --check").problem("P0906").says("- country gr # Hellas");
    let _ = scene.sluice("fmt").fine().says("1 file laid out");
    assert_eq!(
        scene.read("pipelines/greece.pipe"),
        canonical.replace("country   gr", "country   gr  # Hellas")
    );
}

#[test]
fn a_program_that_is_not_there_is_told() {
    let scene = Scene::empty();
    let _ = scene.sluice("check").problem("P0903").says("--program DIR");
    let _ = scene.sluice("fmt missing.pipe").problem("P0901");
}

#[test]
fn a_file_that_is_not_text_is_told_and_the_others_are_still_checked() {
    let scene = Scene::shipped(1_200);
    std::fs::write(scene.path("pipelines/bad.pipe"), [b'#', 0xff, b'\n']).unwrap();
    scene.edit("pipelines/greece.pipe", "Europe/Athens", "Europe/Athen");
    let _ = scene.sluice("check").problem("P0902").problem("P0303");
}

#[test]
fn a_folder_where_a_query_should_be_is_told() {
    let scene = Scene::shipped(1_200);
    std::fs::remove_file(scene.path("pipelines/greece/officers.sql")).unwrap();
    std::fs::create_dir(scene.path("pipelines/greece/officers.sql")).unwrap();
    let _ = scene.sluice("check").problem("P0901");
}

#[test]
fn every_code_can_be_explained() {
    let scene = Scene::empty();
    let _ = scene.sluice("explain").fine().says("P0305 error tables wait for each other in a circle");
    let _ = scene.sluice("explain p0305").fine().says("# P0305");
    let _ = scene.sluice("explain P0350").problem("P0907");
    let told = scene.sluice("explain P0305 --format json").fine().json();
    assert_eq!(told[0]["severity"], "error");
}

#[test]
fn completions_know_the_commands() {
    let scene = Scene::empty();
    for shell in ["bash", "zsh", "fish"] {
        let _ = scene.sluice(&format!("completions {shell}")).fine().says("resume");
    }
}

#[test]
fn a_query_with_a_very_long_chain_of_conditions_is_read() {
    let scene = Scene::program_only();
    let query = scene.read("pipelines/greece/companies.sql");
    let chain = " OR name = 'x'".repeat(40_000);
    scene.write("pipelines/greece/companies.sql", &format!("{}\nWHERE 1 = 1{chain}\n", query.trim_end()));
    let _ = scene.sluice("check").fine();
}
